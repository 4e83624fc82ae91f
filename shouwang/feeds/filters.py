"""部门数据的筛选: by kind, department, state and month."""

import re
from typing import Any

import django_filters
from django.db.models import QuerySet

from .models import BatchState, FeedBatch
from .preparing import rulebook


class BatchFilter(django_filters.FilterSet):  # type: ignore[misc]
    feed = django_filters.ChoiceFilter(label="数据种类", empty_label="全部")
    department = django_filters.ChoiceFilter(label="部门", empty_label="全部")
    state = django_filters.ChoiceFilter(
        label="状态", choices=BatchState.choices, empty_label="全部"
    )
    ending = django_filters.CharFilter(label="月份（2026-06）", method="ending_in")
    file_name = django_filters.CharFilter(
        label="文件名", field_name="file__file_name", lookup_expr="icontains"
    )

    class Meta:
        model = FeedBatch
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contracts = sorted(rulebook().feeds.values(), key=lambda one: (one.department, one.title))
        self.filters["feed"].extra["choices"] = [(one.key, one.title) for one in contracts]
        names = dict.fromkeys(one.department for one in contracts)
        self.filters["department"].extra["choices"] = [(name, name) for name in names]

    def ending_in(
        self, queryset: QuerySet[FeedBatch], name: str, value: str
    ) -> QuerySet[FeedBatch]:
        found = re.fullmatch(r"(\d{4})-(\d{1,2})", value.strip())
        if found is None:
            return queryset
        year, month = int(found.group(1)), int(found.group(2))
        return queryset.filter(period_end__year=year, period_end__month=month)
