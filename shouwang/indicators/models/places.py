"""长制名册和撂荒地台账: who answers for fields, waters and woods; which land lies idle."""

from datetime import date

from django.db import models

from ..querysets import AbandonedLandQuerySet, DutyHolderQuerySet
from ..states import DutyKind


class DutyHolder(models.Model):
    """长制名册: a person answers for a field, water or wood of a place between two days."""

    kind = models.CharField("长制", max_length=8, choices=DutyKind.choices)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    stretch = models.CharField("责任范围", max_length=120, blank=True)
    person = models.CharField("姓名", max_length=60)
    post = models.CharField("职务", max_length=80, blank=True)
    duty = models.CharField("职责", max_length=300, blank=True)
    valid_from = models.DateField("任职日期")
    valid_to = models.DateField("卸任日期", null=True)
    made_at = models.DateTimeField("登记时间")
    made_by_label = models.CharField("登记人", max_length=120)

    objects = DutyHolderQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "division__code", "-valid_from"]

    def __str__(self) -> str:
        return f"{self.division}{self.get_kind_display()} {self.person}"

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class AbandonedLand(models.Model):
    """撂荒地: one plot that lies idle, what is done about it, and when it was farmed again."""

    village = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="行政村"
    )
    plot = models.CharField("地块", max_length=120)
    area = models.DecimalField("面积（亩）", max_digits=12, decimal_places=2)
    owner = models.CharField("承包人", max_length=60, blank=True)
    found_on = models.DateField("发现日期")
    treatment = models.CharField("治理方式", max_length=200, blank=True, default="")
    farmer = models.CharField("治理后经营者", max_length=80, blank=True, default="")
    done_on = models.DateField("复耕日期", null=True)
    made_at = models.DateTimeField("登记时间")
    made_by_label = models.CharField("登记人", max_length=120)

    objects = AbandonedLandQuerySet.as_manager()

    class Meta:
        ordering = ["done_on", "village__code", "-found_on"]
        constraints = [
            models.CheckConstraint(condition=models.Q(area__gt=0), name="land_has_an_area")
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.plot}"


class IncomeGoal(models.Model):
    """增收目标: what one group's income per head is to reach at a place in a year, in yuan."""

    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    group = models.CharField("人员", max_length=12)
    year = models.PositiveSmallIntegerField("年度")
    value = models.DecimalField("目标（元）", max_digits=12, decimal_places=2)
    source = models.CharField("依据", max_length=200, blank=True)
    made_at = models.DateTimeField("登记时间")
    made_by_label = models.CharField("登记人", max_length=120)

    class Meta:
        ordering = ["division__code", "group", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "group", "year"], name="income_goal_once_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.year}"


class IncomeBenchmark(models.Model):
    """收入基准: what the statistics bureau published for all rural people of a place and year."""

    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    year = models.PositiveSmallIntegerField("年度")
    value = models.DecimalField("人均可支配收入（元）", max_digits=12, decimal_places=2)
    growth = models.DecimalField("比上年增长（%）", max_digits=6, decimal_places=2)
    source = models.CharField("出处", max_length=200)
    published_on = models.DateField("公布日期")
    made_at = models.DateTimeField("登记时间")
    made_by_label = models.CharField("登记人", max_length=120)

    class Meta:
        ordering = ["-year", "division__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "year"], name="income_benchmark_once_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.division} {self.year}"
