"""评议、审核、审定: the three bodies that say yes or no."""

from django.db import models

from ..querysets import OfCaseQuerySet
from ..states import Meeting, Stage
from .cases import Case


class Appraisal(models.Model):
    """民主评议: a meeting of the village with its votes on one case; the last one counts."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="appraisals")
    stage = models.CharField("环节", max_length=16, choices=Stage.choices)
    held_on = models.DateField("评议日期")
    meeting = models.CharField("评议形式", max_length=16, choices=Meeting.choices)
    place = models.CharField("地点", max_length=80, blank=True)
    host = models.CharField("主持人", max_length=60, blank=True)
    recorder = models.CharField("记录人", max_length=60, blank=True)
    participants = models.JSONField("参会人员", default=list)
    entitled = models.PositiveSmallIntegerField("应到人数")
    present = models.PositiveSmallIntegerField("实到人数")
    votes_for = models.PositiveSmallIntegerField("同意")
    votes_against = models.PositiveSmallIntegerField("不同意", default=0)
    abstained = models.PositiveSmallIntegerField("弃权", default=0)
    minutes = models.TextField("评议记录", blank=True)
    has_quorum = models.BooleanField("达到法定人数")
    passed = models.BooleanField("通过")
    is_void = models.BooleanField("已作废", default=False)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["case", "pk"]

    def __str__(self) -> str:
        return f"{self.held_on} {'通过' if self.passed else '未通过'}"


class _Opinion(models.Model):
    stage = models.CharField("环节", max_length=16, choices=Stage.choices)
    passed = models.BooleanField("同意")
    opinion = models.CharField("意见", max_length=1000, blank=True)
    decided = models.JSONField("认定类别", default=dict)
    on = models.DateField("日期")
    at = models.DateTimeField("时间")
    by_label = models.CharField("办理人", max_length=120)
    account = models.ForeignKey(
        "accounts.Account", models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["case", "pk"]

    def __str__(self) -> str:
        return f"{self.on} {'同意' if self.passed else '不同意'}"


class Review(_Opinion):
    """乡镇审核."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="reviews")


class Approval(_Opinion):
    """县级审定; `differences` are those between the check and the registry, as they were shown."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="approvals")
    differences = models.JSONField("差异", default=list)
    batch = models.CharField("批次", max_length=40, blank=True)
