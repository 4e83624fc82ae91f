"""目标、数值和预警: what is promised, what was reached, what the level above reached."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from ..periods import Period
from ..querysets import ActualQuerySet, AdjustmentQuerySet, AlarmQuerySet
from ..states import ActualState, AdjustmentState, AlarmState
from .definitions import Definition


def _number(label: str) -> models.DecimalField[Decimal | None, Decimal | None]:
    return models.DecimalField(label, max_digits=20, decimal_places=4, null=True)


class Target(models.Model):
    """目标: what a place is to reach in a year; `value2` is the upper end of a range."""

    definition = models.ForeignKey(Definition, models.PROTECT, related_name="targets")
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    year = models.PositiveSmallIntegerField("年度")
    value = _number("目标值")
    value2 = _number("区间上限")
    made_at = models.DateTimeField("确定时间")
    made_by_label = models.CharField("确定人", max_length=120)

    class Meta:
        ordering = ["definition", "division__code", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["definition", "division", "year"], name="target_once_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.definition} {self.division} {self.year}"


class Adjustment(models.Model):
    """目标调整: a target is changed only by a proposal with reasons that a second person allows."""

    definition = models.ForeignKey(Definition, models.PROTECT, related_name="adjustments")
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    year = models.PositiveSmallIntegerField("年度")
    old = _number("原目标")
    new = _number("新目标")
    old2 = _number("原区间上限")
    new2 = _number("新区间上限")
    reason = models.CharField("调整理由", max_length=500)
    state = models.CharField(
        "状态", max_length=10, choices=AdjustmentState.choices, default=AdjustmentState.PROPOSED
    )
    proposed_at = models.DateTimeField("提出时间")
    proposed_by_label = models.CharField("提出人", max_length=120)
    decided_at = models.DateTimeField("审批时间", null=True)
    decided_by_label = models.CharField("审批人", max_length=120, blank=True, default="")
    decision_note = models.CharField("审批意见", max_length=300, blank=True, default="")

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["definition", "division", "year"],
                condition=Q(state="proposed"),
                name="one_open_adjustment_a_target",
            )
        ]

    def __str__(self) -> str:
        return f"{self.definition} {self.division} {self.year}"


class Base(models.Model):
    """基期值: where a place stood in the base year, and where the level above stood."""

    definition = models.ForeignKey(Definition, models.PROTECT, related_name="bases")
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    year = models.PositiveSmallIntegerField("基期年")
    value = _number("基期值")
    upper = _number("上级基期值")
    origin = models.CharField("数据来源", max_length=200)
    made_by_label = models.CharField("登记人", max_length=120)

    class Meta:
        ordering = ["definition", "division__code"]
        constraints = [
            models.UniqueConstraint(fields=["definition", "division"], name="base_once_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.definition} {self.division} {self.year}"


class UpperValue(models.Model):
    """上级平均: the figure of the province or prefecture, entered with its source."""

    definition = models.ForeignKey(Definition, models.PROTECT, related_name="upper_values")
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="上级区划"
    )
    period = models.CharField("期间", max_length=8)
    period_end = models.DateField("期末")
    value = models.DecimalField("平均值", max_digits=20, decimal_places=4)
    origin = models.CharField("数据来源", max_length=200)
    made_at = models.DateTimeField("登记时间")
    made_by_label = models.CharField("登记人", max_length=120)

    class Meta:
        ordering = ["definition", "period_end"]
        constraints = [
            models.UniqueConstraint(
                fields=["definition", "division", "period"], name="upper_once_a_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.division} {self.period}"


class Actual(models.Model):
    """实际值: one value of a place in a period; a correction is a new row, the old one stays.

    For an automatic value `basis` holds the formula as it was and every figure it rests on:
    {formula, figures: [{key, title, unit, place, period, value}], missing: […]}.
    """

    definition = models.ForeignKey(Definition, models.PROTECT, related_name="actuals")
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    period = models.CharField("期间", max_length=8)
    period_end = models.DateField("期末")
    value = _number("实际值")
    text = models.CharField("完成情况", max_length=500, blank=True)
    is_reached = models.BooleanField("文字要求是否达到", null=True)
    basis = models.JSONField("计算依据", default=dict)
    state = models.CharField("审核", max_length=10, choices=ActualState.choices)
    is_current = models.BooleanField("现行", default=True)
    is_late = models.BooleanField("迟报", default=False)
    due_on = models.DateField("应报日期", null=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    correction = models.CharField("更正理由", max_length=300, blank=True, default="")
    reported_at = models.DateTimeField("报送时间")
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="报送人"
    )
    reported_by_label = models.CharField("报送人", max_length=120)
    checked_at = models.DateTimeField("审核时间", null=True)
    checked_by_label = models.CharField("审核人", max_length=120, blank=True, default="")
    check_note = models.CharField("审核意见", max_length=300, blank=True, default="")

    objects = ActualQuerySet.as_manager()

    class Meta:
        ordering = ["-period_end", "division__code", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["definition", "division", "period"],
                condition=Q(is_current=True),
                name="one_current_value_a_period",
            )
        ]
        indexes = [models.Index(fields=["division", "definition", "period_end"], name="actual_of")]

    def __str__(self) -> str:
        return f"{self.definition} {self.division} {self.period}"

    @property
    def span(self) -> Period:
        return Period.read(self.period)


class FigureValue(models.Model):
    """留存的自动数: what a figure counted as of the end of a period, kept for later comparison."""

    key = models.CharField("自动数", max_length=80)
    division = models.ForeignKey("divisions.Division", models.PROTECT, related_name="+")
    period = models.CharField("期间", max_length=8)
    value = models.DecimalField("数值", max_digits=20, decimal_places=4)
    counted_at = models.DateTimeField("计数时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "division", "period"], name="figure_once_a_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.period}"


class Alarm(models.Model):
    """红线预警: raised in the moment in which a value breaks a red line; stays until handled."""

    definition = models.ForeignKey(Definition, models.PROTECT, related_name="alarms")
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    actual = models.ForeignKey(Actual, models.PROTECT, related_name="alarms")
    words = models.CharField("说明", max_length=300)
    state = models.CharField(
        "状态", max_length=10, choices=AlarmState.choices, default=AlarmState.OPEN
    )
    raised_at = models.DateTimeField("预警时间")
    handled_at = models.DateTimeField("处置时间", null=True)
    handled_by_label = models.CharField("处置人", max_length=120, blank=True, default="")
    handling = models.CharField("处置情况", max_length=500, blank=True, default="")

    objects = AlarmQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["definition", "division"],
                condition=Q(state="open"),
                name="one_open_alarm_a_place",
            )
        ]

    def __str__(self) -> str:
        return self.words
