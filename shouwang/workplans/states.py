"""Kinds and tables of the workplans room."""

from functools import cache
from pathlib import Path

from django.db import models

from shouwang.core.lifecycle import Lifecycle, load

LIFECYCLES = Path(__file__).resolve().parents[1] / "rulebook" / "lifecycles"


class PieceState(models.TextChoices):
    """What a person said of a recognised piece."""

    PENDING = "pending", "待核对"
    ACCEPTED = "accepted", "采用"
    CORRECTED = "corrected", "改后采用"
    ADDED = "added", "人工补充"
    REFUSED = "refused", "不采用"
    MERGED = "merged", "已并入另一条"


TAKEN = (PieceState.ACCEPTED, PieceState.CORRECTED, PieceState.ADDED)
PIECE_TONES = {
    "pending": "near", "accepted": "done", "corrected": "done", "added": "done",
    "refused": "idle", "merged": "idle",
}  # fmt: skip


class PieceKind(models.TextChoices):
    """What was recognised: a task, or money that the paper grants."""

    TASK = "task", "任务"
    FUND = "fund", "资金"


class Change(models.TextChoices):
    """A piece beside the former version of the paper."""

    NONE = "", "没有旧版"
    NEW = "new", "新增"
    CHANGED = "changed", "有改动"
    SAME = "same", "未变"
    DROPPED = "dropped", "旧版有、新版没有"


class Duty(models.TextChoices):
    LEAD = "lead", "牵头"
    RESPONSIBLE = "responsible", "责任"


class ListKind(models.TextChoices):
    """任务清单的种类."""

    NONE = "", "一般任务"
    FRONT_LINE = "front_line", "一线工作法清单"
    PROJECT = "project", "项目工作法清单"
    EXAMPLE = "example", "典型引路法清单"


class Rhythm(models.TextChoices):
    NONE = "", "不是定期"
    WEEK = "week", "每周"
    MONTH = "month", "每月"
    TWO_MONTHS = "two_months", "每两个月"
    QUARTER = "quarter", "每季度"
    HALF_YEAR = "half_year", "每半年"
    YEAR = "year", "每年"


class ReportState(models.TextChoices):
    SUBMITTED = "submitted", "待审看"
    ACCEPTED = "accepted", "已采信"
    RETURNED = "returned", "已退回"


class RequestKind(models.TextChoices):
    """What a unit asks the level above for."""

    EXTENSION = "extension", "申请延期"
    HELP = "help", "提请协调"


class RequestState(models.TextChoices):
    WAITING = "waiting", "待答复"
    GRANTED = "granted", "已同意"
    REFUSED = "refused", "未同意"


class ReminderKind(models.TextChoices):
    """Stages that are told: before a deadline, after it, one level up, and to the county."""

    SOON = "soon", "临近提醒"
    LATE = "late", "超期提醒"
    UP = "up", "提请督办"
    TOP = "top", "提请县级督办"


REMINDER_TONES = {"soon": "near", "late": "late", "up": "late", "top": "late"}


class PolicyStatus(models.TextChoices):
    """衔接方式: what became of a policy in the years of transition."""

    CONTINUED = "continued", "延续"
    IMPROVED = "improved", "优化"
    ADJUSTED = "adjusted", "调整"
    NEW = "new", "新设"


class PlanKind(models.TextChoices):
    COUNTY = "county", "一县一策"
    TOWN = "town", "一镇一策"
    VILLAGE = "village", "一村一方案"


class PlanList(models.TextChoices):
    GOALS = "goals", "目标清单"
    DUTIES = "duties", "责任清单"
    YEAR = "year", "年度任务清单"


class InitiativeLevel(models.TextChoices):
    NATION = "nation", "国家"
    PROVINCE = "province", "省"
    PREFECTURE = "prefecture", "市"
    COUNTY = "county", "县"


class ExampleKind(models.TextChoices):
    SITE = "site", "示范点"
    PRACTICE = "practice", "经验做法"


class ExampleField(models.TextChoices):
    """领域: the five 振兴 and what a bureau of help does besides."""

    MONITORING = "monitoring", "监测帮扶"
    INDUSTRY = "industry", "产业"
    JOBS = "jobs", "就业"
    TALENT = "talent", "人才"
    CULTURE = "culture", "文化"
    ECOLOGY = "ecology", "生态"
    ORGANISATION = "organisation", "组织"
    BUILDING = "building", "乡村建设"
    GOVERNANCE = "governance", "乡村治理"


class VisitKind(models.TextChoices):
    MEETING = "meeting", "专题调度"
    SITE = "site", "现场观摩"


class Light(models.TextChoices):
    GREEN = "green", "绿灯"
    YELLOW = "yellow", "黄灯"
    RED = "red", "红灯"
    NONE = "none", "不亮灯"


LIGHT_TONES = {"green": "done", "yellow": "near", "red": "late", "none": "idle"}
REQUEST_TONES = {"waiting": "near", "granted": "done", "refused": "late"}
REPORT_TONES = {"submitted": "near", "accepted": "done", "returned": "late"}


@cache
def paper_table() -> Lifecycle:
    return load(LIFECYCLES / "paper.yaml")


@cache
def task_table() -> Lifecycle:
    return load(LIFECYCLES / "task.yaml")


@cache
def plan_table() -> Lifecycle:
    return load(LIFECYCLES / "plan.yaml")
