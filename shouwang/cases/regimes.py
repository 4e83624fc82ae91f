"""制度 (regime): classes, limits, forms and conditions of the years in which a case began.

All of it is data (rulebook/regimes/*.yaml) with source and dates; a later regime names an earlier
one as `base` and replaces what it changes. A case keeps the regime it began under.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from shouwang.core.errors import DomainError

FOLDER = Path(__file__).resolve().parents[1] / "rulebook"
Keys = Mapping[str, str]
"""A class: the chosen value of each dimension, {"class": "marginal"}."""


@dataclass(frozen=True)
class Limit:
    """期限: so many days of a kind, where and since when, and who says so."""

    key: str
    title: str
    days: int
    kind: str
    region: str
    valid_from: date
    source: str
    valid_to: date | None = None
    note: str = ""

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def words(self) -> str:
        return f"{self.days} 个{'工作日' if self.kind == 'working' else '自然日'}"


@dataclass(frozen=True)
class Value:
    """One value of a dimension, and the findings that speak for it."""

    key: str
    label: str
    when: tuple[str, ...]


@dataclass(frozen=True)
class Dimension:
    """One side of the classification: the three classes of 2021, three sides in 2026."""

    key: str
    label: str
    source: str
    values: tuple[Value, ...]

    def value(self, key: str) -> Value | None:
        return next((value for value in self.values if value.key == key), None)


@dataclass(frozen=True)
class Item:
    """比对项目: what one department is asked for, and its feed if it sends one."""

    key: str
    label: str
    department: str
    feed: str = ""


@dataclass(frozen=True)
class StepPart:
    """One of the nine steps as it is drawn; those `together` run at the same time."""

    key: str
    label: str
    states: tuple[str, ...]
    form: str
    source: str
    together: str = ""


@dataclass(frozen=True)
class Regime:
    """One regime; `data` is what the file says, its base included."""

    key: str
    data: Mapping[str, Any]

    @property
    def title(self) -> str:
        return str(self.data["title"])

    @property
    def object_name(self) -> str:
        return str(self.data["object_name"])

    @property
    def valid_from(self) -> date:
        found: date = self.data["valid_from"]
        return found

    @property
    def valid_to(self) -> date | None:
        found: date | None = self.data["valid_to"]
        return found

    @cached_property
    def dimensions(self) -> tuple[Dimension, ...]:
        return tuple(
            Dimension(
                each["key"], each["label"], each["source"],
                tuple(Value(v["key"], v["label"], tuple(v["when"])) for v in each["values"]),
            )
            for each in self.data["dimensions"]
        )  # fmt: skip

    @cached_property
    def limits(self) -> tuple[Limit, ...]:
        return tuple(Limit(**each) for each in self.data["limits"])

    @cached_property
    def steps(self) -> tuple[StepPart, ...]:
        return tuple(
            StepPart(**{**each, "states": tuple(each["states"])}) for each in self.data["steps"]
        )

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Everything that departments may be asked."""
        return tuple(Item(**each) for each in self.data["comparison"]["items"])

    @property
    def departments(self) -> tuple[str, ...]:
        """The departments that must be asked before a case goes on."""
        return tuple(self.data["comparison"]["required"])

    def items_of(self, department: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.department == department)

    def limit(self, key: str, day: date, county: str) -> Limit | None:
        """The limit in force on a day in a county; the most specific region wins."""
        for region in region_chain(county):
            found = [
                each
                for each in self.limits
                if each.key == key and each.region == region and each.covers(day)
            ]
            if found:
                return max(found, key=lambda each: each.valid_from)
        return None

    def class_label(self, keys: Keys) -> str:
        """边缘易致贫户, or 较重困难·支出型·弱劳动能力."""
        words = []
        for dimension in self.dimensions:
            value = dimension.value(keys.get(dimension.key, ""))
            if value is not None:
                words.append(value.label)
        if not words and "class" in keys and self.key != "2021":
            return regime("2021").class_label(keys)  # the national system still names it so
        return "·".join(words)

    def class_key(self, keys: Keys) -> str:
        """The class as one word for counting."""
        return "/".join(keys.get(dimension.key, "") for dimension in self.dimensions)

    def checked_class(self, keys: Keys) -> dict[str, str]:
        """The class if every dimension has one of its values; otherwise says which is missing."""
        for dimension in self.dimensions:
            if dimension.value(keys.get(dimension.key, "")) is None:
                raise DomainError(f"请选择{dimension.label}。", code=dimension.key)
        return {dimension.key: keys[dimension.key] for dimension in self.dimensions}

    def number(self, part: str, key: str) -> int:
        return int(self.data[part][key])

    def share(self, part: str, key: str) -> Fraction:
        return Fraction(str(self.data[part][key]))


def region_chain(county: str) -> tuple[str, ...]:
    """The county itself, its prefecture, its province, the nation (GB/T 2260 codes)."""
    code = county[:6]
    return tuple(dict.fromkeys((code, f"{code[:4]}00", f"{code[:2]}0000", "000000")))


@cache
def regimes() -> Mapping[str, Regime]:
    """All regimes by key, oldest first."""
    read = {}
    for path in sorted((FOLDER / "regimes").glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        read[str(data["key"])] = data
    return {key: Regime(key, _with_base(data, read)) for key, data in sorted(read.items())}


def _with_base(data: Mapping[str, Any], read: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    base = data.get("base")
    return {**(_with_base(read[str(base)], read) if base else {}), **data}


def regime(key: str) -> Regime:
    return regimes()[key]


def regime_on(day: date, county: str = "") -> Regime:
    """The regime under which a case begins that is opened on this day."""
    for found in regimes().values():
        if found.valid_from <= day and (found.valid_to is None or day <= found.valid_to):
            return found
    return next(iter(regimes().values()))


def comparison_item_label(key: str) -> str:
    for each in regimes().values():
        for item in each.items:
            if item.key == key:
                return item.label
    return key


def to_2021(keys: Keys, was_poor: bool | None) -> str:
    """The class of 2021 that a class of 2026 corresponds to; empty where a fact is missing."""
    facts: dict[str, Any] = {**keys, "was_poor": was_poor}
    for row in regime("2026").data["mapping"]["to_2021"]:
        if all(facts.get(name) == wanted for name, wanted in row["when"].items()):
            return str(row["class"])
    return ""


def from_2021(class_key: str) -> dict[str, str]:
    """What a class of 2021 says of the dimensions of 2026; the rest follows from facts."""
    found: Mapping[str, str] = regime("2026").data["mapping"]["from_2021"].get(class_key, {})
    return dict(found)


def counted_class(regime_key: str, keys: Keys, was_poor: bool | None) -> str:
    """The class of 2021 for statistics over both regimes."""
    return keys.get("class", "") if regime_key == "2021" else to_2021(keys, was_poor)


@cache
def source_words(key: str) -> str:
    """The document behind a source key, as pages show it."""
    from shouwang.screening.queries import rulebook_in_force

    found = rulebook_in_force().sources.get("sources", {}).get(key)
    if found is None:
        return key
    return f"{found['document']}（{found['region']}，{found['reliability']}）"


def sources_named() -> Sequence[str]:
    """Every source key that a regime names; each must stand in sources.yaml."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, Mapping):
            for name, value in node.items():
                if name == "source":
                    found.append(str(value))
                else:
                    walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    for each in regimes().values():
        walk(each.data)
    return sorted(set(found))
