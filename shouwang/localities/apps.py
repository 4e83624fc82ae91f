from django.apps import AppConfig


class LocalitiesConfig(AppConfig):
    name = "shouwang.localities"
    label = "localities"
    default_auto_field = "django.db.models.BigAutoField"
