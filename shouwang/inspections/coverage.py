"""督查覆盖 (coverage): who was inspected when, who is missing, and what to inspect next.

What counts are visits that happened in the period, by an inspection of the level that the rule
names. Key towns and villages are those on the dated list of the room of indicators.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils.module_loading import import_string

from shouwang.accounts.models import Department
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.divisions.models import Division
from shouwang.meetings.cadence import Period

from .models import InspectionUnit, Visit
from .terms import CoverageRule, terms

PLANNED = ("draft", "ready", "going")


@dataclass(frozen=True)
class Body:
    """One town, village or department that a rule wants inspected, and when it last was."""

    name: str
    parent: str
    division: Division | None
    department: Department | None
    times: int
    last_on: date | None
    planned_on: date | None
    needed: int

    @property
    def is_covered(self) -> bool:
        return self.times >= self.needed


@dataclass(frozen=True)
class Covered:
    """A rule in a period with all its bodies, the missing first."""

    rule: CoverageRule
    period: Period
    bodies: Sequence[Body]

    @property
    def done(self) -> int:
        return sum(body.is_covered for body in self.bodies)

    @property
    def missing(self) -> list[Body]:
        return [body for body in self.bodies if not body.is_covered]

    @property
    def share(self) -> float | None:
        return self.done / len(self.bodies) if self.bodies else None


def coverage(actor: Actor, division: Division, on: date | None = None) -> list[Covered]:
    """Every rule in force with its bodies under a place, as far as this actor may know."""
    day = on or clock.today()
    level = "prefecture" if division.level in ("prefecture", "province") else "county"
    chosen = [rule for rule in terms().coverage if rule.holds(day) and rule.inspector == level]
    return [_covered(actor, rule, division, rule.period_on(day)) for rule in chosen]


def covered_by(rule: CoverageRule, division: Division, on: date) -> Covered:
    """The same for counting, whoever asks: without plans, which only some may see."""
    return _covered(None, rule, division, rule.period_on(on), until=on)


def _covered(
    actor: Actor | None,
    rule: CoverageRule,
    division: Division,
    period: Period,
    until: date | None = None,
) -> Covered:
    places, departments = bodies_of(rule, division, until or min(period.last, clock.today()))
    visits = Visit.objects.filter(
        inspection__division__level=rule.inspector,
        inspection__division__path__startswith=division.path,
        visited_on__gte=period.first,
        visited_on__lte=min(period.last, until) if until else period.last,
    ).exclude(inspection__state="cancelled")
    if actor is not None:
        visits = visits.visible_to(actor)
    times, last = _tally(visits.values_list("unit__division", "unit__department", "visited_on"))
    planned = _planned(actor, rule, division, period)
    found = [
        Body(
            place.name, place.parent.name if place.parent else "", place, None,
            times[place.pk, None], last.get((place.pk, None)), planned.get((place.pk, None)),
            rule.times,
        )
        for place in places
    ] + [
        Body(
            one.name, "", None, one, times[None, one.pk], last.get((None, one.pk)),
            planned.get((None, one.pk)), rule.times,
        )
        for one in departments
    ]  # fmt: skip
    return Covered(rule, period, sorted(found, key=lambda body: body.is_covered))


Key = tuple[int | None, int | None]


def _tally(
    rows: Iterable[tuple[int | None, int | None, date]],
) -> tuple[dict[Key, int], dict[Key, date]]:
    times: dict[Key, int] = defaultdict(int)
    last: dict[Key, date] = {}
    for place, department, day in rows:
        times[place, department] += 1
        last[place, department] = max(day, last.get((place, department), day))
    return times, last


def _planned(
    actor: Actor | None, rule: CoverageRule, division: Division, period: Period
) -> dict[Key, date]:
    if actor is None:
        return {}
    from .models import Inspection

    seen = Inspection.objects.visible_to(actor).filter(
        state__in=PLANNED, division__path__startswith=division.path,
        division__level=rule.inspector, starts_on__lte=period.last, ends_on__gte=period.first,
    )  # fmt: skip
    units = InspectionUnit.objects.filter(inspection__in=seen, visit=None)
    rows = units.values_list("division", "department", "inspection__starts_on")
    return {(place, department): day for place, department, day in rows}


def bodies_of(
    rule: CoverageRule, division: Division, on: date
) -> tuple[list[Division], list[Department]]:
    """What the rule wants inspected under a place on a day."""
    if rule.target == "department":
        return [], list(Department.objects.all()) if division.level == "county" else []
    level = "village" if rule.target == "key_village" else "town"
    places = Division.objects.on(on).filter(level=level, path__startswith=division.path)
    if rule.target.startswith("key_"):
        key_places = import_string(settings.SHOUWANG_KEY_PLACES)
        places = places.filter(pk__in=key_places(division.path, on))
    return list(places.select_related("parent").order_by("code")), []


def recently_inspected(actor: Actor, division: Division, on: date) -> dict[int, date]:
    """Villages that may not be inspected again yet: by key, the last day in question."""
    days = terms().number("double", "days", on)
    if days is None:
        return {}
    from .models import Inspection

    since = on - timedelta(days=days)
    villages = InspectionUnit.objects.filter(
        division__level="village", division__path__startswith=division.path
    ).exclude(inspection__state="cancelled")
    visited = villages.filter(visit__visited_on__gte=since)
    found = dict(visited.values_list("division", "visit__visited_on"))
    seen = Inspection.objects.visible_to(actor).filter(state__in=PLANNED, ends_on__gte=since)
    planned = villages.filter(visit=None, inspection__in=seen)
    return found | dict(planned.values_list("division", "inspection__ends_on"))


@dataclass(frozen=True)
class Proposal:
    """补缺方案: what is missing and may be inspected now, and what has to wait."""

    places: list[Division]
    departments: list[Department]
    waiting: list[tuple[Division, date]]
    rules: list[CoverageRule]

    @property
    def total(self) -> int:
        return len(self.places) + len(self.departments)


def propose(actor: Actor, division: Division, on: date | None = None) -> Proposal:
    """Everything missing in the present periods and not planned, without double inspection."""
    day = on or clock.today()
    recent = recently_inspected(actor, division, day)
    places: dict[int, Division] = {}
    departments: dict[int, Department] = {}
    waiting: dict[int, tuple[Division, date]] = {}
    rules = []
    for covered in coverage(actor, division, day):
        lacking = [body for body in covered.missing if body.planned_on is None]
        if lacking:
            rules.append(covered.rule)
        for body in lacking:
            if body.department is not None:
                departments[body.department.pk] = body.department
            elif body.division is not None and body.division.pk in recent:
                waiting[body.division.pk] = (body.division, recent[body.division.pk])
            elif body.division is not None:
                places[body.division.pk] = body.division
    return Proposal(
        list(places.values()), list(departments.values()), list(waiting.values()), rules
    )
