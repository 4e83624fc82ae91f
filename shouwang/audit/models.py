"""审计日志 (audit): entries that are only ever added, and the seals that chain them.

An entry is written in the transaction of what it tells about. Its seal (number, previous hash, own
hash) follows right after the commit, in a short transaction of its own: so a long import never
keeps others from being recorded, and two operations cannot wait for each other at the chain.
"""

import json
from typing import Any, Never

from django.db import models

from .querysets import AppendOnlyQuerySet, EntryQuerySet


class AppendOnlyError(RuntimeError):
    """Something tried to change or remove a record of the log."""


class AppendOnly(models.Model):
    """A row that can be added, but neither changed nor deleted."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("an audit record is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise AppendOnlyError("an audit record is never removed")


class AuditEntry(AppendOnly):
    """审计记录: who did what to what, where and when; holds no personal data in full.

    `account_id` is a plain number, because an entry must outlive everything it names. `details` is
    the canonical JSON of changes and source, kept as text so that its hash is exact.
    """

    at = models.DateTimeField("时间", db_index=True)
    account_id = models.BigIntegerField("账号", null=True, db_index=True)
    actor_label = models.CharField("操作人", max_length=120)
    acting_as = models.CharField("岗位", max_length=300, blank=True)
    action = models.CharField("操作", max_length=60, db_index=True)
    target_type = models.CharField("对象类型", max_length=60, blank=True)
    target_id = models.CharField("对象编号", max_length=80, blank=True)
    division_path = models.CharField("区划", max_length=200, blank=True, db_index=True)
    summary = models.CharField("内容", max_length=500, blank=True)
    details = models.TextField("明细", blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["target_type", "target_id"], name="audit_entry_target")]

    def __str__(self) -> str:
        return self.summary or self.action

    def _details(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.details) if self.details else {}
        return loaded

    @property
    def changes(self) -> dict[str, Any]:
        """Field → [old, new]."""
        found: dict[str, Any] = self._details().get("changes") or {}
        return found

    @property
    def source(self) -> Any:
        """The file (and sheet and row) that the change came from."""
        return self._details().get("source")

    @property
    def bulk(self) -> dict[str, Any] | None:
        """Number and digest of the changes of one mass operation."""
        return self._details().get("bulk")


class AuditSeal(AppendOnly):
    """封签: the link of the chain for one entry; `entry` is a plain number, so that a removed entry
    leaves its seal behind as a witness."""

    sequence = models.BigIntegerField("序号", primary_key=True)
    entry = models.BigIntegerField("记录", unique=True)
    previous = models.CharField("前一封签", max_length=64)
    digest = models.CharField("本封签", max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "封签"
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"{self.sequence}:{self.digest[:12]}"


class UnsealedEntry(models.Model):
    """待封签: an entry that is committed and not sealed yet; lives for milliseconds."""

    entry = models.BigIntegerField(primary_key=True)

    class Meta:
        verbose_name = verbose_name_plural = "待封签记录"

    def __str__(self) -> str:
        return str(self.entry)


class AuditHead(models.Model):
    """链头: how far the chain goes; locked while a seal is added, and the witness of its end."""

    sequence = models.BigIntegerField("序号", default=0)
    digest = models.CharField("封签", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "链头"

    def __str__(self) -> str:
        return f"{self.sequence}:{self.digest}"
