"""Filters of the inspections room: one definition for page, chips and export."""

from typing import Any

import django_filters
from django.db.models import Q

from shouwang.core import clock
from shouwang.core.filters import chosen
from shouwang.core.requests import actor_of

from .models import Batch, Inspection, Problem, ProblemUnit, SpecialCheck
from .queries import batches_visible_to, problems_visible_to
from .states import (
    Duty,
    Mode,
    Severity,
    Spread,
    inspection_table,
    problem_table,
    special_table,
)
from .terms import terms


def source_choices() -> list[tuple[str, str]]:
    return list(terms().sources.items())


class ProblemFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="问题或编号", method="by_text")
    state = chosen(
        "状态",
        choices=[
            ("unsolved", "没有销号的"),
            ("late", "超期的"),
            ("solved", "已销号的"),
            *[(one.key, one.label) for one in problem_table().states.values()],
        ],
        method="by_state",
    )
    unit = chosen("单位", method="by_unit")
    source = chosen("来源", choices=source_choices(), field_name="batch__source")
    batch = chosen("批次")
    area = chosen("领域", choices=list(terms().areas.items()))
    severity = chosen("轻重", choices=Severity.choices)
    mode = chosen("整改类型", choices=Mode.choices)
    spread = chosen("共性个性", choices=Spread.choices)

    class Meta:
        model = Problem
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None:
            actor = actor_of(self.request)
            seen = problems_visible_to(actor).values("pk")
            units = ProblemUnit.objects.filter(problem__in=seen, duty=Duty.LEAD).order_by("name")
            self.filters["unit"].extra["choices"] = [
                (name, name) for name in units.values_list("name", flat=True).distinct()
            ]
            self.filters["batch"].extra["choices"] = [
                (str(pk), name[:40])
                for pk, name in batches_visible_to(actor).values_list("pk", "name")
            ]

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        text = value.strip()
        return queryset.filter(Q(text__contains=text) | Q(number=text))

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        if value == "unsolved":
            return queryset.unsolved()
        if value == "late":
            return queryset.late(clock.today())
        return queryset.signed() if value == "solved" else queryset.filter(state=value)

    def by_unit(self, queryset: Any, name: str, value: str) -> Any:
        units = ProblemUnit.objects.filter(name=value, duty=Duty.LEAD)
        return queryset.filter(pk__in=units.values("problem"))


class BatchFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="批次名称", field_name="name", lookup_expr="contains")
    source = chosen("来源", choices=source_choices())

    class Meta:
        model = Batch
        fields: list[str] = []


class InspectionFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="名称", field_name="title", lookup_expr="contains")
    state = chosen(
        "状态", choices=[(one.key, one.label) for one in inspection_table().states.values()]
    )

    class Meta:
        model = Inspection
        fields: list[str] = []


class SpecialFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="名称", field_name="title", lookup_expr="contains")
    state = chosen(
        "状态", choices=[(one.key, one.label) for one in special_table().states.values()]
    )

    class Meta:
        model = SpecialCheck
        fields: list[str] = []
