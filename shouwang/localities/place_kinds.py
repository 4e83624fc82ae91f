"""村级问题的类别 (kinds): what each register asks for, as data of rulebook/places.yaml. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parents[1] / "rulebook" / "places.yaml"
FIELD_TYPES = ("text", "whole", "decimal", "choice")
Labels = Mapping[str, str]


class BadKinds(ValueError):
    """places.yaml cannot be used."""


@dataclass(frozen=True)
class Subject:
    """问题类型: what may be wrong, within how many days it is solved, which risk it may mean."""

    key: str
    label: str
    days: int
    risk: str = ""


@dataclass(frozen=True)
class Detail:
    """专用栏目: a column that only this register has."""

    key: str
    label: str
    type: str
    unit: str = ""
    help: str = ""
    max: int = 60
    most: int = 999_999
    choices: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        return f"{self.label}（{self.unit}）" if self.unit else self.label


@dataclass(frozen=True)
class Kind:
    """One register: its words, its problems, measures and own columns."""

    key: str
    title: str
    noun: str
    number: str
    purpose: str
    basis: str
    name_label: str
    name_help: str
    place_label: str
    found_label: str
    households_label: str
    money_label: str
    quantity_label: str
    units: tuple[str, ...]
    subjects: Mapping[str, Subject]
    measures: Labels
    details: tuple[Detail, ...]
    loss_label: str = ""
    has_event: bool = False
    has_households: bool = False

    @property
    def subject_labels(self) -> Labels:
        return {key: one.label for key, one in self.subjects.items()}


@dataclass(frozen=True)
class Book:
    """All registers with what they share."""

    kinds: Mapping[str, Kind]
    channels: Labels
    plans: Labels
    near_days: int
    sample_percent: int
    limits: Mapping[str, Any] = field(default_factory=dict)


def _labels(rows: list[dict[str, str]]) -> dict[str, str]:
    return {one["key"]: one["label"] for one in rows}


def _kind(data: Mapping[str, Any]) -> Kind:
    given = dict(data)
    quantity = given.pop("quantity")
    subjects = {one["key"]: Subject(**one) for one in given.pop("subjects")}
    details = tuple(
        Detail(**{**one, "choices": tuple(one.get("choices", ()))}) for one in given.pop("fields")
    )
    measures = _labels(given.pop("measures"))
    for one in subjects.values():
        if not isinstance(one.days, int) or one.days < 1:
            raise BadKinds(f"{given['key']}.{one.key}: days 至少为 1")
    for detail in details:
        if detail.type not in FIELD_TYPES or (detail.type == "choice") != bool(detail.choices):
            raise BadKinds(f"{given['key']}.{detail.key}: type 或 choices 不对")
    return Kind(
        **given, quantity_label=quantity["label"], units=tuple(quantity["units"]),
        subjects=subjects, measures=measures, details=details,
    )  # fmt: skip


def read(data: Mapping[str, Any]) -> Book:
    """Checked: days, types, a share between one and a hundred."""
    kinds = [_kind(one) for one in data["kinds"]]
    if len({one.key for one in kinds}) != len(kinds):
        raise BadKinds("kinds 有重复的 key")
    share = data["sample_percent"]
    if not isinstance(share, int) or not 1 <= share <= 100:
        raise BadKinds("sample_percent 应在 1 至 100 之间")
    if not isinstance(data["limits"]["valid_from"], date):
        raise BadKinds("limits.valid_from 应为日期")
    return Book(
        {one.key: one for one in kinds}, _labels(data["channels"]), _labels(data["plans"]),
        int(data["near_days"]), share, data["limits"],
    )  # fmt: skip


@cache
def book() -> Book:
    return read(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def kind_choices() -> list[tuple[str, str]]:
    return [(one.key, one.noun) for one in book().kinds.values()]
