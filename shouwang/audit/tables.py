"""审计日志列表."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse

from shouwang.core import formats
from shouwang.core.tables import Column, NameColumn, NumberColumn, Table

from .models import AuditEntry
from .queries import source_text
from .wording import action_label, declared_actions, room_labels


class EntryTable(Table):
    """审计记录一览, newest first."""

    at = NameColumn(verbose_name="时间")
    actor_label = Column(verbose_name="操作人")
    acting_as = Column(verbose_name="岗位")
    action = Column(verbose_name="操作")
    summary = Column(verbose_name="内容")
    source = Column(verbose_name="来源", orderable=False, empty_values=())
    sequence = NumberColumn(verbose_name="链上序号")

    class Meta(Table.Meta):
        model = AuditEntry
        fields = ("at", "actor_label", "acting_as", "action", "summary", "source", "sequence")
        order_by = "-at"

    unit = "条"
    default_columns = ("at", "actor_label", "acting_as", "action", "summary", "sequence")
    card_columns = ("at", "actor_label", "summary")

    def row_url(self, record: AuditEntry) -> str:
        return reverse("audit:detail", args=[record.pk])

    def render_at(self, value: Any, record: AuditEntry) -> Any:
        column = self.columns["at"].column
        return NameColumn.render(column, formats.moment(value), record, self)

    def value_at(self, value: Any) -> str:
        return str(formats.moment(value))

    def render_action(self, value: str) -> str:
        return action_label(value)

    def value_action(self, value: str) -> str:
        return action_label(value)

    def render_source(self, record: AuditEntry) -> str:
        return source_text(record.source) or formats.DASH

    def value_source(self, record: AuditEntry) -> str:
        return source_text(record.source)


def action_choices() -> list[tuple[str, str]]:
    """The declared actions by their words, and every room as a whole."""
    rooms = [(f"{code}.", f"{label}（全部）") for code, label in room_labels().items()]
    return [*rooms, *sorted(declared_actions().items(), key=lambda pair: pair[0])]


class EntryFilter(django_filters.FilterSet):  # type: ignore[misc]
    who = django_filters.CharFilter(
        label="操作人", field_name="actor_label", lookup_expr="contains"
    )
    action = django_filters.ChoiceFilter(
        label="操作", choices=action_choices, empty_label="全部", method="by_action"
    )
    at = django_filters.DateFromToRangeFilter(label="日期")
    division = django_filters.CharFilter(label="区划代码或名称", method="by_division")
    q = django_filters.CharFilter(label="内容", field_name="summary", lookup_expr="contains")
    target = django_filters.CharFilter(label="对象编号", field_name="target_id")

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def by_action(self, rows: QuerySet[AuditEntry], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(action__startswith=value) if value.endswith(".") else rows.filter(
            action=value
        )  # fmt: skip

    def by_division(self, rows: QuerySet[AuditEntry], name: str, value: str) -> QuerySet[Any]:
        """The log knows paths only; the room above gives them to whoever may ask."""
        finder = getattr(self.request, "division_paths", None)
        paths = finder(value) if finder else []
        condition = Q(pk__in=[])
        for path in paths:
            condition |= Q(division_path__startswith=path)
        return rows.filter(condition)
