"""Filters of the outreach room: one definition for page, chips and export."""

from typing import Any

import django_filters
from django.db.models import Q

from shouwang.core.filters import chosen
from shouwang.divisions.choices import offer_places
from shouwang.divisions.models import Division
from shouwang.registry.models import Household

from .models import Leaflet, PublicityEvent
from .states import EventKind, LeafletKind


class _Placed(django_filters.FilterSet):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self, "outreach.view")


class CodeFilter(_Placed):
    q = django_filters.CharFilter(label="村名", field_name="name", lookup_expr="contains")
    town = chosen("乡镇", field_name="parent__code")
    code = chosen("申报码", choices=[("has", "在用"), ("none", "没有")], method="by_code")

    class Meta:
        model = Division
        fields: list[str] = []

    def by_code(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(code_made__isnull=value == "none")


class LeafletFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="名称", field_name="title", lookup_expr="contains")
    kind = chosen("类型", choices=LeafletKind.choices)

    class Meta:
        model = Leaflet
        fields: list[str] = []


class HandoutFilter(_Placed):
    q = django_filters.CharFilter(label="户主或户编号", method="by_text")
    town = chosen("乡镇", field_name="village__parent__code")
    village = chosen("村", field_name="village__code")
    got = chosen("发放", choices=[("no", "还没有发到"), ("yes", "已发放")], method="by_got")

    class Meta:
        model = Household
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        text = value.strip()
        return queryset.filter(Q(head_name__startswith=text) | Q(household_no=text))

    def by_got(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(has_got=value == "yes")


class EventFilter(_Placed):
    q = django_filters.CharFilter(label="主题或地点", method="by_text")
    kind = chosen("形式", choices=EventKind.choices)
    held_on = django_filters.DateFromToRangeFilter(label="日期")

    class Meta:
        model = PublicityEvent
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        text = value.strip()
        return queryset.filter(Q(topic__contains=text) | Q(place__contains=text))
