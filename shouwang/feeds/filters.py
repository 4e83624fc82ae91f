"""部门数据的筛选: batches by kind, department, state and month; unlinked rows by reason too."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django_tables2.data import TableListData

from . import wording
from .models import BatchState, FeedBatch
from .preparing import rulebook
from .queries.doubtful import REASONS, DoubtfulRows


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


class DoubtfulFilter:
    """筛选未关联的行: like a filter set, over rows that lie in files."""

    def __init__(
        self, data: Mapping[str, Any], *, queryset: DoubtfulRows, request: object = None
    ) -> None:
        self.is_bound = True
        self.rows = queryset
        self.form = _DoubtfulForm(data, queryset)

    @cached_property
    def qs(self) -> TableListData:
        """What a table reads page by page; a plain list of it would be read whole."""
        self.form.is_valid()
        wanted = self.form.cleaned_data
        batches = [
            batch
            for batch in self.rows.batches
            if wanted.get("feed") in ("", None, batch.feed)
            and wanted.get("month") in ("", None, f"{batch.period_end:%Y-%m}")
            and wanted.get("county") in ("", None, str(batch.division_id))
        ]
        reasons = (wanted["reason"],) if wanted.get("reason") else REASONS
        return TableListData(replace(self.rows, batches=batches, reasons=reasons))


class _DoubtfulForm(forms.Form):
    feed = forms.ChoiceField(label="数据种类", required=False)
    reason = forms.ChoiceField(label="原因", required=False)
    month = forms.ChoiceField(label="期间止的月份", required=False)
    county = forms.ChoiceField(label="县", required=False)

    def __init__(self, data: Mapping[str, Any], rows: DoubtfulRows) -> None:
        super().__init__(data)
        batches = rows.batches
        titles = {one.feed: rulebook().feeds[one.feed].title for one in batches}
        months = sorted({f"{one.period_end:%Y-%m}" for one in batches}, reverse=True)
        counties = {str(one.division_id): one.division.name for one in batches}
        self._offer("feed", sorted(titles.items(), key=lambda one: one[1]))
        self._offer("reason", [(key, wording.UNLINKED[key].label) for key in REASONS])
        self._offer("month", [(month, month) for month in months])
        self._offer("county", counties.items())
        if len(counties) < 2:
            del self.fields["county"]

    def _offer(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", "全部"), *choices]  # type: ignore[attr-defined]
