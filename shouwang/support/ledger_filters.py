"""Filters of the ledgers: insurance, claims, subsidies, care of the four diseases."""

from typing import Any

import django_filters

from shouwang.core import clock
from shouwang.core.filters import chosen

from .filters import YES_NO, PlacedFilter
from .item_lists import disease_choices, insurance_choices, subsidy_choices
from .models import CareFlag, InsuranceClaim, InsurancePolicy, Subsidy
from .states import ClaimState


class PolicyFilter(PlacedFilter):
    kind = chosen("险种", choices=insurance_choices())
    valid = chosen("保险期间", choices=[("now", "在保"), ("over", "已到期")], method="by_validity")
    starts_on = django_filters.DateFromToRangeFilter(label="起保日期")

    class Meta:
        model = InsurancePolicy
        fields: list[str] = []

    def by_validity(self, queryset: Any, name: str, value: str) -> Any:
        today = clock.today()
        if value == "now":
            return queryset.filter(starts_on__lte=today, ends_on__gte=today)
        return queryset.filter(ends_on__lt=today)


class ClaimFilter(PlacedFilter):
    kind = chosen("险种", field_name="policy__kind", choices=insurance_choices())
    state = chosen("状态", choices=ClaimState.choices)
    happened_on = django_filters.DateFromToRangeFilter(label="出险日期")

    class Meta:
        model = InsuranceClaim
        fields: list[str] = []


class SubsidyFilter(PlacedFilter):
    item = chosen("项目", choices=subsidy_choices())
    year = django_filters.NumberFilter(label="年度")

    class Meta:
        model = Subsidy
        fields: list[str] = []


class CareFilter(PlacedFilter):
    names = ("member__name", "household__head_name")
    disease = chosen("病种", choices=disease_choices())
    managed = chosen("规范管理", choices=YES_NO, method="by_managed")

    class Meta:
        model = CareFlag
        fields: list[str] = []

    def by_managed(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(is_managed=value == "yes")
