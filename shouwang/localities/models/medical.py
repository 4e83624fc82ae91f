"""村级医疗卫生服务 (medical services): what a village has, as seen on a day."""

from django.db import models

from ..querysets import VillageMedicalQuerySet


class VillageMedical(models.Model):
    """村级医疗卫生服务: whether a village has a clinic and how many qualified doctors."""

    village = models.OneToOneField(
        "divisions.Division", models.PROTECT, related_name="medical", verbose_name="行政村"
    )
    has_clinic = models.BooleanField("有村卫生室")
    doctors = models.PositiveSmallIntegerField("合格村医人数")
    note = models.CharField("备注", max_length=200, blank=True)
    checked_on = models.DateField("核实日期")
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = VillageMedicalQuerySet.as_manager()

    class Meta:
        ordering = ["village__code"]

    def __str__(self) -> str:
        return self.village.name
