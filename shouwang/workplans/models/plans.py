"""一镇一策、一村一方案 (plans): what a place will do, item by item with the seven things."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from ..querysets import PlanQuerySet
from ..states import PlanKind, PlanList, plan_table


class Plan(models.Model):
    """方案: of one place and period; filed only when every item has all seven things."""

    title = models.CharField("方案名称", max_length=200)
    kind = models.CharField("种类", max_length=16, choices=PlanKind.choices)
    list_kind = models.CharField("清单", max_length=16, choices=PlanList.choices)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    period = models.CharField("年度或期间", max_length=40)
    state = models.CharField("状态", max_length=12, default="draft")
    number = models.CharField("备案号", max_length=60, blank=True, default="")
    note = models.CharField("意见", max_length=300, blank=True, default="")
    made_at = models.DateTimeField("建立时间")
    made_by_label = models.CharField("编制人", max_length=120)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="报送人"
    )
    submitted_by_label = models.CharField("报送人", max_length=120, blank=True, default="")
    filed_on = models.DateField("备案日期", null=True)
    filed_by_label = models.CharField("备案人", max_length=120, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-period", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "kind", "list_kind", "period"],
                name="one_plan_a_list_and_period",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_label(self) -> str:
        return plan_table().state(self.state).label

    def get_absolute_url(self) -> str:
        return reverse("workplans:plan", args=[self.pk])


class PlanItem(models.Model):
    """方案的一项: 目标、任务、项目、资金、责任单位、责任人、完成时限.

    A goal that can be measured has a value and may name an automatic figure (`figure`), so that it
    can be compared with the mean of the places beside it.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="items")
    place = models.PositiveIntegerField("次序")
    goal = models.CharField("目标", max_length=300, blank=True, default="")
    quantity = models.DecimalField("目标值", max_digits=20, decimal_places=4, null=True)
    unit = models.CharField("计量单位", max_length=20, blank=True, default="")
    figure = models.CharField("自动数", max_length=80, blank=True, default="")
    task = models.CharField("任务", max_length=500, blank=True, default="")
    project = models.CharField("项目", max_length=300, blank=True, default="")
    money = models.DecimalField("资金", max_digits=14, decimal_places=2, null=True)
    body = models.CharField("责任单位", max_length=120, blank=True, default="")
    person = models.CharField("责任人", max_length=60, blank=True, default="")
    ends_on = models.DateField("完成时限", null=True)

    class Meta:
        ordering = ["plan", "place", "pk"]

    def __str__(self) -> str:
        return self.task[:40] or self.goal[:40]
