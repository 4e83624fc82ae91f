"""Reads of the localities room: what an actor may see first."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from shouwang.core.actor import Actor
from shouwang.divisions.models import Division
from shouwang.registry.querysets import within

if TYPE_CHECKING:
    from .models import WaterProblem, WaterWorks  # noqa: F401 - named in quotes below


def _served(actor: Actor, right: str) -> Any:
    """Works that lie within a scope, or serve a village of it."""
    villages = Division.objects.filter(within(actor, right, ""))
    return within(actor, right, "division__") | Q(villages__in=villages)


class WaterWorksQuerySet(models.QuerySet["WaterWorks"]):
    def visible_to(self, actor: Actor, right: str = "localities.view") -> Self:
        keys = self.model._base_manager.filter(_served(actor, right)).values("pk")
        return self.filter(pk__in=keys)


class WaterProblemQuerySet(models.QuerySet["WaterProblem"]):
    def visible_to(self, actor: Actor, right: str = "localities.view") -> Self:
        from .models import WaterWorks

        return self.filter(works__in=WaterWorks.objects.visible_to(actor, right).values("pk"))

    def unsolved(self) -> Self:
        return self.exclude(state__in=("closed", "mistaken"))


class GridQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor, right: str = "localities.view") -> Self:
        return self.filter(within(actor, right, "village__"))


class GridMemberQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor, right: str = "localities.view") -> Self:
        return self.filter(within(actor, right, "grid__village__"))
