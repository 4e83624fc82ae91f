"""Tables of the assistance room: dated tiers of persons, refreshes, referrals."""

from django.db import models

from .querysets import HouseholdTierQuerySet, ReferralQuerySet, TierTagQuerySet
from .states import Direction, ReferralState, Tier


class TierRefresh(models.Model):
    """更新记录: one rebuilding of all tier tags, and from which batches."""

    made_at = models.DateTimeField("更新时间")
    made_by_label = models.CharField("更新人", max_length=120)
    newest_period = models.DateField("名单所属期", null=True)
    batches = models.JSONField("所用批次", default=list)
    person_count = models.PositiveIntegerField("当前人数", default=0)
    tag_count = models.PositiveIntegerField("标签数", default=0)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"


class TierTag(models.Model):
    """困难类型标签: one person in one tier, from the first to the last list that names him.

    `valid_from` is the day that civil affairs reported, else the first day of the first list's
    period; `valid_to` is empty while the newest list still names the person, else the end of the
    last period that did. Everything is derived from batches and rebuilt whole.
    """

    member = models.ForeignKey(
        "registry.Member", models.PROTECT, related_name="tiers", verbose_name="成员"
    )
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="tiers", verbose_name="农户"
    )
    tier = models.CharField("困难类型", max_length=8, choices=Tier.choices)
    kind = models.CharField("救助类别", max_length=40, blank=True)
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True)
    amount = models.DecimalField("月发放金额", max_digits=20, decimal_places=2, null=True)
    months = models.PositiveSmallIntegerField("在册期数", default=1)
    feed = models.CharField("数据来源", max_length=40)
    batch_key = models.CharField("最近所在批次", max_length=64)
    row = models.PositiveIntegerField("最近所在行")

    objects = TierTagQuerySet.as_manager()

    class Meta:
        ordering = ["household", "member", "tier", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "tier", "valid_from"], name="tier_once_a_start"
            )
        ]
        indexes = [models.Index(fields=["tier", "valid_to"], name="tier_current")]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} {self.valid_from:%Y-%m-%d}"


class HouseholdTier(models.Model):
    """低收入家庭: a household's current tiers together, one row a household, for lists."""

    household = models.OneToOneField(
        "registry.Household", models.PROTECT, related_name="low_income", verbose_name="农户"
    )
    tiers = models.CharField("困难类型", max_length=80)
    persons = models.PositiveSmallIntegerField("人数", default=0)
    amount = models.DecimalField("月发放金额", max_digits=20, decimal_places=2, null=True)
    since = models.DateField("最早起始", null=True)

    objects = HouseholdTierQuerySet.as_manager()

    class Meta:
        ordering = ["household__village_code", "household__household_no"]

    def __str__(self) -> str:
        return self.tiers


class Referral(models.Model):
    """转介: a household that one register knows is proposed to the other, and the answer."""

    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="referrals", verbose_name="农户"
    )
    direction = models.CharField("方向", max_length=16, choices=Direction.choices)
    reason = models.CharField("转介理由", max_length=500)
    state = models.CharField(
        "状态", max_length=12, choices=ReferralState.choices, default=ReferralState.OPEN
    )
    answer = models.CharField("答复", max_length=500, blank=True, default="")
    created_at = models.DateTimeField("转介时间")
    created_by_label = models.CharField("转介人", max_length=120)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by_label = models.CharField("答复人", max_length=120, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "direction"],
                condition=models.Q(state="open"),
                name="one_open_referral_a_direction",
            )
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.get_direction_display()}"
