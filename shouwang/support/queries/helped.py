"""帮扶户 (helped): households with open cases that get help, and what lists ask of each."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models import Max as Newest
from django.db.models.functions import Coalesce

from shouwang.cases.models import Case
from shouwang.core.actor import Actor
from shouwang.registry.models import Member

from ..facts import law
from ..models import Measure, Pairing, Visit
from ..needs import FULL_LABOUR, WEAK_LABOUR
from ..rhythms import MONITORED, Rhythm, months_after, months_before, rhythms

LABOUR = (*FULL_LABOUR, *WEAK_LABOUR)
LATE, NEAR, FINE = "late", "near", "fine"
VISIT_WORDS = {LATE: "超期未走访", NEAR: "临近应走访", FINE: "按时"}
VISIT_TONES = {LATE: "late", NEAR: "near", FINE: "done"}


def helped(actor: Actor, right: str = "support.view") -> QuerySet[Case]:
    """Cases whose households get help now: identified and not resolved, or on the green way."""
    if not actor.can("support.view"):
        return Case.objects.none()
    found: QuerySet[Case] = Case.objects.visible_to(actor, right)
    return found.filter(Q(identified_on__isnull=False) | Q(is_green=True), is_open=True)


def _contacts() -> QuerySet[Pairing]:
    found: QuerySet[Pairing] = Pairing.objects.filter(
        household=OuterRef("household"), valid_to=None, is_main=True
    )
    return found


def with_labour() -> Exists:
    return Exists(
        Member.objects.filter(household=OuterRef("household"), absent_since=None, labour__in=LABOUR)
    )


def with_development() -> Exists:
    """A development measure that is accepted, runs or is done: a plan alone helps nobody."""
    return Exists(Measure.objects.helping().filter(case=OuterRef("pk"), is_development=True))


def with_help(cases: QuerySet[Case]) -> QuerySet[Case]:
    """What the list shows of each case, without one more question a row."""
    visits = (
        Visit.objects.filter(household=OuterRef("household"))
        .order_by()
        .values("household")
        .annotate(newest=Newest("visited_on"))
        .values("newest")
    )
    measures = (
        Measure.objects.filter(case=OuterRef("pk"))
        .exclude(state__in=("dropped", "refused"))
        .order_by()
        .values("case")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return cases.annotate(
        contact=Subquery(_contacts().values("name")[:1]),
        contact_unit=Subquery(_contacts().values("unit")[:1]),
        last_visit=Subquery(visits),
        measure_count=Coalesce(Subquery(measures), 0),
        labour=with_labour(),
        development=with_development(),
    )


def unpaired(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.filter(~Exists(_contacts()))


def without_development(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Households with labour for which no development measure runs."""
    return cases.filter(with_labour(), ~with_development())


@dataclass(frozen=True)
class Cutoffs:
    """Bases of the last visit: before `late` it is overdue, before `near` it is nearly due."""

    rhythm: Rhythm
    late: date
    near: date


def cutoffs(today: date) -> dict[str, Cutoffs]:
    """By class key; the row for `monitored` holds for classes without one of their own."""
    known = rhythms()
    return {
        key: Cutoffs(
            row,
            months_before(today, row.months),
            months_before(today + timedelta(days=known.near_days), row.months),
        )
        for key, row in known.on(today).items()
    }


def cutoff_of(case: Case, bounds: dict[str, Cutoffs]) -> Cutoffs | None:
    return bounds.get(case.class_key) or bounds.get(MONITORED)


def visit_base(case: Any) -> date:
    """From when the term runs, of a case from `with_help`: the last visit, at the earliest from
    when help began."""
    begun: date = case.identified_on or case.clock_started_on
    return max(case.last_visit, begun) if case.last_visit else begun


def visit_state(case: Any, bounds: dict[str, Cutoffs]) -> str:
    """Of a case from `with_help`."""
    own = cutoff_of(case, bounds)
    if own is None:
        return FINE
    base = visit_base(case)
    return LATE if base < own.late else NEAR if base < own.near else FINE


def visit_due(case: Any, bounds: dict[str, Cutoffs]) -> date | None:
    """The last day of the present term."""
    own = cutoff_of(case, bounds)
    return months_after(visit_base(case), own.rhythm.months) if own else None


def _before(day: date) -> Q:
    """Help began before the day, and nobody came since: `visit_base` lies before it."""
    begun = Q(identified_on__lt=day) | Q(identified_on=None, clock_started_on__lt=day)
    since = Visit.objects.filter(household=OuterRef("household"), visited_on__gte=day)
    return begun & ~Q(Exists(since))


def by_visit(cases: QuerySet[Case], state: str, today: date) -> QuerySet[Case]:
    """Cases in one state of the rhythm."""
    bounds = cutoffs(today)
    classes = [key for key in bounds if key != MONITORED]
    wanted = Q(pk__in=[])
    for key, own in bounds.items():
        who = ~Q(class_key__in=classes) if key == MONITORED else Q(class_key=key)
        when = {
            LATE: _before(own.late),
            NEAR: _before(own.near) & ~_before(own.late),
            FINE: ~_before(own.near),
        }[state]
        wanted |= who & when
    return cases.filter(wanted)


@dataclass(frozen=True)
class TownCounts:
    """What is missing in one town."""

    town: str
    households: int
    unpaired: int
    unvisited: int
    undeveloped: int


def town_counts(actor: Actor, today: date) -> list[TownCounts]:
    """Per town: households under help, and those without contact, visit or development."""
    cases = helped(actor)
    sets = (
        cases,
        unpaired(cases),
        by_visit(cases, LATE, today),
        without_development(cases),
    )
    counts: dict[str, list[int]] = {}
    for place, found in enumerate(sets):
        rows = found.order_by().values_list("village__parent__name").annotate(count=Count("pk"))
        for town, count in rows:
            counts.setdefault(town or "", [0, 0, 0, 0])[place] = count
    return [TownCounts(town, *numbers) for town, numbers in sorted(counts.items())]


def development_due(case: Case) -> date | None:
    """Until when a household with labour should have its development measure."""
    if case.identified_on is None:
        return None
    return case.identified_on + timedelta(days=law().days("development_days"))
