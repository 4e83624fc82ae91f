"""区划列表."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from shouwang.core.tables import Column, DateColumn, NameColumn, Table

from .levels import Level
from .models import Division
from .querysets import DivisionQuerySet


class DivisionTable(Table):
    """区划一览: the present ones, or with the abolished."""

    name = NameColumn(verbose_name="名称")
    code = Column(verbose_name="区划代码")
    level = Column(verbose_name="级别", accessor="get_level_display", order_by="level")
    parent = Column(verbose_name="上级", accessor="parent__name")
    valid_from = DateColumn(verbose_name="生效日期")
    valid_to = DateColumn(verbose_name="失效日期")
    successor = Column(verbose_name="并入", accessor="successor__name")

    class Meta(Table.Meta):
        model = Division
        fields = ("name", "code", "level", "parent", "valid_from", "valid_to", "successor")
        order_by = "code"

    unit = "个"
    default_columns = ("name", "code", "level", "parent", "valid_from", "valid_to")
    card_columns = ("name", "code", "level")


class DivisionFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="名称、拼音或代码", method="by_words")
    level = django_filters.ChoiceFilter(label="级别", choices=Level.choices, empty_label="全部")
    ended = django_filters.BooleanFilter(
        label="已撤销", field_name="valid_to", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Division
        fields: list[str] = []

    def by_words(self, rows: DivisionQuerySet, name: str, value: str) -> QuerySet[Any]:
        return rows.matching(value)
