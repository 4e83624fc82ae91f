"""户的底数 (standing facts of households): when it left poverty, where it moved, whose pension is
paid. Rows are corrected with a reason; what stood before stays in the record (`RegisterChange`)."""

from django.db import models

from ..querysets import OfHouseholdQuerySet
from ..states import DemolitionDuty, ReclaimDuty, ResettlementWay
from .registers import _Registered


class RegisterChange(models.Model):
    """台账更正: what stood before and after in one row of a register, why, and by whom."""

    register = models.CharField("台账", max_length=20)
    row = models.PositiveBigIntegerField("记录")
    at = models.DateTimeField("更正时间")
    actor_label = models.CharField("更正人", max_length=120)
    reason = models.CharField("理由", max_length=200)
    changes = models.JSONField("改动", default=list)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["register", "row"], name="support_change_of_row")]

    def __str__(self) -> str:
        return f"{self.register} {self.reason}"


class _Corrigible(_Registered):
    """A row whose corrections stand in `RegisterChange` under the key of its register."""

    REGISTER = ""

    class Meta:
        abstract = True

    @property
    def changes(self) -> models.QuerySet[RegisterChange]:
        return RegisterChange.objects.filter(register=self.REGISTER, row=self.pk)


class ExitYear(_Corrigible):
    """脱贫年度: the year in which a household left poverty, and how many people it had then."""

    REGISTER = "exits"
    household = models.OneToOneField(
        "registry.Household", models.PROTECT, related_name="exit_year", verbose_name="农户"
    )
    year = models.PositiveSmallIntegerField("脱贫年度")
    people = models.PositiveSmallIntegerField("脱贫人数", null=True)

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["year", "household__village__code", "pk"]
        indexes = [models.Index(fields=["year"], name="support_exit_year")]

    def __str__(self) -> str:
        return f"{self.household} {self.year}"


class Resettlement(_Corrigible):
    """易地搬迁: where a household was resettled, whether it lives there, and what became of the old
    house and its land."""

    REGISTER = "resettlement"
    household = models.OneToOneField(
        "registry.Household", models.PROTECT, related_name="resettlement", verbose_name="农户"
    )
    way = models.CharField("安置方式", max_length=10, choices=ResettlementWay.choices)
    site = models.CharField("安置点", max_length=60, blank=True)
    origin = models.CharField("迁出地", max_length=60, blank=True)
    people = models.PositiveSmallIntegerField("搬迁人数", null=True)
    moved_on = models.DateField("入住日期", null=True)
    demolition = models.CharField("旧房", max_length=10, choices=DemolitionDuty.choices, blank=True)
    demolished_on = models.DateField("拆旧日期", null=True)
    exempt_reason = models.CharField("免拆原因", max_length=100, blank=True)
    reclaim = models.CharField("复垦", max_length=10, choices=ReclaimDuty.choices, blank=True)
    reclaim_area = models.DecimalField("复垦面积（亩）", max_digits=9, decimal_places=3, null=True)
    reclaimed_on = models.DateField("复垦日期", null=True)

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["household__village__code", "site", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(demolished_on=None) | models.Q(demolition="due"),
                name="support_demolished_was_due",
            ),
            models.CheckConstraint(
                condition=models.Q(reclaimed_on=None)
                | models.Q(reclaim="due", demolished_on__isnull=False),
                name="support_reclaimed_was_due",
            ),
        ]
        indexes = [models.Index(fields=["site"], name="support_resettlement_site")]

    def __str__(self) -> str:
        return f"{self.household} {self.site or self.get_way_display()}"


class PensionYear(_Corrigible):
    """养老保险: one person's resident pension insurance in one year, and who paid the premium."""

    REGISTER = "pensions"
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="pension_years", verbose_name="农户"
    )
    member = models.ForeignKey(
        "registry.Member", models.PROTECT, related_name="pension_years", verbose_name="成员"
    )
    year = models.PositiveSmallIntegerField("年度")
    insured = models.BooleanField("参保")
    grade = models.DecimalField("缴费档次", max_digits=10, decimal_places=2, null=True)
    aid = models.DecimalField("代缴金额", max_digits=10, decimal_places=2, null=True)
    aid_by = models.CharField("代缴单位", max_length=40, blank=True)
    receiving_since = models.DateField("开始领取", null=True)

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "household__village__code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "year"], name="support_pension_once_a_year"),
            models.CheckConstraint(
                condition=models.Q(aid=None) | models.Q(aid__gt=0, insured=True),
                name="support_pension_aid_sound",
            ),
        ]
        indexes = [models.Index(fields=["year", "insured"], name="support_pension_year")]

    def __str__(self) -> str:
        return f"{self.member} {self.year}"
