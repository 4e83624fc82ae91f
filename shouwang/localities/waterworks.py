"""检测要求 (water tests): which works are tested and by when, as data of rulebook/waterworks.yaml.

A period is a half-year when tests are six months apart: who has no test in the period before this
one is late. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parents[1] / "rulebook" / "waterworks.yaml"
LATE, NEAR, DONE, WAITING, NOT_ASKED = "late", "near", "done", "waiting", "not_asked"
TEST_WORDS = {
    LATE: "超期未检", NEAR: "本期快到期", DONE: "本期已检", WAITING: "本期待检",
    NOT_ASKED: "不要求定期检测",
}  # fmt: skip
TEST_TONES = {LATE: "late", NEAR: "near", DONE: "done", WAITING: "going", NOT_ASKED: "idle"}


class BadWaterworks(ValueError):
    """waterworks.yaml cannot be used."""


@dataclass(frozen=True)
class Demands:
    """What is asked of works."""

    kinds: Mapping[str, str]
    tested: frozenset[str]
    months: int
    near_days: int
    duties: tuple[str, ...]


@dataclass(frozen=True)
class Periods:
    """The period that a day lies in, and when the one before began."""

    before: date
    begins: date
    ends: date


def read(data: Mapping[str, Any]) -> Demands:
    """Checked: a whole number of periods in a year, three duties."""
    months = data["months_between_tests"]
    if not isinstance(months, int) or months < 1 or 12 % months:
        raise BadWaterworks("months_between_tests 应能整除 12")
    if len(data["duties"]) != 3:
        raise BadWaterworks("duties 应为三个责任")
    return Demands(
        {one["key"]: one["label"] for one in data["kinds"]},
        frozenset(one["key"] for one in data["kinds"] if one["tested"]),
        months, int(data["near_days"]), tuple(data["duties"]),
    )  # fmt: skip


@cache
def demands() -> Demands:
    return read(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def _first(months: int) -> date:
    year, month = divmod(months, 12)
    return date(year, month + 1, 1)


def periods(day: date, months: int) -> Periods:
    """Periods begin in January: halves of a year for six months."""
    begins = day.year * 12 + (day.month - 1) // months * months
    return Periods(
        _first(begins - months), _first(begins), _first(begins + months) - timedelta(days=1)
    )


def test_state(kind: str, built_on: date | None, last_test: date | None, day: date) -> str:
    """Where the works of a kind stand with its tests on a day."""
    asked = demands()
    if kind not in asked.tested:
        return NOT_ASKED
    now = periods(day, asked.months)
    if last_test is not None and last_test >= now.begins:
        return DONE
    is_new = built_on is not None and built_on >= now.begins
    if not is_new and (last_test is None or last_test < now.before):
        return LATE
    return NEAR if (now.ends - day).days <= asked.near_days else WAITING
