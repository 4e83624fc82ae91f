"""Kinds and tables of the inspections room."""

from functools import cache
from pathlib import Path

from django.db import models

from shouwang.core.lifecycle import Lifecycle, load

LIFECYCLES = Path(__file__).resolve().parents[1] / "rulebook" / "lifecycles"
CLOSED = ("signed", "looked_back")
NOT_OPEN = (*CLOSED, "mistaken")
EDITABLE = ("registered", "assigned", "planned", "rectifying")


class Spread(models.TextChoices):
    """问题的种类."""

    COMMON = "common", "共性问题"
    SINGLE = "single", "个性问题"


class Severity(models.TextChoices):
    """问题的轻重."""

    NORMAL = "normal", "一般"
    SERIOUS = "serious", "较重"
    GRAVE = "grave", "严重"


class Mode(models.TextChoices):
    """整改类型."""

    AT_ONCE = "at_once", "立行立改"
    LIMITED = "limited", "限期整改"
    LASTING = "lasting", "长期坚持"


class Duty(models.TextChoices):
    LEAD = "lead", "牵头"
    RESPONSIBLE = "responsible", "责任"


class Rhythm(models.TextChoices):
    """长期坚持的问题多久报告一次."""

    NONE = "", "不定期"
    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    HALF_YEAR = "half_year", "每半年"


class Verdict(models.TextChoices):
    """回头看的结论."""

    NONE = "", "未回头看"
    HELD = "held", "整改属实"
    CAME_BACK = "came_back", "问题反弹"


SEVERITY_TONES = {"normal": "idle", "serious": "near", "grave": "late"}
VERDICT_TONES = {"": "near", "held": "done", "came_back": "late"}


@cache
def problem_table() -> Lifecycle:
    return load(LIFECYCLES / "problem.yaml")


@cache
def inspection_table() -> Lifecycle:
    return load(LIFECYCLES / "inspection.yaml")


@cache
def special_table() -> Lifecycle:
    return load(LIFECYCLES / "special_check.yaml")
