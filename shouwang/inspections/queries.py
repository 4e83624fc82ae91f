"""What the pages of the inspections room show, in one's own scope."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.divisions.models import Division
from shouwang.meetings.cadence import Period, period_of

from .models import (
    Batch,
    Inspection,
    LeaderDuty,
    LookBack,
    Problem,
    ProblemUnit,
    ResearchVisit,
    SpecialCheck,
    Visit,
)
from .querysets import BatchQuerySet, InspectionQuerySet, ProblemQuerySet, SpecialQuerySet
from .states import CLOSED, Duty, problem_table
from .terms import terms


def problems_visible_to(actor: Actor) -> ProblemQuerySet:
    require(actor, "inspections.view")
    return Problem.objects.visible_to(actor)


def problem_visible_to(actor: Actor, pk: int) -> Problem:
    return get_object_or_404(
        problems_visible_to(actor).select_related("batch__division", "division"), pk=pk
    )


def batches_visible_to(actor: Actor) -> BatchQuerySet:
    require(actor, "inspections.view")
    return Batch.objects.visible_to(actor).select_related("division")


def batch_visible_to(actor: Actor, pk: int) -> Batch:
    return get_object_or_404(batches_visible_to(actor), pk=pk)


def inspections_visible_to(actor: Actor) -> InspectionQuerySet:
    require(actor, "inspections.view")
    return Inspection.objects.visible_to(actor).select_related("division")


def inspection_visible_to(actor: Actor, pk: int) -> Inspection:
    return get_object_or_404(inspections_visible_to(actor), pk=pk)


def visits_of(actor: Actor, inspection: Inspection) -> list[Visit]:
    seen = Visit.objects.visible_to(actor).filter(inspection=inspection)
    return list(
        seen.select_related("unit__division", "unit__department").prefetch_related("findings")
    )


def specials_visible_to(actor: Actor) -> SpecialQuerySet:
    require(actor, "inspections.view")
    return SpecialCheck.objects.visible_to(actor)


def special_visible_to(actor: Actor, pk: int) -> SpecialCheck:
    return get_object_or_404(specials_visible_to(actor).select_related("division"), pk=pk)


def look_back_visible_to(actor: Actor, pk: int) -> LookBack:
    require(actor, "inspections.check")
    return get_object_or_404(LookBack.objects.visible_to(actor).select_related("division"), pk=pk)


def own_place(actor: Actor, right: str) -> Division | None:
    """The highest county or prefecture of the actor's posts with the right."""
    condition = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        condition |= Q(path__startswith=scope.division_path)
    found = Division.objects.current().filter(condition, level__in=("prefecture", "county"))
    counties = found.filter(level="county")
    held = {scope.division_path for scope in actor.scopes_with(right)}
    exact = found.filter(path__in=held).order_by("path").first()
    return exact or counties.order_by("code").first()


def counties_of(actor: Actor, right: str) -> QuerySet[Division]:
    condition = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        condition |= Q(path__startswith=scope.division_path)
    return Division.objects.current().filter(condition, level__in=("prefecture", "county"))


@dataclass(frozen=True)
class Rate:
    """销号率 of one source or unit."""

    key: str
    name: str
    total: int
    signed: int
    late: int

    @property
    def share(self) -> float:
        return self.signed / self.total if self.total else 0.0


def rates_by_source(actor: Actor, on: date | None = None) -> list[Rate]:
    labels = terms().sources
    rows = problems_visible_to(actor).counted()
    stands = rows.values_list("batch__source", "state", "due_on").order_by()
    return _rates(((key, labels.get(key, key), state, due) for key, state, due in stands), on)


def rates_by_unit(actor: Actor, on: date | None = None) -> list[Rate]:
    seen = problems_visible_to(actor).counted().values("pk")
    units = ProblemUnit.objects.filter(problem__in=seen, duty=Duty.LEAD)
    stands = units.values_list("name", "problem__state", "problem__due_on").order_by()
    return _rates(((name, name, state, due) for name, state, due in stands), on)


def _rates(rows: Iterable[tuple[str, str, str, date | None]], on: date | None) -> list[Rate]:
    day = on or clock.today()
    counts: dict[str, list[Any]] = defaultdict(lambda: ["", 0, 0, 0])
    for key, name, state, due in rows:
        row = counts[key]
        row[0] = name
        row[1] += 1
        row[2] += state in CLOSED
        row[3] += state not in CLOSED and due is not None and due < day
    found = [Rate(key, *row) for key, row in counts.items()]
    return sorted(found, key=lambda rate: (-rate.late, rate.share, rate.name))


def board(actor: Actor) -> list[tuple[str, str, int, int]]:
    """States in the order of the work: key, label, problems, late ones."""
    day = clock.today()
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for state, due in problems_visible_to(actor).values_list("state", "due_on").order_by():
        counts[state][0] += 1
        counts[state][1] += state not in CLOSED and due is not None and due < day
    return [
        (key, state.label, counts[key][0], counts[key][1])
        for key, state in problem_table().states.items()
        if key != "mistaken"
    ]


def waiting_for(actor: Actor) -> ProblemQuerySet:
    """Problems whose next step is this actor's: by state, right and being one of the units."""
    if not actor.can("inspections.view"):
        return Problem.objects.none()
    condition = Q(pk__in=[])
    for state in problem_table().states:
        if state in CLOSED:
            continue
        rights = {row.right for row in problem_table().from_state(state)}
        for right in rights:
            condition |= Q(state=state) & Q(pk__in=_own(actor, right).values("pk"))
    return Problem.objects.filter(condition)


def _own(actor: Actor, right: str) -> ProblemQuerySet:
    """Problems on which the actor uses this right by office; the county's share in the work of its
    units is no duty of its own."""
    from_units = right in ("inspections.rectify", "inspections.verify")
    duty = Q(units__duty=Duty.LEAD) if right == "inspections.verify" else Q()
    condition = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        if scope.department is not None:
            condition |= duty & Q(
                units__department__name=scope.department,
                division__path__startswith=scope.division_path,
            )
        elif not from_units:
            condition |= Q(division__path__startswith=scope.division_path)
        elif scope.role != "county_officer":
            condition |= duty & Q(units__division__path__startswith=scope.division_path)
    return Problem.objects.filter(pk__in=Problem.objects.filter(condition).values("pk"))


def badge(actor: Actor) -> int:
    """How much waits: for the number at the entry of the navigation."""
    return waiting_for(actor).count()


@dataclass(frozen=True)
class LeaderRow:
    """One leader in the present period: how often, when last, how many are missing."""

    leader: LeaderDuty
    times: int
    last_on: date | None
    needed: int

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.times)


def leaders(actor: Actor, on: date | None = None) -> tuple[Period | None, list[LeaderRow]]:
    """The leaders one may see with their visits of the period, those who are missing first."""
    require(actor, "inspections.view")
    day = on or clock.today()
    entry = terms().entry("research", day)
    if entry is None:
        return None, []
    period = period_of(str(entry["period"]), day)
    seen = LeaderDuty.objects.visible_to(actor).on(day).select_related("department", "division")
    times: dict[int, list[date]] = defaultdict(list)
    visits = ResearchVisit.objects.filter(
        leader__in=seen.values("pk"), visited_on__gte=period.first, visited_on__lte=period.last
    )
    for key, visited_on in visits.values_list("leader", "visited_on"):
        times[key].append(visited_on)
    rows = [
        LeaderRow(
            one, len(times[one.pk]), max(times[one.pk], default=None), int(entry["times"])
        )
        for one in seen
    ]  # fmt: skip
    return period, sorted(rows, key=lambda row: (-row.missing, row.leader.pk))


def calendar(actor: Actor, on: date | None = None) -> list[tuple[date, list[Inspection]]]:
    """Inspections by month, from the last quarter on."""
    day = on or clock.today()
    since = day - timedelta(days=92)
    months: dict[date, list[Inspection]] = defaultdict(list)
    seen = inspections_visible_to(actor).exclude(state="cancelled").filter(ends_on__gte=since)
    for one in seen.prefetch_related("units__division", "units__department").order_by("starts_on"):
        months[one.starts_on.replace(day=1)].append(one)
    return sorted(months.items())
