"""频次 (cadence): how often a body must meet, and the periods in which it is counted. Pure.

A rule is dated data with its source; a period that began before a rule was valid is not counted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parents[1] / "rulebook" / "cadence.yaml"
BODIES = {"county": "县级", "department": "县直部门", "town": "乡镇", "village": "村"}
KINDS = {
    "study": "专题研究",
    "learning": "理论学习",
    "dispatch": "调度推进",
    "judgement": "会议研判",
    "team": "专班会议",
    "visit": "走访排查",
    "supervision": "督促指导",
    "report": "书面报告",
    "other": "其他会议",
}
PERIODS = {
    "week": "每周",
    "month": "每月",
    "two_months": "每两个月",
    "quarter": "每季度",
    "half_year": "每半年",
    "year": "每年",
}
MONTHS = {"month": 1, "two_months": 2, "quarter": 3, "half_year": 6, "year": 12}
FIELDS = {
    "key", "title", "body", "kind", "times", "period", "valid_from", "valid_to", "source",
    "framework",
}  # fmt: skip


class BadCadence(ValueError):
    """A rule of cadence.yaml that cannot be used; the message names it."""


@dataclass(frozen=True)
class Period:
    """First and last day, and how the period is called."""

    first: date
    last: date
    label: str

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class CadenceRule:
    """频次要求: a body of this level does this at least so many times a period."""

    key: str
    title: str
    body: str
    kind: str
    times: int
    period: str
    valid_from: date
    valid_to: date | None
    source: str
    framework: str

    @property
    def words(self) -> str:
        return f"{PERIODS[self.period]}至少 {self.times} 次"

    def covers(self, period: Period) -> bool:
        ended = self.valid_to is not None and self.valid_to < period.last
        return self.valid_from <= period.first and not ended


def period_of(kind: str, day: date) -> Period:
    """The period of this kind that a day lies in; weeks begin on Monday."""
    if kind == "week":
        first = day - timedelta(days=day.weekday())
        number = day.isocalendar()
        return Period(first, first + timedelta(days=6), f"{number.year}年第{number.week}周")
    length = MONTHS[kind]
    start = (day.month - 1) // length * length + 1
    first = day.replace(month=start, day=1)
    last = _add_months(first, length) - timedelta(days=1)
    return Period(first, last, _label(kind, first))


def _label(kind: str, first: date) -> str:
    number = (first.month - 1) // MONTHS[kind] + 1
    if kind == "month":
        return f"{first.year}年{first.month}月"
    if kind == "two_months":
        return f"{first.year}年{first.month}—{first.month + 1}月"
    if kind == "quarter":
        return f"{first.year}年第{number}季度"
    return (
        f"{first.year}年{'上' if number == 1 else '下'}半年"
        if kind == "half_year"
        else f"{first.year}年"
    )


def _add_months(first: date, count: int) -> date:
    month = first.month - 1 + count
    return date(first.year + month // 12, month % 12 + 1, 1)


def periods_back(kind: str, day: date, count: int) -> list[Period]:
    """The period of a day and the ones before it, oldest first."""
    found: list[Period] = []
    while len(found) < count:
        period = period_of(kind, day)
        found.append(period)
        day = period.first - timedelta(days=1)
    return found[::-1]


def read(data: Mapping[str, Any]) -> tuple[CadenceRule, ...]:
    """Rules of a file; BadCadence names the first that cannot be used."""
    rules = tuple(_rules(data))
    keys = [rule.key for rule in rules]
    if len(set(keys)) < len(keys):
        raise BadCadence("频次要求的 key 有重复")
    return rules


def _rules(data: Mapping[str, Any]) -> Iterator[CadenceRule]:
    for item in data["rules"]:
        key = item.get("key", "?")
        if unknown := set(item) - FIELDS:
            raise BadCadence(f"{key}：不认识的项 {'、'.join(sorted(unknown))}")
        for name, known in (("body", BODIES), ("kind", KINDS), ("period", PERIODS)):
            if item.get(name) not in known:
                raise BadCadence(f"{key}：{name} 应为 {'、'.join(known)} 之一")
        if not isinstance(item.get("times"), int) or item["times"] < 1:
            raise BadCadence(f"{key}：times 应为 1 以上的整数")
        if not item.get("source") or not isinstance(item.get("valid_from"), date):
            raise BadCadence(f"{key}：要写 source 和 valid_from")
        yield CadenceRule(
            key, item["title"], item["body"], item["kind"], item["times"], item["period"],
            item["valid_from"], item.get("valid_to"), item["source"],
            str(item.get("framework", "")),
        )  # fmt: skip


@cache
def rules() -> tuple[CadenceRule, ...]:
    """The rules of this installation's rulebook."""
    return read(yaml.safe_load(FILE.read_text(encoding="utf-8")))
