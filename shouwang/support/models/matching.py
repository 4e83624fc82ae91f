"""社会帮扶供需 (needs and offers): what a household needs, and what somebody would give."""

from django.db import models
from django.urls import reverse

from ..querysets import OfferQuerySet, OfHouseholdQuerySet
from ..states import need_kind_choices, need_kinds, need_states, need_table


class SocialOffer(models.Model):
    """社会帮扶供给: what a unit or a person offers, where, and until when.

    `quantity` empty: not counted. `left` is what nobody has taken yet; only operations change it.
    """

    provider = models.CharField("提供方", max_length=60)
    contact = models.CharField("联系人", max_length=40, blank=True)
    kind = models.CharField("类别", max_length=12, choices=need_kind_choices)
    what = models.CharField("内容", max_length=60)
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=2, null=True)
    left = models.DecimalField("剩余数量", max_digits=12, decimal_places=2, null=True)
    unit = models.CharField("计量单位", max_length=10, blank=True)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="+", verbose_name="供给范围"
    )
    until = models.DateField("有效期至", null=True)
    note = models.CharField("备注", max_length=200, blank=True)
    ended_on = models.DateField("停止日期", null=True)
    end_reason = models.CharField("停止理由", max_length=200, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["ended_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quantity=None, left=None)
                | models.Q(quantity__gt=0, left__gte=0, left__lte=models.F("quantity")),
                name="support_offer_sound",
            ),
        ]
        indexes = [models.Index(fields=["kind", "ended_on"], name="support_offer_kind")]

    def __str__(self) -> str:
        return f"{self.provider}：{self.what}"

    def get_absolute_url(self) -> str:
        return reverse("support:offer", args=[self.pk])

    @property
    def kind_label(self) -> str:
        return need_kinds().get(self.kind, self.kind)


class HouseholdNeed(models.Model):
    """社会帮扶需求; only `operations.take_need_step` changes `state`.

    `offer` and `granted` say who has taken it and how much; `source` where it came up.
    """

    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="needs", verbose_name="农户"
    )
    kind = models.CharField("类别", max_length=12, choices=need_kind_choices)
    what = models.CharField("需求", max_length=60)
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=2, null=True)
    unit = models.CharField("计量单位", max_length=10, blank=True)
    raised_on = models.DateField("提出日期")
    source = models.CharField("来源", max_length=60, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=need_states, default="open")
    offer = models.ForeignKey(
        SocialOffer, models.PROTECT, null=True, related_name="needs", verbose_name="供给"
    )
    granted = models.DecimalField("认领数量", max_digits=12, decimal_places=2, null=True)
    given_on = models.DateField("送达日期", null=True)
    feedback = models.CharField("农户反馈", max_length=500, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["raised_on", "pk"]
        indexes = [models.Index(fields=["state", "kind"], name="support_need_state")]

    def __str__(self) -> str:
        return f"{self.household} {self.what}"

    def get_absolute_url(self) -> str:
        return reverse("support:need", args=[self.pk])

    @property
    def kind_label(self) -> str:
        return need_kinds().get(self.kind, self.kind)

    @property
    def state_label(self) -> str:
        return need_table().state(self.state).label

    @property
    def state_tone(self) -> str:
        return need_table().state(self.state).tone


class NeedStep(models.Model):
    """需求办理记录: every step with who took it and why."""

    need = models.ForeignKey(HouseholdNeed, models.CASCADE, related_name="steps")
    label = models.CharField("办理", max_length=40)
    to_state = models.CharField(max_length=10)
    at = models.DateTimeField("时间")
    actor_label = models.CharField("办理人", max_length=120)
    note = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        ordering = ["need", "pk"]

    def __str__(self) -> str:
        return f"{self.label} {self.actor_label}"
