"""代缴对象 (pension groups): whose pension premium the government pays; data of the rulebook."""

from dataclasses import dataclass
from functools import cache

import yaml

from .catalogue import RULEBOOK


@dataclass(frozen=True)
class Group:
    """One hard group: by civil affairs' tiers, or the monitored households."""

    key: str
    label: str
    tiers: tuple[str, ...]
    monitored: bool


@cache
def groups() -> dict[str, Group]:
    data = yaml.safe_load((RULEBOOK / "pensions.yaml").read_text(encoding="utf-8"))
    return {
        row["key"]: Group(
            row["key"], row["label"], tuple(row.get("tiers", ())), row.get("monitored", False)
        )
        for row in data["groups"]
    }
