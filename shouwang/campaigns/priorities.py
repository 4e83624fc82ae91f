"""重点名单 (priorities): which households a sweep goes to first, and why; rules are data.

Source: rulebook/sweeps.yaml. Each priority is a query over what other rooms know; nothing here
decides about a household.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db.models import QuerySet

from shouwang.assistance.models import TierTag
from shouwang.assistance.querysets import monitored, with_labour
from shouwang.registry.models import Household
from shouwang.screening.models import Clue, Hit
from shouwang.screening.queries import newest_run

FILE = Path(__file__).resolve().parents[1] / "rulebook" / "sweeps.yaml"


class BadPriority(ValueError):
    """An entry of sweeps.yaml that cannot be used; the message names it."""


@dataclass(frozen=True)
class Priority:
    """重点项: its title for people, where it comes from, and the one way in which it is found."""

    key: str
    title: str
    source: str
    way: str
    value: Any


def read(data: Mapping[str, Any]) -> dict[str, Priority]:
    """Priorities by key, in the order of the file."""
    found: dict[str, Priority] = {}
    for item in data["priorities"]:
        key = item.get("key", "?")
        ways = [way for way in _WAYS if way in item]
        if unknown := set(item) - {"key", "title", "source", *_WAYS}:
            raise BadPriority(f"{key}：不认识的项 {'、'.join(sorted(unknown))}")
        if len(ways) != 1 or key in found:
            raise BadPriority(f"{key}：应有且只有 {'、'.join(_WAYS)} 中的一项，key 不能重复")
        if not item.get("title") or not item.get("source"):
            raise BadPriority(f"{key}：要写 title 和 source")
        found[key] = Priority(key, item["title"], item["source"], ways[0], item[ways[0]])
    return found


@cache
def priorities() -> dict[str, Priority]:
    return read(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def households_of(priority: Priority, homes: QuerySet[Household], on: date) -> QuerySet[Household]:
    """The households, of those given, that the priority names on a day."""
    return _WAYS[priority.way](homes, priority.value, on)


def _by_rules(homes: QuerySet[Household], rules: list[str], on: date) -> QuerySet[Household]:
    run = newest_run()
    hits = Hit.objects.filter(run=run, rule_id__in=rules, household__isnull=False)
    return homes.filter(pk__in=hits.values("household"))


def _by_tiers(homes: QuerySet[Household], tiers: list[str], on: date) -> QuerySet[Household]:
    tags = TierTag.objects.current().filter(tier__in=tiers, valid_from__year=on.year)
    return homes.filter(pk__in=tags.values("household"))


def _by_months(homes: QuerySet[Household], months: int, on: date) -> QuerySet[Household]:
    count = on.year * 12 + on.month - 1 - months
    latest = date(count // 12, count % 12 + 1, 1)
    return homes.filter(monitored(), identified_month__lte=latest)


def _by_warnings(homes: QuerySet[Household], times: int, on: date) -> QuerySet[Household]:
    clues = Clue.objects.filter(dates_seen__gte=times, household__isnull=False)
    return homes.filter(pk__in=clues.values("household")).exclude(monitored())


def _by_labour(homes: QuerySet[Household], value: str, on: date) -> QuerySet[Household]:
    return homes.filter(~with_labour())


_WAYS: Mapping[str, Callable[[QuerySet[Household], Any, date], QuerySet[Household]]] = {
    "rules": _by_rules,
    "tiers": _by_tiers,
    "months": _by_months,
    "warned": _by_warnings,
    "labour": _by_labour,
}
