"""请示 (requests): a unit asks the level above for more time or for help with a task."""

from django.conf import settings
from django.db import models

from ..querysets import RequestQuerySet
from ..states import RequestKind, RequestState
from .work import Task


class TaskRequest(models.Model):
    """申请延期或提请协调; what was asked and answered stays, so that the task has its history."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="requests")
    kind = models.CharField("事项", max_length=10, choices=RequestKind.choices)
    reason = models.CharField("理由", max_length=500)
    old_date = models.DateField("原时限", null=True)
    new_date = models.DateField("申请的时限", null=True)
    approver = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="由哪一级审批"
    )
    state = models.CharField(
        "状态", max_length=10, choices=RequestState.choices, default=RequestState.WAITING
    )
    answer = models.CharField("答复", max_length=500, blank=True, default="")
    asked_at = models.DateTimeField("申请时间")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="申请人"
    )
    asked_by_label = models.CharField("申请人", max_length=120)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by_label = models.CharField("答复人", max_length=120, blank=True, default="")

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["state", "approver"], name="request_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "kind"],
                condition=models.Q(state="waiting"),
                name="one_open_request_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{RequestKind(self.kind).label}：{self.reason[:40]}"
