"""比对与差异 (comparisons): exports of the national system that were laid beside what is here."""

import uuid

from django.db import models
from django.urls import reverse

from .querysets import DifferenceQuerySet, OfComparisonQuerySet


class Comparison(models.Model):
    """比对: one or several workbooks of one export, compared as a whole.

    `division_path` is where the person who sent them works: the comparison belongs to that county.
    The workbooks are kept encrypted under their checksums; what is stored here holds no number of a
    person.
    """

    class State(models.TextChoices):
        RECEIVED = "received", "正在比对"
        DONE = "done", "已比对"
        FAILED = "failed", "没有完成"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.RECEIVED)
    export_date = models.DateField("导出日期")
    note = models.CharField("备注", max_length=200, blank=True)
    division_path = models.CharField("区划", max_length=200, db_index=True)
    files = models.JSONField("工作簿", default=list)
    received_at = models.DateTimeField("上传时间")
    received_by_label = models.CharField("上传人", max_length=120)
    compared_at = models.DateTimeField("比对时间", null=True)
    counts = models.JSONField("统计", default=dict)
    error = models.CharField("原因", max_length=500, blank=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "比对"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.export_date} 国家系统导出表"

    def get_absolute_url(self) -> str:
        return reverse("exchange:comparison", args=[self.uuid])


class Difference(models.Model):
    """差异: one household, person or field on which the two systems do not agree.

    Places are copied, because a household that is only in the national system has none here.
    """

    class Kind(models.TextChoices):
        ONLY_NATIONAL = "only_national", "仅国家系统有的监测对象"
        ONLY_HERE = "only_here", "仅本平台有的监测对象"
        HOUSEHOLD = "household", "户的数据项不一致"
        PERSON_NATIONAL = "person_national", "仅国家系统有的成员"
        PERSON_HERE = "person_here", "仅本平台有的成员"
        PERSON = "person", "成员的数据项不一致"

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="differences")
    kind = models.CharField("差异", max_length=16, choices=Kind.choices)
    division_path = models.CharField("区划路径", max_length=200, db_index=True)
    town = models.CharField("乡镇", max_length=60, blank=True)
    village = models.CharField("村", max_length=60, blank=True)
    household_no = models.CharField("户编号", max_length=120)
    head_name = models.CharField("户主", max_length=60, blank=True)
    case_number = models.CharField("个案", max_length=40, blank=True)
    person_name = models.CharField("成员", max_length=60, blank=True)
    field = models.CharField("数据项", max_length=40, blank=True)
    national = models.CharField("国家系统", max_length=300, blank=True)
    own = models.CharField("本平台", max_length=300, blank=True)
    file = models.CharField("文件", max_length=200, blank=True)
    row = models.PositiveIntegerField("行", null=True)

    objects = OfComparisonQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "差异"
        ordering = ["pk"]
        indexes = [models.Index(fields=["comparison", "kind"], name="exchange_kind")]

    def __str__(self) -> str:
        return f"{self.household_no} {self.get_kind_display()}"

    @property
    def what(self) -> str:
        """What the two values are of: the field, a household as a whole, a member as a whole."""
        if self.field:
            return self.field
        return "成员" if self.kind.startswith("person") else "整户"


class Problem(models.Model):
    """问题行: a row of a workbook that could not be used, with file, sheet, row and column."""

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="problems")
    file = models.CharField("文件", max_length=200)
    sheet = models.CharField("工作表", max_length=60, blank=True)
    row = models.PositiveIntegerField("行", null=True)
    column = models.CharField("栏目", max_length=80, blank=True)
    sentence = models.CharField("原因和处理", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "问题行"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.file} {self.row}"
