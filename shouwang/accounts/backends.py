"""登录校验: the backend of Django's authentication; knows passwords, not posts or rights."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from .models import Account


class AccountBackend(BaseBackend):
    """Takes as long for an unknown or deactivated account as for a wrong password."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Account | None:
        try:
            account = Account.objects.get_by_natural_key(username)
        except Account.DoesNotExist:
            Account().set_password(password or "")  # the same work as checking one
            return None
        right = account.check_password(password or "")
        return account if right and account.is_active else None

    def get_user(self, user_id: int) -> Account | None:
        account = Account.objects.filter(pk=user_id).first()
        return account if account and account.is_active else None
