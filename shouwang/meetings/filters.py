"""Filters of the list of meetings."""

from typing import Any

import django_filters
from django.db.models import Q

from shouwang.core.requests import actor_of

from .cadence import BODIES, KINDS
from .models import Meeting
from .queries import bodies_of


class MeetingFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="主题或内容", method="by_text")
    kind = django_filters.ChoiceFilter(
        label="类别", empty_label="全部", choices=list(KINDS.items())
    )
    body = django_filters.ChoiceFilter(
        label="召开单位类别", empty_label="全部", choices=list(BODIES.items())
    )
    place = django_filters.ChoiceFilter(label="区划", empty_label="全部", method="by_place")
    held = django_filters.DateFromToRangeFilter(
        label="日期",
        field_name="held_on",
        widget=django_filters.widgets.DateRangeWidget(attrs={"type": "date"}),
    )
    voided = django_filters.ChoiceFilter(
        label="状态", empty_label="有效", choices=[("all", "含已作废")], method="by_voided"
    )

    class Meta:
        model = Meeting
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None:
            from shouwang.core import clock

            actor, today = actor_of(self.request), clock.today()
            self.filters["place"].extra["choices"] = [
                (body.division.code, f"{body.place}{body.name}")
                for level in ("county", "town", "village")
                for body in bodies_of(actor, level, today)
            ]

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("voided") else found.filter(voided_at=None)

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        text = value.strip()
        return queryset.filter(Q(title__contains=text) | Q(minutes__contains=text))

    def by_place(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(division__code=value)

    def by_voided(self, queryset: Any, name: str, value: str) -> Any:
        return queryset
