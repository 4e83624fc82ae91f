"""Reads of the inspections room: what an actor may see first, then the named filters."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.registry.querysets import within

from .states import CLOSED, NOT_OPEN

if TYPE_CHECKING:
    from .models import (  # noqa: F401 - named in quotes below
        Batch,
        Inspection,
        LeaderDuty,
        LookBack,
        Problem,
        ResearchVisit,
        SpecialCheck,
        Visit,
    )

BEFORE = ("draft", "ready", "cancelled")


def concerned(actor: Actor, right: str, *, places: bool = True) -> Q:
    """Problems of the own department, or of the own place: registered there, given to it, or about
    it."""
    condition = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        if scope.department is not None:
            condition |= Q(
                units__department__name=scope.department,
                division__path__startswith=scope.division_path,
            )
            continue
        condition |= Q(division__path__startswith=scope.division_path)
        condition |= Q(units__division__path__startswith=scope.division_path)
        if places:
            condition |= Q(places__path__startswith=scope.division_path)
    return condition


class ProblemQuerySet(models.QuerySet["Problem"]):
    def visible_to(self, actor: Actor, right: str = "inspections.view") -> Self:
        own = self.model._base_manager.filter(concerned(actor, right)).values("pk")
        return self.filter(pk__in=own)

    def counted(self) -> Self:
        return self.exclude(state="mistaken")

    def unsolved(self) -> Self:
        return self.exclude(state__in=NOT_OPEN)

    def signed(self) -> Self:
        return self.filter(state__in=CLOSED)

    def late(self, on: date) -> Self:
        return self.unsolved().filter(due_on__lt=on)


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, actor: Actor, right: str = "inspections.view") -> Self:
        """Batches of the own place, and those with a problem that one may see."""
        from .models import Problem

        seen = Problem.objects.visible_to(actor, right).values("batch")
        own = Q(pk__in=[])
        for scope in actor.scopes_with(right):
            if scope.department is None:
                own |= Q(division__path__startswith=scope.division_path)
        return self.filter(own | Q(pk__in=seen))


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def visible_to(self, actor: Actor, right: str = "inspections.view") -> Self:
        """Plans of those who inspect; units visited see an announced plan once it is settled, and
        an unannounced one only after they were visited."""
        from .models import InspectionUnit

        foresee = Q(pk__in=[])
        for scope in actor.scopes_with("inspections.foresee"):
            if scope.department is None:
                foresee |= Q(division__path__startswith=scope.division_path)
        told = own_units(actor, right).exclude(inspection__state__in=("draft", "cancelled"))
        happened = InspectionUnit.objects.filter(
            Q(visit__visited_on__lte=clock.today()) | Q(inspection__is_announced=True)
        )
        return self.filter(
            foresee | Q(pk__in=told.filter(pk__in=happened.values("pk")).values("inspection"))
        )


def own_units(actor: Actor, right: str = "inspections.view") -> Any:
    """Units of plans that are the actor's own department or place, or lie below it or hold it."""
    from .models import InspectionUnit

    condition = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        if scope.department is not None:
            condition |= Q(
                department__name=scope.department,
                inspection__division__path__in=_upwards(scope.division_path),
            )
        else:
            keys = [int(part) for part in scope.division_path.split("/") if part]
            condition |= Q(division__path__startswith=scope.division_path)
            condition |= Q(division__in=keys, division__level__in=("town", "village"))
    return InspectionUnit.objects.filter(condition)


def _upwards(path: str) -> list[str]:
    """The path and those of the places that hold it."""
    keys = [part for part in path.split("/") if part]
    return [f"/{'/'.join(keys[: at + 1])}/" for at in range(len(keys))]


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, actor: Actor, right: str = "inspections.view") -> Self:
        """Visits that happened to own units, and all of those who inspect."""
        foresee = Q(pk__in=[])
        for scope in actor.scopes_with("inspections.foresee"):
            if scope.department is None:
                foresee |= Q(inspection__division__path__startswith=scope.division_path)
        mine = own_units(actor, right).values("pk")
        return self.filter(foresee | Q(unit__in=mine, visited_on__lte=clock.today()))


class SpecialQuerySet(models.QuerySet["SpecialCheck"]):
    def visible_to(self, actor: Actor, right: str = "inspections.view") -> Self:
        """Checks of the own place, or with a result about the own department or place."""
        own = Q(pk__in=[])
        for scope in actor.scopes_with(right):
            if scope.department is not None:
                own |= Q(
                    results__department__name=scope.department,
                    division__path__startswith=scope.division_path,
                )
            else:
                own |= Q(division__path__startswith=scope.division_path)
                own |= Q(results__division__path__startswith=scope.division_path)
        return self.filter(pk__in=self.model._base_manager.filter(own).values("pk"))


class LookBackQuerySet(models.QuerySet["LookBack"]):
    def visible_to(self, actor: Actor, right: str = "inspections.check") -> Self:
        return self.filter(within(actor, right, "division__"))


class LeaderQuerySet(models.QuerySet["LeaderDuty"]):
    def visible_to(self, actor: Actor, right: str = "inspections.view") -> Self:
        return self.filter(_of_place(actor, right, ""))

    def on(self, day: date) -> Self:
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class ResearchQuerySet(models.QuerySet["ResearchVisit"]):
    def visible_to(self, actor: Actor, right: str = "inspections.view") -> Self:
        """Of leaders of the own place or department, and to places of the own."""
        own = _of_place(actor, right, "leader__")
        for scope in actor.scopes_with(right):
            if scope.department is None:
                own |= Q(place__path__startswith=scope.division_path)
        return self.filter(own)


def _of_place(actor: Actor, right: str, prefix: str) -> Q:
    condition = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        here = Q(**{f"{prefix}division__path__startswith": scope.division_path})
        if scope.department is not None:
            here &= Q(**{f"{prefix}department__name": scope.department})
        condition |= here
    return condition
