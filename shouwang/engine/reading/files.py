"""打开文件 (open file): recognise the format by content and offer the sheets.

Whatever is wrong with a file ends as FileRejected with a sentence for the sender.
"""

import ctypes
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from shouwang.engine.contracts import Limits
from shouwang.engine.errors import FileRejected
from shouwang.engine.reading.archives import check_archive, corrupt
from shouwang.engine.reading.delimited import open_delimited
from shouwang.engine.reading.oldbooks import check_old_workbook
from shouwang.engine.reading.sheets import TOP_ROWS, Body, Sheet, cell_text, columns_from_rows

ZIP_MARK = b"PK"
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass
class OpenFile:
    """已打开的文件: its format, its sheets by name in order, and notes for the report."""

    format: str
    sheet_names: list[str]
    encoding: str = ""
    notes: list[str] = field(default_factory=list)
    _workbook: CalamineWorkbook | None = None
    _only: Sheet | None = None
    _limits: Limits | None = None

    def sheet(self, name: str) -> Sheet:
        if self._only is not None:
            return self._only
        assert self._workbook is not None and self._limits is not None
        return _spreadsheet(self._workbook, name, self._limits)

    def first(self) -> Sheet:
        return self.sheet(self.sheet_names[0])

    def close(self) -> None:
        """Forget the cells; what was found out of the file stays. The parser's memory goes back to
        the system, because columns of cells have a heap of their own."""
        self._workbook = self._only = None
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def open_file(source: Path, limits: Limits) -> OpenFile:
    """Open a received file by what it is, not by what its name says."""
    size = source.stat().st_size
    if size == 0:
        raise FileRejected("file_empty", "文件是空的（0字节）。请重新导出后再报送。")
    if size > limits.file_bytes:
        megabytes = limits.file_bytes // (1 << 20)
        raise FileRejected("file_corrupt", f"文件超过{megabytes}MB，请拆分后分批报送。")
    with source.open("rb") as stream:
        mark = stream.read(8)
    if mark.startswith(ZIP_MARK):
        return _workbook(source, "xlsx", check_archive(source, limits), limits)
    if mark == OLE_MARK:
        return _workbook(source, "xls", check_old_workbook(source), limits)
    sheet, encoding = open_delimited(source, limits)
    return OpenFile("csv", [""], encoding=encoding, _only=sheet, _limits=limits)


def _workbook(source: Path, kind: str, notes: list[str], limits: Limits) -> OpenFile:
    try:
        workbook = CalamineWorkbook.from_path(source)
        names = [
            sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet
        ]
    except PasswordError as error:
        raise password_needed() from error
    except BaseException as error:
        raise _as_corrupt(error) from error
    if not names:
        raise FileRejected("file_corrupt", "工作簿里没有工作表。")
    return OpenFile(kind, names, notes=notes, _workbook=workbook, _limits=limits)


def password_needed() -> FileRejected:
    return FileRejected("file_corrupt", "文件设有打开密码。请取消密码后再报送。")


def _as_corrupt(error: BaseException) -> BaseException:
    """A parser that panics raises outside Exception; a person pressing Ctrl-C stays one."""
    if isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit)):
        return error
    return corrupt()


def _spreadsheet(workbook: CalamineWorkbook, name: str, limits: Limits) -> Sheet:
    try:
        sheet = workbook.get_sheet_by_name(name)
        top = [[cell_text(value) for value in row] for row in islice(_rows(sheet), TOP_ROWS)]
        merges = list(sheet.merged_cell_ranges or [])
    except BaseException as error:
        raise _as_corrupt(error) from error
    left = sheet.start[1] if sheet.start else 0
    width = sheet.end[1] + 1 - left if sheet.end else 0
    if left + width > limits.columns:
        raise FileRejected("file_corrupt", f"列数超过{limits.columns}，请删除多余的列再报送。")

    def read_body(first: int) -> Body:
        try:
            body = columns_from_rows(islice(_rows(sheet), first, None), width, first)
        except (ValueError, OverflowError, ArithmeticError) as error:
            raise corrupt() from error
        blank = pa.nulls(len(body), pa.string()).fill_null("")
        return Body([blank] * left + body.columns, body.rows)

    return Sheet(
        name=name,
        top=[[""] * left + row for row in top],
        read_body=read_body,
        merges=merges,
    )


def _rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """Rows from the first of the sheet on, beginning in its first filled column."""
    return sheet.iter_rows() if sheet.end else iter(())
