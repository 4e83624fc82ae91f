"""主体名录 (named bodies): platforms, parks, small towns and operators, and who recognised them."""

from django.db import models
from django.urls import reverse

from ..querysets import NamedBodyQuerySet
from ..states import BodyKind, Rung


class NamedBody(models.Model):
    """主体名录: a platform, park, small town or operator that a plan counts by name."""

    kind = models.CharField("种类", max_length=12, choices=BodyKind.choices)
    name = models.CharField("名称", max_length=120)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="所在地"
    )
    industry = models.CharField("产业", max_length=60, blank=True)
    since = models.DateField("建成或登记日期", null=True)
    ended_on = models.DateField("退出日期", null=True)
    note = models.CharField("说明", max_length=200, blank=True)
    made_at = models.DateTimeField("登记时间")
    made_by_label = models.CharField("登记人", max_length=120)

    objects = NamedBodyQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "division__code", "name"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "division", "name"], name="named_body_once")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("indicators:body", args=[self.pk])


class Recognition(models.Model):
    """认定: a level of government recognised a body for something, from a day on."""

    body = models.ForeignKey(NamedBody, models.PROTECT, related_name="recognitions")
    rung = models.CharField("级别", max_length=12, choices=Rung.choices)
    title = models.CharField("认定名称", max_length=120)
    recognised_on = models.DateField("认定日期")
    ended_on = models.DateField("取消日期", null=True)
    number = models.CharField("文号", max_length=80, blank=True)
    made_at = models.DateTimeField("登记时间")
    made_by_label = models.CharField("登记人", max_length=120)

    class Meta:
        ordering = ["recognised_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "rung", "title", "recognised_on"], name="recognised_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_rung_display()}{self.title}"
