"""指标定义和分类名单: what is measured, where it applies, and which places are of which class."""

from datetime import date

from django.db import models
from django.urls import reverse
from django.utils.timezone import localtime

from shouwang.divisions.levels import Level

from ..querysets import ClassificationQuerySet, DefinitionQuerySet
from ..states import (
    Attribute,
    Comparison,
    Direction,
    PlaceClass,
    Reporter,
    Rhythm,
    Source,
    Spread,
    ValueType,
)


class Definition(models.Model):
    """指标: one measured thing of the county `division` with all its rules.

    `level` is the level of the places that are measured for the scope of the paper (县、乡镇、村);
    `place_class` narrows it to places of that class. For `conditional` the base of `base_year`
    decides: places whose base value was below the upper level's follow `rule_below`, the others
    `rule_above`. `accumulates`: the value grows from January on and is asked at the end of the
    year.
    """

    code = models.CharField("代码", max_length=40)
    number = models.CharField("序号", max_length=20, blank=True)
    name = models.CharField("指标", max_length=120)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="parts", verbose_name="上级指标"
    )
    unit = models.CharField("单位", max_length=20, blank=True)
    value_type = models.CharField(
        "数值类型", max_length=10, choices=ValueType.choices, default=ValueType.NUMBER
    )
    direction = models.CharField(
        "方向", max_length=8, choices=Direction.choices, default=Direction.HIGHER
    )
    attribute = models.CharField(
        "属性", max_length=10, choices=Attribute.choices, default=Attribute.EXPECTED
    )
    comparison = models.CharField(
        "要求", max_length=14, choices=Comparison.choices, default=Comparison.AT_LEAST
    )
    upper_level = models.CharField(
        "比较的上级", max_length=12, choices=Level.choices, default=Level.PROVINCE
    )
    base_year = models.PositiveSmallIntegerField("基期年", null=True)
    rule_below = models.CharField(
        "基期低于上级的要求", max_length=14, choices=Comparison.choices, blank=True, default=""
    )
    rule_above = models.CharField(
        "基期不低于上级的要求", max_length=14, choices=Comparison.choices, blank=True, default=""
    )
    level = models.CharField("考核到", max_length=12, choices=Level.choices, default=Level.COUNTY)
    place_class = models.CharField(
        "适用类别", max_length=14, choices=PlaceClass.choices, blank=True, default=PlaceClass.ANY
    )
    scope_words = models.CharField("适用范围原文", max_length=200, blank=True)
    rhythm = models.CharField("频次", max_length=10, choices=Rhythm.choices, default=Rhythm.YEAR)
    due_days = models.PositiveSmallIntegerField("期末后几天内报", default=10)
    source = models.CharField(
        "来源", max_length=10, choices=Source.choices, default=Source.REPORTED
    )
    reporter = models.CharField(
        "报送人", max_length=12, choices=Reporter.choices, default=Reporter.DEPARTMENT
    )
    formula = models.CharField("公式", max_length=500, blank=True)
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, related_name="+", verbose_name="责任部门"
    )
    spread = models.CharField("分解方式", max_length=8, choices=Spread.choices, default=Spread.SAME)
    accumulates = models.BooleanField("当年累计数", default=False)
    is_red_line = models.BooleanField("红线", default=False)
    tags = models.JSONField("专项行动", default=list)
    requirement = models.CharField("要求原文", max_length=300, blank=True)
    table = models.CharField("所在表", max_length=80, blank=True)
    paper = models.ForeignKey(
        "workplans.Paper", models.PROTECT, null=True, related_name="+", verbose_name="政策文件"
    )
    span_start = models.PositiveIntegerField("原文起点", null=True)
    span_end = models.PositiveIntegerField("原文终点", null=True)
    valid_from = models.DateField("启用日期")
    valid_to = models.DateField("停用日期", null=True)
    made_at = models.DateTimeField("建立时间")
    made_by_label = models.CharField("建立人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = DefinitionQuerySet.as_manager()

    class Meta:
        ordering = ["division", "paper", "table", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["division", "code"], name="indicator_code_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_automatic(self) -> bool:
        return self.source == Source.FORMULA

    def is_history(self, ends: date) -> bool:
        """A period that was over before the indicator was there: nothing could be counted then."""
        return ends < localtime(self.made_at).date()

    def get_absolute_url(self) -> str:
        return reverse("indicators:definition", args=[self.pk])


class Classification(models.Model):
    """分类名单: a place is named for a class from a day on, by a list of a level."""

    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="classifications", verbose_name="区划"
    )
    place_class = models.CharField("类别", max_length=14, choices=PlaceClass.choices)
    list_level = models.CharField("名单级别", max_length=20, blank=True)
    source = models.CharField("依据文件", max_length=200)
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True)
    made_at = models.DateTimeField("登记时间")
    made_by_label = models.CharField("登记人", max_length=120)

    objects = ClassificationQuerySet.as_manager()

    class Meta:
        ordering = ["division__code", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "place_class", "valid_from"], name="class_once_a_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.division} {self.get_place_class_display()}"
