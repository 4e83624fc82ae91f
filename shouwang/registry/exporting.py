"""档案导出 (export): the registry as the workbook that the national system gives, sheet by sheet.

What was imported comes out under the same captions in the same order, so that importing the export
changes nothing. Text that a spreadsheet might take for a formula is written as text and led by a
zero-width space, which every import removes again.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from django.db.models import F, Q, QuerySet

from shouwang.core.exports import FORMULA_STARTS
from shouwang.engine.contracts import Column
from shouwang.engine.rulebook import Rulebook

from .columns import AFTER_FIELDS, ANNUAL_FIELDS, HOUSEHOLDS, PERSONS, field_of
from .models import Household, IncomeStatement, Member
from .secrets import HEAD_ID, HOUSEHOLD_PHONE, ID_NO, MEMBER_PHONE, masked, reveal

ZERO_WIDTH: Final = "\u200b"
MOST_MEMBERS: Final = 500_000
"""People in one workbook; a sheet ends at 1,048,576 rows and opens badly long before."""
_CHUNK: Final = 2_000
_EXACT: Final = 10**12
_SEALED: Final = {
    "id_no": ("id_enc", ID_NO),
    "head_id": ("head_id_enc", HEAD_ID),
    "household_phone": ("phone_enc", HOUSEHOLD_PHONE),
    "member_phone": ("phone_enc", MEMBER_PHONE),
}
Show = Callable[[str, Any], str | None]


def present() -> Q:
    """Members that count: not those who left a household that the last export still has."""
    return Q(absent_since=None) | Q(household__absent_since__isnull=False)


def write_workbook(
    path: Path, households: QuerySet[Household], *, title: str, full: bool
) -> tuple[int, int]:
    """Write both sheets; `full` shows ID numbers and phones. Returns households and people."""
    registry = Rulebook.load().registry
    show: Show = reveal if full else masked
    book = xlsxwriter.Workbook(
        path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = _Sheet(book, PERSONS, title, registry.persons.columns)
    people = sum(sheet.write(row) for row in _member_rows(households, sheet.columns, show))
    sheet = _Sheet(book, HOUSEHOLDS, title, registry.households.columns)
    count = sum(sheet.write(row) for row in _household_rows(households, sheet.columns, show))
    book.close()
    return count, people


class _Sheet:
    """One sheet: a title row, the captions, then rows of text and numbers."""

    def __init__(self, book: Any, name: str, title: str, columns: tuple[Column, ...]) -> None:
        self.columns = columns
        self.sheet = book.add_worksheet(name)
        self.line = 1
        self.literal = book.add_format()
        self.literal.set_quote_prefix()
        head = book.add_format({"bold": True})
        self.sheet.write_string(0, 0, title)
        for at, column in enumerate(columns):
            self.sheet.write_string(1, at, column.header, head)
        self.sheet.set_column(0, len(columns) - 1, 14)
        self.sheet.freeze_panes(2, 0)

    def write(self, row: list[Any]) -> int:
        self.line += 1
        for at, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, int | Decimal) and -_EXACT < value < _EXACT:
                self.sheet.write_number(self.line, at, value)
            elif str(value).startswith(FORMULA_STARTS):
                self.sheet.write_string(self.line, at, f"{ZERO_WIDTH}{value}", self.literal)
            else:
                self.sheet.write_string(self.line, at, str(value))
        return 1


def _cell(column: Column, value: Any) -> Any:
    if isinstance(value, date):
        return f"{value:%Y%m}" if column.type == "month" else value.isoformat()
    return value


def _member_rows(
    households: QuerySet[Household], columns: tuple[Column, ...], show: Show
) -> Iterator[list[Any]]:
    fields = [_member_field(column.key) for column in columns]
    members = (
        Member.objects.filter(present(), household__in=households.values("pk"))
        .order_by("household__village_code", "household__household_no", "pk")
        .values_list(*fields)
    )
    sealed = {
        at: _context("member", c.key) for at, c in enumerate(columns) if _context("member", c.key)
    }
    for values in members.iterator(chunk_size=_CHUNK):
        row = [_cell(column, value) for column, value in zip(columns, values, strict=True)]
        for at, context in sealed.items():
            row[at] = show(context, values[at])
        yield row


def _member_field(key: str) -> str:
    special = {"household_no": "household__household_no", "person_no": "person_no"}
    return special.get(key) or {"id_no": "id_enc", "phone": "phone_enc"}.get(key) or field_of(key)


def _context(level: str, key: str) -> str:
    name = f"{level}_{key}" if key == "phone" else key
    return _SEALED[name][1] if name in _SEALED else ""


def _household_rows(
    households: QuerySet[Household], columns: tuple[Column, ...], show: Show
) -> Iterator[list[Any]]:
    """Households with their last income statement and the one after elimination."""
    ordered = households.order_by("village_code", "household_no")
    chunk: list[Household] = []
    for household in ordered.iterator(chunk_size=_CHUNK):
        chunk.append(household)
        if len(chunk) == _CHUNK:
            yield from _with_statements(chunk, columns, show)
            chunk = []
    yield from _with_statements(chunk, columns, show)


def _with_statements(
    chunk: list[Household], columns: tuple[Column, ...], show: Show
) -> Iterator[list[Any]]:
    annual, after = latest_statements([household.pk for household in chunk])
    for household in chunk:
        row = []
        for column in columns:
            if context := _context("household", column.key):
                field = "head_id_enc" if column.key == "head_id" else "phone_enc"
                row.append(show(context, getattr(household, field)))
            elif column.key in ANNUAL_FIELDS:
                row.append(getattr(annual.get(household.pk), ANNUAL_FIELDS[column.key], None))
            elif column.key in AFTER_FIELDS:
                row.append(getattr(after.get(household.pk), AFTER_FIELDS[column.key], None))
            else:
                row.append(_cell(column, getattr(household, field_of(column.key))))
        yield row


def latest_statements(
    keys: list[int],
) -> tuple[dict[int, IncomeStatement], dict[int, IncomeStatement]]:
    """Household → its last yearly statement, and → its statement after elimination."""
    annual: dict[int, IncomeStatement] = {}
    after: dict[int, IncomeStatement] = {}
    for statement in IncomeStatement.objects.filter(household_id__in=keys).order_by(F("year")):
        kinds = annual if statement.kind == IncomeStatement.Kind.ANNUAL else after
        kinds[statement.household_id] = statement
    return annual, after
