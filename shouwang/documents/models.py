"""佐证材料和文书模板 (documents): files kept with records, and a county's own letters."""

import uuid

from django.db import models

from .querysets import AttachmentQuerySet, TemplateQuerySet


class Attachment(models.Model):
    """佐证材料: one photo or scan of one record, encrypted on the disk under its uuid.

    The record is named by type and id (targets.py asks its room); the division path is copied from
    it, so that scope can be held in one query. A file is never removed, only marked as withdrawn.
    `file_name` is kept with numbers that look personal masked.
    """

    class Kind(models.TextChoices):
        PHOTO = "photo", "现场照片"
        SIGNED = "signed", "签字材料"
        CERTIFICATE = "certificate", "证明材料"
        MEETING = "meeting", "会议材料"
        PUBLICITY = "publicity", "公示照片"
        RECEIPT = "receipt", "票据"
        OTHER = "other", "其他"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    target_type = models.CharField("对象类型", max_length=60)
    target_id = models.CharField("对象编号", max_length=80)
    division_path = models.CharField("区划", max_length=200, db_index=True)
    kind = models.CharField("类别", max_length=16, choices=Kind.choices, default=Kind.OTHER)
    note = models.CharField("说明", max_length=200, blank=True)
    file_name = models.CharField("文件名", max_length=200)
    type_key = models.CharField("格式", max_length=12)
    size = models.BigIntegerField("大小")
    sha256 = models.CharField("校验值", max_length=64)
    width = models.PositiveIntegerField("宽", null=True)
    height = models.PositiveIntegerField("高", null=True)
    has_thumbnail = models.BooleanField("有缩略图", default=False)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.BigIntegerField("上传账号", null=True)
    uploaded_by_label = models.CharField("上传人", max_length=120)
    withdrawn_at = models.DateTimeField("作废时间", null=True)
    withdrawn_by_label = models.CharField("作废人", max_length=120, blank=True)
    withdrawn_reason = models.CharField("作废理由", max_length=200, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "佐证材料"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["target_type", "target_id"], name="documents_target")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def is_image(self) -> bool:
        return self.has_thumbnail


class LetterTemplate(models.Model):
    """本县文书模板: a county's own version of a letter; the default is shipped with the program.

    The file holds marks instead of values and no personal data, so it stays in the database. A
    draft was checked and waits for the person to adopt it; one version at most is in use.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "待采用"
        CURRENT = "current", "在用"
        RETIRED = "retired", "已停用"

    key = models.CharField("文书", max_length=60)
    county = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="县"
    )
    version = models.PositiveIntegerField("版本")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    file = models.BinaryField("文件")
    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("校验值", max_length=64)
    note = models.CharField("说明", max_length=200, blank=True)
    unused = models.JSONField("没有用到的内容", default=list)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.BigIntegerField("上传账号", null=True)
    uploaded_by_label = models.CharField("上传人", max_length=120)
    adopted_at = models.DateTimeField("采用时间", null=True)
    retired_at = models.DateTimeField("停用时间", null=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "本县文书模板"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "county", "version"], name="documents_template_version"
            ),
            models.UniqueConstraint(
                fields=["key", "county"],
                condition=models.Q(state="current"),
                name="documents_one_template_in_use",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} 第{self.version}版"
