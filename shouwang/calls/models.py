"""吹哨 (calls): the call, the departments that must come, and the log of its steps."""

from django.db import models
from django.urls import reverse

from shouwang.core import clock

from .limits import limits
from .querysets import CallDepartmentQuerySet, CallQuerySet, CallStepQuerySet
from .states import WITH_DEPARTMENT, CallState, call_table


def urgency_choices() -> list[tuple[str, str]]:
    return list(limits().urgencies.items())


class Call(models.Model):
    """吹哨: what a village or town cannot solve alone; `state` follows from its departments."""

    number = models.CharField("编号", max_length=24, unique=True)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="吹哨的村镇"
    )
    title = models.CharField("事项", max_length=80)
    text = models.TextField("情况")
    urgency = models.CharField("紧急程度", max_length=12, choices=urgency_choices)
    due_on = models.DateField("答复期限")
    state = models.CharField(
        "状态", max_length=12, choices=CallState.choices, default=CallState.WORKING
    )
    raised_at = models.DateTimeField("吹哨时间")
    raised_by_label = models.CharField("吹哨人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="calls_state_due")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("calls:call", args=[self.pk])


class CallDepartment(models.Model):
    """报到部门: one department's part of a call, with its own state, answer and rating."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="parts")
    department = models.ForeignKey("accounts.Department", models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=12, default="raised")
    due_on = models.DateField("答复期限")
    answer = models.TextField("答复", blank=True)
    answered_on = models.DateField("答复日期", null=True)
    on_time = models.BooleanField("按期答复", null=True)
    times_reopened = models.PositiveIntegerField("不满意次数", default=0)
    satisfied = models.BooleanField("满意", null=True)

    objects = CallDepartmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "department"], name="calls_department_once")
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="calls_part_state_due")]

    def __str__(self) -> str:
        return f"{self.call.number} {self.department.name}"

    @property
    def is_late(self) -> bool:
        return self.state in WITH_DEPARTMENT and self.due_on < clock.today()

    @property
    def tone(self) -> str:
        return "late" if self.is_late else call_table().state(self.state).tone

    @property
    def state_label(self) -> str:
        label = call_table().state(self.state).label
        return f"{label}，已超期" if self.is_late else label


class CallStep(models.Model):
    """办理经过: who did what when, with which words."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="steps")
    department_name = models.CharField("部门", max_length=60, blank=True)
    label = models.CharField("步骤", max_length=60)
    note = models.TextField("说明", blank=True)
    at = models.DateTimeField("时间")
    by_label = models.CharField("办理人", max_length=120)

    objects = CallStepQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.by_label} {self.label}"
