"""评估指标 (measures of a survey): shares of what was answered, each with its formula. Pure.

Who did not answer a question is counted neither above nor below the line of the fraction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parents[1] / "rulebook" / "surveys.yaml"
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Answered:
    """One household of the sample as the formulas need it."""

    stratum: str
    people: int
    answers: Mapping[str, int]


@dataclass(frozen=True)
class Measure:
    """A share in percent, None where nobody answered, with both numbers behind it."""

    key: str
    name: str
    above: int
    below: int
    percent: Decimal | None
    line: Decimal
    is_met: bool | None
    formula: str
    source: str

    @property
    def words(self) -> str:
        if self.percent is None:
            return f"{self.formula}：没有答卷，算不出"
        return f"{self.formula} = {self.above:,} ÷ {self.below:,} = {self.percent}%"


@cache
def plan() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def measure(entry: Mapping[str, Any], rows: Sequence[Answered]) -> Measure:
    """One measure over the answers of its strata."""
    key = str(entry["count"])
    asked = [row for row in rows if row.stratum in entry["strata"] and key in row.answers]
    above = sum(row.answers[key] for row in asked)
    below = sum(row.people for row in asked) if entry["of"] == "people" else len(asked)
    line = Decimal(str(entry["line"]))
    percent, is_met = None, None
    if below:
        exact = HUNDRED * above / below
        percent = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        is_met = exact <= line if entry["direction"] == "lower" else exact >= line
    return Measure(
        str(entry["key"]), str(entry["name"]), above, below, percent, line, is_met,
        str(entry["formula"]), str(entry["source"]),
    )  # fmt: skip


def measures(rows: Sequence[Answered]) -> list[Measure]:
    return [measure(entry, rows) for entry in plan()["measures"]]
