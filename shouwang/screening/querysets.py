"""Reads of the screening room: what an actor may see first, then the named filters."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, F, Q, Value, When

from shouwang.core.actor import Actor

from .states import ClueState

if TYPE_CHECKING:
    from .models import Clue, ClueEvidence, Run  # noqa: F401 - named in quotes below


def villages_of(actor: Actor, right: str) -> Q:
    """The condition on a division that lies in a scope of the actor with the right."""
    condition = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        condition |= Q(path__startswith=scope.division_path)
    return condition


def valid_run_id(as_of: date) -> int | None:
    from .models import Run

    return Run.objects.valid().filter(as_of=as_of).values_list("pk", flat=True).first()


class RunQuerySet(models.QuerySet["Run"]):
    """A run concerns the whole county: whoever may see clues may see that it took place."""

    def visible_to(self, actor: Actor) -> Self:
        return self if actor.can("screening.view") else self.none()

    def valid(self) -> Self:
        return self.filter(state="valid")

    def newest(self) -> "Run | None":
        return self.valid().order_by("-as_of").first()


class ClueQuerySet(models.QuerySet["Clue"]):
    """Clues of the villages in the actor's scopes."""

    def visible_to(self, actor: Actor, right: str = "screening.view") -> Self:
        from shouwang.divisions.models import Division

        if not actor.can(right):
            return self.none()
        if any(scope.division_path == "/" for scope in actor.scopes_with(right)):
            return self
        villages = Division.objects.filter(villages_of(actor, right))
        return self.filter(village__in=villages.values("pk"))

    def current(self, newest: date | None) -> Self:
        """Clues with evidence at the newest screened date."""
        return self.filter(last_seen=newest) if newest else self.none()

    def found_by(self, run_id: int | None) -> Self:
        """Clues with a hit of one run; the hits are read once, not once for every clue."""
        from .models import Hit

        return self.filter(pk__in=Hit.objects.filter(run=run_id).values("clue"))

    def not_found_by(self, run_id: int) -> Self:
        from .models import Hit

        return self.exclude(pk__in=Hit.objects.filter(run=run_id).values("clue"))

    def seen_on(self, as_of: date) -> Self:
        """Clues with evidence at one screened date."""
        return self.found_by(valid_run_id(as_of))

    def hit_by(self, rule_id: str, as_of: date | None = None) -> Self:
        """Clues for which one rule is true as of a date, or at the date they were last seen."""
        from .models import Hit

        hits = Hit.objects.filter(rule_id=rule_id)
        if as_of:
            hits = hits.filter(run=valid_run_id(as_of))
        else:
            hits = hits.filter(run__state="valid", run__as_of=F("clue__last_seen"))
        return self.filter(pk__in=hits.values("clue"))

    def in_state(self, state: str, newest: date | None) -> Self:
        """Clues in one derived state, as the newest screened date sees it."""
        if state == ClueState.WITHDRAWN:
            return self.filter(last_seen=None)
        if newest is None:
            return self.none()
        if state == ClueState.NEW:
            return self.filter(first_seen=newest)
        if state == ClueState.CONTINUING:
            return self.filter(last_seen=newest, first_seen__lt=newest)
        return self.filter(last_seen__lt=newest)

    def with_state(self, newest: date | None) -> Self:
        """Add `state`, derived from the dates."""
        if newest is None:
            return self.annotate(state=Value(ClueState.WITHDRAWN.value))
        return self.annotate(
            state=Case(
                When(last_seen=None, then=Value(ClueState.WITHDRAWN.value)),
                When(last_seen__lt=newest, then=Value(ClueState.GONE.value)),
                When(first_seen=F("last_seen"), then=Value(ClueState.NEW.value)),
                default=Value(ClueState.CONTINUING.value),
            )
        )


class EvidenceManager(models.Manager["ClueEvidence"]):
    """Only the hits of valid runs are evidence."""

    def get_queryset(self) -> "models.QuerySet[ClueEvidence]":
        return super().get_queryset().filter(run__state="valid")
