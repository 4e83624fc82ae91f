"""问题整改: a batch of feedback, its problems, their units and what was done."""

from datetime import date, timedelta

from django.db import models
from django.urls import reverse
from django.utils import timezone

from shouwang.meetings.cadence import MONTHS

from ..querysets import BatchQuerySet, ProblemQuerySet
from ..states import NOT_OPEN, Duty, Mode, Rhythm, Severity, Spread, problem_table
from ..terms import terms


class Batch(models.Model):
    """反馈批次: one paper or visit that problems came from.

    `key` is what another room calls the same batch, so that it registers it once only.
    """

    name = models.CharField("批次", max_length=160)
    source = models.CharField("来源", max_length=20)
    level = models.CharField("反馈级别", max_length=20, blank=True, default="")
    number = models.CharField("文号", max_length=60, blank=True, default="")
    received_on = models.DateField("反馈日期")
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    key = models.CharField("外部编号", max_length=80, blank=True, default="")
    made_at = models.DateTimeField("登记时间")
    made_by_label = models.CharField("登记人", max_length=120)

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=~models.Q(key=""), name="batch_once_a_key"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def source_label(self) -> str:
        return terms().sources.get(self.source, self.source)

    def get_absolute_url(self) -> str:
        return reverse("inspections:batch", args=[self.pk])


class Problem(models.Model):
    """整改问题: from registration to sign-off; when it comes back it is the same problem.

    `times` counts how often it came back; steps of former rounds do not count for the present one.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="problems", verbose_name="批次")
    number = models.CharField("问题编号", max_length=40)
    text = models.CharField("问题", max_length=1000)
    spread = models.CharField(
        "共性个性", max_length=8, choices=Spread.choices, default=Spread.SINGLE
    )
    area = models.CharField("领域", max_length=12, blank=True, default="")
    topic = models.CharField("主题", max_length=60, blank=True, default="")
    severity = models.CharField(
        "轻重", max_length=8, choices=Severity.choices, default=Severity.NORMAL
    )
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    places = models.ManyToManyField("divisions.Division", related_name="+", verbose_name="涉及镇村")
    households = models.ManyToManyField(
        "registry.Household", related_name="rectified_problems", verbose_name="涉及农户"
    )
    leader = models.CharField("责任领导", max_length=60, blank=True, default="")
    person = models.CharField("责任人", max_length=60, blank=True, default="")
    goal = models.CharField("整改目标", max_length=500, blank=True, default="")
    measures = models.TextField("整改措施", blank=True, default="")
    standard = models.CharField("销号标准", max_length=500, blank=True, default="")
    mode = models.CharField("整改类型", max_length=10, choices=Mode.choices, default=Mode.LIMITED)
    rhythm = models.CharField(
        "报告频次", max_length=10, choices=Rhythm.choices, blank=True, default=Rhythm.NONE
    )
    due_on = models.DateField("整改时限", null=True)
    is_public = models.BooleanField("需要公示", default=False)
    state = models.CharField("状态", max_length=14, default="registered")
    times = models.PositiveSmallIntegerField("反弹次数", default=0)
    reported_on = models.DateField("最近整改报告", null=True)
    signed_on = models.DateField("销号日期", null=True)
    made_at = models.DateTimeField("登记时间")
    made_by_label = models.CharField("登记人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="problem_once_a_batch")
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="problem_due")]

    def __str__(self) -> str:
        return self.text

    @property
    def state_label(self) -> str:
        return problem_table().state(self.state).label

    @property
    def area_label(self) -> str:
        words = terms().areas.get(self.area, "")
        return f"{words}：{self.topic}" if words and self.topic else words or self.topic

    @property
    def is_open(self) -> bool:
        return self.state not in NOT_OPEN

    def is_late(self, on: date) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < on

    @property
    def next_report_on(self) -> date | None:
        """When the next report of a lasting problem is due; counted by 30 days a month."""
        if self.mode != Mode.LASTING or not self.rhythm or not self.is_open:
            return None
        since = self.reported_on or timezone.localtime(self.made_at).date()
        return since + timedelta(days=30 * MONTHS[self.rhythm])

    def get_absolute_url(self) -> str:
        return reverse("inspections:problem", args=[self.pk])


class ProblemUnit(models.Model):
    """整改单位: a leading or responsible unit, matched to a department or a place, or not yet."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="units")
    duty = models.CharField("职责", max_length=12, choices=Duty.choices)
    name = models.CharField("单位", max_length=80)
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, related_name="+", verbose_name="部门"
    )
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, null=True, related_name="+", verbose_name="区划"
    )

    class Meta:
        ordering = ["duty", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["problem", "duty", "name"], name="problem_unit_once_a_duty"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProblemEntry(models.Model):
    """整改经过: a step that was taken, or work that was reported; by whom it was decides who may
    check it."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="entries")
    round = models.PositiveSmallIntegerField("第几轮", default=0)
    action = models.CharField("步骤", max_length=20)
    label = models.CharField("事项", max_length=60)
    done_on = models.DateField("日期")
    note = models.CharField("说明", max_length=1000, blank=True, default="")
    at = models.DateTimeField("登记时间")
    by_account = models.BigIntegerField("登记账号", null=True)
    by_label = models.CharField("登记人", max_length=120)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.label
