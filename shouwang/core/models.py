"""Tables of the page frame itself: 后台任务 (jobs) and 个人偏好 (preferences)."""

import uuid

from django.db import models
from django.urls import reverse


class JobState(models.TextChoices):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未成功"
    CANCELLED = "cancelled", "已取消"
    INTERRUPTED = "interrupted", "中断"


class Job(models.Model):
    """后台任务: one long piece of work that somebody started and may watch, cancel and try again.

    Holds ids only, never data of a person. While it runs its progress stands in a file (core.jobs),
    because the work itself may hold the database's one write lock; the row is written at its
    start and end.
    """

    account_id = models.BigIntegerField("发起账号", null=True, db_index=True)
    title = models.CharField("任务", max_length=200)
    state = models.CharField(
        "状态", max_length=12, choices=JobState.choices, default=JobState.QUEUED
    )
    task_path = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    task_result_id = models.CharField(max_length=64, blank=True)
    done = models.PositiveBigIntegerField("已处理", default=0)
    total = models.PositiveBigIntegerField("总数", null=True)
    message = models.CharField("进度", max_length=300, blank=True)
    error = models.CharField("未成功的原因", max_length=500, blank=True)
    result_url = models.CharField("结果", max_length=300, blank=True)
    cancel_requested = models.BooleanField("已请求取消", default=False)
    created_at = models.DateTimeField("发起时间")
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["account_id", "state"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("core:job", args=[self.pk])

    @property
    def gives_file(self) -> bool:
        """Whether the result is a file to download, not a page."""
        return self.result_url.startswith("/exports/")

    @property
    def is_active(self) -> bool:
        return self.state in {JobState.QUEUED, JobState.RUNNING}

    @property
    def can_retry(self) -> bool:
        return self.state in {JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED}

    @property
    def percent(self) -> int | None:
        """Whole percent done, None while the total is not known."""
        if self.state == JobState.DONE:
            return 100
        if not self.total:
            return None
        return min(100, self.done * 100 // self.total)


class RunState(models.TextChoices):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未成功"


RUN_TONES = {"queued": "idle", "running": "going", "done": "done", "failed": "late"}


class ScheduledRun(models.Model):
    """定时运行: scheduled work that was due on a day; done again it is another row."""

    key = models.CharField("定时任务", max_length=60)
    due_on = models.DateField("应运行日期")
    attempt = models.PositiveSmallIntegerField("第几次", default=1)
    state = models.CharField(
        "状态", max_length=10, choices=RunState.choices, default=RunState.QUEUED
    )
    asked_by_label = models.CharField("发起人", max_length=120)
    queued_at = models.DateTimeField("排队时间")
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)
    message = models.CharField("结果", max_length=300, blank=True)
    error = models.CharField("未成功的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "定时运行"
        ordering = ["-due_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["key", "due_on", "attempt"], name="scheduled_run_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.due_on}"


class Export(models.Model):
    """导出文件: a large list or workbook that is made in the background for the one who asked.

    What may be in it was decided when it was asked for: `asked_by` is the actor of that moment.
    `address` is the list's own address, `details` what another kind of export was asked with. The
    file lies encrypted under its number and goes when it expires; the record stays.
    """

    uuid = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    account_id = models.BigIntegerField("账号", db_index=True)
    asked_by = models.JSONField("操作人")
    right = models.CharField("权限", max_length=60)
    title = models.CharField("内容", max_length=200)
    name = models.CharField("文件名", max_length=200)
    kind = models.CharField("格式", max_length=8)
    address = models.TextField("列表地址", blank=True)
    details = models.JSONField("内容条件", default=dict)
    asked_at = models.DateTimeField("发起时间")
    size = models.PositiveBigIntegerField("字节", null=True)
    expires_at = models.DateTimeField("有效至", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "导出文件"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("core:export", args=[self.uuid])


class Preference(models.Model):
    """个人偏好: what one person chose for one list: its columns, its saved filters."""

    account_id = models.BigIntegerField("账号")
    key = models.CharField("偏好", max_length=150)
    value = models.JSONField("内容")

    class Meta:
        verbose_name = verbose_name_plural = "个人偏好"
        constraints = [
            models.UniqueConstraint(fields=["account_id", "key"], name="one_preference_per_key")
        ]

    def __str__(self) -> str:
        return self.key
