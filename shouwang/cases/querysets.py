"""Reads of the casework room: what an actor may see first, then the named filters."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Case as When_
from django.db.models import F, Q, Value, When
from django.db.models.query import ModelIterable

from shouwang.core.actor import WHOLE_TREE, Actor

if TYPE_CHECKING:
    from .models import (  # noqa: F401 - named in quotes below
        Case,
        ComparisonRequest,
        HouseholdCheck,
        Notice,
        RegisteredClue,
    )

M = TypeVar("M", bound=models.Model)
FAR_DOWN = 500
"""From this row on a page of a list is read by keys."""


def places_with(actor: Actor, right: str, prefix: str = "village") -> Q:
    """Rows whose division at `prefix` lies in a scope of the actor that carries the right.

    A join, not a list of villages: so the database may read a list in its own order and stop early.
    """
    path = "path" if prefix == "pk" else f"{prefix}__path"
    inside = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        if scope.division_path == WHOLE_TREE:
            return Q(pk__isnull=False)
        inside |= Q(**{f"{path}__startswith": scope.division_path})
    return inside


def in_time(timing: str, today: date, near: date) -> Q:
    """The condition on a case of one timing; `near` is the last day that still counts as near."""
    late = Q(due_on__lt=today) | Q(deadline_on__lt=today)
    close = Q(due_on__lte=near) | Q(deadline_on__lte=near)
    return {
        "late": late,
        "near": close & ~late,
        "none": Q(due_on=None, deadline_on=None),
        "intime": ~close & ~Q(due_on=None, deadline_on=None),
    }[timing]


class _Scoped(models.QuerySet[M]):
    """Rows that reach their village by `village_lookup`."""

    village_lookup = "village"

    def __getitem__(self, k: Any) -> Any:
        """A page far down a list is found by its keys alone, then read: reading the wide rows of
        all that lies before it would take most of the time."""
        if not (isinstance(k, slice) and k.start and k.start >= FAR_DOWN and k.step is None):
            return super().__getitem__(k)
        if self._iterable_class is not ModelIterable or self.query.is_sliced:
            return super().__getitem__(k)
        plain = self.select_related(None).prefetch_related(None)
        keys = list(plain.values_list("pk", flat=True)[k])
        found = {row.pk: row for row in self.order_by().filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]

    def visible_to(self, actor: Actor, right: str = "cases.view") -> Self:
        if not actor.can(right):
            return self.none()
        return self.filter(places_with(actor, right, self.village_lookup))


class RegisteredClueQuerySet(_Scoped["RegisteredClue"]):
    """登记线索."""

    def waiting(self) -> Self:
        return self.filter(state="received")


class CaseQuerySet(_Scoped["Case"]):
    """个案; `with_due` adds what lists and boards say of the deadlines, in SQL."""

    def live(self) -> Self:
        """Cases that are not at an end: being identified, monitored, or being resolved."""
        return self.filter(is_open=True)

    def monitored(self) -> Self:
        """Households that stand in the register of monitored objects (未消除)."""
        return self.filter(is_open=True, identified_on__isnull=False)

    def with_due(self, today: date, near: date) -> Self:
        """Add `timing`: late, near, in time, or none where no limit runs.

        `near` is the last day that still counts as near.
        """
        return self.annotate(
            timing=When_(
                *(
                    When(in_time(name, today, near), then=Value(name))
                    for name in ("late", "near", "none")
                ),
                default=Value("intime"),
                output_field=models.CharField(),
            )
        )

    def late(self, today: date) -> Self:
        return self.filter(in_time("late", today, today))

    def in_order(self) -> Self:
        """What is due first comes first; what has no limit comes last."""
        return self.order_by(F("due_on").asc(nulls_last=True), "pk")


class CheckQuerySet(_Scoped["HouseholdCheck"]):
    """入户核查."""

    village_lookup = "household__village"


class OfCaseQuerySet(_Scoped[M]):
    """Whatever hangs on a case."""

    village_lookup = "case__village"


class ComparisonQuerySet(OfCaseQuerySet["ComparisonRequest"]):
    """比对要求: the county's by place, a department's own by name."""

    def visible_to(self, actor: Actor, right: str = "cases.view") -> Self:
        found = Q(pk__in=[])
        if actor.can(right):
            found |= places_with(actor, right, self.village_lookup)
        for scope in actor.scopes_with("cases.answer"):
            place = Q(case__village__path__startswith=scope.division_path)
            own = Q(department=scope.department) if scope.department else Q()
            found |= place & own
        return self.filter(found)


class NoticeQuerySet(_Scoped["Notice"]):
    """公示公告."""
