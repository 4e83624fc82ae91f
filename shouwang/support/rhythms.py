"""走访频次 (visit rhythm): how often which households are visited, as dated data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .catalogue import RULEBOOK

MONITORED, RESOLVED, POOR = "monitored", "resolved", "poverty_alleviated"


class BadRhythms(ValueError):
    """A rhythm that cannot be used."""


@dataclass(frozen=True)
class Rhythm:
    """One visit each so many months for households of a class."""

    applies_to: str
    label: str
    months: int
    basis: str
    source: str
    valid_from: date
    valid_to: date | None

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Rhythms:
    rows: tuple[Rhythm, ...]
    near_days: int

    def on(self, day: date) -> dict[str, Rhythm]:
        """The rhythm of each class on a day."""
        return {row.applies_to: row for row in self.rows if row.holds(day)}


def months_before(day: date, months: int) -> date:
    """The same day so many months before, or the last day of that month."""
    total = day.year * 12 + day.month - 1 - months
    year, month = divmod(total, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def months_after(day: date, months: int) -> date:
    return months_before(day, -months)


def read(data: Mapping[str, Any]) -> Rhythms:
    """Checked: whole months, dates in order, one row a class and day."""
    rows: list[Rhythm] = []
    for each in data["rhythms"]:
        row = Rhythm(**each)
        if not isinstance(row.months, int) or row.months < 1:
            raise BadRhythms(f"{row.applies_to}: months must be at least 1")
        if row.valid_to is not None and row.valid_to < row.valid_from:
            raise BadRhythms(f"{row.applies_to}: valid_to lies before valid_from")
        for other in rows:
            together = row.valid_from <= (other.valid_to or date.max) and other.valid_from <= (
                row.valid_to or date.max
            )
            if other.applies_to == row.applies_to and together:
                raise BadRhythms(f"{row.applies_to} stands twice for the same day")
        rows.append(row)
    return Rhythms(tuple(rows), int(data["near_days"]))


@cache
def rhythms() -> Rhythms:
    path: Path = RULEBOOK / "visits.yaml"
    return read(yaml.safe_load(path.read_text(encoding="utf-8")))
