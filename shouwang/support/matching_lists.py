"""供需对接的清单: forms, tables and filters of needs and offers."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.urls import reverse

from shouwang.core import clock
from shouwang.core.components import pill
from shouwang.core.filters import chosen
from shouwang.core.lifecycle import Transition
from shouwang.core.tables import Column, DateColumn, NameColumn, PillColumn, Table
from shouwang.divisions.models import Division

from .filters import PlacedFilter
from .forms import date_field, words
from .matching import plain
from .models import HouseholdNeed, SocialOffer
from .states import need_kind_choices, need_states, need_tones
from .tables import WordColumn

OFFER_STATES = [("open", "可认领"), ("used", "已认领完"), ("over", "已过期"), ("ended", "已停止")]


def amount(quantity: Any, unit: str) -> str:
    return "" if quantity is None else f"{plain(quantity)} {unit}"


def offer_state(offer: SocialOffer) -> tuple[str, str]:
    """Tone and words."""
    if offer.ended_on:
        return "idle", "已停止"
    if offer.until and offer.until < clock.today():
        return "idle", "已过期"
    return ("going", "已认领完") if offer.left == 0 else ("done", "可认领")


class NeedForm(forms.Form):
    kind = forms.ChoiceField(label="类别", choices=lambda: [("", "请选择"), *need_kind_choices()])
    what = forms.CharField(
        label="需求",
        max_length=60,
        help_text="一项写一条，例如：棉被、轮椅、鸡苗。不写病情和号码。",
    )
    quantity = forms.DecimalField(
        label="数量", required=False, min_value=0, max_digits=9, decimal_places=2
    )
    unit = forms.CharField(
        label="计量单位", max_length=10, required=False, help_text="例如：床、台、只。"
    )
    raised_on = date_field("提出日期", initial=clock.today)
    source = forms.CharField(
        label="来源", max_length=60, required=False, help_text="例如：走访时提出、产业需求。"
    )
    note = forms.CharField(label="备注", max_length=200, required=False)


class OfferForm(forms.Form):
    provider = forms.CharField(label="提供方", max_length=60, help_text="单位、企业或爱心人士。")
    contact = forms.CharField(label="联系人", max_length=40, required=False)
    kind = forms.ChoiceField(label="类别", choices=lambda: [("", "请选择"), *need_kind_choices()])
    what = forms.CharField(label="内容", max_length=60)
    quantity = forms.DecimalField(
        label="数量", required=False, min_value=0, max_digits=9, decimal_places=2,
        help_text="不限数量的留空。",
    )  # fmt: skip
    unit = forms.CharField(label="计量单位", max_length=10, required=False)
    division = forms.ModelChoiceField(label="供给范围", queryset=Division.objects.none())
    until = date_field("有效期至", required=False, help_text="长期有效的留空。")
    note = forms.CharField(label="备注", max_length=200, required=False)

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["division"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = places


class OfferEndForm(forms.Form):
    reason = forms.CharField(label="停止理由", max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class NeedStepForm(forms.Form):
    """What one step asks for; taking shows the offer, which is chosen beside the need."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, row: Transition, offer: SocialOffer | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if row.action == "take":
            self.fields["offer"] = forms.IntegerField(widget=forms.HiddenInput)
            unit = f"单位：{offer.unit}。" if offer and offer.unit else ""
            self.fields["quantity"] = forms.DecimalField(
                label="认领数量", required=False, min_value=0, max_digits=9, decimal_places=2,
                help_text=f"{unit}不填时按需求的数量，剩余不够的按剩余。",
            )  # fmt: skip
        if "date" in row.asks:
            self.fields["date"] = date_field("送达日期", initial=clock.today)
        if "result" in row.asks:
            self.fields["result"] = words(
                "农户反馈", max_length=500, help_text="收到了什么，合不合用，农户怎么说。"
            )
        if "reason" in row.asks:
            self.fields["reason"] = words("理由", max_length=500)


class NeedTable(Table):
    """社会帮扶需求: one row a need."""

    what = NameColumn(verbose_name="需求")
    kind = Column(verbose_name="类别", accessor="kind_label", order_by="kind")
    quantity = Column(verbose_name="数量")
    head = Column(verbose_name="户主", accessor="household__head_name", default="（未登记）")
    town = Column(verbose_name="乡镇", accessor="household__village__parent__name")
    village = Column(
        verbose_name="村", accessor="household__village__name", order_by="household__village__code"
    )
    raised_on = DateColumn(verbose_name="提出日期")
    state = WordColumn(verbose_name="状态", words="state_label", tones=need_tones())
    chance = PillColumn(verbose_name="供给", accessor="pk", orderable=False)
    provider = Column(verbose_name="提供方", accessor="offer__provider")
    given_on = DateColumn(verbose_name="送达日期")
    source = Column(verbose_name="来源")

    unit = "项"
    default_columns = (
        "what", "kind", "quantity", "head", "village", "raised_on", "state", "chance",
    )  # fmt: skip
    card_columns = ("what", "head", "state")

    class Meta:
        model = HouseholdNeed
        fields = (
            "what", "kind", "quantity", "head", "town", "village", "raised_on", "state", "chance",
            "provider", "given_on", "source",
        )  # fmt: skip

    def row_url(self, record: HouseholdNeed) -> str:
        return reverse("support:need", args=[record.pk])

    def render_quantity(self, record: HouseholdNeed) -> str:
        return self.value_quantity(record) or "—"

    def value_quantity(self, record: HouseholdNeed) -> str:
        return amount(record.quantity, record.unit)

    def render_chance(self, record: Any) -> Any:
        words = self.value_chance(record)
        tone = "late" if words == "没有供给" else "done" if words == "有供给" else "idle"
        return pill(tone, words) if words else "—"

    def value_chance(self, record: Any) -> str:
        if record.state != "open":
            return ""
        return "有供给" if record.has_offer else "没有供给"


class NeedFilter(PlacedFilter):
    state = chosen("状态", choices=need_states)
    kind = chosen("类别", choices=need_kind_choices)
    chance = chosen("供给", choices=[("none", "没有供给"), ("some", "有供给")], method="by_chance")
    raised_on = django_filters.DateFromToRangeFilter(label="提出日期")

    class Meta:
        model = HouseholdNeed
        fields: list[str] = []

    def by_chance(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(state="open", has_offer=value == "some")


class OfferTable(Table):
    """社会帮扶供给: one row an offer."""

    what = NameColumn(verbose_name="内容")
    provider = Column(verbose_name="提供方")
    kind = Column(verbose_name="类别", accessor="kind_label", order_by="kind")
    left = Column(verbose_name="剩余")
    quantity = Column(verbose_name="总数")
    place = Column(verbose_name="供给范围", accessor="division__name", order_by="division__code")
    until = DateColumn(verbose_name="有效期至")
    state = PillColumn(verbose_name="状态", accessor="pk", orderable=False)
    contact = Column(verbose_name="联系人")
    recorded_by_label = Column(verbose_name="登记人")

    unit = "项"
    default_columns = ("what", "provider", "kind", "left", "quantity", "place", "until", "state")
    card_columns = ("what", "provider", "state")

    class Meta:
        model = SocialOffer
        fields = (
            "what", "provider", "kind", "left", "quantity", "place", "until", "state", "contact",
            "recorded_by_label",
        )  # fmt: skip

    def row_url(self, record: SocialOffer) -> str:
        return reverse("support:offer", args=[record.pk])

    def render_left(self, record: SocialOffer) -> str:
        return self.value_left(record)

    def value_left(self, record: SocialOffer) -> str:
        return amount(record.left, record.unit) or "不限"

    def render_quantity(self, record: SocialOffer) -> str:
        return self.value_quantity(record)

    def value_quantity(self, record: SocialOffer) -> str:
        return amount(record.quantity, record.unit) or "不限"

    def render_state(self, record: SocialOffer) -> Any:
        return pill(*offer_state(record))

    def value_state(self, record: SocialOffer) -> str:
        return offer_state(record)[1]


class OfferFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="内容或提供方", method="by_words")
    kind = chosen("类别", choices=need_kind_choices)
    state = chosen("状态", choices=OFFER_STATES, method="by_state")

    class Meta:
        model = SocialOffer
        fields: list[str] = []

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        text = value.strip().replace("\x00", "")
        return queryset.filter(Q(what__contains=text) | Q(provider__contains=text))

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        over = Q(until__lt=clock.today())
        wanted = {
            "ended": Q(ended_on__isnull=False),
            "over": Q(ended_on=None) & over,
            "used": Q(ended_on=None, left=0) & ~over,
            "open": Q(ended_on=None) & ~over & (Q(left=None) | Q(left__gt=0)),
        }
        return queryset.filter(wanted[value])
