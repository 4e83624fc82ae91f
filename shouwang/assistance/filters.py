"""Filters of the assistance room: one definition for page, chips and export."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from shouwang.core.requests import actor_of
from shouwang.divisions.models import Division
from shouwang.registry.models import Household
from shouwang.registry.querysets import within

from .models import Referral, TierTag
from .querysets import LABOUR
from .states import Direction, ReferralState, Tier

YES_NO = [("yes", "有劳动力"), ("no", "无劳动力")]
CURRENT = [("current", "当前在册"), ("ended", "已退出"), ("all", "全部")]


def chosen(label: str, **options: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(label=label, empty_label="全部", **options)


def _villages(request: HttpRequest) -> QuerySet[Division]:
    actor = actor_of(request)
    found = Division.objects.filter(within(actor, "assistance.view", ""), level="village")
    town = request.GET.get("town", "")
    return found.filter(parent__code=town) if town else found


def town_choices(request: HttpRequest) -> list[tuple[str, str]]:
    actor = actor_of(request)
    villages = Division.objects.filter(within(actor, "assistance.view", ""), level="village")
    towns = Division.objects.filter(pk__in=villages.values("parent"))
    return list(towns.order_by("code").values_list("code", "name"))


def village_choices(request: HttpRequest) -> list[tuple[str, str]]:
    return list(_villages(request).order_by("code").values_list("code", "name"))


class PlaceFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Town and village of one's own scope; `place` is how a row reaches its village."""

    place = "village"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None:
            self.filters["town"].extra["choices"] = town_choices(self.request)
            self.filters["village"].extra["choices"] = village_choices(self.request)


class TierFilter(PlaceFilter):
    q = django_filters.CharFilter(label="姓名或户编号", method="by_text")
    town = chosen("乡镇", field_name="household__village__parent__code")
    village = chosen("村", field_name="household__village__code")
    tier = chosen("困难类型", choices=Tier.choices)
    state = chosen("在册情况", choices=CURRENT, method="by_state")
    labour = chosen("劳动力", choices=YES_NO, method="by_labour")

    class Meta:
        model = TierTag
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[TierTag]) -> QuerySet[TierTag]:
        found: QuerySet[TierTag] = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(valid_to=None)

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        text = value.strip()
        return queryset.filter(Q(member__name__startswith=text) | Q(household__household_no=text))

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        if value == "all":
            return queryset
        return queryset.filter(valid_to__isnull=value == "current")

    def by_labour(self, queryset: Any, name: str, value: str) -> Any:
        has = Q(member__labour__in=LABOUR)
        return queryset.filter(has if value == "yes" else ~has | Q(member__labour=None))


class DifferenceFilter(PlaceFilter):
    q = django_filters.CharFilter(label="户主或户编号", method="by_text")
    town = chosen("乡镇", field_name="village__parent__code")
    village = chosen("村", field_name="village__code")
    tier = chosen("困难类型", choices=Tier.choices, method="by_tier")
    labour = chosen("劳动力", choices=YES_NO, method="by_labour")
    referral = chosen(
        "转介", choices=[("none", "未转介"), *ReferralState.choices], method="by_referral"
    )

    class Meta:
        model = Household
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        text = value.strip()
        return queryset.filter(Q(head_name__startswith=text) | Q(household_no=text))

    def by_tier(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(low_income__tiers__contains=Tier(value).label)

    def by_labour(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(has_labour=value == "yes")

    def by_referral(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(referral_state=None if value == "none" else value)


class ReferralFilter(PlaceFilter):
    town = chosen("乡镇", field_name="household__village__parent__code")
    village = chosen("村", field_name="household__village__code")
    direction = chosen("方向", choices=Direction.choices)
    state = chosen("状态", choices=ReferralState.choices)

    class Meta:
        model = Referral
        fields: list[str] = []
