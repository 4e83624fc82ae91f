"""预警公告 (alerts): what is announced for which places, and who has acknowledged it."""

from datetime import datetime, timedelta

from django.db import models
from django.urls import reverse

from shouwang.core import clock

from ..alert_levels import AlertLevel, alert_book, alert_kind_choices, alert_level_choices
from ..querysets import AlertQuerySet, AlertVillageQuerySet
from ..states import AlertEnd


class Alert(models.Model):
    """预警公告: a warning of one kind and colour, valid from a moment to a moment."""

    kind = models.CharField("种类", max_length=12, choices=alert_kind_choices)
    level = models.CharField("级别", max_length=8, choices=alert_level_choices)
    title = models.CharField("标题", max_length=80)
    text = models.TextField("内容和防御要求")
    issuer = models.CharField("发布单位", max_length=60)
    areas = models.ManyToManyField("divisions.Division", related_name="+", verbose_name="范围")
    valid_from = models.DateTimeField("生效时间")
    valid_to = models.DateTimeField("失效时间")
    issued_at = models.DateTimeField("发布时间")
    issued_by_label = models.CharField("发布人", max_length=120)
    end = models.CharField("结束方式", max_length=12, choices=AlertEnd.choices, blank=True)
    end_reason = models.CharField("结束说明", max_length=200, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    ended_by_label = models.CharField("结束人", max_length=120, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("localities:alert", args=[self.pk])

    @property
    def grade(self) -> AlertLevel:
        return alert_book().levels[self.level]

    @property
    def is_open(self) -> bool:
        """Neither ended nor over: villages may still acknowledge."""
        return not self.end and clock.now() <= self.valid_to

    @property
    def acknowledge_by(self) -> datetime:
        return self.issued_at + timedelta(hours=self.grade.hours)

    @property
    def state_label(self) -> str:
        if self.end:
            return self.get_end_display()
        now = clock.now()
        if now < self.valid_from:
            return "未生效"
        return "生效中" if now <= self.valid_to else "已过期"

    @property
    def tone(self) -> str:
        return "idle" if not self.is_open else self.grade.tone


class AlertVillage(models.Model):
    """预警签收: one village of an alert; when it acknowledged and by whom."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="villages")
    village = models.ForeignKey("divisions.Division", models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField("签收时间", null=True)
    by_label = models.CharField("签收人", max_length=120, blank=True)
    note = models.CharField("落实情况", max_length=200, blank=True)

    objects = AlertVillageQuerySet.as_manager()

    class Meta:
        ordering = ["village__code"]
        constraints = [
            models.UniqueConstraint(fields=["alert", "village"], name="localities_alert_once")
        ]

    def __str__(self) -> str:
        return f"{self.alert} {self.village.name}"
