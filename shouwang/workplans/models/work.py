"""任务、单位和进展: what is to be done, by whom, how much, until when, and how far it is."""

from decimal import Decimal

from django.db import models
from django.urls import reverse

from shouwang.core.natural import NaturalKeyField

from ..querysets import ProgressQuerySet, TaskQuerySet
from ..states import Duty, ListKind, ReportState, Rhythm, task_table
from .papers import Paper, Piece
from .periods import PlanPeriod


class UnitAlias(models.Model):
    """单位别称: how a paper may write a unit, and which department it is; towns need none."""

    name = models.CharField("写法", max_length=80, unique=True)
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, related_name="+", verbose_name="部门"
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    """任务: quantity, place and person; parts below it must add up to it.

    `quantity` is in `unit`; empty where the paper asks for a state and not for an amount. `done`
    is the newest counted value in the same unit, `share` how much of the task is done (0 to 1).
    With a `figure` the system counts `done` by place: its value less `figure_base`, which is the
    value when counting began. A part is one unit's share, unless it `is_measure`: another amount
    that the same sentence asks for. A measure `is_within` (其中) lies in the whole, adds nothing.
    """

    number = models.CharField("编号", max_length=40)
    number_key = NaturalKeyField("编号的次序", source="number")
    title = models.CharField("任务", max_length=500)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="tasks")
    piece = models.ForeignKey(Piece, models.PROTECT, null=True, related_name="tasks")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="parts", verbose_name="上级任务"
    )
    plan_period = models.ForeignKey(
        PlanPeriod, models.PROTECT, null=True, related_name="tasks", verbose_name="规划期"
    )
    chapter = models.CharField("章节", max_length=300, blank=True)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    target_name = models.CharField("目标名称", max_length=120, blank=True)
    comparator = models.CharField("要求", max_length=10, blank=True)
    quantity = models.DecimalField("数量", max_digits=20, decimal_places=4, null=True)
    unit = models.CharField("单位", max_length=20, blank=True)
    place = models.CharField("地点", max_length=120, blank=True)
    person = models.CharField("责任人", max_length=60, blank=True)
    leader = models.CharField("责任领导", max_length=60, blank=True, default="")
    begins_on = models.DateField("开始日期", null=True)
    ends_on = models.DateField("完成时限", null=True)
    rhythm = models.CharField(
        "频次", max_length=12, choices=Rhythm.choices, blank=True, default=Rhythm.NONE
    )
    evidence_needed = models.CharField("需要的佐证", max_length=200, blank=True)
    tags = models.JSONField("专项行动", default=list)
    list_kind = models.CharField(
        "清单", max_length=12, choices=ListKind.choices, blank=True, default=ListKind.NONE
    )
    state = models.CharField("状态", max_length=12, default="open")
    done = models.DecimalField("完成数", max_digits=20, decimal_places=4, null=True)
    share = models.DecimalField("完成比例", max_digits=9, decimal_places=4, null=True)
    reported_on = models.DateField("最近报送", null=True)
    is_measure = models.BooleanField("分目标", default=False)
    is_within = models.BooleanField("其中项", default=False)
    figure = models.CharField("自动数", max_length=80, blank=True, default="")
    figure_from = models.DateField("从哪天起计", null=True)
    figure_base = models.DecimalField("起点数", max_digits=20, decimal_places=4, null=True)
    counted_on = models.DateField("计数日期", null=True)
    meeting = models.ForeignKey(
        "meetings.Meeting", models.PROTECT, null=True, related_name="tasks", verbose_name="来源会议"
    )
    finish_note = models.CharField("办结说明", max_length=500, blank=True, default="")
    made_at = models.DateTimeField("建立时间")
    made_by_label = models.CharField("建立人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["number_key", "pk"]
        indexes = [
            models.Index(fields=["state", "ends_on"], name="task_due"),
            models.Index(fields=["number_key"], name="task_order"),
            models.Index(fields=["number"], name="task_number"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_label(self) -> str:
        return task_table().state(self.state).label

    @property
    def amount_words(self) -> str:
        if self.quantity is None:
            return ""
        return f"{plain(self.quantity)} {self.unit}".strip()

    @property
    def unit_names(self) -> str:
        """The leading units; for lists, which fetch the units beforehand."""
        return "、".join(unit.name for unit in self.units.all() if unit.duty == Duty.LEAD)

    def get_absolute_url(self) -> str:
        return reverse("workplans:task", args=[self.pk])


def plain(value: Decimal) -> str:
    """A number without needless zeros, with thousands separators."""
    return f"{value.normalize():,f}"


class TaskUnit(models.Model):
    """任务单位: a leading or responsible unit, matched to a department or a place, or not yet."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="units")
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
            models.UniqueConstraint(fields=["task", "duty", "name"], name="unit_once_a_duty")
        ]
        indexes = [models.Index(fields=["department", "duty"], name="unit_of_department")]

    def __str__(self) -> str:
        return self.name


class Progress(models.Model):
    """进展: what a unit reported as of a day, and whether the level above took it."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="reports")
    as_of = models.DateField("截至日期")
    value = models.DecimalField("完成数", max_digits=20, decimal_places=4, null=True)
    share = models.DecimalField("完成比例", max_digits=9, decimal_places=4)
    text = models.CharField("进展情况", max_length=1000)
    is_counted = models.BooleanField("系统计数", default=False)
    state = models.CharField(
        "审看", max_length=10, choices=ReportState.choices, default=ReportState.SUBMITTED
    )
    check_note = models.CharField("审看意见", max_length=300, blank=True, default="")
    reported_at = models.DateTimeField("报送时间")
    reported_by_label = models.CharField("报送人", max_length=120)
    checked_at = models.DateTimeField("审看时间", null=True)
    checked_by_label = models.CharField("审看人", max_length=120, blank=True, default="")

    objects = ProgressQuerySet.as_manager()

    class Meta:
        ordering = ["-as_of", "-pk"]
        indexes = [
            models.Index(fields=["task", "-as_of"], name="progress_newest"),
            models.Index(
                fields=["task"], condition=models.Q(state="submitted"), name="progress_to_check"
            ),
            models.Index(
                fields=["task"], condition=models.Q(state="returned"), name="progress_returned"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.as_of:%Y-%m-%d} {self.share:.0%}"
