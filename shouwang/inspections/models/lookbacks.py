"""回头看: a sample of signed-off problems, looked at again."""

from django.db import models
from django.urls import reverse

from ..querysets import LookBackQuerySet
from ..states import Verdict


class LookBack(models.Model):
    """回头看抽样: how the sample was drawn, so that it can be drawn again."""

    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    drawn_at = models.DateTimeField("抽样时间")
    drawn_by_label = models.CharField("抽样人", max_length=120)
    seed = models.BigIntegerField("抽样种子")
    percent = models.PositiveSmallIntegerField("比例")
    population = models.PositiveIntegerField("已销号问题")
    pool = models.JSONField("抽样底册", default=list)
    """[problem's pk, source] of all that could be drawn, as it was on that day."""

    objects = LookBackQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.drawn_at:%Y-%m-%d} 回头看"

    def get_absolute_url(self) -> str:
        return reverse("inspections:lookback", args=[self.pk])


class LookBackItem(models.Model):
    """抽中的问题 and what was seen."""

    draw = models.ForeignKey(LookBack, models.CASCADE, related_name="items")
    problem = models.ForeignKey("inspections.Problem", models.PROTECT, related_name="looked")
    verdict = models.CharField(
        "结论", max_length=10, choices=Verdict.choices, blank=True, default=Verdict.NONE
    )
    note = models.CharField("情况", max_length=500, blank=True, default="")
    looked_at = models.DateTimeField("登记时间", null=True)
    looked_by_label = models.CharField("登记人", max_length=120, blank=True, default="")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "problem"], name="looked_once_a_draw")
        ]

    def __str__(self) -> str:
        return self.get_verdict_display()
