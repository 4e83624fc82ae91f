"""走访、明白纸、成效评议: what was seen, told and achieved."""

import uuid as uuids

from django.db import models

from ..querysets import OfHouseholdQuerySet
from ..states import Conclusion, VisitWay


class Visit(models.Model):
    """走访: one visit or call, with the checklist as it was asked; a failing item raised a clue.

    `answers` is a list of {"key", "text", "value", "is_failing", "note", "clue"}.
    """

    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="visits", verbose_name="农户"
    )
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, related_name="visits", verbose_name="个案"
    )
    visited_on = models.DateField("走访日期")
    way = models.CharField("方式", max_length=8, choices=VisitWay.choices, default=VisitWay.HOME)
    visitors = models.CharField("走访人", max_length=120)
    by_contact = models.BooleanField("联系人走访", default=False)
    persons_met = models.CharField("见到的人", max_length=80, blank=True)
    template = models.CharField("清单", max_length=40, blank=True)
    template_version = models.PositiveSmallIntegerField("清单版本", null=True)
    answers = models.JSONField("清单答案", default=list)
    failing = models.PositiveSmallIntegerField("不合格项", default=0)
    situation = models.CharField("走访情况", max_length=1000, blank=True)
    needs = models.CharField("困难和需求", max_length=500, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+")
    recorded_by_label = models.CharField("登记人", max_length=120)
    token = models.UUIDField(
        "登记标识", default=uuids.uuid4, unique=True, help_text="同一张表重复提交时只登记一次。"
    )

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["-visited_on", "-pk"]
        indexes = [models.Index(fields=["household", "visited_on"], name="support_visit_day")]

    def __str__(self) -> str:
        return f"{self.visited_on} {self.visitors}"


class PolicyCard(models.Model):
    """明白纸: the policy card of one household; its token is what the code on the sheet holds.

    The token says nothing of the household; who is not logged in is led to the village's page.
    """

    household = models.OneToOneField(
        "registry.Household", models.PROTECT, related_name="policy_card", verbose_name="农户"
    )
    token = models.UUIDField(default=uuids.uuid4, unique=True, editable=False)
    made_at = models.DateTimeField("制作时间")
    printed_at = models.DateTimeField("最近打印", null=True)
    handed_on = models.DateField("发放日期", null=True)
    handed_by_label = models.CharField("发放人", max_length=120, blank=True)
    received_by = models.CharField("签收人", max_length=40, blank=True)

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["household"]

    def __str__(self) -> str:
        return f"{self.household}明白纸"


class EffectReview(models.Model):
    """成效评议: how a household stands after help, beside how it stood before.

    Incomes are per person and year; guarantees are null while nobody looked. `verdicts` maps a
    measure's key to whether it worked.
    """

    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="effect_reviews", verbose_name="农户"
    )
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, related_name="effect_reviews", verbose_name="个案"
    )
    reviewed_on = models.DateField("评议日期")
    participants = models.CharField("参加人", max_length=200)
    income_before = models.DecimalField(
        "帮扶前人均纯收入", max_digits=14, decimal_places=2, null=True
    )
    before_words = models.CharField("帮扶前口径", max_length=60, blank=True)
    income_after = models.DecimalField(
        "帮扶后人均纯收入", max_digits=14, decimal_places=2, null=True
    )
    after_words = models.CharField("帮扶后口径", max_length=60, blank=True)
    education_ok = models.BooleanField("义务教育有保障", null=True)
    medical_ok = models.BooleanField("基本医疗有保障", null=True)
    housing_ok = models.BooleanField("住房安全有保障", null=True)
    water_ok = models.BooleanField("饮水安全有保障", null=True)
    verdicts = models.JSONField("各项措施成效", default=dict)
    conclusion = models.CharField("结论", max_length=12, choices=Conclusion.choices)
    note = models.CharField("评议意见", max_length=1000, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_label = models.CharField("登记人", max_length=120)

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["-reviewed_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.reviewed_on} {self.get_conclusion_display()}"

    @property
    def change(self) -> object:
        if self.income_before is None or self.income_after is None:
            return None
        return self.income_after - self.income_before
