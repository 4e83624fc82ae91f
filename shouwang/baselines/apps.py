from django.apps import AppConfig


class BaselinesConfig(AppConfig):
    name = "shouwang.baselines"
    label = "baselines"
    default_auto_field = "django.db.models.BigAutoField"
