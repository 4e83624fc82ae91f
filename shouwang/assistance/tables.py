"""Tables of the assistance room: one definition for page, export and print."""

from typing import Any

from django.urls import reverse

from shouwang.core.tables import (
    AmountColumn,
    Column,
    DateColumn,
    MomentColumn,
    NameColumn,
    NumberColumn,
    PillColumn,
    Table,
)
from shouwang.registry.models import Household

from .models import Referral, TierTag
from .states import REFERRAL_TONES, TIER_TONES

ONE_LINE = {"td": {"class": "date"}}


class TierTable(Table):
    """One row a person and stay in a tier."""

    name = NameColumn(verbose_name="姓名", accessor="member__name", order_by="member__name")
    household = Column(
        verbose_name="户主", accessor="household__head_name", order_by="household__head_name"
    )
    household_no = Column(verbose_name="户编号", accessor="household__household_no")
    town = Column(verbose_name="乡镇", accessor="household__village__parent__name")
    village = Column(
        verbose_name="村", accessor="household__village__name", order_by="household__village__code"
    )
    tier = PillColumn(verbose_name="困难类型", tones=TIER_TONES)
    kind = Column(verbose_name="救助类别")
    labour = Column(verbose_name="劳动技能", accessor="member__labour", attrs=ONE_LINE)
    valid_from = DateColumn(verbose_name="起始日期")
    valid_to = DateColumn(verbose_name="截止日期")
    amount = AmountColumn(verbose_name="月发放金额")
    months = NumberColumn(verbose_name="在册期数", unit="期")

    unit = "人次"
    default_columns = (
        "name", "household", "village", "tier", "kind", "labour", "valid_from", "amount",
    )  # fmt: skip
    card_columns = ("name", "tier", "village")
    sums = ("amount",)

    class Meta:
        model = TierTag
        fields = (
            "name", "household", "household_no", "town", "village", "tier", "kind", "labour",
            "valid_from", "valid_to", "amount", "months",
        )  # fmt: skip

    def row_url(self, record: TierTag) -> str:
        return reverse("assistance:household", args=[record.household.household_no])


class DifferenceTable(Table):
    """One row a household of one side."""

    name = NameColumn(verbose_name="户主", accessor="head_name", order_by="head_name")
    household_no = Column(verbose_name="户编号")
    town = Column(verbose_name="乡镇", accessor="village__parent__name")
    village = Column(verbose_name="村", accessor="village__name", order_by="village__code")
    tiers = Column(
        verbose_name="民政困难类型", accessor="low_income__tiers", attrs={"td": {"class": "wrap"}}
    )
    persons = NumberColumn(verbose_name="在册人数", accessor="low_income__persons", unit="人")
    amount = AmountColumn(verbose_name="月发放金额", accessor="low_income__amount")
    monitor_class = Column(verbose_name="监测对象类别")
    labour = Column(verbose_name="劳动力", accessor="has_labour", order_by="has_labour")
    referral = PillColumn(
        verbose_name="转介", accessor="referral_state", tones=REFERRAL_TONES, orderable=False
    )

    unit = "户"
    default_columns = (
        "name", "town", "village", "tiers", "persons", "monitor_class", "labour", "referral",
    )  # fmt: skip
    card_columns = ("name", "tiers", "monitor_class")

    class Meta:
        model = Household
        fields = (
            "name", "household_no", "town", "village", "tiers", "persons", "amount",
            "monitor_class", "labour", "referral",
        )  # fmt: skip

    def row_url(self, record: Household) -> str:
        return reverse("assistance:household", args=[record.household_no])

    def render_labour(self, value: Any) -> str:
        return self.value_labour(value)

    def value_labour(self, value: Any) -> str:
        return "有" if value else "无"


class ReferralTable(Table):
    """One row a referral."""

    name = NameColumn(
        verbose_name="农户", accessor="household__head_name", order_by="household__head_name"
    )
    town = Column(verbose_name="乡镇", accessor="household__village__parent__name")
    village = Column(verbose_name="村", accessor="household__village__name")
    direction = Column(verbose_name="方向", attrs=ONE_LINE)
    reason = Column(verbose_name="理由", attrs={"td": {"class": "wrap"}})
    state = PillColumn(verbose_name="状态", tones=REFERRAL_TONES)
    created_at = MomentColumn(verbose_name="转介时间")
    created_by_label = Column(verbose_name="转介人")
    answer = Column(verbose_name="答复", attrs={"td": {"class": "wrap"}})
    answered_at = MomentColumn(verbose_name="答复时间")

    default_columns = (
        "name", "village", "direction", "reason", "state", "created_at", "created_by_label",
        "answer",
    )  # fmt: skip
    card_columns = ("name", "direction", "state")

    class Meta:
        model = Referral
        fields = (
            "name", "town", "village", "direction", "reason", "state", "created_at",
            "created_by_label", "answer", "answered_at",
        )  # fmt: skip

    def row_url(self, record: Referral) -> str:
        return reverse("assistance:referral", args=[record.pk])
