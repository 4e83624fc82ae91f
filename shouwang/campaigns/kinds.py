"""问题种类 (dossier kinds): steps, persons, days and outcomes of each kind of problem, as data.

Source: rulebook/dossiers.yaml, with the document behind each step. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parents[1] / "rulebook" / "dossiers.yaml"
FIELDS = {
    "key", "title", "rules", "about", "days", "people", "steps", "done", "double_support", "source",
}  # fmt: skip


class BadKind(ValueError):
    """An entry of dossiers.yaml that cannot be used; the message names it."""


@dataclass(frozen=True)
class Step:
    """办理步骤, in its order; an optional one may be passed over."""

    key: str
    label: str
    basis: str
    optional: bool


@dataclass(frozen=True)
class Kind:
    """问题种类."""

    key: str
    title: str
    rules: tuple[str, ...]
    about: str
    days: int
    people: tuple[str, ...]
    steps: tuple[Step, ...]
    done: tuple[str, ...]
    double_support: bool
    source: str

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)


def read(data: Mapping[str, Any]) -> dict[str, Kind]:
    """Kinds by key; BadKind names the first that cannot be used."""
    found = {}
    for item in data["kinds"]:
        key = item.get("key", "?")
        if unknown := set(item) - FIELDS:
            raise BadKind(f"{key}：不认识的项 {'、'.join(sorted(unknown))}")
        if missing := FIELDS - {"double_support"} - set(item):
            raise BadKind(f"{key}：缺少 {'、'.join(sorted(missing))}")
        if item["about"] not in ("person", "household") or item["days"] < 1:
            raise BadKind(f"{key}：about 应为 person 或 household，days 应为正整数")
        steps = tuple(
            Step(one["key"], one["label"], one["basis"], one.get("optional", False))
            for one in item["steps"]
        )
        found[key] = Kind(
            key, item["title"], tuple(item["rules"]), item["about"], item["days"],
            tuple(item["people"]), steps, tuple(item["done"]), item.get("double_support", False),
            item["source"],
        )  # fmt: skip
    return found


@cache
def kinds() -> dict[str, Kind]:
    return read(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def kind_choices() -> list[tuple[str, str]]:
    return [(kind.key, kind.title) for kind in kinds().values()]
