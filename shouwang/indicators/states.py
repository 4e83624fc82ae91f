"""Kinds and states of the indicators room."""

from functools import cache
from pathlib import Path

from django.db import models

from shouwang.core.lifecycle import Lifecycle, load

LIFECYCLES = Path(__file__).resolve().parents[1] / "rulebook" / "lifecycles"


class ValueType(models.TextChoices):
    NUMBER = "number", "数量"
    PERCENT = "percent", "百分比"
    AMOUNT = "amount", "金额"
    TEXT = "text", "文字"


class Direction(models.TextChoices):
    HIGHER = "higher", "越高越好"
    LOWER = "lower", "越低越好"


class Attribute(models.TextChoices):
    BINDING = "binding", "约束性"
    EXPECTED = "expected", "预期性"


class Comparison(models.TextChoices):
    """What a value is held against."""

    AT_LEAST = "at_least", "不低于目标值"
    AT_MOST = "at_most", "不高于目标值"
    RANGE = "range", "在区间内"
    ABOVE_UPPER = "above_upper", "高于上级平均"
    REACH_UPPER = "reach_upper", "不低于上级平均"
    ZERO = "zero", "动态清零"
    REMOVED = "removed", "全面消除"
    TEXT = "text", "文字要求"
    CONDITIONAL = "conditional", "按基期分档"
    NONE = "none", "不作要求"


WITH_TARGET = (Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.RANGE)
WITH_UPPER = (Comparison.ABOVE_UPPER, Comparison.REACH_UPPER)


class PlaceClass(models.TextChoices):
    """分类: what a county, town or village was named for."""

    ANY = "", "不分类"
    KEY_HELP = "key_help", "重点帮扶"
    DEMONSTRATION = "demonstration", "示范创建"
    COMMON = "common", "一般"


class Rhythm(models.TextChoices):
    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    HALF_YEAR = "half_year", "每半年"
    YEAR = "year", "每年"


class Source(models.TextChoices):
    REPORTED = "reported", "报送"
    FORMULA = "formula", "自动计算"


class Reporter(models.TextChoices):
    """Who reports: the department for every place, or each place for itself."""

    DEPARTMENT = "department", "责任部门"
    PLACE = "place", "各地自报"


class Spread(models.TextChoices):
    """How a target goes down to the places below."""

    SUM = "sum", "各地合计"
    SAME = "same", "各地相同"
    NONE = "none", "不分解"


class ActualState(models.TextChoices):
    SUBMITTED = "submitted", "待审核"
    ACCEPTED = "accepted", "已采信"
    RETURNED = "returned", "已退回"
    COMPUTED = "computed", "自动计算"


ACTUAL_TONES = {
    "submitted": "near", "accepted": "done", "returned": "late", "computed": "done",
}  # fmt: skip


class Standing(models.TextChoices):
    """How a value stands against what is asked."""

    MET = "met", "已达标"
    ON_WAY = "on_way", "正常推进"
    BEHIND = "behind", "进度滞后"
    MISSED = "missed", "未达标"
    UNKNOWN = "unknown", "无法判断"
    NOT_ASKED = "not_asked", "不作要求"


STANDING_TONES = {
    "met": "done", "on_way": "going", "behind": "near", "missed": "late", "unknown": "idle",
    "not_asked": "idle",
}  # fmt: skip


class Decision(models.TextChoices):
    """What a person said of a proposal."""

    PENDING = "pending", "待核对"
    ACCEPTED = "accepted", "采用"
    CORRECTED = "corrected", "改后采用"
    REFUSED = "refused", "不采用"


TAKEN = (Decision.ACCEPTED, Decision.CORRECTED)
DECISION_TONES = {
    "pending": "near", "accepted": "done", "corrected": "done", "refused": "idle",
}  # fmt: skip


class AdjustmentState(models.TextChoices):
    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"


ADJUSTMENT_TONES = {"proposed": "near", "approved": "done", "refused": "idle"}


class AlarmState(models.TextChoices):
    OPEN = "open", "待处置"
    HANDLED = "handled", "已处置"
    OVER = "over", "数值已恢复"


ALARM_TONES = {"open": "late", "handled": "done", "over": "idle"}


class DutyKind(models.TextChoices):
    """长制: who answers for fields, waters and woods of a place."""

    FIELD = "field", "田长"
    WATER = "water", "河湖长"
    WOOD = "wood", "林长"
    ROAD = "road", "路长"


class BodyKind(models.TextChoices):
    """What a plan counts by name (专栏6)."""

    PLATFORM = "platform", "发展平台"
    INDUSTRY = "industry", "特色产业"
    TOWN = "town", "特色小镇"
    PARK = "park", "农业园区"
    SCIENCE = "science", "科技园区"
    LEADER = "leader", "龙头企业"
    COOPERATIVE = "cooperative", "农民合作社"
    FARM = "farm", "家庭农场"
    LEISURE = "leisure", "休闲农业点"


class Rung(models.TextChoices):
    """认定级别, the lowest first."""

    COUNTY = "county", "县级"
    PREFECTURE = "prefecture", "市级"
    PROVINCE = "province", "省级"
    NATION = "nation", "国家级"


RUNGS = tuple(Rung.values)


@cache
def reading_table() -> Lifecycle:
    return load(LIFECYCLES / "indicator_reading.yaml")
