from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "shouwang.cases"
    label = "cases"
    verbose_name = "监测帮扶个案"
    default_auto_field = "django.db.models.BigAutoField"
