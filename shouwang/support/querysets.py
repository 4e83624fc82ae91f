"""Reads of the support room: what an actor may see first, then the named filters."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from shouwang.cases.querysets import places_with
from shouwang.core.actor import Actor

from .states import ACTIVE, HELPING

if TYPE_CHECKING:
    from .models import Measure  # noqa: F401 - named in quotes below


class OfHouseholdQuerySet(models.QuerySet[Any]):
    """Rows that hang on a household, seen by who is responsible for its village."""

    village_lookup = "household__village"

    def visible_to(self, actor: Actor, right: str = "support.view") -> Self:
        if not actor.can(right):
            return self.none()
        return self.filter(places_with(actor, right, self.village_lookup))


class MeasureQuerySet(models.QuerySet["Measure"]):
    """帮扶措施: the places' by village, a department's own by name once it is assigned to it."""

    def visible_to(self, actor: Actor, right: str = "support.view") -> Self:
        found = Q(pk__in=[])
        if actor.can(right):
            # an empty condition is everything, but `|` with one would leave only the other side
            found |= places_with(actor, right, "village") or Q(pk__isnull=False)
        return self.filter(found | self._own(actor))

    def of_department(self, actor: Actor) -> Self:
        """What is or was work of the actor's own department."""
        return self.filter(self._own(actor))

    def _own(self, actor: Actor) -> Q:
        """The department sees what came to it; what is only planned is not its business yet."""
        own = Q(pk__in=[])
        for scope in actor.scopes_with("support.answer"):
            if scope.department:
                own |= Q(village__path__startswith=scope.division_path) & Q(
                    department=scope.department
                )
        return own & ~Q(state__in=("proposed", "dropped"))

    def active(self) -> Self:
        return self.filter(state__in=ACTIVE)

    def helping(self) -> Self:
        """Accepted, under way, or done."""
        return self.filter(state__in=HELPING)

    def late(self, today: date) -> Self:
        """Whose answer or whose end is overdue; see `Measure.limit_on`."""
        once = Q(ends="once")
        answer = Q(state="assigned", answer_due_on__lt=today)
        carry = Q(state="accepted") | Q(state="under_way") & once
        over = Q(state="under_way", contract_end__lt=today) & ~once
        return self.filter(answer | carry & Q(due_on__lt=today) | over)


class OfferQuerySet(models.QuerySet[Any]):
    """社会帮扶供给: those of the actor's places, and those of a place above that hold there too."""

    def visible_to(self, actor: Actor, right: str = "support.view") -> Self:
        if not actor.can(right):
            return self.none()
        found = places_with(actor, right, "division")
        above = {
            int(key)
            for scope in actor.scopes_with(right)
            for key in scope.division_path.split("/")
            if key.isdecimal()
        }
        return self.filter(found | Q(division__in=above))


class OfDivisionQuerySet(models.QuerySet[Any]):
    """责任链: rows that hang on a division."""

    def visible_to(self, actor: Actor, right: str = "support.view") -> Self:
        if not actor.can(right):
            return self.none()
        return self.filter(places_with(actor, right, "division"))


class CollectivePolicyQuerySet(models.QuerySet[Any]):
    """集体保单: taken out at a place of the actor, or insuring households of his places."""

    def visible_to(self, actor: Actor, right: str = "support.view") -> Self:
        if not actor.can(right):
            return self.none()
        from .models import Insured

        insuring = Insured.objects.visible_to(actor, right).order_by().values("policy")
        own = places_with(actor, right, "division")
        return self.filter(own | Q(pk__in=insuring))


class OfPolicyQuerySet(models.QuerySet[Any]):
    """Claims on a collective policy are seen by who sees the policy."""

    def visible_to(self, actor: Actor, right: str = "support.view") -> Self:
        from .models import CollectivePolicy

        seen = CollectivePolicy.objects.visible_to(actor, right).order_by().values("pk")
        return self.filter(policy__in=seen)
