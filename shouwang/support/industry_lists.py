"""家庭产业的清单: form, table and filter of the register of household industries."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse

from shouwang.core import clock, formats
from shouwang.core.components import pill
from shouwang.core.filters import chosen
from shouwang.core.tables import AmountColumn, Column, DateColumn, NameColumn, PillColumn

from .filters import PlacedFilter
from .forms import date_field, money_field
from .item_lists import industry_choices, link_choices
from .models import Industry
from .tables import _RegisterTable

STATES = [("going", "在营"), ("ended", "已结束")]


class IndustryForm(forms.Form):
    """One industry of a household; for a correction with `version` and a reason."""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    kind = forms.ChoiceField(label="类别", choices=industry_choices)
    what = forms.CharField(
        label="产业内容", max_length=60, help_text="一项写一条，例如：茶叶、能繁母猪、竹编。"
    )
    scale = forms.DecimalField(
        label="规模", required=False, min_value=0, max_digits=12, decimal_places=2
    )
    unit = forms.CharField(
        label="计量单位", max_length=10, required=False, help_text="例如：亩、头、只、平方米。"
    )
    output = money_field("产值", required=False, help_text="全年产值，按元填写；不清楚的留空。")
    income = forms.DecimalField(
        label="纯收入", required=False, max_digits=10, decimal_places=2,
        help_text="产值减去成本，亏损填负数；不清楚的留空。",
    )  # fmt: skip
    channel = forms.CharField(
        label="销售渠道", max_length=60, required=False, help_text="例如：合作社收购、集市、电商。"
    )
    enterprise = forms.CharField(
        label="带动主体", max_length=60, required=False, help_text="带动这一户的企业或合作社。"
    )
    link = forms.ChoiceField(
        label="带动方式", required=False, choices=lambda: [("", "没有"), *link_choices()]
    )
    needs = forms.CharField(label="产业需求", max_length=200, required=False)
    note = forms.CharField(label="备注", max_length=200, required=False)


class IndustryCorrectionForm(IndustryForm):
    reason = forms.CharField(label="更正理由", max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class IndustryEndForm(forms.Form):
    ended_on = date_field("结束日期", initial=clock.today)
    reason = forms.CharField(label="结束理由", max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


def industry_state(industry: Industry) -> tuple[str, str]:
    """Tone and words."""
    return ("idle", "已结束") if industry.ended_on else ("done", "在营")


class IndustryTable(_RegisterTable):
    """家庭产业."""

    head = NameColumn(verbose_name="户主", accessor="household__head_name", default="（未登记）")
    year = Column(verbose_name="年度")
    kind = Column(verbose_name="类别")
    what = Column(verbose_name="产业内容")
    scale = Column(verbose_name="规模", order_by=("unit", "scale"))
    output = AmountColumn(verbose_name="产值")
    income = AmountColumn(verbose_name="纯收入")
    channel = Column(verbose_name="销售渠道")
    enterprise = Column(verbose_name="带动主体")
    link = Column(verbose_name="带动方式")
    needs = Column(verbose_name="产业需求")
    state = PillColumn(verbose_name="状态", accessor="pk", order_by="ended_on")
    ended_on = DateColumn(verbose_name="结束日期")

    unit = "条"
    default_columns = (
        "head", "village", "year", "kind", "what", "output", "income", "enterprise",
    )  # fmt: skip
    card_columns = ("head", "what", "output")
    sums = ("output", "income")

    class Meta:
        model = Industry
        fields = (
            "head", "household_no", "town", "village", "year", "kind", "what", "scale", "output",
            "income", "channel", "enterprise", "link", "needs", "state", "ended_on", "note",
        )  # fmt: skip

    def row_url(self, record: Industry) -> str:
        return reverse("support:industry", args=[record.pk])

    def render_scale(self, record: Industry) -> str:
        return self.value_scale(record)

    def value_scale(self, record: Industry) -> str:
        return scale_words(record)

    def render_state(self, record: Industry) -> str:
        return pill(*industry_state(record))

    def value_state(self, record: Industry) -> str:
        return industry_state(record)[1]


def scale_words(industry: Industry) -> str:
    """3.5亩, without the zeros of the column."""
    if industry.scale is None:
        return ""
    return f"{formats.number(industry.scale.normalize() + 0)}{industry.unit}"


class IndustryFilter(PlacedFilter):
    q = django_filters.CharFilter(label="户编号、姓名、产业或带动主体", method="by_text")
    year = chosen("年度", choices=lambda: [(y, f"{y}年") for y in _years()])
    kind = chosen("类别", choices=industry_choices())
    linked = chosen("带动", choices=[("yes", "有带动"), ("no", "没有带动")], method="by_link")
    state = chosen("状态", choices=STATES, method="by_state")

    class Meta:
        model = Industry
        fields: list[str] = []

    def by_text(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        text = value.strip().replace("\x00", "")
        named = Q(household__household_no=text) | Q(household__head_name__startswith=text)
        return queryset.filter(named | Q(what__contains=text) | Q(enterprise__contains=text))

    def by_link(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.exclude(link="") if value == "yes" else queryset.filter(link="")

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(ended_on__isnull=value == "going")


def _years() -> list[int]:
    """This year and nine before it."""
    this = clock.today().year
    return list(range(this, this - 10, -1))
