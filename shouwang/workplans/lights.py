"""亮灯 (lights): the share of work done against the share of time passed. Pure; dated values."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

import yaml

FILE = Path(__file__).resolve().parents[1] / "rulebook" / "lights.yaml"
GREEN, YELLOW, RED, NONE = "green", "yellow", "red", "none"


@dataclass(frozen=True)
class Level:
    """One level of escalation: so many days late, or so many periods in a row missed."""

    days: int
    missed: int


@dataclass(frozen=True)
class Lines:
    """The values in force on a day, with where they are from."""

    green: Decimal
    yellow: Decimal
    remind_days: int
    up: Level
    """To the leader next above."""
    top: Level
    """To the leaders of the county."""
    source: str


@cache
def _entries() -> tuple[dict[str, object], ...]:
    return tuple(yaml.safe_load(FILE.read_text(encoding="utf-8"))["lights"])


@lru_cache(maxsize=64)
def lines_on(day: date) -> Lines:
    """The newest entry that covers the day; LookupError where none does."""
    for entry in reversed(_entries()):
        first, last = entry["valid_from"], entry["valid_to"]
        assert isinstance(first, date)
        if first <= day and (last is None or (isinstance(last, date) and day <= last)):
            return Lines(
                Decimal(str(entry["green"])), Decimal(str(entry["yellow"])),
                int(str(entry["remind_days"])), _level(entry["up"]), _level(entry["top"]),
                str(entry["source"]),
            )  # fmt: skip
    raise LookupError(f"no lights on {day}")


def _level(entry: object) -> Level:
    assert isinstance(entry, dict)
    return Level(int(entry["days"]), int(entry["missed"]))


def time_share(begins: date, ends: date, on: date) -> Decimal:
    """How much of the time has passed, between 0 and 1; all of it where there is none."""
    whole = (ends - begins).days
    if whole <= 0 or on >= ends:
        return Decimal(1)
    return max(Decimal((on - begins).days) / whole, Decimal(0))


def light(
    *, begins: date | None, ends: date | None, on: date, done: Decimal | None, is_done: bool
) -> str:
    """The light of a task: nothing without a deadline; red when late, whatever was done."""
    if is_done:
        return GREEN
    if begins is None or ends is None:
        return NONE
    if on > ends:
        return RED
    lines, passed = lines_on(on), time_share(begins, ends, on)
    if passed == 0:
        return GREEN
    ratio = (done or Decimal(0)) / passed
    return GREEN if ratio >= lines.green else YELLOW if ratio >= lines.yellow else RED
