"""考核方案 (schemes): parts and their weights, a tree of items, each with its rule and source."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from ..querysets import SchemeQuerySet
from ..states import AUTOMATIC, Missing, Nature, ObjectKind, SchemeKind, Source, scheme_table


class Scheme(models.Model):
    """方案: frozen once approved; a revision is a new edition with the former as `former`.

    `parts` lists [name, weight] with weights that add up to 100. `grading` keeps the lines and
    shares that were in force when it was made.
    """

    title = models.CharField("方案名称", max_length=200)
    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("种类", max_length=12, choices=SchemeKind.choices)
    object_kind = models.CharField("考核对象", max_length=12, choices=ObjectKind.choices)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    parts = models.JSONField("组成部分", default=list)
    grading = models.JSONField("等次规则", default=dict)
    source = models.CharField("依据", max_length=300, blank=True, default="")
    state = models.CharField("状态", max_length=12, default="draft")
    edition = models.PositiveSmallIntegerField("版次", default=1)
    former = models.ForeignKey("self", models.PROTECT, null=True, related_name="later")
    note = models.CharField("意见", max_length=300, blank=True, default="")
    made_at = models.DateTimeField("建立时间")
    made_by_label = models.CharField("编制人", max_length=120)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_on = models.DateField("批准日期", null=True)
    approved_by_label = models.CharField("批准人", max_length=120, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "title", "-edition"]

    def __str__(self) -> str:
        return self.title if self.edition == 1 else f"{self.title}（第 {self.edition} 版）"

    @property
    def state_label(self) -> str:
        return scheme_table().state(self.state).label

    @property
    def weights(self) -> dict[str, Decimal]:
        return {str(name): Decimal(str(weight)) for name, weight in self.parts}

    def get_absolute_url(self) -> str:
        return reverse("evaluations:scheme", args=[self.pk])


class Item(models.Model):
    """考核项: a leaf is scored by its rule; one with children only holds their sum together."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="items")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    place = models.PositiveIntegerField("次序")
    part = models.CharField("组成部分", max_length=40)
    number = models.CharField("编号", max_length=20)
    name = models.CharField("考核内容", max_length=200)
    weight = models.DecimalField("分值", max_digits=6, decimal_places=2)
    nature = models.CharField(
        "性质", max_length=12, choices=Nature.choices, default=Nature.QUANTITATIVE
    )
    source = models.CharField("数据来源", max_length=12, choices=Source.choices, blank=True)
    source_key = models.CharField("取数代码", max_length=160, blank=True, default="")
    rule = models.JSONField("评分规则", default=dict)
    missing = models.CharField(
        "缺数时", max_length=12, choices=Missing.choices, default=Missing.NO_POINTS
    )
    evidence = models.CharField("需要的佐证", max_length=200, blank=True, default="")
    is_bonus = models.BooleanField("加分项", default=False)
    is_veto = models.BooleanField("颠覆性问题", default=False)
    veto_cap = models.DecimalField("出现后总分不超过", max_digits=5, decimal_places=2, null=True)

    class Meta:
        ordering = ["scheme", "place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="item_number_once_a_scheme")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def is_base(self) -> bool:
        """Counts towards the 100 of its part."""
        return not (self.is_bonus or self.is_veto)

    @property
    def is_automatic(self) -> bool:
        return self.source in AUTOMATIC

    @property
    def rule_words(self) -> str:
        from ..wording import rule_words

        rule: dict[str, Any] = self.rule
        return rule_words(rule, self.source)
