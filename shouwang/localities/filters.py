"""Filters of the localities room: one definition for page, chips and export."""

from typing import Any

import django_filters

from shouwang.campaigns.states import dossier_table
from shouwang.core import clock
from shouwang.core.filters import chosen
from shouwang.divisions.choices import offer_places
from shouwang.divisions.models import Division

from .models import WaterProblem, WaterWorks
from .models.water import kind_choices
from .queries import GAPS, late_tests


class WorksFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="工程名称", field_name="name", lookup_expr="contains")
    town = chosen("乡镇", method="by_town")
    village = chosen("供水村", field_name="villages__code")
    kind = chosen("类型", choices=kind_choices())
    test = chosen(
        "检测", method="by_test",
        choices=[("late", "超期未检"), ("failed", "最近一次不合格"), ("problem", "有问题没销号")],
    )  # fmt: skip
    persons = chosen("三个责任", choices=[("missing", "没有落实")], method="by_persons")

    class Meta:
        model = WaterWorks
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self, "localities.view")

    def by_town(self, queryset: Any, name: str, value: str) -> Any:
        keys = WaterWorks.objects.filter(villages__parent__code=value).values("pk")
        return queryset.filter(pk__in=keys)

    def by_test(self, queryset: Any, name: str, value: str) -> Any:
        if value == "late":
            return queryset.filter(late_tests(clock.today()))
        if value == "failed":
            return queryset.filter(last_passed=False)
        return queryset.filter(has_problem=True)

    def by_persons(self, queryset: Any, name: str, value: str) -> Any:
        named = queryset.exclude(government="").exclude(department="").exclude(operator="")
        return queryset.exclude(pk__in=named.values("pk"))


class ProblemFilter(django_filters.FilterSet):  # type: ignore[misc]
    state = chosen(
        "状态", method="by_state",
        choices=[("unsolved", "没有解决的"), ("late", "已超期的"),
                 *[(one.key, one.label) for one in dossier_table().states.values()]],
    )  # fmt: skip

    class Meta:
        model = WaterProblem
        fields: list[str] = []

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        if value == "unsolved":
            return queryset.unsolved()
        if value == "late":
            return queryset.unsolved().filter(due_on__lt=clock.today())
        return queryset.filter(state=value)


class GridFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="村名", field_name="name", lookup_expr="contains")
    town = chosen("乡镇", field_name="parent__code")
    gap = chosen(
        "缺什么", choices=[(key, words) for key, (words, _) in GAPS.items()], method="by_gap"
    )

    class Meta:
        model = Division
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self, "localities.view")

    def by_gap(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(GAPS[value][1])
