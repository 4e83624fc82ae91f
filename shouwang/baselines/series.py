"""基数系列 (series): which yearly numbers are kept, in which unit; data of the rulebook."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml

RULEBOOK = Path(__file__).resolve().parents[1] / "rulebook"


@dataclass(frozen=True)
class Series:
    """One kind of yearly number; `adds`: those of the towns together are that of the county."""

    key: str
    label: str
    unit: str
    adds: bool
    whole: bool
    most: Decimal | None = None


class BadSeries(ValueError):
    """A series that the rulebook does not define soundly."""


@cache
def all_series() -> dict[str, Series]:
    data = yaml.safe_load((RULEBOOK / "baselines.yaml").read_text(encoding="utf-8"))
    found: dict[str, Series] = {}
    for row in data["series"]:
        most = Decimal(row["most"]) if "most" in row else None
        one = Series(row["key"], row["label"], row["unit"], row["adds"], row["whole"], most)
        if one.key in found or one.label in {each.label for each in found.values()}:
            raise BadSeries(one.key)
        found[one.key] = one
    return found


@cache
def first_year() -> int:
    data = yaml.safe_load((RULEBOOK / "baselines.yaml").read_text(encoding="utf-8"))
    return int(data["first_year"])


def series_choices() -> list[tuple[str, str]]:
    return [(one.key, one.label) for one in all_series().values()]
