"""列表页的内部 (lists): what one request asks of a list, read so that nonsense never fails.

Unknown sort keys, pages beyond the end and filter values that cannot be read are left aside; the
person sees what was not understood.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import FieldError
from django.core.paginator import EmptyPage, InvalidPage
from django.db.models import QuerySet
from django.db.models.query import ModelIterable
from django.http import HttpRequest, QueryDict

from . import formats, list_exports, preferences
from .actor import Actor
from .components import Empty, MassAction
from .requests import actor_of
from .tables import Table

PAGE_SIZES = (25, 50, 100)
FILTER_CELLS = 4
"""How many filter fields stand in the first row; a range takes two places."""
RANGE_ENDINGS = ("min", "max", "after", "before", "0", "1")
NOT_FILTERS = {"page", "per_page", "sort", "export", "print", "csrfmiddlewaretoken"}
YES_NO = {True: "是", False: "否", "true": "是", "false": "否"}


@dataclass(frozen=True)
class Chip:
    """One condition in force, and the address of the list without it."""

    label: str
    value: str
    remove_url: str


@dataclass(frozen=True)
class SavedFilter:
    name: str
    url: str
    is_current: bool


def query_url(params: QueryDict, drop: Sequence[str] = (), **changes: Any) -> str:
    """The same list with other parameters."""
    copy = params.copy()
    for name in (*drop, *changes):
        copy.pop(name, None)
    for name, value in changes.items():
        if value is not None:
            copy[name] = str(value)
    return f"?{copy.urlencode()}"


def filter_query(params: QueryDict) -> str:
    """Only the conditions and the order: what is saved, shared and sent with a mass action."""
    copy = params.copy()
    for name in NOT_FILTERS - {"sort"}:
        copy.pop(name, None)
    for name in [name for name in copy if not any(copy.getlist(name))]:
        copy.pop(name)
    return copy.urlencode()


def is_unset(value: Any) -> bool:
    if isinstance(value, slice):
        return value.start is None and value.stop is None
    if isinstance(value, QuerySet):
        return not value
    return value is None or value in ("", [], ())


def _words(value: Any, field: forms.Field) -> str:
    """A filter value as the person chose it."""
    if isinstance(value, slice):
        ends = [
            formats.day(end) if hasattr(end, "year") else formats.number(end)
            for end in (value.start, value.stop)
        ]
        if value.start is None:
            return f"不超过 {ends[1]}"
        return f"{ends[0]} 起" if value.stop is None else f"{ends[0]} 至 {ends[1]}"
    if isinstance(value, list | tuple | set | QuerySet):
        return "、".join(_words(one, field) for one in value)
    labels = _choice_labels(field)
    if str(value) in labels:
        return labels[str(value)]
    if isinstance(value, bool) or value in YES_NO:
        return YES_NO[value]
    return formats.day(value) if hasattr(value, "isoformat") else str(value)


def _choice_labels(field: forms.Field) -> dict[str, str]:
    if isinstance(field, forms.ModelChoiceField) or not hasattr(field, "choices"):
        return {}
    labels: dict[str, str] = {}
    for key, label in field.choices:
        if isinstance(label, list | tuple):
            labels |= {str(inner): str(words) for inner, words in label}
        else:
            labels[str(key)] = str(label)
    return labels


def chips(filterset: Any, params: QueryDict) -> list[Chip]:
    """The conditions in force, each of which can be taken away alone."""
    found = []
    for name, value in filterset.form.cleaned_data.items():
        if is_unset(value) or name in NOT_FILTERS:
            continue
        field = filterset.form.fields[name]
        own = [name, *(f"{name}_{ending}" for ending in RANGE_ENDINGS)]
        label = str(field.label or name)
        found.append(Chip(label, _words(value, field), query_url(params, [*own, "page"])))
    return found


def page_size(params: QueryDict) -> int:
    raw = params.get("per_page", "")
    return int(raw) if raw.isascii() and raw.isdigit() and int(raw[:4]) in PAGE_SIZES else 25


def sort_table(table: Table, wanted: Sequence[str]) -> None:
    """Sort as asked, where the list can be sorted so; ties are broken by the key so that pages
    neither repeat nor lose a row."""
    if wanted:
        before = table.data.data
        try:
            table.order_by = wanted
        except (FieldError, TypeError, ValueError):
            table.data.data = before
            table._order_by = None
    rows = table.data.data
    if isinstance(rows, QuerySet) and _is_of_records(rows):
        order = rows.query.order_by or tuple(rows.model._meta.ordering)
        table.data.data = rows.order_by(*order, "pk")


def _is_of_records(rows: QuerySet[Any]) -> bool:
    query = rows.query
    return (
        rows._iterable_class is ModelIterable
        and not query.combinator
        and not query.is_sliced
        and not query.extra_order_by
        and not query.distinct_fields
    )


def turn_to_page(table: Table, wanted: str | None, size: int) -> None:
    try:
        table.paginate(page=wanted or 1, per_page=size)
    except EmptyPage:
        table.paginate(page=table.paginator.num_pages, per_page=size)
    except (InvalidPage, ValueError):
        table.paginate(page=1, per_page=size)


def saved_filters(actor: Actor, key: str, current: str) -> list[SavedFilter]:
    kept = preferences.chosen(actor, f"filters:{key}", [])
    if not isinstance(kept, list):
        return []
    return [
        SavedFilter(entry["name"], f"?{entry['query']}", entry["query"] == current)
        for entry in kept
        if isinstance(entry, Mapping) and {"name", "query"} <= entry.keys()
    ]


class ListState:
    """One list as `core/list_body.html` draws it."""

    def __init__(
        self,
        request: HttpRequest,
        table: Table,
        filterset: Any | None,
        *,
        empty: Empty | None,
        mass_actions: Sequence[MassAction],
        can_export: bool,
    ) -> None:
        self.request = request
        self.params = request.GET
        self.table = table
        self.filterset = filterset
        self.mass_actions = mass_actions
        self.can_export = can_export
        self.key = table.key()
        self.rows = list(table.body()) if getattr(table, "page", None) else []
        self.count: int = table.paginator.count
        self.chips = chips(filterset, self.params) if filterset is not None else []
        self.problems = _problems(filterset)
        self.saved = saved_filters(actor_of(request), self.key, self.query)
        self.empty = self._empty(empty)

    def _empty(self, given: Empty | None) -> Empty:
        if self.chips:
            return Empty(
                "没有符合条件的记录", "去掉一个条件，或清除全部条件再看。", icon="filter-off"
            )
        return given or Empty("还没有记录", "有了数据以后会显示在这里。")

    @property
    def query(self) -> str:
        return filter_query(self.params)

    @property
    def totals(self) -> list[tuple[Any, str]]:
        return self.table.totals(self.table.data.data) if self.count else []

    @property
    def clear_url(self) -> str:
        sort = self.params.getlist("sort")
        return query_url(QueryDict(), sort=sort[0] if sort else None)

    @property
    def filter_fields(self) -> list[Any]:
        return list(self.filterset.form) if self.filterset is not None else []

    @cached_property
    def shown_filters(self) -> int:
        """How many fields fit in the first row."""
        cells = 0
        fields = self.filter_fields
        for index, field in enumerate(fields):
            cells += 2 if isinstance(field.field.widget, forms.MultiWidget) else 1
            if cells > FILTER_CELLS:
                return index
        return len(fields)

    @property
    def first_filters(self) -> list[Any]:
        return self.filter_fields[: self.shown_filters]

    @property
    def more_filters(self) -> list[Any]:
        return self.filter_fields[self.shown_filters :]

    @property
    def more_open(self) -> bool:
        """Whether a condition in force stands among those folded away."""
        values = getattr(self.filterset.form, "cleaned_data", {}) if self.filterset else {}
        return any(
            field.errors or not is_unset(values.get(field.name)) for field in self.more_filters
        )

    @property
    def heads(self) -> list[tuple[Any, str]]:
        return [
            (head, query_url(self.params, ["page"], sort=head.sort_url) if head.sort_url else "")
            for head in self.table.heads
        ]

    @property
    def sort_choices(self) -> list[tuple[Any, str]]:
        return [(head, url) for head, url in self.heads if url]

    @property
    def pages(self) -> list[tuple[Any, str]]:
        """Page numbers with addresses; an empty address is the gap."""
        paginator, page = self.table.paginator, self.table.page
        numbers = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        return [
            (number, query_url(self.params, page=number) if isinstance(number, int) else "")
            for number in numbers
        ]

    @property
    def previous_url(self) -> str:
        page = self.table.page
        return query_url(self.params, page=page.number - 1) if page.number > 1 else ""

    @property
    def next_url(self) -> str:
        page = self.table.page
        return query_url(self.params, page=page.number + 1) if page.has_next() else ""

    @property
    def sizes(self) -> list[tuple[int, str, bool]]:
        current = page_size(self.params)
        return [
            (size, query_url(self.params, ["page"], per_page=size), size == current)
            for size in PAGE_SIZES
        ]

    @property
    def xlsx_url(self) -> str:
        return query_url(self.params, ["page"], export="xlsx")

    @property
    def csv_url(self) -> str:
        return query_url(self.params, ["page"], export="csv")

    @property
    def makes_xlsx_later(self) -> bool:
        """Whether a workbook of all this is made in the background."""
        return list_exports.is_large(self.count, "xlsx")

    @property
    def makes_csv_later(self) -> bool:
        return list_exports.is_large(self.count, "csv")

    @property
    def prints_later(self) -> bool:
        return list_exports.is_large(self.count, "print")

    @property
    def print_url(self) -> str:
        return query_url(self.params, ["page"], print="1")

    @property
    def spoken(self) -> str:
        """What a screen reader hears after the list has changed."""
        page = self.table.page
        pages = page.paginator.num_pages
        return f"共 {self.count} {self.table.unit}，第 {page.number} 页，共 {pages} 页"


def _problems(filterset: Any | None) -> list[str]:
    """Conditions that could not be read and were left aside, in words."""
    if filterset is None or not filterset.is_bound or filterset.form.is_valid():
        return []
    fields = filterset.form.fields
    return [
        f"条件“{fields[name].label or name}”没有使用：{' '.join(str(error) for error in errors)}"
        if name in fields
        else " ".join(str(error) for error in errors)
        for name, errors in filterset.form.errors.items()
    ]
