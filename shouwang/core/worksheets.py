"""小表格 (worksheets): lists of some thousand rows that people upload into a page, opened safely.

The same checks stand before the parser as for department files: sizes, entities, passwords, and the
rectangle that a sheet claims to span. What is wrong becomes a DomainError in Chinese.
"""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from python_calamine import CalamineWorkbook, SheetTypeEnum

from shouwang.engine.contracts import Limits
from shouwang.engine.errors import FileRejected
from shouwang.engine.reading.archives import check_archive
from shouwang.engine.reading.oldbooks import check_old_workbook

from .errors import DomainError

Item = TypeVar("Item")
MEGABYTE = 1024 * 1024
LIMITS = Limits(
    file_bytes=10 * MEGABYTE,
    unpacked_bytes=300 * MEGABYTE,
    unpacked_ratio=500,
    columns=500,
    rows=100_000,
    cells=20_000_000,
)
ZIP_MARK = b"PK"
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEAD_ROWS = 10
NOT_OPENED = "文件打不开：不是 xlsx、xls 或 csv，或者有密码、已损坏。请另存为 xlsx 后再上传。"


@dataclass(frozen=True)
class Worksheet:
    """One sheet: its rows from the first of the sheet on; cells as the workbook has them."""

    title: str
    rows: list[list[Any]]


@dataclass(frozen=True)
class Line:
    """A row below the head of a list: where it stands, and its words by what their column is."""

    sheet: str
    row: int
    values: dict[str, str]


Captions = Mapping[str, tuple[str, ...]]
"""The heads under which each column is known, the usual one first."""


def read_worksheets(source: Path | bytes, *, megabytes: int = 10, rows: int) -> list[Worksheet]:
    """Every sheet of an xlsx or xls, or the one of a csv (UTF-8 or GB18030).

    Raises DomainError where the file is too large, holds more than `rows` rows in a sheet, or is
    no table at all.
    """
    if isinstance(source, bytes):
        with tempfile.TemporaryDirectory(prefix="shouwang-sheet-") as folder:
            path = Path(folder) / "upload"
            path.write_bytes(source)
            return read_worksheets(path, megabytes=megabytes, rows=rows)
    limits = replace(LIMITS, file_bytes=megabytes * MEGABYTE)
    if source.stat().st_size > limits.file_bytes:
        raise DomainError(f"文件超过 {megabytes} MB，请拆分后分次上传。", "too_large")
    if source.stat().st_size == 0:
        raise DomainError("文件是空的，请重新导出或另存为 xlsx 后再上传。", "unreadable")
    sheets = _sheets(source, limits, rows + 1)
    if any(len(sheet.rows) > rows for sheet in sheets):
        raise DomainError(f"表格超过 {rows:,} 行，请拆分后分次上传。", "too_many_rows")
    return sheets


def first_rows(source: Path | bytes, *, megabytes: int = 10, rows: int) -> list[list[Any]]:
    """The rows of the first sheet."""
    return read_worksheets(source, megabytes=megabytes, rows=rows)[0].rows


def cell_text(value: Any) -> str:
    """A cell as its words: whole numbers without .0, days as 2026-06-30, no blanks around."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\x00", "").strip()


def rows_of_text(rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    return [[cell_text(cell) for cell in row] for row in rows]


def lines_of(
    title: str, rows: Sequence[Sequence[str]], captions: Captions, needed: Iterable[str]
) -> list[Line] | None:
    """The rows below the head that are not blank; None where no row of the first ten is a head,
    which names at least the `needed` columns."""
    for head, cells in enumerate(rows[:HEAD_ROWS]):
        bare = ["".join(cell.split()) for cell in cells]
        columns = {
            key: next(at for at, cell in enumerate(bare) if cell in words)
            for key, words in captions.items()
            if any(cell in words for cell in bare)
        }
        if columns.keys() >= set(needed):
            found = [
                Line(title, number, {k: below[at] for k, at in columns.items() if at < len(below)})
                for number, below in enumerate(rows[head + 1 :], head + 2)
            ]
            return [line for line in found if any(line.values.values())]
    return None


def read_whole_list(
    content: bytes,
    captions: Captions,
    needed: Iterable[str],
    item: Callable[[dict[str, str]], Item],
    *,
    rows: int,
    no_head: str,
) -> list[Item]:
    """The items of the first sheet that has some, all or nothing: DomainError names every row for
    which `item` raised one. `no_head` is said where no sheet has a head with rows below."""
    for sheet in read_worksheets(content, rows=rows):
        found, wrong = [], []
        for line in lines_of(sheet.title, rows_of_text(sheet.rows), captions, needed) or []:
            try:
                found.append(item(line.values))
            except DomainError as error:
                wrong.append(f"第 {line.row} 行：{error.message}")
        if wrong:
            raise DomainError(f"没有导入，请改好再传。{'；'.join(wrong[:10])}", code="rows")
        if found:
            return found
    raise DomainError(no_head, code="head")


def _sheets(path: Path, limits: Limits, most: int) -> list[Worksheet]:
    with path.open("rb") as stream:
        mark = stream.read(8)
    if mark.startswith(ZIP_MARK) or mark == OLE_MARK:
        return _workbook(path, mark, limits, most)
    return [Worksheet("", _csv(path.read_bytes(), most))]


def _workbook(path: Path, mark: bytes, limits: Limits, most: int) -> list[Worksheet]:
    try:
        if mark == OLE_MARK:
            check_old_workbook(path)
        else:
            check_archive(path, limits)
        book = CalamineWorkbook.from_path(path)
        titles = [one.name for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        sheets = [Worksheet(title, _rows(book, title, most)) for title in titles]
    except FileRejected as error:
        raise DomainError(error.message.replace("报送", "上传"), "unreadable") from error
    except BaseException as error:  # a parser that panics raises outside Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        raise DomainError(NOT_OPENED, "unreadable") from error
    if not sheets:
        raise DomainError("工作簿里没有工作表。", "unreadable")
    return sheets


def _rows(book: CalamineWorkbook, title: str, most: int) -> list[list[Any]]:
    sheet = book.get_sheet_by_name(title)
    if not sheet.end:
        return []
    left = sheet.start[1] if sheet.start else 0
    return [[""] * left + row for row in islice(sheet.iter_rows(), most)]


def _csv(data: bytes, most: int) -> list[list[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            words = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in words:
            break
        try:
            lines = csv.reader(io.StringIO(words, newline=""))
            return [list(row) for row in islice(lines, most)]
        except csv.Error:
            break
    raise DomainError(NOT_OPENED, "unreadable")
