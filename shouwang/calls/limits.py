"""答复期限 (limits): how many working days a department has, as dated data of calls.yaml. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shouwang.core.workdays import WORKING, workdays

FILE = Path(__file__).resolve().parents[1] / "rulebook" / "calls.yaml"


class BadLimits(ValueError):
    """calls.yaml cannot be used."""


@dataclass(frozen=True)
class Limit:
    urgency: str
    working_days: int
    basis: str
    source: str
    valid_from: date
    valid_to: date | None

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Limits:
    urgencies: Mapping[str, str]
    rows: tuple[Limit, ...]

    def on(self, urgency: str, day: date) -> Limit:
        found = [row for row in self.rows if row.urgency == urgency and row.holds(day)]
        if len(found) != 1:
            raise BadLimits(f"{urgency} 在 {day} 应有一条期限，有 {len(found)} 条")
        return found[0]

    def due_on(self, urgency: str, day: date) -> date:
        return workdays().add(day, self.on(urgency, day).working_days, WORKING)


def read(data: Mapping[str, Any]) -> Limits:
    """Checked: known urgencies, at least one day, one limit on a day."""
    urgencies = {one["key"]: one["label"] for one in data["urgencies"]}
    rows = tuple(Limit(**each) for each in data["limits"])
    for row in rows:
        if row.urgency not in urgencies:
            raise BadLimits(f"没有“{row.urgency}”这种紧急程度")
        if not isinstance(row.working_days, int) or row.working_days < 1:
            raise BadLimits(f"{row.urgency}: working_days 至少为 1")
    found = Limits(urgencies, rows)
    for row in rows:
        found.on(row.urgency, row.valid_from)
    return found


@cache
def limits() -> Limits:
    return read(yaml.safe_load(FILE.read_text(encoding="utf-8")))
