"""差异的筛选: by kind, place, household and field."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from .models import Difference


class DifferenceFilter(django_filters.FilterSet):  # type: ignore[misc]
    kind = django_filters.ChoiceFilter(label="差异", choices=Difference.Kind.choices)
    town = django_filters.ChoiceFilter(label="乡镇", choices=())
    field = django_filters.ChoiceFilter(label="数据项", choices=())
    household_no = django_filters.CharFilter(label="户编号", lookup_expr="startswith")

    class Meta:
        model = Difference
        fields: list[str] = []

    def __init__(self, *args: Any, queryset: QuerySet[Difference], **kwargs: Any) -> None:
        super().__init__(*args, queryset=queryset, **kwargs)
        for name in ("town", "field"):
            known = queryset.exclude(**{name: ""}).order_by(name).values_list(name, flat=True)
            self.filters[name].extra["choices"] = [(one, one) for one in known.distinct()]
