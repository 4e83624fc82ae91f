"""导入表 (sheets): what a workbook of a register looks like, and its rows read and checked.

A sheet is a list of columns; every fault is told with its row and column. Formulas are read as
their last value, never computed; an ID number only finds the person and is kept nowhere.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from shouwang.core.errors import DomainError
from shouwang.core.worksheets import first_rows

MEGABYTES = 30
MOST_ROWS = 50_000
HEAD_ROWS = 10


@dataclass(frozen=True)
class Column:
    """One column: its key, its head with other spellings, its type, whether it must be filled."""

    key: str
    header: str
    type: str = "text"
    aliases: tuple[str, ...] = ()
    required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    """Words of the file → stored value, for the type `choice`."""


@dataclass(frozen=True)
class Sheet:
    """One kind of workbook."""

    key: str
    title: str
    columns: tuple[Column, ...]

    @property
    def heads(self) -> list[str]:
        return [column.header for column in self.columns]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, in words; carries no personal number."""

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class Line:
    """One row that could be read."""

    row: int
    values: Mapping[str, Any]


@dataclass
class Read:
    """What a workbook holds."""

    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(path: Path, name: str, sheet: Sheet) -> Read:
    """The first worksheet; DomainError where it is no such table at all."""
    cells = first_rows(path, megabytes=MEGABYTES, rows=MOST_ROWS)
    head, places = _head(cells, sheet)
    found = Read()
    for number, row in enumerate(cells[head + 1 :], start=head + 2):
        if any(_text(cell) for cell in row):
            _line(found, sheet, places, number, row)
    if not found.lines and not found.faults:
        raise DomainError("表里没有数据行，请填写后再导入。", "empty")
    return found


def _head(cells: Sequence[Sequence[Any]], sheet: Sheet) -> tuple[int, dict[str, int]]:
    required = {column.key for column in sheet.columns if column.required}
    best: set[str] = set()
    for number, row in enumerate(cells[:HEAD_ROWS]):
        heads = [re.sub(r"\s|（.*?）|\(.*?\)|\*", "", _text(cell)) for cell in row]
        places = {
            column.key: heads.index(name)
            for column in sheet.columns
            for name in reversed((column.header, *column.aliases))
            if name in heads
        }
        if required <= places.keys():
            return number, places
        best = max(best, set(places) & required, key=len)
    missing = [c.header for c in sheet.columns if c.required and c.key not in best]
    raise DomainError(
        f"没有找到“{sheet.title}”的表头，缺少：{'、'.join(missing)}。可先下载空表填写。",
        "no_header",
    )


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    words = "" if cell is None else str(cell)
    return "".join(mark for mark in words if mark >= " ").strip()


def _line(
    found: Read, sheet: Sheet, places: Mapping[str, int], number: int, row: Sequence[Any]
) -> None:
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for column in sheet.columns:
        place = places.get(column.key)
        cell = row[place] if place is not None and place < len(row) else None
        try:
            values[column.key] = _value(column, cell)
        except ValueError as error:
            faults.append(Fault(number, column.header, str(error)))
            continue
        if column.required and values[column.key] in (None, ""):
            faults.append(Fault(number, column.header, "没有填写"))
    found.faults += faults
    if not faults:
        found.lines.append(Line(number, values))


def _value(column: Column, cell: Any) -> Any:
    words = _text(cell)
    if column.type == "text":
        return words
    if not words:
        return None
    return READERS[column.type](column, cell, words)


def _date(column: Column, cell: Any, words: str) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    plain = re.sub(r"[年月/.]", "-", words).replace("日", "").rstrip("-")
    for shape in ("%Y-%m-%d", "%Y%m%d"):
        try:
            found = datetime.strptime(plain, shape).date()  # noqa: DTZ007 - a day, no instant
        except ValueError:
            continue
        if 1950 <= found.year <= 2100:
            return found
    raise ValueError("不是日期，应写成 2026-06-30")


def _money(column: Column, cell: Any, words: str) -> Decimal:
    plain = re.sub(r"[,，\s元¥￥]", "", words)
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise ValueError("不是金额，应写成 3000 或 3000.50") from None
    if not value.is_finite() or abs(value) > Decimal("99999999.99"):
        raise ValueError("金额过大，请核对单位是否为元")
    if value != value.quantize(Decimal("0.01")):
        if not isinstance(cell, float):
            raise ValueError("金额最多写到分")
        value = value.quantize(Decimal("0.01"))
    return value


def _number(column: Column, cell: Any, words: str) -> Decimal:
    """A quantity with up to three places: 亩, 头."""
    try:
        value = Decimal(re.sub(r"[,，\s亩]", "", words))
    except InvalidOperation:
        raise ValueError("不是数，应写成 2.5") from None
    if not value.is_finite() or abs(value) > Decimal("99999999"):
        raise ValueError("数过大，请核对单位")
    return value.quantize(Decimal("0.001"))


def _large(column: Column, cell: Any, words: str) -> Decimal:
    """A number of a whole place, up to two digits behind the point."""
    try:
        value = Decimal(re.sub(r"[,，\s%％]", "", words))
    except InvalidOperation:
        raise ValueError("不是数，应写成 69575 或 7787.50") from None
    if not value.is_finite() or abs(value) >= Decimal(10) ** 13:
        raise ValueError("数过大，请核对单位")
    if isinstance(cell, float):
        return value.quantize(Decimal("0.01"))
    return value


def _whole(column: Column, cell: Any, words: str) -> int:
    plain = re.sub(r"[个月期年\s]", "", words)
    if not re.fullmatch(r"\d{1,6}", plain):
        raise ValueError("应填整数")
    return int(plain)


def _rate(column: Column, cell: Any, words: str) -> Decimal:
    """3.45% and 0.0345 are the same; 3.45 alone is taken for percent."""
    plain = words.replace("％", "%").strip()
    try:
        value = Decimal(plain.rstrip("%"))
    except InvalidOperation:
        raise ValueError("不是利率，应写成 3.45%") from None
    if not value.is_finite():
        raise ValueError("不是利率，应写成 3.45%")
    if plain.endswith("%") or value >= 1:
        value /= 100
    if not 0 <= value < 1:
        raise ValueError("利率不在 0 至 100% 之间")
    return value.quantize(Decimal("0.0001"))


def _flag(column: Column, cell: Any, words: str) -> bool:
    if words in ("是", "有", "√", "True", "1"):
        return True
    if words in ("否", "无", "×", "False", "0"):
        return False
    raise ValueError("应填是或否")


def _choice(column: Column, cell: Any, words: str) -> str:
    if words in column.choices:
        return column.choices[words]
    raise ValueError(f"“{words[:20]}”不在可选范围：{'、'.join(column.choices)}")


READERS: dict[str, Callable[[Column, Any, str], Any]] = {
    "date": _date,
    "money": _money,
    "number": _number,
    "large": _large,
    "whole": _whole,
    "rate": _rate,
    "flag": _flag,
    "choice": _choice,
}
