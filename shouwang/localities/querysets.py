"""Reads of the localities room: what an actor may see first."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from shouwang.cases.querysets import places_with
from shouwang.core.actor import Actor
from shouwang.divisions.models import Division
from shouwang.registry.querysets import within

from .states import SETTLED

if TYPE_CHECKING:
    from .models import PlaceProblem, WaterProblem, WaterWorks  # noqa: F401 - quoted below


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


def of_department(actor: Actor) -> Q:
    """Problems of places that the actor's own department is to put right, within its county."""
    own = Q(pk__in=[])
    for scope in actor.scopes_with("localities.own"):
        if scope.department:
            own |= Q(
                division__path__startswith=scope.division_path, department__name=scope.department
            )
    return own


class PlaceProblemQuerySet(models.QuerySet["PlaceProblem"]):
    def visible_to(self, actor: Actor, right: str = "localities.view") -> Self:
        return self.filter(places_with(actor, right, "division") | of_department(actor))

    def unsettled(self) -> Self:
        return self.exclude(state__in=SETTLED)

    def waiting_for(self, actor: Actor) -> Self:
        """Problems whose next step is this person's: to check, to sign, to go and look again, or
        to put right for his department. Who applied, checked or signed is not asked again."""
        me = actor.label[:120]
        check = Q(state="applying") & ~Q(applied_by_label=me)
        sign = Q(state="checked") & ~Q(applied_by_label=me) & ~Q(checked_by_label=me)
        again = Q(state="signed", sampled_on__isnull=False)
        again &= ~Q(signed_by_label=me) & ~Q(checked_by_label=me)
        return self.filter(
            places_with(actor, "localities.check", "division") & check
            | places_with(actor, "localities.sign", "division") & (sign | again)
            | of_department(actor) & Q(state__in=("planned", "working"))
        )

    def late(self, day: date) -> Self:
        return self.unsettled().filter(due_on__lt=day)


class PlaceStepQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor, right: str = "localities.view") -> Self:
        from .models import PlaceProblem

        return self.filter(problem__in=PlaceProblem.objects.visible_to(actor, right).values("pk"))


class AffectedHouseholdQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor, right: str = "registry.view") -> Self:
        return self.filter(within(actor, right, "household__village__"))


class DisasterQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor, right: str = "localities.view") -> Self:
        """Those within a scope, and those of the place above that strike it too."""
        condition = within(actor, right, "division__")
        for scope in actor.scopes_with(right):
            above = [int(key) for key in scope.division_path.split("/") if key]
            condition |= Q(division__in=above)
        return self.filter(condition)


class VillageMedicalQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor, right: str = "localities.view") -> Self:
        return self.filter(within(actor, right, "village__"))


class AlertVillageQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor, right: str = "localities.view") -> Self:
        return self.filter(within(actor, right, "village__"))

    def waiting(self) -> Self:
        return self.filter(acknowledged_at=None)


class AlertQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor, right: str = "localities.view") -> Self:
        """Alerts for a village within a scope."""
        from .models import AlertVillage

        inside = AlertVillage.objects.visible_to(actor, right)
        return self.filter(pk__in=inside.values("alert"))

    def open_at(self, moment: datetime) -> Self:
        """Neither ended nor over."""
        return self.filter(end="", valid_to__gte=moment)
