"""Reads of the outreach room: what an actor may see first."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from shouwang.core.actor import Actor
from shouwang.registry.querysets import within


class OfVillageQuerySet(models.QuerySet[Any]):
    """Rows that hang on a place: `village` of a code, `division` of an event."""

    def visible_to(self, actor: Actor, right: str = "outreach.view") -> Self:
        names = {field.name for field in self.model._meta.get_fields()}
        return self.filter(
            within(actor, right, "village__" if "village" in names else "division__")
        )


class OfHouseholdQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor, right: str = "outreach.view") -> Self:
        return self.filter(within(actor, right, "household__village__"))


class LeafletQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor, right: str = "outreach.view") -> Self:
        """Leaflets of the own place, and those of a higher level that reach it."""
        condition = within(actor, right, "division__")
        for scope in actor.scopes_with(right):
            keys = [int(part) for part in scope.division_path.split("/") if part]
            condition |= Q(division__in=keys)
        return self.filter(condition)
