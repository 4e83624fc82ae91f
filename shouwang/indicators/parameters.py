"""判断参数 (parameters): dated lights, income gaps, known names: rulebook/indicators.yaml."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parents[1] / "rulebook" / "indicators.yaml"


@dataclass(frozen=True)
class Lights:
    """How far behind the time a value may be, and from how many periods a trend is drawn."""

    on_way: Decimal
    points: int
    least: int
    source: str


@dataclass(frozen=True)
class Gap:
    """By how many points a group's income must grow faster than that of all rural people."""

    group: str
    title: str
    gap: Decimal
    source: str


@dataclass(frozen=True)
class Growth:
    group: str
    growth: Decimal
    least: Decimal
    source: str


@dataclass(frozen=True)
class Known:
    """An indicator by its words, and the formula that counts it."""

    words: tuple[str, ...]
    without: tuple[str, ...]
    formula: str
    note: str = ""

    def fits(self, name: str) -> bool:
        return all(word in name for word in self.words) and not any(
            word in name for word in self.without
        )


@cache
def _file() -> Mapping[str, Any]:
    read: Mapping[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return read


def _on(section: str, day: date) -> Iterator[Mapping[str, Any]]:
    for entry in _file()[section]:
        last = entry["valid_to"]
        if entry["valid_from"] <= day and (last is None or day <= last):
            yield entry


def lights_on(day: date) -> Lights:
    """The entry in force; LookupError where none covers the day."""
    for entry in _on("lights", day):
        return Lights(
            Decimal(str(entry["on_way"])), entry["points"], entry["least"], entry["source"]
        )
    raise LookupError(f"no lights on {day}")


def gaps_on(day: date) -> dict[str, Gap]:
    return {
        one["group"]: Gap(one["group"], one["title"], Decimal(str(one["gap"])), one["source"])
        for one in _on("income_gaps", day)
    }


def growth_on(day: date) -> dict[str, Growth]:
    return {
        one["group"]: Growth(
            one["group"], Decimal(str(one["growth"])), Decimal(str(one["least"])), one["source"]
        )
        for one in _on("income_growth", day)
    }


@cache
def known() -> tuple[Known, ...]:
    return tuple(
        Known(
            tuple(one["words"]), tuple(one.get("without", ())), one["formula"], one.get("note", "")
        )
        for one in _file()["known"]
        if one["formula"]
    )


def known_for(name: str) -> Known | None:
    """What is known of a name: the formula that counts it and what to mind, or nothing."""
    return next((one for one in known() if one.fits(name)), None)


def is_zero_word(name: str) -> bool:
    return any(word in name for word in _file()["zero_words"])
