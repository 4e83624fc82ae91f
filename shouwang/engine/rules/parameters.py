"""参数: values that a document decided, with region and dates; the most specific region wins.

Everything is exact: a ratio is a fraction, an amount is a whole number of fen."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from shouwang.engine.rules import typed
from shouwang.engine.rules.typed import Type

UNITS = {"amount": typed.AMOUNT, "int": typed.INT, "ratio": typed.RATIO, "number": typed.NUMBER}


@dataclass(frozen=True)
class Region:
    """适用地区: 全国, a province or a county."""

    code: str
    name: str
    parent: str | None


@dataclass(frozen=True)
class Entry:
    """One value with its region, first and last day, and the document that decided it."""

    region: str
    valid_from: date
    valid_to: date | None
    value: Decimal
    source: str
    note: str = ""
    line: int = 0

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Parameter:
    """参数: one key with all its values."""

    key: str
    title: str
    unit: str
    type: Type
    entries: tuple[Entry, ...]
    basis: str
    file: str
    line: int
    checked_on: date | None = None
    checked_by: str = ""

    def entry(self, day: date, regions: tuple[str, ...]) -> Entry | None:
        """The entry in force on a day, regions from the most specific to the widest."""
        for region in regions:
            for entry in self.entries:
                if entry.region == region and entry.covers(day):
                    return entry
        return None

    def exact(self, entry: Entry) -> Fraction:
        """The value as the engine counts: fen for an amount."""
        return Fraction(entry.value) * (100 if self.type.kind == "amount" else 1)

    def steps(self, regions: tuple[str, ...]) -> list[tuple[date, date | None, Fraction]]:
        """The value in force as non-overlapping periods, for a date that differs by row."""
        starts = {entry.valid_from for entry in self.entries}
        starts |= {_next(entry.valid_to) for entry in self.entries if entry.valid_to}
        found: list[tuple[date, date | None, Fraction]] = []
        ordered = sorted(starts)
        for start, following in zip(ordered, [*ordered[1:], None], strict=True):
            entry = self.entry(start, regions)
            if entry is not None:
                end = date.fromordinal(following.toordinal() - 1) if following else None
                found.append((start, end, self.exact(entry)))
        return found


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def chain(code: str, regions: dict[str, Region]) -> tuple[str, ...]:
    """The region itself, then its parents."""
    found: list[str] = []
    at: str | None = code
    while at is not None and at not in found:
        found.append(at)
        at = regions[at].parent if at in regions else None
    return tuple(found)
