"""结对 (pairing): who is responsible for a household, and the chain of responsibility above him."""

from django.db import models

from ..querysets import OfDivisionQuerySet, OfHouseholdQuerySet
from ..states import DutyKind


class Pairing(models.Model):
    """结对: a contact cadre (帮扶联系人) and a household, from a day to a day; history stays.

    A household has one main contact at most at a time; others may stand beside him. The phone is
    sealed and shown on the household's policy card.
    """

    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="pairings", verbose_name="农户"
    )
    name = models.CharField("联系人", max_length=40)
    unit = models.CharField("单位", max_length=80, blank=True)
    post = models.CharField("职务", max_length=60, blank=True)
    phone_enc = models.BinaryField("电话（密文）", null=True)
    account = models.ForeignKey(
        "accounts.Account", models.PROTECT, null=True, related_name="pairings", verbose_name="账号"
    )
    is_main = models.BooleanField("第一联系人", default=True)
    valid_from = models.DateField("结对日期")
    valid_to = models.DateField("结束日期", null=True)
    end_reason = models.CharField("变更原因", max_length=200, blank=True)
    source_name = models.CharField("来源文件", max_length=200, blank=True)
    created_at = models.DateTimeField("登记时间")
    created_by_label = models.CharField("登记人", max_length=120)

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["household", "-valid_from", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=models.Q(valid_to=None, is_main=True),
                name="support_one_main_contact",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="support_pairing_in_order",
            ),
        ]
        indexes = [models.Index(fields=["name", "valid_to"], name="support_pairing_name")]

    def __str__(self) -> str:
        return self.name


class Duty(models.Model):
    """责任链: who stands for a village, town or county above the contact cadres, with dates."""

    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="duties", verbose_name="区划"
    )
    kind = models.CharField("责任", max_length=16, choices=DutyKind.choices)
    name = models.CharField("责任人或单位", max_length=80)
    unit = models.CharField("单位职务", max_length=80, blank=True)
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("结束日期", null=True)
    created_at = models.DateTimeField("登记时间")
    created_by_label = models.CharField("登记人", max_length=120)

    objects = OfDivisionQuerySet.as_manager()

    class Meta:
        ordering = ["division", "kind", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "kind", "name"],
                condition=models.Q(valid_to=None),
                name="support_one_duty_each",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"
