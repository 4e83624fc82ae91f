"""Reads of the room: every one that leaves the server begins with `visible_to`."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from shouwang.core.actor import Actor

if TYPE_CHECKING:
    from .models import Comparison  # noqa: F401 - quoted


def _within(actor: Actor, right: str) -> Q:
    condition = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        condition |= Q(division_path__startswith=scope.division_path)
    return condition


class DifferenceQuerySet(models.QuerySet["Comparison"]):
    def visible_to(self, actor: Actor, right: str = "exchange.view") -> Self:
        """Those of counties that the posts lie in or above: a village sees its county's, and in
        it only the differences of its own place."""
        condition = _within(actor, right)
        for scope in actor.scopes_with(right):
            parts = scope.division_path.strip("/").split("/")
            above = [f"/{'/'.join(parts[:at])}/" for at in range(1, len(parts) + 1)]
            condition |= Q(division_path__in=above)
        return self.filter(condition)


class OfComparisonQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor, right: str = "exchange.view") -> Self:
        return self.filter(_within(actor, right))
