"""Reads of the workplans room: what an actor may see first, then the named filters."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from shouwang.core.actor import Actor
from shouwang.registry.querysets import within

if TYPE_CHECKING:
    from .models import Paper, Plan, Progress, Task, TaskRequest  # noqa: F401 - named in quotes below

OPEN = ("open", "going", "finishing")


def duties_of(actor: Actor, right: str) -> Q:
    """Tasks of the own department or of the own place, wherever they were made.

    A department that leads a whole sees the parts that others have in it, because it looks at their
    reports. Units are asked in queries of their own: joined to every task they would make each
    list slow.
    """
    from .models import TaskUnit

    condition = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        own = Q(division__path__startswith=scope.division_path)
        if scope.department is not None:
            units = TaskUnit.objects.filter(department__name=scope.department)
            led = units.filter(duty="lead").values("task")
            condition |= own & (Q(pk__in=units.values("task")) | Q(parent__in=led))
        else:
            units = TaskUnit.objects.filter(division__path__startswith=scope.division_path)
            condition |= own | Q(pk__in=units.values("task"))
    return condition


class PlacedQuerySet(models.QuerySet[Any]):
    """Rows that stand at a division."""

    def visible_to(self, actor: Actor, right: str = "workplans.view") -> Self:
        """Rows of the own place, below it, and of the places that hold it."""
        condition = within(actor, right, "division__")
        for scope in actor.scopes_with(right):
            keys = [int(part) for part in scope.division_path.split("/") if part]
            condition |= Q(division__in=keys)
        return self.filter(condition)


class PolicyQuerySet(PlacedQuerySet):
    def in_force(self, on: date) -> Self:
        """Begun by the day and not ended before it."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, actor: Actor, right: str = "workplans.view") -> Self:
        """Plans of the own place and below; departments see none, they work by tasks."""
        own = Q(pk__in=[])
        for scope in actor.scopes_with(right):
            if scope.department is None:
                own |= Q(division__path__startswith=scope.division_path)
        return self.filter(own)


class RequestQuerySet(models.QuerySet["TaskRequest"]):
    def waiting_for(self, actor: Actor) -> Self:
        """Requests that this actor may answer: the approving place lies within the scope."""
        waiting = self.filter(state="waiting").filter(
            within(actor, "workplans.extend", "approver__")
        )
        if actor.account_id is not None:
            waiting = waiting.exclude(asked_by=actor.account_id)
        return waiting


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible_to(self, actor: Actor, right: str = "workplans.view") -> Self:
        """Papers of the own place; those not confirmed only to who reads them."""
        readers = within(actor, "workplans.read", "division__")
        seen = Q(pk__in=[])
        for scope in actor.scopes_with(right):
            keys = [int(part) for part in scope.division_path.split("/") if part]
            seen |= Q(division__path__startswith=scope.division_path) | Q(division__in=keys)
        return self.filter(readers | (seen & Q(state="confirmed")))


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, actor: Actor, right: str = "workplans.view") -> Self:
        return self.filter(duties_of(actor, right))

    def unfinished(self) -> Self:
        return self.filter(state__in=OPEN)

    def late(self, on: date) -> Self:
        return self.unfinished().filter(ends_on__lt=on)


class ProgressQuerySet(models.QuerySet["Progress"]):
    def counted(self) -> Self:
        return self.exclude(state="returned")
