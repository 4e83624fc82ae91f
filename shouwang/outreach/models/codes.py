"""自主申报码 (report code): what hangs on the wall of a village, and what came in by it."""

import uuid as uuids

from django.db import models

from ..querysets import OfVillageQuerySet
from ..states import RequestKind


class ReportCode(models.Model):
    """自主申报码: one code of one village; a village has at most one that is in force.

    The token says nothing; a withdrawn one leads to a page that says so.
    """

    village = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="report_codes", verbose_name="行政村"
    )
    token = models.UUIDField(default=uuids.uuid4, unique=True, editable=False)
    made_at = models.DateTimeField("生成时间")
    made_by_label = models.CharField("生成人", max_length=120)
    withdrawn_at = models.DateTimeField("停用时间", null=True)
    withdrawn_by_label = models.CharField("停用人", max_length=120, blank=True)
    withdraw_reason = models.CharField("停用原因", max_length=200, blank=True)

    objects = OfVillageQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["village"],
                condition=models.Q(withdrawn_at=None),
                name="outreach_one_code_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.village.name}申报码"


class SelfReport(models.Model):
    """扫码申报: the receipt of one report; what was said stands in its registered clue.

    `phone_hash` lets the reporter ask for the stage; `sent` is the form's own mark, so that the
    same form sent twice is one report.
    """

    receipt = models.CharField("受理号", max_length=16, unique=True)
    code = models.ForeignKey(ReportCode, models.PROTECT, related_name="reports")
    clue = models.OneToOneField("cases.RegisteredClue", models.PROTECT, related_name="self_report")
    phone_hash = models.BinaryField("联系电话（检索）")
    consent = models.CharField("同意的内容", max_length=300)
    sent = models.UUIDField(unique=True)
    received_at = models.DateTimeField("收到时间")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.receipt


class PublicRequest(models.Model):
    """公开页面请求: counted against the limits and forgotten after a few days.

    The address is kept as a keyed hash only.
    """

    kind = models.CharField("类型", max_length=8, choices=RequestKind.choices)
    code = models.ForeignKey(ReportCode, models.CASCADE, null=True, related_name="+")
    address_hash = models.BinaryField("来源（检索）", db_index=True)
    at = models.DateTimeField("时间", db_index=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
