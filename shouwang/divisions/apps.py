from django.apps import AppConfig


class DivisionsConfig(AppConfig):
    name = "shouwang.divisions"
    label = "divisions"
    default_auto_field = "django.db.models.BigAutoField"
