"""依据数据 (terms): sources, areas, days and shares of inspections, by day; rulebook data.

Source: rulebook/inspections.yaml, where every number has a source and dates. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shouwang.meetings.cadence import PERIODS, Period, period_of

FILE = Path(__file__).resolve().parents[1] / "rulebook" / "inspections.yaml"
TARGETS = {"key_town": "重点镇", "key_village": "重点村", "town": "乡镇", "department": "部门"}


class BadTerms(ValueError):
    """An entry of inspections.yaml that cannot be used; the message names it."""


@dataclass(frozen=True)
class CoverageRule:
    """覆盖要求: who inspects which bodies how often."""

    key: str
    title: str
    inspector: str
    target: str
    times: int
    period: str
    valid_from: date
    valid_to: date | None
    source: str

    @property
    def words(self) -> str:
        return f"{TARGETS[self.target]}{PERIODS[self.period]}至少 {self.times} 次"

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def period_on(self, on: date) -> Period:
        return period_of(self.period, on)


@dataclass(frozen=True)
class SpecialKind:
    """专项检查的种类 with what is looked at."""

    key: str
    title: str
    source: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Terms:
    sources: Mapping[str, str]
    areas: Mapping[str, str]
    separate: Mapping[str, frozenset[str]]
    coverage: tuple[CoverageRule, ...]
    special_kinds: Mapping[str, SpecialKind]
    dated: Mapping[str, tuple[Mapping[str, Any], ...]]

    def entry(self, name: str, on: date) -> Mapping[str, Any] | None:
        """The entry of a dated list in force on a day."""
        for item in self.dated[name]:
            if item["valid_from"] <= on and (item["valid_to"] is None or on <= item["valid_to"]):
                return item
        return None

    def number(self, name: str, key: str, on: date) -> int | None:
        item = self.entry(name, on)
        return int(item[key]) if item else None


def read(data: Mapping[str, Any]) -> Terms:
    """Terms of a file; BadTerms names the first entry that cannot be used."""
    rules = tuple(_rule(item) for item in data["coverage"])
    dated = {}
    for name in ("reopen_days", "near_days", "look_back_percent", "double", "research"):
        for item in data[name]:
            if not item.get("source") or not isinstance(item.get("valid_from"), date):
                raise BadTerms(f"{name}：要写 source 和 valid_from")
        dated[name] = tuple(data[name])
    kinds = {
        key: SpecialKind(key, item["title"], item["source"], tuple(item["items"]))
        for key, item in data["special_kinds"].items()
    }
    return Terms(
        {key: item["label"] for key, item in data["sources"].items()},
        dict(data["areas"]),
        {key: frozenset(steps) for key, steps in data["separate"].items()},
        rules, kinds, dated,
    )  # fmt: skip


def _rule(item: Mapping[str, Any]) -> CoverageRule:
    key = item.get("key", "?")
    for name, known in (
        ("inspector", ("prefecture", "county")), ("target", TARGETS), ("period", PERIODS),
    ):  # fmt: skip
        if item.get(name) not in known:
            raise BadTerms(f"{key}：{name} 应为 {'、'.join(known)} 之一")
    if not item.get("source") or not isinstance(item.get("valid_from"), date):
        raise BadTerms(f"{key}：要写 source 和 valid_from")
    return CoverageRule(**item)


@cache
def terms() -> Terms:
    return read(yaml.safe_load(FILE.read_text(encoding="utf-8")))
