"""预警的种类和级别 (alert levels): words, tones and hours to acknowledge, of rulebook/alerts.yaml.

Pure. Also the kinds of disasters, which alerts and the register of damage share.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parents[1] / "rulebook" / "alerts.yaml"


class BadLevels(ValueError):
    """alerts.yaml cannot be used."""


@dataclass(frozen=True)
class AlertLevel:
    """预警级别: the colour, and within how many hours every village acknowledges."""

    key: str
    label: str
    tone: str
    hours: int


@dataclass(frozen=True)
class AlertBook:
    kinds: Mapping[str, str]
    levels: Mapping[str, AlertLevel]
    disasters: Mapping[str, str]


def read(data: Mapping[str, Any]) -> AlertBook:
    levels = {one["key"]: AlertLevel(**one) for one in data["levels"]}
    for level in levels.values():
        if not isinstance(level.hours, int) or level.hours < 1:
            raise BadLevels(f"{level.key}: hours 至少为 1")
    named = [{one["key"]: one["label"] for one in data[part]} for part in ("kinds", "disasters")]
    return AlertBook(named[0], levels, named[1])


@cache
def alert_book() -> AlertBook:
    return read(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def alert_kind_choices() -> list[tuple[str, str]]:
    return list(alert_book().kinds.items())


def alert_level_choices() -> list[tuple[str, str]]:
    return [(one.key, one.label) for one in alert_book().levels.values()]


def disaster_choices() -> list[tuple[str, str]]:
    return list(alert_book().disasters.items())
