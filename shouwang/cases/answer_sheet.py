"""比对答复表: the list that goes to a department and comes back filled in.

One row a person and item: 个案编号, 人编号, 姓名, 比对项目, 有无记录, 情况.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shouwang.core.errors import DomainError
from shouwang.core.masking import mask_text
from shouwang.core.worksheets import cell_text, read_worksheets

COLUMNS = ("个案编号", "人编号", "姓名", "比对项目", "有无记录", "情况")
MOST_ROWS = 100_000
YES_NO = {"有": True, "无": False, "是": True, "否": False}


@dataclass(frozen=True)
class AnswerRow:
    """One readable row."""

    row: int
    case_number: str
    person_no: str
    item: str
    found: bool
    detail: str


@dataclass(frozen=True)
class Reject:
    """A cell that cannot be used, with its place and why."""

    row: int
    column: str
    reason: str
    case_number: str = ""
    sheet: str = ""
    letter: str = ""
    """The column as spreadsheets name it: A, B, C; empty where the column is missing."""


@dataclass(frozen=True)
class AnswerSheet:
    """What a file of answers holds: its readable rows, and every cell that is wrong."""

    title: str
    head: Mapping[str, int]
    rows: list[AnswerRow] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)

    def refuse(self, row: int, column: str, reason: str, case_number: str = "") -> None:
        place = self.head.get(column)
        letter = "" if place is None else column_letter(place)
        self.rejects.append(Reject(row, column, reason, case_number, self.title, letter))


def column_letter(place: int) -> str:
    """A for the first column, AA after Z."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_answers(path: Path, items: Mapping[str, str]) -> AnswerSheet:
    """The rows of the first sheet; a row that nobody filled in (有无记录 empty) is refused."""
    first = read_worksheets(path, rows=MOST_ROWS)[0]
    sheet = first.rows
    head, start = find_head(sheet, COLUMNS[:1] + COLUMNS[3:5])
    found = AnswerSheet(first.title, head)
    for number, cells in enumerate(sheet[start:], start + 1):
        cell = {name: text(cells, head.get(name)) for name in COLUMNS}
        if not any(value for name, value in cell.items() if name != "个案编号"):
            continue  # an empty line, or the foot that says who exported the list
        problems = list(_problems(cell, items))
        for column, reason in problems:
            found.refuse(number, column, reason, cell["个案编号"])
        if problems:
            continue
        found.rows.append(
            AnswerRow(
                number, cell["个案编号"], cell["人编号"], items[cell["比对项目"]],
                YES_NO[cell["有无记录"]], mask_text(cell["情况"]),
            )
        )  # fmt: skip
    return found


def _problems(cell: Mapping[str, str], items: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not cell["个案编号"]:
        yield "个案编号", "没有个案编号"
    if cell["比对项目"] not in items:
        yield "比对项目", f"不是本部门的比对项目，应为{'、'.join(items)}之一"
    if cell["有无记录"] not in YES_NO:
        yield "有无记录", "请填“有”或“无”"


def find_head(sheet: Sequence[Sequence[Any]], wanted: Sequence[str]) -> tuple[dict[str, int], int]:
    """Where each column stands, and the row after the heading; it is among the first ten rows."""
    for number, cells in enumerate(sheet[:10]):
        places = {str(cell).strip(): place for place, cell in enumerate(cells) if str(cell).strip()}
        if all(name in places for name in wanted):
            return places, number + 1
    raise DomainError(f"没有找到表头，应有这些栏目：{'、'.join(wanted)}。", code="file")


def text(cells: Sequence[Any], place: int | None) -> str:
    """A cell as text; a whole number without its .0."""
    return "" if place is None or place >= len(cells) else cell_text(cells[place])
