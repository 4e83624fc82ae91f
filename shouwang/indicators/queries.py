"""What other rooms and the pages ask of the indicators.

For rooms above (scoring): `value_of`, `assess_of`, `attainment`; they take any place and do not
look at who asks. For pages: everything that begins with an actor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.divisions.levels import ORDER, Level
from shouwang.divisions.models import Division

from .book import Book, Value
from .evaluation import Assessment
from .models import Actual, Adjustment, Alarm, Classification, Definition, Target
from .periods import Period
from .querysets import (
    ActualQuerySet,
    AdjustmentQuerySet,
    AlarmQuerySet,
    DefinitionQuerySet,
    keys_of,
)
from .states import Reporter, Source

__all__ = ["Assessment", "Book", "Period", "Value", "assess_of", "attainment", "value_of"]


def _period(period: Period | str) -> Period:
    return Period.read(period) if isinstance(period, str) else period


def value_of(definition: Definition, division: Division, period: Period | str) -> Value | None:
    """The value that counts; for a longer period the newest one within it; None without any."""
    return Book([definition], [division]).value(definition, division, _period(period))


def assess_of(
    definition: Definition, division: Division, period: Period | str, *, on: date | None = None
) -> Assessment | None:
    """Standing, attainment, gap and words; None where the indicator is not asked of the place."""
    return Book([definition], [division], on=on).assess(definition, division, _period(period))


def attainment(definition: Definition, division: Division, period: Period | str) -> Decimal | None:
    """完成率 in percent (100 is the target); None where nothing can be said."""
    found = assess_of(definition, division, period)
    return found.attainment if found else None


def definitions_visible_to(actor: Actor) -> DefinitionQuerySet:
    require(actor, "indicators.view")
    return Definition.objects.visible_to(actor)


def definition_visible_to(actor: Actor, pk: int) -> Definition:
    seen = definitions_visible_to(actor).select_related("division", "department", "paper", "parent")
    return get_object_or_404(seen, pk=pk)


def actuals_visible_to(actor: Actor) -> ActualQuerySet:
    require(actor, "indicators.view")
    return Actual.objects.visible_to(actor)


def adjustments_visible_to(actor: Actor) -> AdjustmentQuerySet:
    require(actor, "indicators.view")
    return Adjustment.objects.visible_to(actor)


def alarms_visible_to(actor: Actor) -> AlarmQuerySet:
    require(actor, "indicators.view")
    return Alarm.objects.visible_to(actor)


def places_visible_to(actor: Actor, right: str = "indicators.view") -> QuerySet[Division]:
    """Places from the county down to the village that the actor's posts reach."""
    reached = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        reached |= Q(path__startswith=scope.division_path)
    levels = (Level.PREFECTURE, Level.COUNTY, Level.TOWN, Level.VILLAGE)
    return Division.objects.on(clock.today()).filter(reached, level__in=levels).order_by("code")


def home_of(actor: Actor, right: str = "indicators.view") -> Division | None:
    """The highest place of the actor, which a page shows first: a county where there is one."""
    places = places_visible_to(actor, right)
    for level in (Level.COUNTY, Level.PREFECTURE, Level.TOWN, Level.VILLAGE):
        found = places.filter(level=level).first()
        if found is not None:
            return found
    return None


def children(actor: Actor, division: Division) -> list[Division]:
    """The places right below that the actor may see."""
    return list(places_visible_to(actor).filter(parent=division))


def for_place(actor: Actor, division: Division, on: date | None = None) -> list[Definition]:
    """The definitions that concern a place or one below it, sub-rows behind their whole."""
    seen = (
        definitions_visible_to(actor)
        .on(on or clock.today())
        .filter(division__in=keys_of(division.path))
        .select_related("department", "paper", "division")
    )
    return in_order(list(seen))


def in_order(definitions: Sequence[Definition]) -> list[Definition]:
    """Each whole with its 其中 rows right behind it."""
    parts: dict[int, list[Definition]] = {}
    for one in definitions:
        if one.parent_id:
            parts.setdefault(one.parent_id, []).append(one)
    keys = {one.pk for one in definitions}
    found: list[Definition] = []
    for one in definitions:
        if one.parent_id is None or one.parent_id not in keys:
            found += [one, *parts.get(one.pk, [])]
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Due:
    """One value that somebody has to report."""

    definition: Definition
    division: Division
    period: Period
    due_on: date
    returned: Actual | None = None

    def days(self, on: date) -> int:
        """Days left; negative when late."""
        return (self.due_on - on).days


def due_day(definition: Definition, period: Period) -> date:
    return date.fromordinal(period.ends.toordinal() + definition.due_days)


def to_report(actor: Actor, on: date | None = None) -> list[Due]:
    """What the actor has to report of the last ended period: returned ones first, then by day.

    A handful of questions to the database for any number of indicators, because the navigation
    counts it on every page.
    """
    day = on or clock.today()
    if not actor.can("indicators.report"):
        return []
    seen = Definition.objects.visible_to(actor, "indicators.report").on(day)
    asked = [
        (definition, period)
        for definition in seen.filter(source=Source.REPORTED).select_related(
            "division", "department"
        )
        if (period := Period.of(definition.rhythm, day).previous()).ends >= definition.valid_from
    ]
    if not asked:
        return []
    reporting = _Reporting(actor, [definition for definition, _ in asked], day)
    states = {
        (one.definition_id, one.division_id, one.period): one
        for one in Actual.objects.current().filter(
            definition__in=[definition.pk for definition, _ in asked],
            period__in={period.key for _, period in asked},
        )
    }
    found = []
    for definition, period in asked:
        for place in reporting.places_of(definition):
            there = states.get((definition.pk, place.pk, period.key))
            if there is None or there.state == "returned":
                due = due_day(definition, period)
                found.append(Due(definition, place, period, due, there))
    return sorted(found, key=lambda one: (one.returned is None, one.due_on, one.division.code))


class _Reporting:
    """The places for which an actor reports, of many definitions at once."""

    def __init__(self, actor: Actor, definitions: Sequence[Definition], day: date) -> None:
        self.actor = actor
        keys = [one.pk for one in definitions]
        self.targeted = set(
            Target.objects.filter(definition__in=keys).values_list("definition", "division")
        )
        named = Classification.objects.on(day).values_list("place_class", "division")
        self.named = set(named)
        places = places_visible_to(actor, "indicators.report").filter(
            Q(level__in={one.level for one in definitions})
            | Q(pk__in=[place for _, place in self.targeted])
        )
        self.places = list(places)

    def places_of(self, definition: Definition) -> list[Division]:
        """Those of the level asked, and lower ones that have a target of their own."""
        return [
            place
            for place in self.places
            if place.path.startswith(definition.division.path)
            and self._is_asked(definition, place)
            and may_report(self.actor, definition, place)
        ]

    def _is_asked(self, definition: Definition, place: Division) -> bool:
        if is_above(definition, place):
            return False
        if (definition.pk, place.pk) in self.targeted:
            return True
        if place.level != definition.level:
            return False
        return not definition.place_class or (definition.place_class, place.pk) in self.named


def may_report(actor: Actor, definition: Definition, division: Division) -> bool:
    """The department for its indicators, a place for itself, and the county's officer for all."""
    for scope in actor.scopes_with("indicators.report"):
        if not scope.covers(division.path):
            continue
        if scope.department is not None:
            if (
                definition.reporter == Reporter.DEPARTMENT
                and definition.department is not None
                and definition.department.name == scope.department
            ):
                return True
            continue
        depth = len(keys_of(scope.division_path))
        is_own = len(keys_of(division.path)) == depth
        if definition.reporter == Reporter.PLACE and is_own:
            return True
        if definition.division.path.startswith(scope.division_path):
            return definition.reporter == Reporter.DEPARTMENT
    return False


@dataclass(frozen=True)
class Below:
    """How many of the places that are asked stand where: 达标 3 个，共 5 个."""

    met: int
    known: int
    asked: int


def below(book: Book, definition: Definition, places: Sequence[Division], period: Period) -> Below:
    """Of an indicator of villages, seen from the county: how many reach it."""
    found = [
        result
        for place in places
        if place.level == definition.level
        and (result := book.assess(definition, place, period)) is not None
    ]
    known = [one for one in found if one.standing not in ("unknown", "not_asked")]
    return Below(sum(one.is_met for one in known), len(known), len(found))


def is_above(definition: Definition, division: Division) -> bool:
    """Whether the place stands above those that are asked."""
    return ORDER[division.level] < ORDER[definition.level]
