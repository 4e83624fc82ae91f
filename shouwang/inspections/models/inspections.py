"""督查: a plan with its units, visits with drawn households, findings."""

from django.db import models
from django.urls import reverse

from shouwang.cases.checklists import Question, question

from ..querysets import InspectionQuerySet, VisitQuerySet
from ..states import inspection_table


class Inspection(models.Model):
    """督查方案: theme, units, days, team and the form that is filled on the spot.

    `questions` is the checklist as it was when the plan was made. `seed` makes the draw of
    households replayable. `double_reason` says why a village is inspected again so soon.
    """

    title = models.CharField("名称", max_length=120)
    theme = models.CharField("主题", max_length=300, blank=True, default="")
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="督查的一级"
    )
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    team = models.CharField("督查组", max_length=300)
    is_announced = models.BooleanField("事先通知", default=True)
    checklist_title = models.CharField("检查表", max_length=80)
    questions = models.JSONField("检查项", default=list)
    per_village = models.PositiveSmallIntegerField("每村抽户", default=5)
    seed = models.BigIntegerField("抽样种子")
    double_reason = models.CharField("重复督查的理由", max_length=300, blank=True, default="")
    state = models.CharField("状态", max_length=12, default="draft")
    made_at = models.DateTimeField("建立时间")
    made_by_label = models.CharField("建立人", max_length=120)
    fed_back_on = models.DateField("反馈日期", null=True)
    version = models.PositiveIntegerField(default=1)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        indexes = [models.Index(fields=["state", "starts_on"], name="inspection_when")]

    def __str__(self) -> str:
        return self.title

    @property
    def state_label(self) -> str:
        return inspection_table().state(self.state).label

    @property
    def asked(self) -> list[Question]:
        return [question(item) for item in self.questions]

    def get_absolute_url(self) -> str:
        return reverse("inspections:inspection", args=[self.pk])


class InspectionUnit(models.Model):
    """督查对象: a town, a village or a department that a plan names."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="units")
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, null=True, related_name="+", verbose_name="镇村"
    )
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, related_name="+", verbose_name="部门"
    )
    pool = models.JSONField("抽样底册", default=list)
    """[household's pk, stratum] of all that could be drawn, as it was when the plan was settled."""
    pooled_at = models.DateTimeField("底册时间", null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "division"], name="inspected_division_once"
            ),
            models.UniqueConstraint(
                fields=["inspection", "department"], name="inspected_department_once"
            ),
        ]

    def __str__(self) -> str:
        return self.division.name if self.division else str(self.department)


class Visit(models.Model):
    """督查走访: one unit on one day; a village with the households that were drawn."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="visits")
    unit = models.OneToOneField(InspectionUnit, models.PROTECT, related_name="visit")
    visited_on = models.DateField("走访日期")
    visitors = models.CharField("走访人", max_length=200)
    summary = models.TextField("走访情况", blank=True, default="")
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["-visited_on", "-pk"]
        indexes = [models.Index(fields=["visited_on"], name="visit_day")]

    def __str__(self) -> str:
        return f"{self.unit} {self.visited_on:%Y-%m-%d}"


class SampledHousehold(models.Model):
    """抽中户: a household drawn for a village, in which stratum, and what was answered there."""

    unit = models.ForeignKey(InspectionUnit, models.CASCADE, related_name="sample")
    household = models.ForeignKey("registry.Household", models.PROTECT, related_name="+")
    stratum = models.CharField("层", max_length=20)
    order = models.PositiveSmallIntegerField("顺序")
    is_seen = models.BooleanField("已入户", default=False)
    answers = models.JSONField("检查结果", default=dict)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "household"], name="sampled_once_a_unit")
        ]

    def __str__(self) -> str:
        return f"{self.stratum} {self.order}"


class Finding(models.Model):
    """督查发现: what a visit found at an item of the form; by one button it becomes a problem."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="findings")
    item = models.CharField("检查项", max_length=200)
    text = models.CharField("发现", max_length=500)
    household = models.ForeignKey("registry.Household", models.PROTECT, null=True, related_name="+")
    problem = models.OneToOneField(
        "inspections.Problem", models.PROTECT, null=True, related_name="finding"
    )
    is_settled = models.BooleanField("当场解决", default=False)
    found_by_label = models.CharField("登记人", max_length=120)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text
