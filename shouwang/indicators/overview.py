"""指标表 (overview): all indicators of a place with their values by year or quarter, and how each
stands; the league of the places below for one indicator.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.divisions.models import Division

from .book import Book, Value, is_summed
from .evaluation import Assessment
from .models import Definition
from .periods import Period
from .queries import (
    Below,
    alarms_visible_to,
    below,
    children,
    for_place,
    is_above,
    places_visible_to,
)
from .states import Standing

YEARS, QUARTERS, POINTS = 4, 5, 12
WIDTH, HEIGHT = 96, 24


@dataclass(frozen=True)
class Line:
    """One indicator at a place: values by column, the newest one, what is asked, how it stands."""

    definition: Definition
    values: list[Value | None]
    newest: Value | None
    result: Assessment | None
    spark: str
    below: Below | None = None
    broken: int = 0
    """Broken red lines here and below that nobody has handled."""

    @property
    def standing(self) -> str:
        if self.below is not None:
            if not self.below.asked:
                return Standing.NOT_ASKED
            if self.below.known < self.below.asked:
                return Standing.UNKNOWN
            return Standing.MET if self.below.met == self.below.asked else Standing.BEHIND
        return self.result.standing if self.result else Standing.NOT_ASKED

    @property
    def standing_label(self) -> str:
        return Standing(self.standing).label

    @property
    def asked_words(self) -> str:
        if self.result is not None:
            return self.result.asked.words
        return self.definition.requirement


@dataclass(frozen=True)
class Sheet:
    """The sheet of one place."""

    place: Division
    columns: list[Period]
    lines: list[Line]

    @property
    def counts(self) -> Counter[str]:
        return Counter(line.standing for line in self.lines)


@dataclass(frozen=True)
class Rank:
    """One place in the league of an indicator."""

    place: Division
    value: Value | None
    result: Assessment | None
    order: int | None


def columns_by(kind: str) -> list[Period]:
    """The last years, or the last quarters, the newest at the right."""
    rhythm, count = ("quarter", QUARTERS) if kind == "quarter" else ("year", YEARS)
    found = [Period.of(rhythm, clock.today())]
    while len(found) < count:
        found.insert(0, found[0].previous())
    return found


def compile_sheet(
    actor: Actor,
    place: Division,
    *,
    kind: str = "year",
    definitions: Sequence[Definition] | None = None,
) -> Sheet:
    """All that a page, a table file or a print of one place shows."""
    rows = for_place(actor, place) if definitions is None else list(definitions)
    columns = columns_by(kind)
    here = [one for one in rows if not is_above(one, place) or is_summed(one, place)]
    lower = [one for one in rows if one not in here]
    book = Book(rows, [place])
    there = _lower_book(actor, place, lower)
    alarms = alarms_visible_to(actor).open().filter(division__path__startswith=place.path)
    broken = Counter(alarms.values_list("definition_id", flat=True))
    lines = []
    for one in rows:
        series = book.values(one, place)
        values = [_in_column(series, column) for column in columns]
        newest = series[-1] if series else None
        result = book.assess(one, place, _asked_period(newest, columns)) if one in here else None
        counted = None
        if one in lower and there is not None:
            counted = below(there, one, there.divisions, columns[-1])
            if not counted.known:
                counted = below(there, one, there.divisions, columns[-2])
        if one in here and result is None:
            continue
        lines.append(
            Line(one, values, newest, result, sparkline(series), counted, broken.get(one.pk, 0))
        )
    return Sheet(place, columns, lines)


def _in_column(series: Sequence[Value], column: Period) -> Value | None:
    """The newest value that ends in the column, of whatever rhythm."""
    return next((one for one in reversed(series) if column.covers(one.period.ends)), None)


def _asked_period(newest: Value | None, columns: Sequence[Period]) -> Period:
    return newest.period if newest else columns[-1]


def _lower_book(actor: Actor, place: Division, lower: Sequence[Definition]) -> Book | None:
    """The places below that are asked although this one is not."""
    if not lower:
        return None
    levels = {one.level for one in lower}
    places = places_visible_to(actor).filter(path__startswith=place.path, level__in=levels)
    return Book(lower, list(places))


def sparkline(values: Iterable[Value]) -> str:
    """The last values as points of a small line; nothing from fewer than two."""
    known = [value.number for value in values if value.number is not None][-POINTS:]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    spread = high - low or Decimal(1)
    step = Decimal(WIDTH - 4) / (len(known) - 1)
    return " ".join(
        f"{2 + step * at:.1f},{HEIGHT - 3 - (value - low) / spread * (HEIGHT - 6):.1f}"
        for at, value in enumerate(known)
    )


def league(actor: Actor, definition: Definition, place: Division, period: Period) -> list[Rank]:
    """The places right below, the best first; those without a value last, without an order."""
    places = children(actor, place)
    book = Book([definition], places)
    rows = [
        (one, book.value(definition, one, period), book.assess(definition, one, period))
        for one in places
    ]
    is_lower_good = definition.direction == "lower" or definition.comparison == "at_most"
    known = [row for row in rows if row[1] is not None and row[1].number is not None]
    known.sort(key=lambda row: row[1].number or 0, reverse=not is_lower_good)  # type: ignore[union-attr]
    found, order, last = [], 0, None
    for at, (one, value, result) in enumerate(known, 1):
        assert value is not None
        if value.number != last:
            order, last = at, value.number
        found.append(Rank(one, value, result, order))
    keys = {row[0].pk for row in known}
    rest = [row for row in rows if row[0].pk not in keys and row[2] is not None]
    return found + [Rank(one, value, result, None) for one, value, result in rest]
