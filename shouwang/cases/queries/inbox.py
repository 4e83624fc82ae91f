"""我的待办: what waits for one person, by right, state and place, with what is due first."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from shouwang.core import clock
from shouwang.core.actor import Actor

from ..deadlines import near_day
from ..lifecycles import REGIMES, table_of
from ..models import AssetHit, Case, ComparisonRequest, HouseholdCheck, Objection, RegisteredClue
from ..querysets import (
    CaseQuerySet,
    ComparisonQuerySet,
    RegisteredClueQuerySet,
    places_with,
)
from ..states import ObjectionState, RequestState
from .cases import RELATED, follow_ups_due, states_in_order


@cache
def states_of_right() -> dict[str, frozenset[str]]:
    """Right → the states with a limit from which its holder takes the case on."""
    found: dict[str, set[str]] = {}
    for key in REGIMES:
        table = table_of(key)
        for name, state in table.states.items():
            for row in table.from_state(name):
                if state.limit and not row.is_back and not table.state(row.to).is_end:
                    found.setdefault(row.right, set()).add(name)
    return {right: frozenset(states) for right, states in found.items()}


def waiting_cases(actor: Actor) -> CaseQuerySet:
    """Cases whose present step is the actor's to take, what is due first on top."""
    mine = Q(pk__in=[])
    for right, states in states_of_right().items():
        if actor.can(right):
            mine |= Q(state__in=states) & places_with(actor, right)
    return Case.objects.filter(mine, is_open=True).select_related(*RELATED).in_order()


def waiting_clues(actor: Actor) -> RegisteredClueQuerySet:
    """Clues that nobody has verified yet."""
    return (
        RegisteredClue.objects.visible_to(actor, "cases.register")
        .waiting()
        .select_related("household", "village__parent")
        .order_by("due_on", "pk")
    )


def waiting_requests(actor: Actor) -> ComparisonQuerySet:
    """Comparisons that one's department must answer, or that the county waits for."""
    return (
        ComparisonRequest.objects.visible_to(actor)
        .filter(state=RequestState.OPEN)
        .select_related("case__household", "case__village")
        .order_by("due_on", "pk")
    )


def cases_to_compare(actor: Actor) -> CaseQuerySet:
    """Cases in the check of which no department was asked yet, though the consent is there."""
    if not actor.can("cases.compare"):
        return Case.objects.none()
    asked = ComparisonRequest.objects.filter(case=OuterRef("pk"))
    return (
        Case.objects.visible_to(actor, "cases.compare")
        .filter(~Exists(asked), state="checking", application__signed_on__isnull=False)
        .select_related(*RELATED)
        .in_order()
    )


def hits_to_judge(actor: Actor) -> QuerySet[AssetHit]:
    """Possessions that nobody has judged."""
    reach = Q(pk__in=[])
    for right in ("cases.review", "cases.compare"):
        if actor.can(right):
            reach |= places_with(actor, right, "case__village")
    found = AssetHit.objects.filter(reach, conclusion="", case__is_open=True)
    return found.select_related("case__household").order_by("found_on", "pk")


def open_objections(actor: Actor) -> QuerySet[Objection]:
    """Objections that wait for the town."""
    return (
        Objection.objects.visible_to(actor, "cases.review")
        .filter(state=ObjectionState.OPEN)
        .select_related("case__household", "case__village")
        .order_by("due_on", "pk")
    )


def drafts(actor: Actor) -> QuerySet[HouseholdCheck]:
    """Checks that were begun and not submitted."""
    return (
        HouseholdCheck.objects.visible_to(actor, "cases.verify")
        .filter(state="draft")
        .select_related("household__village", "case")
        .order_by("created_at")
    )


@dataclass(frozen=True)
class Waiting:
    """One kind of work: how much of it, how much is late or near, and the first limit."""

    key: str
    label: str
    count: int
    late: int = 0
    near: int = 0
    first_due: date | None = None


def inbox(actor: Actor, today: date | None = None) -> list[Waiting]:
    """Every kind of work that waits, in the order of the way; kinds without work are left out."""
    day = today or clock.today()
    found = [_counted("clues", "待核实线索", waiting_clues(actor), day)]
    found += _by_state(actor, day)
    if actor.can("cases.compare"):
        found.append(_counted("to_compare", "待发起比对", cases_to_compare(actor), day))
    if actor.can("cases.answer") or actor.can("cases.compare"):
        found.append(_counted("requests", "待答复比对", waiting_requests(actor), day))
    hits = hits_to_judge(actor).count()
    found.append(Waiting("hits", "待核定资产线索", hits))
    found.append(_counted("objections", "待处理异议", open_objections(actor), day))
    if actor.can("cases.verify"):
        visits = follow_ups_due(actor, day).count()
        found.append(Waiting("follow_ups", "待回访", visits, late=visits))
    return [each for each in found if each.count]


def _counted(key: str, label: str, rows: QuerySet[Any], day: date) -> Waiting:
    counted = rows.order_by().aggregate(
        count=Count("pk"),
        late=Count("pk", filter=Q(due_on__lt=day)),
        near=Count("pk", filter=Q(due_on__gte=day, due_on__lte=near_day(day))),
        first=Min("due_on"),
    )
    return Waiting(key, label, counted["count"], counted["late"], counted["near"], counted["first"])


def earlier(*days: date | None) -> date | None:
    """The first of some limits: that of the step and that of the whole chain."""
    return min((day for day in days if day is not None), default=None)


def _by_state(actor: Actor, day: date) -> list[Waiting]:
    late = Q(due_on__lt=day) | Q(deadline_on__lt=day)
    near = Q(due_on__lte=near_day(day)) | Q(deadline_on__lte=near_day(day))
    rows = {
        row["state"]: row
        for row in waiting_cases(actor)
        .order_by()
        .values("state")
        .annotate(
            count=Count("pk"),
            late=Count("pk", filter=late),
            near=Count("pk", filter=near & ~late),
            first=Min("due_on"),
            chain=Min("deadline_on"),
        )
    }
    return [
        Waiting(
            state, label, rows[state]["count"], rows[state]["late"], rows[state]["near"],
            earlier(rows[state]["first"], rows[state]["chain"]),
        )
        for state, label in states_in_order().items()
        if state in rows
    ]  # fmt: skip
