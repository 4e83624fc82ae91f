"""Tables of the meetings room."""

from django.conf import settings
from django.db import models

from .cadence import BODIES, KINDS
from .querysets import MeetingQuerySet


class Meeting(models.Model):
    """会议记录: something that a body held or did on a day; counted against the required rhythm.

    A wrong record is voided with a reason and stays readable; it is not counted.
    """

    body = models.CharField("召开单位类别", max_length=12, choices=list(BODIES.items()))
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, related_name="+", verbose_name="部门"
    )
    kind = models.CharField("类别", max_length=12, choices=list(KINDS.items()))
    title = models.CharField("主题", max_length=120)
    held_on = models.DateField("日期")
    place = models.CharField("地点", max_length=80, blank=True)
    chair = models.CharField("主持人", max_length=60, blank=True)
    attendance = models.PositiveIntegerField("参加人数", null=True)
    participants = models.CharField("参加人员", max_length=500, blank=True)
    minutes = models.TextField("研究内容和决定", blank=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    recorded_by_label = models.CharField("登记人", max_length=120)
    voided_at = models.DateTimeField("作废时间", null=True)
    voided_by_label = models.CharField("作废人", max_length=120, blank=True, default="")
    void_reason = models.CharField("作废理由", max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        indexes = [
            models.Index(fields=["division", "kind", "held_on"], name="meeting_counted"),
            models.Index(fields=["-held_on"], name="meeting_newest"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def body_name(self) -> str:
        return self.department.name if self.department else self.division.name

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("meetings:meeting", args=[self.pk])
