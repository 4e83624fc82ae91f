"""政策文件和读出的条目: the paper as it was read, and what a person said of every piece."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from ..querysets import PaperQuerySet
from ..states import Change, PieceKind, PieceState, paper_table
from .periods import PlanPeriod


class Paper(models.Model):
    """政策文件: its text as read; every span of every piece counts characters of `text`."""

    title = models.CharField("标题", max_length=300)
    number = models.CharField("文号", max_length=120, blank=True)
    issuer = models.CharField("发文机关", max_length=120, blank=True)
    period = models.CharField("年度或期间", max_length=40, blank=True)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    file_name = models.CharField("文件名", max_length=255)
    sha256 = models.CharField("校验和", max_length=64, db_index=True)
    text = models.TextField("正文")
    outline = models.JSONField("提纲", default=list)
    indicators = models.JSONField("指标", default=list)
    funds = models.JSONField("资金", default=list)
    plan_period = models.ForeignKey(
        PlanPeriod, models.PROTECT, null=True, related_name="papers", verbose_name="规划期"
    )
    former = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="later", verbose_name="旧版"
    )
    dropped = models.JSONField("旧版有而新版没有的", default=list)
    state = models.CharField("状态", max_length=12, default="reading")
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    uploaded_by_label = models.CharField("上传人", max_length=120)
    sent_by_label = models.CharField("核对人", max_length=120, blank=True, default="")
    confirmed_at = models.DateTimeField("确认时间", null=True)
    confirmed_by_label = models.CharField("确认人", max_length=120, blank=True, default="")
    note = models.CharField("说明", max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def state_label(self) -> str:
        return paper_table().state(self.state).label

    def get_absolute_url(self) -> str:
        return reverse("workplans:paper", args=[self.pk])


class Piece(models.Model):
    """读出的条目: one task or grant that the reader recognised, or that a person added.

    `spans` are [start, end] of the paper's text. `targets` are {name, comparator, value, value2,
    unit, raw}, values as text; `deadline` is the last day of the paper's own words `deadline_raw`.
    `before` is the piece as it was before the last step, so that this step can be taken back.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="pieces")
    kind = models.CharField("种类", max_length=8, choices=PieceKind.choices, default=PieceKind.TASK)
    place = models.PositiveIntegerField("次序")
    path = models.JSONField("所在章节", default=list)
    text = models.TextField("内容")
    spans = models.JSONField("原文位置", default=list)
    lead_units = models.JSONField("牵头单位", default=list)
    responsible_units = models.JSONField("责任单位", default=list)
    targets = models.JSONField("目标", default=list)
    condition = models.CharField("条件", max_length=500, blank=True, default="")
    deadline = models.DateField("时限", null=True)
    deadline_raw = models.CharField("时限原文", max_length=60, blank=True)
    rhythm = models.CharField("频次", max_length=12, blank=True)
    rhythm_raw = models.CharField("频次原文", max_length=60, blank=True)
    state = models.CharField(
        "核对", max_length=10, choices=PieceState.choices, default=PieceState.PENDING
    )
    change = models.CharField(
        "与旧版相比", max_length=8, choices=Change.choices, blank=True, default=""
    )
    note = models.CharField("说明", max_length=300, blank=True, default="")
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="merged")
    before = models.JSONField("上一步以前", default=dict)
    decided_at = models.DateTimeField("核对时间", null=True)
    decided_by_label = models.CharField("核对人", max_length=120, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["paper", "place", "pk"]

    def __str__(self) -> str:
        return self.text[:40]
