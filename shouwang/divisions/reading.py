"""区划表的读取: xlsx, xls or csv with code, name and if need be level, parent and first day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from shouwang.core.errors import DomainError
from shouwang.core.worksheets import first_rows

from .levels import Level, full_code, level_of
from .rows import DivisionRow

MOST_ROWS = 100_000
MEGABYTES = 30
HEADERS = {
    "code": ("区划代码", "代码", "行政区划代码", "统计用区划代码", "编码"),
    "name": ("名称", "区划名称", "单位名称"),
    "level": ("级别", "层级"),
    "parent": ("上级代码", "上级区划代码", "上级"),
    "valid_from": ("生效日期", "启用日期", "设立日期"),
}
_LEVELS = {
    word: level
    for level, words in {
        Level.PROVINCE: ("省级", "省", "自治区", "直辖市"),
        Level.PREFECTURE: ("市级", "地级", "市", "地级市", "州"),
        Level.COUNTY: ("县级", "县", "区", "县级市"),
        Level.TOWN: ("乡级", "乡镇级", "乡", "镇", "乡镇", "街道"),
        Level.VILLAGE: ("村级", "村", "行政村", "社区"),
        Level.GROUP: ("组级", "组", "村民小组", "自然村"),
    }.items()
    for word in words
}


@dataclass(frozen=True)
class TableError:
    """One cell that cannot be used: where it is and what to do."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"第 {self.row} 行“{self.column}”：{self.message}"


@dataclass
class ReadTable:
    """The rows of a table in order, with their numbers in the sheet."""

    rows: list[tuple[int, DivisionRow]] = field(default_factory=list)
    errors: list[TableError] = field(default_factory=list)


def read_table(path: Path, file_name: str) -> ReadTable:
    """The divisions of the first sheet; refuses a file that is no table at all."""
    cells = first_rows(path, megabytes=MEGABYTES, rows=MOST_ROWS)
    head, columns = _header(cells)
    table = ReadTable()
    seen: dict[str, int] = {}
    for number, row in enumerate(cells[head + 1 :], start=head + 2):
        if any(_text(cell) for cell in row):
            _read_row(table, seen, number, {key: _at(row, at) for key, at in columns.items()})
    return table


def _header(cells: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]]:
    for number, row in enumerate(cells[:20]):
        texts = [_text(cell).replace(" ", "") for cell in row]
        columns = {
            key: texts.index(name)
            for key, names in HEADERS.items()
            for name in reversed(names)
            if name in texts
        }
        if {"code", "name"} <= columns.keys():
            return number, columns
    raise DomainError("没有找到表头，表中须有“区划代码”和“名称”两列。", "no_header")


def _at(row: Sequence[Any], place: int) -> Any:
    return row[place] if place < len(row) else ""


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _read_row(table: ReadTable, seen: dict[str, int], number: int, cells: dict[str, Any]) -> None:
    code, name = _text(cells["code"]), _text(cells["name"])
    found = level_of(code)
    problems = []
    if found is None:
        problems.append(("区划代码", f"“{code[:20]}”不是 2、4、6、9、12 或 15 位的区划代码。"))
    elif full_code(code) in seen:
        problems.append(("区划代码", f"与第 {seen[full_code(code)]} 行重复，请删去一行。"))
    if not name:
        problems.append(("名称", "没有填写名称。"))
    elif len(name) > 80:
        problems.append(("名称", "名称超过 80 个字。"))
    level = _level(_text(cells.get("level", "")), found, problems)
    day = _day(cells.get("valid_from", ""), problems)
    table.errors += [TableError(number, column, message) for column, message in problems]
    if not problems and level is not None:
        seen[full_code(code)] = number
        parent = _text(cells.get("parent", ""))
        row = DivisionRow(full_code(code), name, level, full_code(parent) if parent else None, day)
        table.rows.append((number, row))


def _level(text: str, found: Level | None, problems: list[tuple[str, str]]) -> Level | None:
    """An explicit level wins over what the digits say."""
    if not text:
        return found
    if text not in _LEVELS:
        problems.append(("级别", f"“{text[:20]}”不认识，请写省级、市级、县级、乡级、村级或组级。"))
    return _LEVELS.get(text)


def _day(cell: Any, problems: list[tuple[str, str]]) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell).replace("/", "-").replace(".", "-")
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day, no instant
    except ValueError:
        problems.append(("生效日期", f"“{text[:20]}”不是日期，应写成 2026-06-30。"))
        return None
