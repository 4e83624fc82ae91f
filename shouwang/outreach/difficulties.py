"""申报内容 (difficulties): kinds of difficulty in a villager's words, limits, hotlines, as data.

Source: rulebook/outreach.yaml. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parents[1] / "rulebook" / "outreach.yaml"


class BadOffer(ValueError):
    """An entry of outreach.yaml that cannot be used; the message names it."""


@dataclass(frozen=True)
class Difficulty:
    """困难: what the villager ticks, and the risk that it becomes."""

    key: str
    label: str
    risk: str


@dataclass(frozen=True)
class Limit:
    """限次: so many requests of a kind in so many minutes, by address or by code."""

    kind: str
    by: str
    count: int
    minutes: int


@dataclass(frozen=True)
class Hotline:
    number: str
    label: str


@dataclass(frozen=True)
class Offer:
    """What the public page offers."""

    difficulties: Mapping[str, Difficulty]
    limits: tuple[Limit, ...]
    hotlines: tuple[Hotline, ...]
    consent: str


def read(data: Mapping[str, Any]) -> Offer:
    """Checked: keys once, limits of a known kind with whole numbers above zero."""
    found: dict[str, Difficulty] = {}
    for each in data["difficulties"]:
        if each["key"] in found:
            raise BadOffer(f"{each['key']}：出现两次")
        found[each["key"]] = Difficulty(**each)
    limits = tuple(Limit(**each) for each in data["limits"])
    for limit in limits:
        if limit.kind not in ("report", "ask", "comment") or limit.by not in ("address", "code"):
            raise BadOffer(f"限次 {limit.kind}/{limit.by} 不认识")
        if limit.count < 1 or limit.minutes < 1:
            raise BadOffer(f"限次 {limit.kind}/{limit.by} 应为正整数")
    return Offer(found, limits, tuple(Hotline(**one) for one in data["hotlines"]), data["consent"])


@cache
def offer() -> Offer:
    return read(yaml.safe_load(FILE.read_text(encoding="utf-8")))
