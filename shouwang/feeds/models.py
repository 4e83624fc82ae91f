"""部门数据 (feeds): files that departments send, the batches they become, their links.

Rows and rejected rows lie in Parquet, one folder per batch; the database has one record for each.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class FeedFile(models.Model):
    """来文: one file as it arrived; the original is kept encrypted, found by its SHA-256.

    `file_name` is only ever shown, never used as a path. A file that somebody uploaded and has not
    confirmed yet has no batch and is swept away after some days.
    """

    uuid = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField("文件名", max_length=1000)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    size = models.PositiveBigIntegerField("大小（字节）")
    division = models.ForeignKey(
        "divisions.Division", on_delete=models.PROTECT, related_name="+", verbose_name="所属县"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="上传人",
    )
    uploaded_by_label = models.CharField("上传人姓名", max_length=120, blank=True)
    uploaded_at = models.DateTimeField("上传时间", db_index=True)
    proposal = models.JSONField("识别结果", default=dict)

    class Meta:
        verbose_name = "来文"
        ordering = ["-uploaded_at", "pk"]

    def __str__(self) -> str:
        return self.file_name


class BatchState(models.TextChoices):
    """批次状态; the table of steps between them is in `states.py`."""

    RECEIVED = "received", "待导入"
    IMPORTING = "importing", "导入中"
    ACCEPTED = "accepted", "已采用"
    SUPERSEDED = "superseded", "已被更正"
    REJECTED = "rejected", "已退回"
    WITHDRAWN = "withdrawn", "已撤回"


LIVE = (BatchState.RECEIVED, BatchState.IMPORTING, BatchState.ACCEPTED, BatchState.SUPERSEDED)
USED = (BatchState.ACCEPTED, BatchState.SUPERSEDED)


class FeedBatch(models.Model):
    """部门数据批次: what one department reports of one kind for one period, in one version.

    Of the accepted versions only the highest counts; the others are kept as superseded. `directory`
    is the folder of its Parquet files relative to the data folder and changes when rows are linked
    again; None until the batch is accepted. `corrects` is the version whose accepted rows this one
    took over, where only its rejected rows were sent again (补正).
    """

    uuid = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    file = models.ForeignKey(
        FeedFile, on_delete=models.PROTECT, related_name="batches", verbose_name="来文"
    )
    division = models.ForeignKey(
        "divisions.Division", on_delete=models.PROTECT, related_name="+", verbose_name="所属县"
    )
    feed = models.CharField("数据种类", max_length=60)
    department = models.CharField("部门", max_length=60)
    period_start = models.DateField("期间起")
    period_end = models.DateField("期间止")
    version = models.PositiveSmallIntegerField("版本", default=1)
    received_at = models.DateTimeField("收到时间")
    note = models.CharField("说明", max_length=500, blank=True)
    state = models.CharField(
        "状态", max_length=12, choices=BatchState.choices, default=BatchState.RECEIVED
    )
    reason = models.CharField("退回原因", max_length=40, blank=True)
    message = models.TextField("处理结果", blank=True)
    row_count = models.PositiveIntegerField("采用行数", null=True)
    rejected_count = models.PositiveIntegerField("退回行数", null=True)
    linked_count = models.PositiveIntegerField("已关联行数", null=True)
    counts = models.JSONField("明细计数", default=dict)
    mapping = models.JSONField("表头识别", default=dict)
    rulebook_version = models.CharField("规则库版本", max_length=64, blank=True)
    registry_key = models.CharField("关联所用档案快照", max_length=80, blank=True)
    directory = models.CharField("数据位置", max_length=200, blank=True)
    seconds = models.FloatField("用时（秒）", null=True)
    claimed_at = models.DateTimeField("开始导入时间", null=True)
    imported_at = models.DateTimeField("导入完成时间", null=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_reason = models.CharField("撤回理由", max_length=500, blank=True)
    job_id = models.BigIntegerField("后台任务", null=True)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections", verbose_name="补正"
    )

    class Meta:
        verbose_name = "批次"
        ordering = ["-period_end", "feed", "-version", "-received_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "feed", "period_start", "period_end", "version"],
                condition=Q(state__in=[state.value for state in LIVE]),
                name="feeds_one_live_batch_per_version",
            ),
            models.UniqueConstraint(
                fields=["division", "feed", "period_start", "period_end"],
                condition=Q(state=BatchState.ACCEPTED.value),
                name="feeds_one_effective_batch_per_period",
            ),
            models.CheckConstraint(
                condition=Q(period_start__lte=models.F("period_end")), name="feeds_period_in_order"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="feeds_version_from_one"),
        ]
        indexes = [
            models.Index(fields=["division", "feed", "period_end"], name="feeds_batch_by_period"),
            models.Index(fields=["state"], name="feeds_batch_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.feed} {self.period_start}—{self.period_end} 第{self.version}版"

    @property
    def file_name(self) -> str:
        """文件名: as given by the sender; a folder's manifest gives a relative path."""
        return self.file.file_name

    @property
    def sha256(self) -> str:
        return self.file.sha256


class LinkRevision(models.Model):
    """关联版本: one linking of a batch's rows to one snapshot of the registry.

    A frozen screening run keeps the rows it saw under its own name, so the folder of an older
    revision is swept away some time after a newer one took its place; this record stays.
    """

    batch = models.ForeignKey(FeedBatch, on_delete=models.CASCADE, related_name="revisions")
    registry_key = models.CharField("档案快照", max_length=80, blank=True)
    directory = models.CharField("数据位置", max_length=200, unique=True)
    counts = models.JSONField("关联计数", default=dict)
    made_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "关联版本"
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.directory
