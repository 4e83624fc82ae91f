from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "shouwang.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401 - registers itself
