"""Reads of the calls room: what an actor may see first."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from shouwang.cases.querysets import places_with
from shouwang.core.actor import Actor

from .states import WITH_DEPARTMENT

if TYPE_CHECKING:
    from .models import Call, CallDepartment  # noqa: F401 - named in quotes below


def of_department(actor: Actor) -> Q:
    """Parts that came to the actor's own department, within its county."""
    own = Q(pk__in=[])
    for scope in actor.scopes_with("calls.answer"):
        if scope.department:
            own |= Q(
                call__division__path__startswith=scope.division_path,
                department__name=scope.department,
            )
    return own


class CallQuerySet(models.QuerySet["Call"]):
    """吹哨: the places' by division, a department's own where it is asked to come."""

    def visible_to(self, actor: Actor, right: str = "calls.view") -> Self:
        from .models import CallDepartment

        own = CallDepartment.objects.filter(of_department(actor))
        return self.filter(places_with(actor, right, "division") | Q(pk__in=own.values("call")))

    def late(self, day: date) -> Self:
        from .models import CallDepartment

        return self.filter(pk__in=CallDepartment.objects.late(day).values("call"))

    def waiting_for(self, actor: Actor) -> Self:
        """Calls in which the next step is this person's."""
        from .models import CallDepartment

        mine = of_department(actor) & Q(state__in=WITH_DEPARTMENT)
        mine |= places_with(actor, "calls.raise", "call__division") & Q(state="answered")
        mine |= places_with(actor, "calls.assign", "call__division") & Q(state="returned")
        return self.filter(pk__in=CallDepartment.objects.filter(mine).values("call"))


class CallDepartmentQuerySet(models.QuerySet["CallDepartment"]):
    def visible_to(self, actor: Actor, right: str = "calls.view") -> Self:
        """Who sees the call sees its parts; a department of the board only its own."""
        return self.filter(places_with(actor, right, "call__division") | of_department(actor))

    def late(self, day: date) -> Self:
        return self.filter(state__in=WITH_DEPARTMENT, due_on__lt=day)


class CallStepQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor, right: str = "calls.view") -> Self:
        from .models import Call

        return self.filter(call__in=Call.objects.visible_to(actor, right).values("pk"))
