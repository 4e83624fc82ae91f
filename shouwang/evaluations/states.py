"""Kinds and tables of the evaluations room, and its dated rules."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import models

from shouwang.core.lifecycle import Lifecycle, load

RULEBOOK = Path(__file__).resolve().parents[1] / "rulebook"


class ObjectKind(models.TextChoices):
    TOWN = "town", "乡镇"
    DEPARTMENT = "department", "部门"
    VILLAGE = "village", "村"


class SchemeKind(models.TextChoices):
    EVALUATION = "evaluation", "考核"
    STARS = "stars", "争星夺旗"


class Nature(models.TextChoices):
    QUANTITATIVE = "quantitative", "定量"
    QUALITATIVE = "qualitative", "定性"


class Source(models.TextChoices):
    """Where the figure of an item is from."""

    FIGURE = "figure", "自动数"
    INDICATOR = "indicator", "指标完成率"
    TASKS = "tasks", "任务完成率"
    PROBLEMS = "problems", "问题销号率"
    EXPERT = "expert", "评委打分"
    SELF = "self", "自评并审核"
    MANUAL = "manual", "县里核定"


AUTOMATIC = (Source.FIGURE, Source.INDICATOR, Source.TASKS, Source.PROBLEMS)


class Missing(models.TextChoices):
    """What happens to an item whose figure is missing."""

    NO_POINTS = "no_points", "不得分"
    EXCLUDED = "excluded", "剔除，其余折算"


class AppealState(models.TextChoices):
    WAITING = "waiting", "待答复"
    GRANTED = "granted", "已采纳"
    REFUSED = "refused", "未采纳"


class Colour(models.TextChoices):
    GREEN = "green", "绿色"
    YELLOW = "yellow", "黄色"
    RED = "red", "红色"


COLOUR_TONES = {"green": "done", "yellow": "near", "red": "late", "": "idle"}
APPEAL_TONES = {"waiting": "near", "granted": "done", "refused": "late"}


@cache
def scheme_table() -> Lifecycle:
    return load(RULEBOOK / "lifecycles" / "evaluation_scheme.yaml")


@cache
def round_table() -> Lifecycle:
    return load(RULEBOOK / "lifecycles" / "evaluation_round.yaml")


@cache
def _rules() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((RULEBOOK / "evaluations.yaml").read_text("utf-8"))
    return found


def grading_on(day: date) -> dict[str, Any]:
    """Lines and shares in force on a day, as they are kept with a scheme."""
    for entry in reversed(_rules()["grades"]):
        if entry["valid_from"] <= day and (entry["valid_to"] is None or day <= entry["valid_to"]):
            return {
                key: value for key, value in entry.items() if key not in ("valid_from", "valid_to")
            }
    raise LookupError(f"no grades on {day}")


@dataclass(frozen=True)
class Use:
    """结果运用: what follows from a result, and when."""

    key: str
    label: str
    when: dict[str, Any]
    words: str
    source: str
    tone: str = "near"


@cache
def uses() -> tuple[Use, ...]:
    return tuple(Use(**entry) for entry in _rules()["uses"])


@cache
def examples() -> dict[str, dict[str, Any]]:
    """示例方案 by key."""
    found = {}
    for path in sorted((RULEBOOK / "evaluations").glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        found[str(data["key"])] = data
    return found
