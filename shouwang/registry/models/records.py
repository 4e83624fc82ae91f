"""变更记录 and 质量问题: what happened to a value, and what is wrong with a record."""

from django.db import models

from shouwang.registry.querysets import FindingQuerySet

from .households import Household
from .imports import RegistryFile, RegistryImport, RegistrySnapshot
from .members import Member


class RecordChange(models.Model):
    """变更记录: a value that an import changed, with the file and row that brought the new one.

    A first value has no entry: it stems from the record's own source file and row. ID numbers
    and phones are shown masked; both full values are kept as ciphertext.
    """

    household = models.ForeignKey(
        Household, models.PROTECT, related_name="changes", db_constraint=False
    )
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, related_name="changes", db_constraint=False
    )
    column = models.CharField("栏目", max_length=40)
    year = models.PositiveSmallIntegerField("年度", null=True)
    old = models.TextField("原值", null=True)
    new = models.TextField("新值", null=True)
    old_enc = models.BinaryField("原值（密文）", null=True)
    new_enc = models.BinaryField("新值（密文）", null=True)
    registry_import = models.ForeignKey(RegistryImport, models.PROTECT, related_name="changes")
    source_file = models.ForeignKey(
        RegistryFile, models.PROTECT, null=True, related_name="+", db_index=False
    )
    source_row = models.PositiveIntegerField("所在行", null=True)
    changed_at = models.DateTimeField("变更时间")

    class Meta:
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return self.column


class QualityFinding(models.Model):
    """质量问题: a check that is true of a household or person of the present snapshot."""

    snapshot = models.ForeignKey(RegistrySnapshot, models.PROTECT, related_name="findings")
    check_id = models.CharField("检查项", max_length=60, db_index=True)
    household = models.ForeignKey(
        Household, models.PROTECT, related_name="findings", db_constraint=False
    )
    member = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        related_name="findings",
        db_index=False,
        db_constraint=False,
    )

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["check_id", "household", "member"]

    def __str__(self) -> str:
        return self.check_id
