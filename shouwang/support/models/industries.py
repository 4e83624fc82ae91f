"""家庭产业 (industries): what a household grows, keeps, makes or offers in one year."""

from django.db import models

from ..item_lists import industries, industry_choices, link_choices, links
from ..querysets import OfHouseholdQuerySet
from .registers import _Registered


class Industry(_Registered):
    """家庭产业: one line of a household's industry in a year; unknown money stays empty."""

    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="industries", verbose_name="农户"
    )
    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("类别", max_length=12, choices=industry_choices)
    what = models.CharField("产业内容", max_length=60)
    scale = models.DecimalField("规模", max_digits=12, decimal_places=2, null=True)
    unit = models.CharField("计量单位", max_length=10, blank=True)
    output = models.DecimalField("产值", max_digits=12, decimal_places=2, null=True)
    income = models.DecimalField("纯收入", max_digits=12, decimal_places=2, null=True)
    channel = models.CharField("销售渠道", max_length=60, blank=True)
    enterprise = models.CharField("带动主体", max_length=60, blank=True)
    link = models.CharField("带动方式", max_length=12, choices=link_choices, blank=True)
    needs = models.CharField("产业需求", max_length=200, blank=True)
    ended_on = models.DateField("结束日期", null=True)

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "household__village__code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "year", "kind", "what"], name="support_industry_once"
            ),
            models.CheckConstraint(
                condition=(models.Q(output=None) | models.Q(output__gte=0))
                & (models.Q(scale=None) | models.Q(scale__gt=0)),
                name="support_industry_sound",
            ),
        ]
        indexes = [models.Index(fields=["year", "kind"], name="support_industry_year")]

    def __str__(self) -> str:
        return f"{self.household} {self.what}"

    @property
    def kind_label(self) -> str:
        return industries().get(self.kind, self.kind)

    @property
    def link_label(self) -> str:
        return links().get(self.link, self.link)


class IndustryChange(models.Model):
    """家庭产业更正: what stood before and after, why, and by whom."""

    industry = models.ForeignKey(Industry, models.PROTECT, related_name="changes")
    at = models.DateTimeField("更正时间")
    actor_label = models.CharField("更正人", max_length=120)
    reason = models.CharField("理由", max_length=200)
    changes = models.JSONField("改动", default=list)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.industry} {self.at:%Y-%m-%d}"
