"""文件里的指标表: the rows that the reader found, each looked at by a person before it counts."""

from django.db import models
from django.urls import reverse

from shouwang.divisions.levels import Level

from ..states import (
    Attribute,
    Comparison,
    Decision,
    Direction,
    PlaceClass,
    Rhythm,
    Source,
    Spread,
    reading_table,
)


class Reading(models.Model):
    """指标表核对: the tables of one paper on their way to indicators."""

    paper = models.OneToOneField(
        "workplans.Paper", models.PROTECT, related_name="indicator_reading"
    )
    state = models.CharField("状态", max_length=12, default="reading")
    made_at = models.DateTimeField("建立时间")
    made_by_label = models.CharField("建立人", max_length=120)
    sent_by_label = models.CharField("提交人", max_length=120, blank=True, default="")
    confirmed_at = models.DateTimeField("确认时间", null=True)
    confirmed_by_label = models.CharField("确认人", max_length=120, blank=True, default="")
    note = models.CharField("说明", max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return str(self.paper)

    @property
    def state_label(self) -> str:
        return reading_table().state(self.state).label

    def get_absolute_url(self) -> str:
        return reverse("indicators:reading", args=[self.pk])

    @property
    def is_confirmed(self) -> bool:
        return self.state == "confirmed"


class Proposal(models.Model):
    """拟设指标: one row of a table as a definition; `targets` is {year: value as text}."""

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="proposals")
    place = models.PositiveSmallIntegerField("次序")
    number = models.CharField("序号", max_length=20, blank=True)
    table = models.CharField("所在表", max_length=80, blank=True)
    name = models.CharField("指标", max_length=120)
    unit = models.CharField("单位", max_length=20, blank=True)
    attribute = models.CharField("属性", max_length=10, choices=Attribute.choices)
    direction = models.CharField("方向", max_length=8, choices=Direction.choices)
    comparison = models.CharField("要求", max_length=14, choices=Comparison.choices)
    upper_level = models.CharField("比较的上级", max_length=12, choices=Level.choices)
    base_year = models.PositiveSmallIntegerField("基期年", null=True)
    rule_below = models.CharField("基期低于上级的要求", max_length=14, blank=True, default="")
    rule_above = models.CharField("基期不低于上级的要求", max_length=14, blank=True, default="")
    level = models.CharField("考核到", max_length=12, choices=Level.choices)
    place_class = models.CharField(
        "适用类别", max_length=14, choices=PlaceClass.choices, blank=True, default=""
    )
    scope_words = models.CharField("适用范围原文", max_length=200, blank=True)
    rhythm = models.CharField("频次", max_length=10, choices=Rhythm.choices, default=Rhythm.YEAR)
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    formula = models.CharField("公式", max_length=500, blank=True)
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, related_name="+", verbose_name="责任部门"
    )
    spread = models.CharField("分解方式", max_length=8, choices=Spread.choices)
    is_red_line = models.BooleanField("红线", default=False)
    targets = models.JSONField("目标", default=dict)
    requirement = models.CharField("要求原文", max_length=300, blank=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="parts")
    span_start = models.PositiveIntegerField("原文起点", null=True)
    span_end = models.PositiveIntegerField("原文终点", null=True)
    state = models.CharField(
        "核对", max_length=10, choices=Decision.choices, default=Decision.PENDING
    )
    note = models.CharField("说明", max_length=300, blank=True, default="")
    decided_at = models.DateTimeField("核对时间", null=True)
    decided_by_label = models.CharField("核对人", max_length=120, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["reading", "place"]

    def __str__(self) -> str:
        return self.name
