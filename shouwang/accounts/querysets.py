"""Reads of accounts and posts."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from shouwang.core.actor import Actor

if TYPE_CHECKING:
    from .models import Account, Post  # noqa: F401


def normalised(username: str) -> str:
    """Login names are compared without regard to case and to blanks around them."""
    return username.strip().lower()


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, actor: Actor) -> Self:
        """Accounts whose home division lies where the actor manages accounts."""
        condition = Q(pk__in=[])
        for scope in actor.scopes_with("accounts.manage"):
            if scope.division_path == "/":
                return self.all()
            condition |= Q(division__path__startswith=scope.division_path)
        return self.filter(condition)

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=normalised(username or ""))


class PostQuerySet(models.QuerySet["Post"]):
    def on(self, day: date) -> Self:
        """Posts that are held on a day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
