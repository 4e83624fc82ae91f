"""Filters of the assistance room: one definition for page, chips and export."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from shouwang.core.filters import chosen
from shouwang.divisions.choices import offer_places
from shouwang.registry.models import Household

from .models import Referral, TierTag
from .querysets import LABOUR
from .states import Direction, ReferralState, Tier

YES_NO = [("yes", "有劳动力"), ("no", "无劳动力")]
CURRENT = [("current", "当前在册"), ("ended", "已退出"), ("all", "全部")]


class PlaceFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Town and village of one's own scope; `place` is how a row reaches its village."""

    place = "village"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self, "assistance.view")


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
