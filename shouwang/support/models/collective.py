"""集体保单 (collective policies): one policy that insures many households, people or plots."""

from django.db import models

from ..item_lists import insurance_choices, insurances
from ..querysets import CollectivePolicyQuerySet, OfHouseholdQuerySet, OfPolicyQuerySet
from ..states import ClaimState
from .standing import _Corrigible


class CollectivePolicy(_Corrigible):
    """集体保单: taken out by a county, town or village; three parties may share the premium."""

    REGISTER = "collective"
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="投保单位所在地"
    )
    kind = models.CharField("险种", max_length=12, choices=insurance_choices)
    insurer = models.CharField("保险公司", max_length=60)
    policy_no = models.CharField("保单号", max_length=60)
    holder = models.CharField("投保单位", max_length=60)
    sum_insured = models.DecimalField("保险金额", max_digits=16, decimal_places=2)
    premium = models.DecimalField("保费", max_digits=14, decimal_places=2)
    from_state = models.DecimalField("财政承担", max_digits=14, decimal_places=2)
    from_village = models.DecimalField("村集体承担", max_digits=14, decimal_places=2)
    from_households = models.DecimalField("农户承担", max_digits=14, decimal_places=2)
    starts_on = models.DateField("起保日期")
    ends_on = models.DateField("到期日期")

    objects = CollectivePolicyQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["insurer", "policy_no"], name="support_collective_once"
            ),
            models.CheckConstraint(
                condition=models.Q(sum_insured__gt=0, premium__gte=0)
                & models.Q(ends_on__gt=models.F("starts_on")),
                name="support_collective_sound",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_label} {self.policy_no}"

    @property
    def kind_label(self) -> str:
        return insurances().get(self.kind, self.kind)


class Insured(models.Model):
    """被保险人: one household, person or plot that a collective policy insures."""

    policy = models.ForeignKey(CollectivePolicy, models.PROTECT, related_name="insured")
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="insured", verbose_name="农户"
    )
    member = models.ForeignKey(
        "registry.Member", models.PROTECT, null=True, related_name="insured", verbose_name="成员"
    )
    subject = models.CharField("标的", max_length=60, blank=True)
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=3, null=True)
    sum_insured = models.DecimalField("保险金额", max_digits=14, decimal_places=2, null=True)
    own_premium = models.DecimalField("农户缴费", max_digits=12, decimal_places=2, null=True)
    file_name = models.CharField("来源文件", max_length=200, blank=True)
    file_row = models.PositiveIntegerField("所在行", null=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["policy", "household__village__code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "household", "subject"],
                condition=models.Q(member=None),
                name="support_insured_home_once",
            ),
            models.UniqueConstraint(
                fields=["policy", "member", "subject"],
                condition=models.Q(member__isnull=False),
                name="support_insured_person_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.subject or self.policy}"


class CollectiveClaim(models.Model):
    """集体理赔: one claim on a collective policy; what is paid is divided to the fen."""

    policy = models.ForeignKey(CollectivePolicy, models.PROTECT, related_name="claims")
    happened_on = models.DateField("出险日期")
    event = models.CharField("出险原因", max_length=100)
    claimed = models.DecimalField("报损金额", max_digits=16, decimal_places=2)
    paid = models.DecimalField("赔付金额", max_digits=16, decimal_places=2, null=True)
    paid_on = models.DateField("赔付日期", null=True)
    state = models.CharField("状态", max_length=10, choices=ClaimState.choices)
    note = models.CharField("备注", max_length=200, blank=True)
    divided_at = models.DateTimeField("分配时间", null=True)
    divided_by_label = models.CharField("分配人", max_length=120, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = OfPolicyQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "happened_on", "event"], name="support_collective_claim_once"
            ),
            models.CheckConstraint(
                condition=models.Q(claimed__gt=0) & (models.Q(paid=None) | models.Q(paid__gt=0)),
                name="support_collective_claim_sound",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.happened_on}"


class ClaimPayout(models.Model):
    """到户赔款: what one of the insured got of a collective claim."""

    claim = models.ForeignKey(CollectiveClaim, models.CASCADE, related_name="payouts")
    insured = models.ForeignKey(Insured, models.PROTECT, related_name="payouts")
    household = models.ForeignKey("registry.Household", models.PROTECT, related_name="payouts")
    amount = models.DecimalField("金额", max_digits=14, decimal_places=2)

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["claim", "household__village__code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "insured"], name="support_payout_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="support_payout_sound"),
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.amount}"
