"""规划期 (plan periods): 2021—2025, 2026—2030 …; papers and tasks belong to one, indicators too."""

from django.db import models
from django.urls import reverse

from ..querysets import PlacedQuerySet


class PlanPeriod(models.Model):
    """规划期 of one place, from the first day of `first_year` to the last of `last_year`."""

    name = models.CharField("名称", max_length=120)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    first_year = models.PositiveSmallIntegerField("起始年")
    last_year = models.PositiveSmallIntegerField("结束年")
    made_at = models.DateTimeField("登记时间")
    made_by_label = models.CharField("登记人", max_length=120)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        ordering = ["-first_year", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["division", "name"], name="period_once_a_place"),
            models.CheckConstraint(
                condition=models.Q(last_year__gte=models.F("first_year")),
                name="period_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.years}）"

    @property
    def years(self) -> str:
        return f"{self.first_year}—{self.last_year}年"

    def get_absolute_url(self) -> str:
        return reverse("workplans:period", args=[self.pk])
