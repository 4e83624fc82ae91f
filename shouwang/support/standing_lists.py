"""户的底数的清单: forms, tables and filters of exits, resettlement and pensions."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse

from shouwang.core import clock
from shouwang.core.components import pill
from shouwang.core.filters import chosen
from shouwang.core.tables import AmountColumn, Column, DateColumn, NameColumn, PillColumn
from shouwang.core.tables import NumberColumn as Number

from .filters import YES_NO, PlacedFilter
from .forms import MemberForm, date_field, money_field
from .models import ExitYear, PensionYear, Resettlement
from .operations.standing_checks import FIRST_YEAR
from .states import DemolitionDuty, ReclaimDuty, ResettlementWay
from .tables import _RegisterTable

NOT_CHOSEN = [("", "没有登记")]


def _note() -> forms.CharField:
    return forms.CharField(label="备注", max_length=200, required=False)


def _year_field(label: str = "年度") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=FIRST_YEAR, max_value=2100)


class ExitForm(forms.Form):
    year = _year_field("脱贫年度")
    people = forms.IntegerField(
        label="脱贫人数", min_value=1, max_value=30, required=False,
        help_text="脱贫当年的家庭人数；不清楚的留空。",
    )  # fmt: skip
    note = _note()


class ResettlementForm(forms.Form):
    way = forms.ChoiceField(label="安置方式", choices=ResettlementWay.choices)
    site = forms.CharField(
        label="安置点", max_length=60, required=False, help_text="集中安置的必填。"
    )
    origin = forms.CharField(label="迁出地", max_length=60, required=False)
    people = forms.IntegerField(label="搬迁人数", min_value=1, max_value=30, required=False)
    moved_on = date_field("入住日期", required=False, help_text="没有入住的留空。")
    demolition = forms.ChoiceField(
        label="旧房", choices=[*NOT_CHOSEN, *DemolitionDuty.choices], required=False
    )
    demolished_on = date_field("拆旧日期", required=False, help_text="没有拆的留空。")
    exempt_reason = forms.CharField(
        label="免拆原因", max_length=100, required=False, help_text="免拆的写明依据。"
    )
    reclaim = forms.ChoiceField(
        label="复垦", choices=[*NOT_CHOSEN, *ReclaimDuty.choices], required=False
    )
    reclaim_area = forms.DecimalField(
        label="复垦面积（亩）", min_value=0, max_digits=9, decimal_places=3, required=False
    )
    reclaimed_on = date_field("复垦日期", required=False)
    note = _note()


class PensionForm(forms.Form):
    year = _year_field()
    insured = forms.TypedChoiceField(
        label="参保", choices=YES_NO, coerce=lambda value: value == "yes", initial="yes"
    )
    grade = money_field("缴费档次", required=False, help_text="每年缴多少元。")
    aid = money_field("代缴金额", required=False, help_text="其中由政府代缴的。")
    aid_by = forms.CharField(
        label="代缴单位", max_length=40, required=False, help_text="例如：县财政局。"
    )
    receiving_since = date_field("开始领取", required=False, help_text="已领取待遇的填。")
    note = _note()


class NewPensionForm(MemberForm, PensionForm):
    member = forms.ChoiceField(label="成员")

    field_order = ("member",)


def correction_of(form: type[forms.Form]) -> type[forms.Form]:
    """The same form with the reason and the version of a correction."""
    return type(
        f"{form.__name__}Correction", (form,),
        {
            "reason": forms.CharField(label="更正理由", max_length=200),
            "version": forms.IntegerField(widget=forms.HiddenInput),
        },
    )  # fmt: skip


class _CorrigibleTable(_RegisterTable):
    """A row leads to its own page, where it is corrected and its history stands."""

    def row_url(self, record: Any) -> str:
        return reverse("support:entry", args=[record.REGISTER, record.pk])


class ExitTable(_CorrigibleTable):
    """脱贫年度."""

    head = NameColumn(verbose_name="户主", accessor="household__head_name", default="（未登记）")
    year = Column(verbose_name="脱贫年度")
    people = Number(verbose_name="脱贫人数", unit="人")
    type = Column(verbose_name="档案户类型", accessor="household__household_type")

    unit = "户"
    default_columns = ("head", "household_no", "town", "village", "year", "people", "type")
    card_columns = ("head", "year", "people")
    sums = ("people",)

    class Meta:
        model = ExitYear
        fields = ("head", "household_no", "town", "village", "year", "people", "type", "note")


def moved_state(row: Resettlement) -> tuple[str, str]:
    return ("done", "已入住") if row.moved_on else ("late", "未入住")


def old_house_state(row: Resettlement) -> tuple[str, str]:
    if row.demolished_on:
        return "done", "已拆"
    return {"due": ("late", "应拆未拆"), "exempt": ("idle", "免拆")}.get(
        row.demolition, ("near", "没有登记")
    )


def reclaim_state(row: Resettlement) -> tuple[str, str]:
    if row.reclaimed_on:
        return "done", "已复垦"
    return {"due": ("late", "未复垦"), "exempt": ("idle", "不需复垦")}.get(
        row.reclaim, ("near", "没有登记")
    )


class ResettlementTable(_CorrigibleTable):
    """易地搬迁."""

    head = NameColumn(verbose_name="户主", accessor="household__head_name", default="（未登记）")
    way = Column(verbose_name="安置方式")
    site = Column(verbose_name="安置点")
    origin = Column(verbose_name="迁出地")
    people = Number(verbose_name="搬迁人数", unit="人")
    moved = PillColumn(verbose_name="入住", accessor="pk", order_by="moved_on")
    moved_on = DateColumn(verbose_name="入住日期")
    old_house = PillColumn(
        verbose_name="旧房", accessor="pk", order_by=("demolition", "demolished_on")
    )
    demolished_on = DateColumn(verbose_name="拆旧日期")
    exempt_reason = Column(verbose_name="免拆原因")
    reclaimed = PillColumn(verbose_name="复垦", accessor="pk", order_by=("reclaim", "reclaimed_on"))
    reclaim_area = Number(verbose_name="复垦面积", unit="亩")
    reclaimed_on = DateColumn(verbose_name="复垦日期")

    unit = "户"
    default_columns = (
        "head", "village", "way", "site", "moved", "old_house", "reclaimed", "reclaim_area",
    )  # fmt: skip
    card_columns = ("head", "site", "old_house")
    sums = ("people", "reclaim_area")

    class Meta:
        model = Resettlement
        fields = (
            "head", "household_no", "town", "village", "way", "site", "origin", "people", "moved",
            "moved_on", "old_house", "demolished_on", "exempt_reason", "reclaimed",
            "reclaim_area", "reclaimed_on", "note",
        )  # fmt: skip

    def render_moved(self, record: Resettlement) -> str:
        return pill(*moved_state(record))

    def value_moved(self, record: Resettlement) -> str:
        return moved_state(record)[1]

    def render_old_house(self, record: Resettlement) -> str:
        return pill(*old_house_state(record))

    def value_old_house(self, record: Resettlement) -> str:
        return old_house_state(record)[1]

    def render_reclaimed(self, record: Resettlement) -> str:
        return pill(*reclaim_state(record))

    def value_reclaimed(self, record: Resettlement) -> str:
        return reclaim_state(record)[1]


class PensionTable(_CorrigibleTable):
    """养老保险."""

    name = NameColumn(verbose_name="姓名", accessor="member__name")
    year = Column(verbose_name="年度")
    insured = PillColumn(verbose_name="参保", tones={"True": "done", "False": "late"})
    grade = AmountColumn(verbose_name="缴费档次")
    aid = AmountColumn(verbose_name="代缴金额")
    aid_by = Column(verbose_name="代缴单位")
    receiving_since = DateColumn(verbose_name="开始领取")

    unit = "人年"
    default_columns = (
        "name", "village", "year", "insured", "grade", "aid", "aid_by", "receiving_since",
    )  # fmt: skip
    card_columns = ("name", "year", "insured")
    sums = ("grade", "aid")

    class Meta:
        model = PensionYear
        fields = (
            "name", "head", "household_no", "town", "village", "year", "insured", "grade", "aid",
            "aid_by", "receiving_since", "note",
        )  # fmt: skip

    def render_insured(self, record: PensionYear) -> str:
        return pill("done" if record.insured else "late", self.value_insured(record))

    def value_insured(self, record: PensionYear) -> str:
        return "已参保" if record.insured else "没有参保"


class ExitFilter(PlacedFilter):
    year = chosen("脱贫年度", choices=lambda: [(y, f"{y}年") for y in years_back(FIRST_YEAR)])

    class Meta:
        model = ExitYear
        fields: list[str] = []


def years_back(first: int) -> list[int]:
    return list(range(clock.today().year, first - 1, -1))


DONE = {
    "moved": Q(moved_on__isnull=False),
    "demolished": Q(demolished_on__isnull=False),
    "reclaimed": Q(reclaimed_on__isnull=False),
}
OPEN_ENDS = {
    "moved": ("没有入住", Q(moved_on=None)),
    "demolished": ("应拆未拆", Q(demolition="due", demolished_on=None)),
    "reclaimed": ("应复垦未复垦", Q(reclaim="due", reclaimed_on=None)),
    "unknown": ("旧房或复垦没有登记", Q(demolition="") | Q(demolition="due", reclaim="")),
}


class ResettlementFilter(PlacedFilter):
    q = django_filters.CharFilter(label="户编号、姓名或安置点", method="by_text")
    way = chosen("安置方式", choices=ResettlementWay.choices)
    site = chosen("安置点")
    open = chosen(
        "没有完成", choices=[(key, label) for key, (label, _) in OPEN_ENDS.items()],
        method="by_open",
    )  # fmt: skip

    class Meta:
        model = Resettlement
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = self.queryset.exclude(site="").order_by("site").values_list("site", flat=True)
        self.filters["site"].extra["choices"] = [(site, site) for site in sites.distinct()[:500]]

    def by_text(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        text = value.strip().replace("\x00", "")
        named = Q(household__household_no=text) | Q(household__head_name__startswith=text)
        return queryset.filter(named | Q(site__contains=text))

    def by_open(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(OPEN_ENDS[value][1])


class PensionFilter(PlacedFilter):
    names = ("member__name", "household__head_name")
    year = chosen("年度", choices=lambda: [(y, f"{y}年") for y in years_back(FIRST_YEAR)])
    insured = chosen("参保", choices=YES_NO, method="by_insured")
    aided = chosen("政府代缴", choices=YES_NO, method="by_aid")
    receiving = chosen("领取待遇", choices=YES_NO, method="by_receiving")

    class Meta:
        model = PensionYear
        fields: list[str] = []

    def by_insured(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(insured=value == "yes")

    def by_aid(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(aid__isnull=value == "no")

    def by_receiving(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(receiving_since__isnull=value == "no")
