"""登记线索 (registered clue): one register for whatever comes in by any of the six channels."""

import uuid as uuids

from django.db import models

from ..lifecycles import clue_table
from ..querysets import RegisteredClueQuerySet
from ..states import Channel, ClueConclusion, Emergency
from .cases import Case


class RescueFile(models.Model):
    """救助平台文件: one received list of the provincial rescue platform, with what was refused."""

    name = models.CharField("文件名", max_length=300)
    sha256 = models.CharField("校验和", max_length=64, db_index=True)
    received_at = models.DateTimeField("上传时间")
    received_by_label = models.CharField("上传人", max_length=120)
    accepted = models.PositiveIntegerField("登记条数", default=0)
    known = models.PositiveIntegerField("已登记过", default=0)
    rejects = models.JSONField("退回的行", default=list)

    class Meta:
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class RegisteredClue(models.Model):
    """登记线索: what somebody said about a household, from when the clock runs.

    Where the household is not found yet, `subject_name` is what was given; names and phones of
    reporters, and the contact of the subject, are sealed.
    """

    uuid = models.UUIDField(default=uuids.uuid4, unique=True, editable=False)
    channel = models.CharField("渠道", max_length=20, choices=Channel.choices)
    village = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="行政村"
    )
    household = models.ForeignKey(
        "registry.Household",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registered_clues",
        verbose_name="农户",
    )
    subject_name = models.CharField("姓名", max_length=60, blank=True)
    contact_enc = models.BinaryField("联系方式（密文）", null=True)
    contact_hash = models.BinaryField("联系方式（检索）", null=True, db_index=True)
    risks = models.JSONField("风险类型", default=list)
    text = models.TextField("反映内容", blank=True)
    department = models.CharField("来源部门", max_length=60, blank=True)
    outside_no = models.CharField("来源编号", max_length=80, blank=True)
    screening_clue = models.ForeignKey(
        "screening.Clue",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="registered",
        verbose_name="筛查线索",
    )
    rescue_file = models.ForeignKey(
        RescueFile, models.PROTECT, null=True, blank=True, related_name="clues"
    )
    source_row = models.PositiveIntegerField("所在行", null=True)
    reporter_enc = models.BinaryField("反映人（密文）", null=True)
    on_behalf = models.BooleanField("他人代为申报", default=False)
    relation = models.CharField("与农户关系", max_length=40, blank=True)
    received_on = models.DateField("收到日期")
    emergency = models.CharField(
        "突发事件", max_length=20, choices=Emergency.choices, blank=True, default=""
    )
    severity = models.PositiveSmallIntegerField("严重程度", default=2)
    times = models.PositiveSmallIntegerField("出现次数", default=1)
    last_seen_on = models.DateField("最近出现", null=True)
    state = models.CharField("状态", max_length=12, default="received")
    due_on = models.DateField("应办日期", null=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="clues")
    duplicate_of = models.ForeignKey("self", models.SET_NULL, null=True, related_name="duplicates")
    conclusion = models.CharField(
        "结论", max_length=20, choices=ClueConclusion.choices, blank=True, default=""
    )
    conclusion_note = models.CharField("结论说明", max_length=500, blank=True)
    concluded_at = models.DateTimeField("办结时间", null=True)
    concluded_by_label = models.CharField("办结人", max_length=120, blank=True)
    registered_at = models.DateTimeField("登记时间")
    registered_by = models.ForeignKey(
        "accounts.Account", models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    registered_by_label = models.CharField("登记人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = RegisteredClueQuerySet.as_manager()

    class Meta:
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["screening_clue"],
                condition=models.Q(screening_clue__isnull=False),
                name="cases_screening_clue_once",
            ),
            models.UniqueConstraint(
                fields=["channel", "outside_no"],
                condition=~models.Q(outside_no=""),
                name="cases_outside_number_once",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="cases_clue_due"),
            models.Index(fields=["-received_on", "-id"], name="cases_clue_newest"),
            models.Index(  # all that the funnel counts, so that it need not read the wide rows
                fields=["village", "channel", "household", "case", "state", "department"],
                name="cases_clue_funnel",
            ),
        ]

    def __str__(self) -> str:
        return str(self.household) if self.household_id else self.subject_name or "（未写姓名）"

    @property
    def state_label(self) -> str:
        return clue_table().state(self.state).label

    @property
    def risk_labels(self) -> list[str]:
        from shouwang.screening.states import risk_label

        return [risk_label(key) for key in self.risks]
