"""Filters of the campaigns room: one definition for page, chips and export."""

from typing import Any

import django_filters
from django.db.models import Q

from shouwang.core import clock
from shouwang.core.filters import chosen
from shouwang.core.requests import actor_of
from shouwang.divisions.choices import offer_places

from .kinds import kind_choices
from .models import Dossier, Sweep, SweepItem
from .states import Finding, ItemState, Recheck, SweepKind, dossier_table, sweep_table


class SweepFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="名称", field_name="title", lookup_expr="contains")
    kind = chosen("范围", choices=SweepKind.choices)
    state = chosen(
        "状态", choices=[(state.key, state.label) for state in sweep_table().states.values()]
    )

    class Meta:
        model = Sweep
        fields: list[str] = []


class ItemFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="户主或户编号", method="by_text")
    town = chosen("乡镇", field_name="village__parent__code")
    village = chosen("村", field_name="village__code")
    state = chosen("状态", choices=ItemState.choices)
    finding = chosen("结果", choices=[one for one in Finding.choices if one[0]])
    first = chosen("重点户", choices=[("yes", "只看重点"), ("no", "不是重点")], method="by_first")
    mine = chosen(
        "核查人", choices=[("me", "分派给我的"), ("none", "还没有分派")], method="by_checker"
    )
    sampled = chosen(
        "抽查",
        choices=[("yes", "抽中复核"), ("left", "抽中未复核"), *Recheck.choices[1:]],
        method="by_sample",
    )

    class Meta:
        model = SweepItem
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self, "campaigns.view")

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        text = value.strip()
        return queryset.filter(
            Q(household__head_name__startswith=text) | Q(household__household_no=text)
        )

    def by_first(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(weight__gt=0) if value == "yes" else queryset.filter(weight=0)

    def by_checker(self, queryset: Any, name: str, value: str) -> Any:
        who = actor_of(self.request).account_id if value == "me" else None
        return queryset.filter(checker=who)

    def by_sample(self, queryset: Any, name: str, value: str) -> Any:
        sampled = queryset.filter(is_sampled=True)
        if value == "yes":
            return sampled
        return sampled.filter(recheck="" if value == "left" else value)


class DossierFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="户主、成员或户编号", method="by_text")
    town = chosen("乡镇", field_name="village__parent__code")
    village = chosen("村", field_name="village__code")
    kind = chosen("类别", choices=kind_choices())
    state = chosen(
        "状态",
        choices=[
            ("unsolved", "没有解决的"),
            ("late", "已超期的"),
            *[(state.key, state.label) for state in dossier_table().states.values()],
        ],
        method="by_state",
    )

    class Meta:
        model = Dossier
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self, "campaigns.view")

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        text = value.strip()
        return queryset.filter(
            Q(household__head_name__startswith=text)
            | Q(member__name__startswith=text)
            | Q(household__household_no=text)
        )

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        if value == "unsolved":
            return queryset.unsolved()
        return queryset.late(clock.today()) if value == "late" else queryset.filter(state=value)
