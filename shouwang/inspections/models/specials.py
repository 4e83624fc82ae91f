"""专项检查: subsidy money and the like, checked unit by unit, with what was found and recovered."""

from decimal import Decimal

from django.db import models
from django.urls import reverse

from ..querysets import SpecialQuerySet
from ..states import special_table


class SpecialCheck(models.Model):
    """专项检查: what is looked at, by which paper, from when to when."""

    title = models.CharField("名称", max_length=120)
    kind = models.CharField("种类", max_length=20)
    basis = models.CharField("依据", max_length=200)
    items = models.JSONField("检查项", default=list)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    state = models.CharField("状态", max_length=10, default="going")
    closing_note = models.CharField("结束说明", max_length=1000, blank=True, default="")
    made_at = models.DateTimeField("建立时间")
    made_by_label = models.CharField("建立人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = SpecialQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def state_label(self) -> str:
        return special_table().state(self.state).label

    def get_absolute_url(self) -> str:
        return reverse("inspections:special", args=[self.pk])


class SpecialResult(models.Model):
    """专项检查结果 of one unit: money looked at, found wrong and recovered; missing is not zero."""

    check_of = models.ForeignKey(SpecialCheck, models.PROTECT, related_name="results")
    unit_name = models.CharField("单位", max_length=80)
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, related_name="+"
    )
    division = models.ForeignKey("divisions.Division", models.PROTECT, null=True, related_name="+")
    checked_on = models.DateField("检查日期")
    failed_items = models.JSONField("不合格的检查项", default=list)
    amount_checked = models.DecimalField("检查金额", max_digits=16, decimal_places=2, null=True)
    amount_found = models.DecimalField("问题金额", max_digits=16, decimal_places=2, null=True)
    amount_recovered = models.DecimalField("追回金额", max_digits=16, decimal_places=2, null=True)
    text = models.CharField("情况", max_length=1000)
    problem = models.OneToOneField(
        "inspections.Problem", models.PROTECT, null=True, related_name="special_result"
    )
    recorded_by_label = models.CharField("登记人", max_length=120)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["check_of", "unit_name"], name="special_result_once")
        ]

    def __str__(self) -> str:
        return self.unit_name

    @property
    def is_open(self) -> bool:
        """Something was found and is not filed as a problem yet."""
        wrong = bool(self.failed_items) or (self.amount_found or Decimal(0)) > 0
        return wrong and self.problem_id is None
