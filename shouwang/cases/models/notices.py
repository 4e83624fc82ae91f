"""公示与公告 (notices): built from a whitelist; objections to them."""

from django.db import models

from ..querysets import NoticeQuerySet, OfCaseQuerySet
from ..states import NoticeKind, ObjectionState, Stage
from .cases import Case


class Notice(models.Model):
    """公示或公告 of one village: what hangs on its wall from one day to another.

    `content` is frozen when it is published and holds whitelisted fields only (`notice_content`).
    """

    number = models.CharField("编号", max_length=40, unique=True)
    kind = models.CharField("类型", max_length=12, choices=NoticeKind.choices)
    stage = models.CharField("环节", max_length=16, choices=Stage.choices)
    village = models.ForeignKey("divisions.Division", models.PROTECT, related_name="+")
    content = models.JSONField("内容", default=dict)
    published_on = models.DateField("张贴日期")
    last_day = models.DateField("期满日期")
    place = models.CharField("张贴地点", max_length=80, blank=True)
    published_at = models.DateTimeField("登记时间")
    published_by_label = models.CharField("登记人", max_length=120)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-published_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class NoticeEntry(models.Model):
    """公示名单: one case on a notice; a case is named once, unless the entry was withdrawn."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="entries")
    case = models.ForeignKey(Case, models.CASCADE, related_name="notice_entries")
    kind = models.CharField(max_length=12, choices=NoticeKind.choices)
    stage = models.CharField(max_length=16, choices=Stage.choices)
    is_withdrawn = models.BooleanField("已撤下", default=False)
    withdrawn_reason = models.CharField("撤下原因", max_length=300, blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["notice", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "stage", "kind"],
                condition=models.Q(is_withdrawn=False),
                name="cases_notice_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.case}"


class Objection(models.Model):
    """异议: somebody disagrees with a case on a notice; who it is stays sealed."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="objections")
    entry = models.ForeignKey(NoticeEntry, models.PROTECT, related_name="objections")
    filed_on = models.DateField("提出日期")
    way = models.CharField("提出方式", max_length=40, blank=True)
    objector_enc = models.BinaryField("提出人（密文）", null=True)
    is_anonymous = models.BooleanField("匿名", default=False)
    text = models.TextField("异议内容")
    state = models.CharField(
        "处理情况", max_length=10, choices=ObjectionState.choices, default=ObjectionState.OPEN
    )
    due_on = models.DateField("处理期限", null=True)
    answer = models.CharField("调查处理情况", max_length=1000, blank=True)
    handled_on = models.DateField("处理日期", null=True)
    handled_by_label = models.CharField("处理人", max_length=120, blank=True)
    filed_at = models.DateTimeField("登记时间")
    filed_by_label = models.CharField("登记人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-filed_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.filed_on} {self.get_state_display()}"
