"""成批办理 (bulk work): what was started for many at once, and what came of it."""

import uuid as uuids
from typing import Any, Self

from django.db import models
from django.urls import reverse

from shouwang.core.actor import Actor

from ..states import BulkKind


class BulkQuerySet(models.QuerySet["BulkWork"]):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever started it reads its result, nobody else: it names cases of his scope."""
        if actor.account_id is None:
            return self.none()
        return self.filter(account=actor.account_id)


class BulkWork(models.Model):
    """成批办理: a pull of clues, an import or an approval that ran as a job.

    `asked` is what the job needs to run (never anything personal), `told` what the result page
    says: {"facts": [[label, value, address]], "refused": [[subject, reason, address]]}.
    """

    uuid = models.UUIDField(default=uuids.uuid4, unique=True, editable=False)
    kind = models.CharField("办理事项", max_length=12, choices=BulkKind.choices)
    account = models.ForeignKey(
        "accounts.Account", models.PROTECT, related_name="+", verbose_name="发起人"
    )
    asked = models.JSONField("要求", default=dict)
    told = models.JSONField("结果", default=dict)
    started_at = models.DateTimeField("发起时间")
    finished_at = models.DateTimeField("完成时间", null=True)

    objects = BulkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.get_kind_display()

    def get_absolute_url(self) -> str:
        return reverse("cases:bulk", args=[self.uuid])

    @property
    def facts(self) -> list[list[Any]]:
        found: list[list[Any]] = self.told.get("facts", [])
        return found

    @property
    def refused(self) -> list[list[Any]]:
        found: list[list[Any]] = self.told.get("refused", [])
        return found
