"""项目名单 (item lists): names of subsidies, insurances, diseases, industries, as data.

Source: rulebook/subsidies.yaml, each line with the document behind it.
"""

from functools import cache

import yaml

from .catalogue import RULEBOOK


class BadList(ValueError):
    """A list of subsidies.yaml that cannot be used."""


@cache
def _lists() -> dict[str, dict[str, str]]:
    data = yaml.safe_load((RULEBOOK / "subsidies.yaml").read_text(encoding="utf-8"))
    found: dict[str, dict[str, str]] = {}
    for name, rows in data.items():
        keys = [row["key"] for row in rows]
        labels = [row["label"] for row in rows]
        if len(set(keys)) < len(keys) or len(set(labels)) < len(labels):
            raise BadList(f"{name}：有重复的键或名称")
        found[name] = dict(zip(keys, labels, strict=True))
    return found


def subsidies() -> dict[str, str]:
    """到户补贴: key → name."""
    return _lists()["subsidies"]


def insurances() -> dict[str, str]:
    """保险种类: key → name."""
    return _lists()["insurances"]


def diseases() -> dict[str, str]:
    """四病: key → name."""
    return _lists()["diseases"]


def subsidy_choices() -> list[tuple[str, str]]:
    return list(subsidies().items())


def insurance_choices() -> list[tuple[str, str]]:
    return list(insurances().items())


def disease_choices() -> list[tuple[str, str]]:
    return list(diseases().items())


def industries() -> dict[str, str]:
    """家庭产业的类别: key → name."""
    return _lists()["industries"]


def links() -> dict[str, str]:
    """带动方式: key → name."""
    return _lists()["links"]


def industry_choices() -> list[tuple[str, str]]:
    return list(industries().items())


def link_choices() -> list[tuple[str, str]]:
    return list(links().items())
