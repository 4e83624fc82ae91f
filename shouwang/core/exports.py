"""导出 (exports): lists as xlsx or csv, with who made them, when and from which data.

Text that a spreadsheet would take for a formula is made harmless. A workbook carries the name of
its maker in the foot of every printed page.
"""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any
from urllib.parse import quote

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from . import formats

MOST_SHEET_ROWS = 1_000_000
LINES_AT_ONCE = 500
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_000


@dataclass(frozen=True)
class Origin:
    """Who made an export, when, and from which data."""

    maker: str
    made_at: datetime
    source: str

    def sentence(self) -> str:
        return (
            f"导出人：{self.maker}　导出时间：{formats.moment(self.made_at)}　数据：{self.source}"
        )


def harmless(value: Any) -> Any:
    """The value as a spreadsheet may safely hold it: no formula, no control character.

    >>> harmless("=1+1")
    "'=1+1"
    """
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        return value
    text = "".join(mark for mark in str(value) if mark >= " " or mark in "\t\n\r")[:LONGEST_CELL]
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(FORMULA_STARTS) else text


def _plain(value: Any) -> Any:
    """For csv: numbers and days as text that every program reads the same."""
    if isinstance(value, datetime):
        return formats.moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else harmless(value)


class _Echo:
    """A file that only hands back what is written, so that csv can be streamed."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[Sequence[Any]], origin: Origin) -> Iterator[str]:
    """The file piece by piece, with the mark that makes Excel read it as UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    pending: list[str] = []
    for row in rows:
        pending.append(writer.writerow([_plain(value) for value in row]))
        if len(pending) == LINES_AT_ONCE:
            yield "".join(pending)
            pending.clear()
    yield "".join(pending)
    yield writer.writerow([])
    yield writer.writerow([origin.sentence()])


def csv_response(rows: Iterable[Sequence[Any]], name: str, origin: Origin) -> HttpResponseBase:
    response = StreamingHttpResponse(
        csv_lines(rows, origin), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = _attachment(f"{name}.csv")
    return response


def xlsx_response(
    rows: Iterable[Sequence[Any]], name: str, origin: Origin, *, title: str
) -> HttpResponseBase:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_xlsx(file, rows, origin, title=title)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX_TYPE)


def write_xlsx(
    file: IO[bytes], rows: Iterable[Sequence[Any]], origin: Origin, *, title: str
) -> None:
    """One sheet: heads repeated on every printed page, landscape, the maker in the foot."""
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": title, "author": origin.maker, "comments": origin.sentence()})
    styles = {
        "head": book.add_format(
            {"bold": True, "bg_color": "#E8EEF7", "border": 1, "text_wrap": True}
        ),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "amount": book.add_format({"num_format": "#,##0.00"}),
        "note": book.add_format({"font_color": "#555555"}),
    }
    name = "".join(c for c in title if c not in "[]:*?/\\'")[:28] or "导出"
    sheet = _sheet(book, name, origin)
    heads: Sequence[Any] = ()
    line = -1
    for number, row in enumerate(rows):
        if number == 0:
            heads = row
        elif line == MOST_SHEET_ROWS:  # a sheet ends at 1,048,576 rows
            sheet = _sheet(book, f"{name}{number // MOST_SHEET_ROWS + 1}", origin)
            _write_row(sheet, 0, heads, styles)
            line = 0
        line += 1
        _write_row(sheet, line, row, styles)
    sheet.write_string(line + 2, 0, origin.sentence(), styles["note"])
    book.close()


def _sheet(book: Any, name: str, origin: Origin) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{_foot(origin.sentence())}&R第 &P 页，共 &N 页")
    return sheet


def _write_row(sheet: Any, line: int, row: Sequence[Any], styles: dict[str, Any]) -> None:
    if line == 0:
        sheet.set_column(0, max(len(row) - 1, 0), 16)
    for column, value in enumerate(row):
        _write_cell(sheet, line, column, value, styles, is_head=line == 0)


def _foot(text: str) -> str:
    """Foot text: & is a command there, and 255 characters are the most."""
    return text.replace("&", "&&")[:200]


def _write_cell(
    sheet: Any, line: int, column: int, value: Any, styles: dict[str, Any], *, is_head: bool
) -> None:
    if is_head:
        sheet.write_string(line, column, str(harmless(str(value))), styles["head"])
    elif value is None or value == "":
        return
    elif isinstance(value, bool):
        sheet.write_string(line, column, "是" if value else "否")
    elif isinstance(value, int) and abs(value) < 10**15:
        sheet.write_number(line, column, value)
    elif isinstance(value, Decimal | float):
        sheet.write_number(line, column, value, styles["amount"])
    elif isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        sheet.write_datetime(line, column, local.replace(tzinfo=None), styles["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(line, column, value, styles["day"])
    else:
        sheet.write_string(line, column, str(harmless(value)))


def _attachment(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name)}"
