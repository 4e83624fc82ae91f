"""工作日历: adds days to a date by calendar days or working days.

Which days off and which weekends are worked is dated data, published each year by the State
Council's office (rulebook/holidays.yaml). In a year that the data does not hold, Monday to Friday
are worked; `is_published` tells.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CALENDAR, WORKING = "calendar", "working"
_FILE = Path(__file__).resolve().parents[1] / "rulebook" / "holidays.yaml"


@dataclass(frozen=True)
class Workdays:
    """Days off on weekdays, worked weekends, and the years for which they are known."""

    off: frozenset[date]
    worked: frozenset[date]
    years: frozenset[int]

    def is_working(self, day: date) -> bool:
        if day in self.worked:
            return True
        return day.weekday() < 5 and day not in self.off

    def is_published(self, day: date) -> bool:
        return day.year in self.years

    def add(self, start: date, days: int, kind: str = CALENDAR) -> date:
        """The last day of a term of `days` that begins on the day after `start` (民法典 §201)."""
        if kind == CALENDAR:
            return start + timedelta(days=days)
        if kind != WORKING:
            raise ValueError(f"kind must be calendar or working, not {kind}")
        day, left = start, days
        while left > 0:
            day += timedelta(days=1)
            left -= self.is_working(day)
        return day

    def between(self, start: date, end: date, kind: str = CALENDAR) -> int:
        """Days of this kind after `start` up to and including `end`; negative when it is past."""
        if end < start:
            return -self.between(end, start, kind)
        if kind == CALENDAR:
            return (end - start).days
        span = (end - start).days
        return sum(self.is_working(start + timedelta(days=step)) for step in range(1, span + 1))


def read(data: Mapping[Any, Any]) -> Workdays:
    """From `years: {2026: {days_off: [[first, last], …], worked: [day, …], source: …}}`."""
    off: set[date] = set()
    worked: set[date] = set()
    for year in data["years"].values():
        for first, last in year["days_off"]:
            off |= {first + timedelta(days=step) for step in range((last - first).days + 1)}
        worked |= set(year["worked"])
    return Workdays(frozenset(off), frozenset(worked), frozenset(data["years"]))


@cache
def workdays() -> Workdays:
    """The published calendar of the rulebook."""
    return read(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
