"""政策宣传 (publicity): leaflets, who has got them, and what was told where."""

from django.db import models
from django.urls import reverse

from ..querysets import LeafletQuerySet, OfHouseholdQuerySet, OfVillageQuerySet
from ..states import EventKind, HandoutWay, LeafletKind


class Leaflet(models.Model):
    """宣传资料: one leaflet in one version."""

    title = models.CharField("名称", max_length=80)
    kind = models.CharField("类型", max_length=12, choices=LeafletKind.choices)
    edition = models.CharField("版次", max_length=20)
    department = models.CharField("编印单位", max_length=60, blank=True)
    printed = models.PositiveIntegerField("印数")
    made_on = models.DateField("印制日期")
    is_for_all = models.BooleanField("应发到每户", default=True)
    note = models.CharField("备注", max_length=200, blank=True)
    ended_on = models.DateField("停发日期", null=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )

    objects = LeafletQuerySet.as_manager()

    class Meta:
        ordering = ["-made_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "title", "edition"], name="outreach_leaflet_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.edition}）"

    def get_absolute_url(self) -> str:
        return reverse("outreach:leaflet", args=[self.pk])


class Handout(models.Model):
    """发放签收: one household has got one leaflet, and who signed for it."""

    leaflet = models.ForeignKey(Leaflet, models.PROTECT, related_name="handouts")
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="handouts", verbose_name="农户"
    )
    handed_on = models.DateField("发放日期")
    way = models.CharField("方式", max_length=8, choices=HandoutWay.choices)
    received_by = models.CharField("签收人", max_length=40)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["-handed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["leaflet", "household"], name="outreach_handout_once")
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.handed_on}"


class PublicityEvent(models.Model):
    """宣传活动: where, when, on what, with how many people; photos hang on it as evidence."""

    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="区划"
    )
    held_on = models.DateField("日期")
    kind = models.CharField("形式", max_length=12, choices=EventKind.choices)
    place = models.CharField("地点", max_length=80)
    topic = models.CharField("主题", max_length=120)
    people = models.PositiveIntegerField("参加人数")
    note = models.CharField("情况", max_length=500, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)

    objects = OfVillageQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.held_on:%Y-%m-%d} {self.topic}"

    def get_absolute_url(self) -> str:
        return reverse("outreach:event", args=[self.pk])
