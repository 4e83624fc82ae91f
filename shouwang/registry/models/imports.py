"""档案导入 (registry import): workbooks received, their preview, the states they lead to."""

import uuid as uuids
from pathlib import Path

from django.conf import settings
from django.db import models

from shouwang.registry.querysets import ImportQuerySet


class RegistryImport(models.Model):
    """档案导入: one or several workbooks of one export date, compared with what is there.

    Nothing of it is visible in the registry before it is applied; it is applied whole or not at
    all. A discarded or failed import keeps its files as evidence of what was received.
    """

    class State(models.TextChoices):
        RECEIVED = "received", "等待比对"
        READY = "ready", "待确认"
        APPLIED = "applied", "已入库"
        UNCHANGED = "unchanged", "无变化"
        DISCARDED = "discarded", "已放弃"
        FAILED = "failed", "未能读取"

    uuid = models.UUIDField(default=uuids.uuid4, unique=True, editable=False)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.RECEIVED)
    export_date = models.DateField("导出日期")
    note = models.CharField("备注", max_length=200, blank=True)
    received_at = models.DateTimeField("上传时间")
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    received_by_label = models.CharField("上传人", max_length=80)
    decided_at = models.DateTimeField("处理时间", null=True)
    decided_by_label = models.CharField("处理人", max_length=80, blank=True)
    base_number = models.PositiveIntegerField("比对时的档案版本", null=True)
    counts = models.JSONField("统计", default=dict)
    error = models.TextField("原因", blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.export_date:%Y-%m-%d} 导出的档案"

    @property
    def folder(self) -> Path:
        """Where its preview lies; rows of it carry no ID number and no phone."""
        return Path(settings.SHOUWANG_DATA_DIR) / "registry" / "imports" / str(self.uuid)


class RegistryFile(models.Model):
    """档案工作簿: one received workbook; the original is kept encrypted under its checksum."""

    registry_import = models.ForeignKey(RegistryImport, models.PROTECT, related_name="files")
    name = models.CharField("文件名", max_length=300)
    sha256 = models.CharField("校验和", max_length=64)
    size = models.PositiveBigIntegerField("字节数")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class RegistrySnapshot(models.Model):
    """档案快照: a state of the whole registry, as columns on disk for screening.

    The highest number is the present state. Two imports prepared on the same state want the same
    next number, and the database lets only one of them have it.
    """

    number = models.PositiveIntegerField("版本", unique=True)
    key = models.CharField("目录", max_length=80, unique=True)
    export_date = models.DateField("导出日期")
    created_at = models.DateTimeField("生成时间")
    registry_import = models.ForeignKey(RegistryImport, models.PROTECT, related_name="snapshots")
    household_count = models.PositiveIntegerField("户数")
    member_count = models.PositiveIntegerField("人数")
    checked_at = models.DateTimeField("质量检查时间", null=True)
    rulebook_version = models.CharField("质量检查规则版本", max_length=64, blank=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"档案第{self.number}版（{self.export_date:%Y-%m-%d}）"

    @property
    def path(self) -> Path:
        return Path(settings.SHOUWANG_DATA_DIR) / "registry" / self.key
