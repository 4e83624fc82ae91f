"""Tables of the baselines room: yearly values of places, and their corrections."""

from django.db import models
from django.urls import reverse

from .querysets import BaselineQuerySet
from .series import Series, all_series, series_choices


class BaselineValue(models.Model):
    """历史基数: one number of one place and year, with the paper that says it."""

    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    series = models.CharField("系列", max_length=30, choices=series_choices)
    year = models.PositiveSmallIntegerField("年度")
    value = models.DecimalField("数值", max_digits=18, decimal_places=2)
    source = models.CharField("来源", max_length=120)
    note = models.CharField("备注", max_length=200, blank=True)
    file_name = models.CharField("来源文件", max_length=200, blank=True)
    file_row = models.PositiveIntegerField("所在行", null=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = BaselineQuerySet.as_manager()

    class Meta:
        ordering = ["series", "-year", "division__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "year", "division"], name="baseline_once_a_year"
            ),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="baseline_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.division.name}{self.year}年{self.kind.label}"

    def get_absolute_url(self) -> str:
        return reverse("baselines:value", args=[self.pk])

    @property
    def kind(self) -> Series:
        return all_series().get(self.series) or Series(self.series, self.series, "", False, False)


class BaselineChange(models.Model):
    """基数更正: what stood before and after, why, and by whom."""

    baseline = models.ForeignKey(BaselineValue, models.PROTECT, related_name="changes")
    at = models.DateTimeField("更正时间")
    actor_label = models.CharField("更正人", max_length=120)
    reason = models.CharField("理由", max_length=200)
    changes = models.JSONField("改动", default=list)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.baseline} {self.reason}"
