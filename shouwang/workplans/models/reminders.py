"""提醒和督办 (reminders): what the system told of a deadline, and who has seen it."""

from django.conf import settings
from django.db import models

from ..states import ReminderKind
from .work import Task


class Reminder(models.Model):
    """提醒: one a task, a stage and a deadline; a deadline that is moved is told anew."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="reminders")
    kind = models.CharField("种类", max_length=6, choices=ReminderKind.choices)
    ends_on = models.DateField("所说的时限")
    made_on = models.DateField("提醒日期")
    leader = models.CharField("提请谁督办", max_length=120, blank=True, default="")

    class Meta:
        ordering = ["-made_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["task", "kind", "ends_on"], name="reminded_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.task_id}"

    def get_absolute_url(self) -> str:
        return self.task.get_absolute_url()


class ReminderSeen(models.Model):
    """已阅: that a person has taken note of a reminder, and what he says to it (督办意见)."""

    reminder = models.ForeignKey(Reminder, models.PROTECT, related_name="seen")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    label = models.CharField("谁", max_length=120)
    words = models.CharField("意见", max_length=300, blank=True, default="")
    seen_at = models.DateTimeField("阅知时间")

    class Meta:
        ordering = ["seen_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["reminder", "account"], name="seen_once_a_person")
        ]

    def __str__(self) -> str:
        return self.label
