"""列表 (tables): one table class serves the page, its fragment, its print and its export.

A room lists columns; everything else (choice of columns, cards on a phone, sums) is here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django.db.models import Model, QuerySet, Sum
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from . import formats
from .components import pill

MOST_COLUMNS_AT_FIRST = 8
CARD_FACTS = 3


class Column(tables.Column):  # type: ignore[misc]
    """Plain text; a missing value is a dash, in the export an empty cell."""

    css = ""
    total_format = staticmethod(formats.number)

    def __init__(self, *args: Any, unit: str = "", **kwargs: Any) -> None:
        self.unit = unit
        super().__init__(*args, **kwargs)

    @property
    def header(self) -> Any:
        """The name with its unit, as 金额（元）."""
        name = self.verbose_name
        return f"{name}（{self.unit}）" if name and self.unit else name


class NameColumn(Column):
    """The thing's name and the link to it; belongs first."""

    css = "name"

    def render(self, value: Any, record: Any, table: "Table") -> Any:
        url = table.row_url(record)
        return format_html('<a href="{}">{}</a>', url, value) if url else value

    def value(self, value: Any) -> Any:
        return str(value)


class NumberColumn(Column):
    """A count or measure, right-aligned with thousands separators."""

    css = "num"

    def render(self, value: Any) -> Any:
        return formats.number(value)

    def value(self, value: Any) -> Any:
        return value


class AmountColumn(NumberColumn):
    """Money: an int is fen, a Decimal is yuan."""

    def __init__(self, *args: Any, unit: str = "元", **kwargs: Any) -> None:
        super().__init__(*args, unit=unit, **kwargs)

    def total_format(self, value: Any) -> str:
        return formats.amount(value, self.unit)

    def render(self, value: Any) -> Any:
        return formats.amount(value, self.unit)

    def value(self, value: Any) -> Any:
        money = formats.yuan(value)
        return money / formats.WAN if money is not None and self.unit == "万元" else money


class ShareColumn(NumberColumn):
    """A part between 0 and 1, shown as 12.3%."""

    def render(self, value: Any) -> Any:
        return formats.share(value)


class DateColumn(Column):
    """2026-06-30."""

    css = "date"

    def render(self, value: Any) -> Any:
        return formats.day(value)

    def value(self, value: Any) -> Any:
        if not isinstance(value, datetime):
            return value
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()


class MomentColumn(DateColumn):
    """2026-06-30 14:05."""

    def render(self, value: Any) -> Any:
        return formats.moment(value)

    def value(self, value: Any) -> Any:
        return value


class PillColumn(Column):
    """A status as word, colour and shape; `tones` says which stored value has which tone."""

    css = "state"

    def __init__(self, *args: Any, tones: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        self.tones = tones or {}
        super().__init__(*args, **kwargs)

    def render(self, value: Any, record: Any, bound_column: Any) -> SafeString:
        stored = bound_column.accessor.resolve(record, quiet=True)
        tone = self.tones.get(str(stored), "idle")
        return pill(tone, value)

    def value(self, value: Any) -> Any:
        return str(value)


@dataclass(frozen=True)
class Head:
    """One visible column as the template draws it."""

    name: str
    label: Any
    css: str
    sort_url: str
    direction: str
    is_on_card: bool

    @property
    def aria_sort(self) -> str:
        return {"asc": "ascending", "desc": "descending"}.get(self.direction, "none")


@dataclass(frozen=True)
class Row:
    """One record as the template draws it."""

    key: str
    url: str
    cells: Sequence[tuple[Head, Any]]


@dataclass(frozen=True)
class Choice:
    """A column in the column chooser."""

    name: str
    label: Any
    is_shown: bool


class Table(tables.Table):  # type: ignore[misc]
    """Base of all lists; see docs/components.md for what a room sets."""

    default_columns: Sequence[str] = ()
    card_columns: Sequence[str] = ()
    sums: Sequence[str] = ()
    unit = "条"
    is_dense = True

    class Meta:
        order_by_field = "sort"
        page_field = "page"
        default = formats.DASH

    def __init__(self, data: Any, *, chosen: Sequence[str] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("order_by_field", "sort")
        kwargs.setdefault("page_field", "page")
        super().__init__(data, **kwargs)
        self.chosen = self._valid(chosen) or self._first_columns()
        for name in list(self.columns.names()):
            if name not in self.chosen:
                self.columns.hide(name)

    @classmethod
    def key(cls) -> str:
        """The name under which a person's choices for this list are kept."""
        return f"{cls.__module__.removeprefix('shouwang.')}.{cls.__name__}"

    def row_url(self, record: Any) -> str:
        """Where a row leads; nothing for a list without records behind it."""
        get_url = getattr(record, "get_absolute_url", None)
        return str(get_url()) if get_url else ""

    def _valid(self, chosen: Sequence[str] | None) -> list[str]:
        if not isinstance(chosen, list | tuple):
            return []
        return [name for name in self.columns.names() if name in chosen]

    def _first_columns(self) -> list[str]:
        if self.default_columns:
            return self._valid(list(self.default_columns))[:MOST_COLUMNS_AT_FIRST]
        return list(self.columns.names())[:MOST_COLUMNS_AT_FIRST]

    @property
    def choices(self) -> list[Choice]:
        """Every column, for the column chooser."""
        return [
            Choice(name, self.columns[name].header, name in self.chosen)
            for name in self.columns.names()
        ]

    @cached_property
    def heads(self) -> list[Head]:
        on_card = list(self.card_columns) or self.chosen[:CARD_FACTS]
        return [self._head(bound, bound.name in on_card) for bound in self.columns.itervisible()]

    def _head(self, bound: Any, is_on_card: bool) -> Head:
        direction = ""
        if bound.is_ordered:
            direction = "desc" if bound.order_by_alias.is_descending else "asc"
        return Head(
            name=bound.name,
            label=bound.header,
            css=f"{getattr(bound.column, 'css', '')} {_css(bound.column)}".strip(),
            sort_url=str(bound.order_by_alias.next) if bound.orderable else "",
            direction=direction,
            is_on_card=is_on_card,
        )

    def body(self) -> Iterator[Row]:
        """The rows of this page."""
        for row in self.paginated_rows:
            record = row.record
            key = str(record.pk) if isinstance(record, Model) else ""
            cells = [(head, cell) for head, (_, cell) in zip(self.heads, row.items(), strict=True)]
            yield Row(key, self.row_url(record), cells)

    def totals(self, queryset: Any) -> list[tuple[Any, str]]:
        """The sums of all that is filtered, as (column head, text)."""
        wanted = [name for name in self.sums if name in self.columns.names()]
        if not wanted or not isinstance(queryset, QuerySet):
            return []
        fields = {name: str(self.columns[name].accessor) for name in wanted}
        found = queryset.order_by().aggregate(
            **{f"sum_{name}": Sum(field) for name, field in fields.items()}
        )
        return [
            (self.columns[name].header, self._total(name, found[f"sum_{name}"])) for name in wanted
        ]

    def _total(self, name: str, value: Any) -> str:
        write = getattr(self.columns[name].column, "total_format", formats.number)
        return str(write(value if value is not None else Decimal(0)))


def _css(column: Any) -> str:
    """A class that the room's column names itself."""
    cell = (getattr(column, "attrs", None) or {}).get("td", {})
    own = cell.get("class", "") if isinstance(cell, Mapping) else ""
    return own if isinstance(own, str) else ""
