"""征求意见 (consultations): a draft, the units that are asked, comments and what became of each."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.urls import reverse

from shouwang.core import clock

from .querysets import CommentQuerySet, ConsultationQuerySet
from .states import Audience, Channel, Decision, State, consultation_table


class Consultation(models.Model):
    """征求意见: the draft of a paper, from when to when, and whom it asks."""

    title = models.CharField("标题", max_length=120)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    drafter = models.CharField("起草单位", max_length=80)
    explanation = models.TextField("起草说明", blank=True)
    text = models.TextField("征求意见稿")
    file_name = models.CharField("稿子文件", max_length=120, blank=True)
    audience = models.CharField(
        "征求谁的意见", max_length=8, choices=Audience.choices, default=Audience.PUBLIC
    )
    opens_on = models.DateField("开始日期")
    closes_on = models.DateField("截止日期")
    contact = models.CharField("联系方式", max_length=200)
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.DRAFT)
    published_on = models.DateField("公布日期", null=True)
    reason = models.CharField("撤回或退回的理由", max_length=500, blank=True)
    made_at = models.DateTimeField("建立时间")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    made_by_label = models.CharField("发起人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("consultations:consultation", args=[self.pk])

    @property
    def is_taking(self) -> bool:
        """Whether comments are taken today."""
        return self.state == State.OPEN and self.opens_on <= clock.today() <= self.closes_on

    def state_on(self, day: date) -> tuple[str, str]:
        """Tone and words of the state, with the period."""
        if self.state == State.OPEN and day > self.closes_on:
            return "late", "征集期已过，待结束征集"
        if self.state == State.OPEN and day < self.opens_on:
            return "near", "还没有开始"
        found = consultation_table().state(self.state)
        return found.tone, found.label


class ConsultedUnit(models.Model):
    """被征求意见的单位: a department or a town; its answer is a comment or that it has none."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="units")
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, related_name="+"
    )
    division = models.ForeignKey("divisions.Division", models.PROTECT, null=True, related_name="+")
    name = models.CharField("单位", max_length=80)
    answered_on = models.DateField("反馈日期", null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "name"], name="consulted_once"
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Comment(models.Model):
    """意见: what somebody says to the draft, and what became of it. Names are kept sealed."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="comments")
    receipt = models.CharField("受理号", max_length=20, unique=True)
    sent = models.UUIDField(default=uuid.uuid4)
    channel = models.CharField("来源", max_length=8, choices=Channel.choices)
    article = models.CharField("针对哪一条", max_length=80, blank=True)
    text = models.TextField("意见")
    name_enc = models.BinaryField("姓名（密）", null=True)
    phone_enc = models.BinaryField("电话（密）", null=True)
    unit = models.CharField("单位", max_length=80, blank=True)
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, related_name="+"
    )
    division = models.ForeignKey("divisions.Division", models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField("收到时间")
    received_by_label = models.CharField("登记人", max_length=120)
    same_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="same")
    decision = models.CharField(
        "采纳情况", max_length=8, choices=Decision.choices, default=Decision.PENDING
    )
    reason = models.CharField("理由", max_length=500, blank=True)
    change = models.CharField("怎样修改", max_length=1000, blank=True)
    decided_at = models.DateTimeField("研究时间", null=True)
    decided_by_label = models.CharField("研究人", max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "sent"], name="comment_sent_once")
        ]
        indexes = [models.Index(fields=["consultation", "decision"], name="comment_to_decide")]

    def __str__(self) -> str:
        return f"{self.receipt} {self.text[:30]}"

    def get_absolute_url(self) -> str:
        return reverse("consultations:comment", args=[self.pk])

    @property
    def has_contact(self) -> bool:
        return self.name_enc is not None or self.phone_enc is not None
