"""历史基数的清单: forms, table and filter."""

from typing import Any

import django_filters
from django import forms
from django.urls import reverse

from shouwang.core import clock
from shouwang.core.filters import chosen
from shouwang.core.tables import Column, NameColumn, NumberColumn, Table
from shouwang.divisions.choices import offer_places
from shouwang.divisions.models import Division
from shouwang.registry.models import Household

from .models import BaselineValue
from .series import first_year, series_choices

LEVELS = [("county", "县"), ("town", "乡镇"), ("village", "村")]


def years() -> list[tuple[int, str]]:
    return [(year, f"{year}年") for year in range(clock.today().year, first_year() - 1, -1)]


class ValueForm(forms.Form):
    value = forms.DecimalField(
        label="数值", min_value=0, max_digits=18, decimal_places=2,
        help_text="单位见系列，例如人均纯收入按元填写。",
    )  # fmt: skip
    source = forms.CharField(label="来源", max_length=120, help_text="哪份文件、报表或统计年鉴。")
    note = forms.CharField(label="备注", max_length=200, required=False)


class NewValueForm(ValueForm):
    division = forms.ModelChoiceField(label="区划", queryset=Division.objects.none())
    series = forms.ChoiceField(label="系列", choices=series_choices)
    year = forms.IntegerField(label="年度", min_value=1950, max_value=2100)

    field_order = ("division", "series", "year", "value", "source", "note")

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["division"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = places
        field.label_from_instance = lambda one: (  # type: ignore[method-assign,assignment]
            f"{one.parent.name} {one.name}" if one.level == "village" and one.parent else one.name
        )


class CorrectionForm(ValueForm):
    reason = forms.CharField(label="更正理由", max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ValueTable(Table):
    """历史基数."""

    place = NameColumn(verbose_name="区划", accessor="division__name")
    town = Column(verbose_name="上级", accessor="division__parent__name")
    series = Column(verbose_name="系列")
    year = Column(verbose_name="年度")
    value = NumberColumn(verbose_name="数值")
    unit_name = Column(verbose_name="计量单位", accessor="kind__unit", orderable=False)
    source = Column(verbose_name="来源")
    note = Column(verbose_name="备注")

    unit = "条"
    default_columns = ("place", "town", "series", "year", "value", "unit_name", "source")
    card_columns = ("place", "series", "value")

    class Meta:
        model = BaselineValue
        fields = ("place", "town", "series", "year", "value", "unit_name", "source", "note")

    def row_url(self, record: BaselineValue) -> str:
        return record.get_absolute_url()


class ValueFilter(django_filters.FilterSet):  # type: ignore[misc]
    series = chosen("系列", choices=series_choices())
    year = chosen("年度", choices=years)
    level = chosen("层级", field_name="division__level", choices=LEVELS)
    town = chosen("乡镇", method="by_town")

    class Meta:
        model = BaselineValue
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self, "baselines.view")

    def by_town(self, queryset: Any, name: str, value: str) -> Any:
        town = Division.objects.filter(code=value, level="town").first()
        return queryset.filter(division__path__startswith=town.path) if town else queryset.none()


class MissingExitTable(Table):
    """脱贫户 of which nobody noted when it left poverty."""

    head = NameColumn(verbose_name="户主", accessor="head_name", default="（未登记）")
    household_no = Column(verbose_name="户编号")
    town = Column(verbose_name="乡镇", accessor="village__parent__name")
    village = Column(verbose_name="村", accessor="village__name", order_by="village__code")
    attribute = Column(verbose_name="脱贫户属性")

    unit = "户"
    default_columns = ("head", "household_no", "town", "village", "attribute")
    card_columns = ("head", "village")

    class Meta:
        model = Household
        fields = ("head", "household_no", "town", "village", "attribute")

    def row_url(self, record: Household) -> str:
        return f"{reverse('support:household', args=[record.household_no])}?tab=standing"
