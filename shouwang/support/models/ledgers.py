"""到户台账 (ledgers): insurance with its claims, subsidies, care of the four diseases."""

from django.db import models

from ..item_lists import (
    disease_choices,
    diseases,
    insurance_choices,
    insurances,
    subsidies,
    subsidy_choices,
)
from ..querysets import OfHouseholdQuerySet
from ..states import ClaimState
from .registers import _Registered


class InsurancePolicy(_Registered):
    """保险: one policy of a household, for its people, its crop or its animals."""

    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="policies", verbose_name="农户"
    )
    kind = models.CharField("险种", max_length=12, choices=insurance_choices)
    insurer = models.CharField("保险公司", max_length=60)
    policy_no = models.CharField("保单号", max_length=60, blank=True)
    subject = models.CharField("保险标的", max_length=60, blank=True)
    sum_insured = models.DecimalField("保险金额", max_digits=14, decimal_places=2)
    premium = models.DecimalField("保费", max_digits=12, decimal_places=2)
    aid = models.DecimalField("保费补贴", max_digits=12, decimal_places=2, null=True)
    starts_on = models.DateField("起保日期")
    ends_on = models.DateField("到期日期")

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "kind", "insurer", "subject", "starts_on"],
                name="support_policy_once",
            ),
            models.CheckConstraint(
                condition=models.Q(sum_insured__gt=0, premium__gte=0)
                & models.Q(ends_on__gt=models.F("starts_on")),
                name="support_policy_sound",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.kind_label}"

    @property
    def kind_label(self) -> str:
        return insurances().get(self.kind, self.kind)


class InsuranceClaim(_Registered):
    """理赔: what was asked of an insurer after an event, and what came of it."""

    policy = models.ForeignKey(InsurancePolicy, models.PROTECT, related_name="claims")
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="claims", verbose_name="农户"
    )
    happened_on = models.DateField("出险日期")
    event = models.CharField("出险原因", max_length=100)
    claimed = models.DecimalField("报损金额", max_digits=14, decimal_places=2)
    paid = models.DecimalField("赔付金额", max_digits=14, decimal_places=2, null=True)
    paid_on = models.DateField("赔付日期", null=True)
    state = models.CharField("状态", max_length=10, choices=ClaimState.choices)

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "happened_on", "event"], name="support_claim_once"
            ),
            models.CheckConstraint(
                condition=models.Q(claimed__gt=0) & (models.Q(paid=None) | models.Q(paid__gte=0)),
                name="support_claim_sound",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.happened_on}"


class Subsidy(_Registered):
    """到户补贴: one item that a household was paid, by area or piece."""

    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="subsidies", verbose_name="农户"
    )
    item = models.CharField("项目", max_length=20, choices=subsidy_choices)
    year = models.PositiveSmallIntegerField("年度")
    quantity = models.DecimalField("面积（数量）", max_digits=12, decimal_places=3, null=True)
    amount = models.DecimalField("金额", max_digits=12, decimal_places=2)
    paid_on = models.DateField("发放日期")

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["-paid_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "item", "year", "paid_on"], name="support_subsidy_once"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0), name="support_subsidy_positive"
            ),
        ]
        indexes = [models.Index(fields=["year", "item"], name="support_subsidy_year")]

    def __str__(self) -> str:
        return f"{self.household} {self.item_label}"

    @property
    def item_label(self) -> str:
        return subsidies().get(self.item, self.item)


class CareFlag(_Registered):
    """四病管理: one member's disease under the care of the health office.

    A state of health: it is shown in this register only, never on cards or notices.
    """

    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="care_flags", verbose_name="农户"
    )
    member = models.ForeignKey(
        "registry.Member", models.PROTECT, related_name="care_flags", verbose_name="成员"
    )
    disease = models.CharField("病种", max_length=16, choices=disease_choices)
    is_managed = models.BooleanField("已规范管理")
    doctor = models.CharField("家庭医生", max_length=40, blank=True)
    noted_on = models.DateField("建档日期")
    followed_on = models.DateField("最近随访", null=True)

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["is_managed", "followed_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "disease"], name="support_care_once")
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.disease_label}"

    @property
    def disease_label(self) -> str:
        return diseases().get(self.disease, self.disease)
