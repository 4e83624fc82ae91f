"""Reads of the indicators room: what an actor may see first, then the named filters."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from shouwang.core.actor import Actor
from shouwang.registry.querysets import within

if TYPE_CHECKING:
    from .models import (  # noqa: F401 - named in quotes below
        AbandonedLand,
        Actual,
        Adjustment,
        Alarm,
        Classification,
        Definition,
        DutyHolder,
        NamedBody,
    )


def keys_of(path: str) -> list[int]:
    return [int(part) for part in path.split("/") if part]


def of_definitions(actor: Actor, right: str, prefix: str = "") -> Q:
    """Indicators of the own place and of the places above; a department sees its own."""
    seen = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        here = Q(**{f"{prefix}division__path__startswith": scope.division_path})
        here |= Q(**{f"{prefix}division__in": keys_of(scope.division_path)})
        if scope.department is not None:
            here &= Q(**{f"{prefix}department__name": scope.department})
        seen |= here
    return seen


def of_places(actor: Actor, right: str, prefix: str = "") -> Q:
    """Values of places within the posts; a department's officer only those of its indicators."""
    seen = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        here = Q(**{f"{prefix}division__path__startswith": scope.division_path})
        if scope.department is not None:
            here &= Q(**{f"{prefix}definition__department__name": scope.department})
        seen |= here
    return seen


class DefinitionQuerySet(models.QuerySet["Definition"]):
    def visible_to(self, actor: Actor, right: str = "indicators.view") -> Self:
        return self.filter(of_definitions(actor, right))

    def on(self, day: date) -> Self:
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class _OfPlaces(models.QuerySet[Any]):
    def visible_to(self, actor: Actor, right: str = "indicators.view") -> Self:
        return self.filter(of_places(actor, right))


class ActualQuerySet(_OfPlaces):
    def current(self) -> Self:
        return self.filter(is_current=True)

    def counted(self) -> Self:
        """The values that count: the newest of each period that was not sent back."""
        return self.filter(is_current=True).exclude(state="returned")


class AdjustmentQuerySet(_OfPlaces):
    def open(self) -> Self:
        return self.filter(state="proposed")


class AlarmQuerySet(_OfPlaces):
    def open(self) -> Self:
        return self.filter(state="open")


class ClassificationQuerySet(models.QuerySet["Classification"]):
    def visible_to(self, actor: Actor, right: str = "indicators.view") -> Self:
        return self.filter(within(actor, right, "division__"))

    def on(self, day: date) -> Self:
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class DutyHolderQuerySet(models.QuerySet["DutyHolder"]):
    def visible_to(self, actor: Actor, right: str = "indicators.view") -> Self:
        return self.filter(within(actor, right, "division__"))

    def on(self, day: date) -> Self:
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class AbandonedLandQuerySet(models.QuerySet["AbandonedLand"]):
    def visible_to(self, actor: Actor, right: str = "indicators.view") -> Self:
        """By place; an office that is confined to its own data does not see who holds a plot."""
        condition = Q(pk__in=[])
        for scope in actor.scopes_with(right):
            if scope.department is None:
                condition |= Q(village__path__startswith=scope.division_path)
        return self.filter(condition)


class NamedBodyQuerySet(models.QuerySet["NamedBody"]):
    def visible_to(self, actor: Actor, right: str = "indicators.view") -> Self:
        """Bodies within the posts; a county's own also in its towns and departments."""
        seen = Q(pk__in=[])
        for scope in actor.scopes_with(right):
            seen |= Q(division__path__startswith=scope.division_path)
            seen |= Q(division__in=keys_of(scope.division_path))
        return self.filter(seen)

    def on(self, day: date) -> Self:
        return self.filter(
            Q(since=None) | Q(since__lte=day), Q(ended_on=None) | Q(ended_on__gt=day)
        )
