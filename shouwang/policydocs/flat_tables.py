"""压平的表格 (flattened tables): heads and cells that a crawl left one to a line.

The heads are a run of lines that are column heads. Rows begin with the counting number where the
table has one, and otherwise have as many cells as the table has heads. Inside a row the cells find
their columns by what they are: 约束性 is a kind, 35 or 高于全省平均 a target, words a name.
"""

from __future__ import annotations

import re

from shouwang.policydocs.alignment import KINDS, aligned, misfit
from shouwang.policydocs.labels import label_of
from shouwang.policydocs.layout import Line
from shouwang.policydocs.strand import Strand
from shouwang.policydocs.tables import Column, Grid, column_of, settled

FEWEST_HEADS = 3
NAMES = ("name", "task", "project")
LONGEST_CELL = 160
LONGEST_TASK = 800
"""A list of tasks says what is to be done in whole paragraphs."""


def flat_grid(lines: list[Line], index: int) -> tuple[Grid | None, int]:
    """The flattened table whose heads begin at this line, and the line after it."""
    columns, place = _read_heads(lines, index)
    roles = [each.role for each in columns]
    if roles[:1] == ["no"] and "target" in roles and not set(NAMES) & set(roles):
        columns.insert(1, Column("name", None, ""))  # its head was lost
        roles.insert(1, "name")
    if len(columns) < FEWEST_HEADS or not set(NAMES) & set(roles):
        return None, index
    columns = _with_groups_in_front(_without_groups(columns))
    roles = [each.role for each in columns]
    if "no" in roles:
        rows, after = _numbered_rows(columns, lines, place)
    elif "target" in roles:
        rows, after = _plain_rows(columns, lines, place)
    else:
        return None, index
    columns = settled(columns, rows)
    grid = Grid(columns, rows, Strand("", []), start=lines[index].strand.at[0])
    if not rows or not (grid.is_indicators or grid.is_tasks):
        return None, index
    return grid, after


def _read_heads(lines: list[Line], index: int) -> tuple[list[Column], int]:
    """A run of column heads; one may stand on two lines (2020 and 目标值), or end in |."""
    columns: list[Column] = []
    place = index
    while place < len(lines) and len(columns) < 14:
        text = _cell_text(lines[place])
        if len(text) > 24:
            break
        below = _cell_text(lines[place + 1]) if place + 1 < len(lines) else ""
        if columns and re.fullmatch(r"[〔(\[][^〕)\]]{1,6}[〕)\]]", text):
            place += 1
            continue
        column = None if text.isdigit() else column_of(text)
        if column is None and columns and len(text + below) <= 18 and not below.isdigit():
            column = column_of(text + below)
            place += column is not None
        if column is None:
            break
        columns.append(column)
        place += 1
    return columns, place


def _cell_text(line: Line) -> str:
    return line.text.strip("|")


def _cell(line: Line) -> Strand:
    strand = line.strand
    if strand.text.endswith("|"):
        strand = strand.cut(0, len(strand) - 1)
    return strand.cut(1) if strand.text.startswith("|") else strand


def _without_groups(columns: list[Column]) -> list[Column]:
    """目标值 over 2023年, 2025年: the heads of years stand for the group above them."""
    years = [each for each in columns if each.role == "target" and each.year]
    groups = [each for each in columns if each.role == "target" and not each.year]
    if len(years) >= 2 and groups:
        return [each for each in columns if each not in groups]
    return columns


def _with_groups_in_front(columns: list[Column]) -> list[Column]:
    """What stands before the counting number groups the rows, whatever its head is."""
    roles = [each.role for each in columns]
    if "no" not in roles or not set(NAMES) & set(roles[roles.index("no") :]):
        return columns
    front = roles.index("no")
    return [
        Column("category", None, each.head) if index < front else each
        for index, each in enumerate(columns)
    ]


def _numbered_rows(
    columns: list[Column], lines: list[Line], place: int
) -> tuple[list[list[Strand | None]], int]:
    rows: list[list[Strand | None]] = []
    number = 1
    category: Strand | None = None
    while place < len(lines):
        if _cell_text(lines[place]).rstrip(".、") != str(number):
            if (
                number == 1
                and _has_category(columns)
                and place + 1 < len(lines)
                and _cell_text(lines[place + 1]) == "1"
            ):
                category = _cell(lines[place])
                place += 1
                continue
            break
        end = _end_of_row(columns, lines, place, number)
        cells = [_cell(each) for each in lines[place + 1 : end]]
        following = category
        if (
            _has_category(columns)
            and len(cells) > len(columns) - 2
            and not _fits_last(columns, cells[-1].text)
        ):
            following = cells.pop()
        made = _rows_of(columns, _cell(lines[place]), cells)
        if category is not None:
            at = next(i for i, each in enumerate(columns) if each.role == "category")
            for row in made:
                row[at] = category
        rows += made
        category = following
        place, number = end, number + 1
    return rows, place


def _has_category(columns: list[Column]) -> bool:
    """A column that groups the rows, before their counting number; behind it, it is a cell."""
    roles = [each.role for each in columns]
    return "category" in roles and (
        "no" not in roles or roles.index("category") < roles.index("no")
    )


def _cells_of_rows(columns: list[Column]) -> list[int]:
    """The columns that hold a cell of each row, apart from the counting number."""
    apart = ("no", "category") if _has_category(columns) else ("no",)
    return [i for i, each in enumerate(columns) if each.role not in apart]


def _fits_last(columns: list[Column], text: str) -> bool:
    return _fits(columns[-1].role, text)


def _end_of_row(columns: list[Column], lines: list[Line], place: int, number: int) -> int:
    """Where the next counting number stands; the last row ends with its own cells."""
    usual = len(columns) - (2 if _has_category(columns) else 1)
    candidates = []
    longest = _longest(columns)
    for index in range(place + 2, min(len(lines), place + 1 + 6 * (usual + 1))):
        text = _cell_text(lines[index])
        if text.rstrip(".、") == str(number + 1):
            candidates.append(index)
        after = _cell_text(lines[index + 1]) if index + 1 < len(lines) else ""
        if _stops(text, longest) and str(number + 1) not in (
            text.rstrip(".、"),
            after.rstrip(".、"),
        ):
            break
    if candidates:
        rest = [columns[i] for i in _cells_of_rows(columns)]
        return min(
            candidates[:4],
            key=lambda index: (
                aligned(rest, [_cell(each) for each in lines[place + 1 : index]])[1]
                + 3 * candidates.index(index)
            ),
        )
    return _end_of_last_row(columns, lines, place, usual)


def _end_of_last_row(columns: list[Column], lines: list[Line], place: int, usual: int) -> int:
    end = _after_last_cells(columns, lines, place, usual)
    if (
        columns[-1].role == "deadline"
        and end > place + 1
        and not _fits_last(columns, lines[end - 1].text)
    ):
        for index in range(end, min(end + 5, len(lines))):
            text = _cell_text(lines[index])
            if _fits("deadline", text):
                return index + 1
            if not _fits("responsible", text):
                break
    return end


def _after_last_cells(columns: list[Column], lines: list[Line], place: int, usual: int) -> int:
    end = place + 1
    kind = columns[-1].role == "kind"
    longest = _longest(columns)
    while end < len(lines) and end - place - 1 < usual:
        if _stops(lines[end].text, longest) and end - place - 1 >= 2:
            return end
        end += 1
        if kind and lines[end - 1].text in KINDS:
            break
    while kind and end + 1 < len(lines) and not _stops(lines[end].text):
        near = [each.text for each in lines[end : end + 3]]
        if len(near) > 1 and near[1] in KINDS:
            end += 2
        elif len(near) > 2 and near[2] in KINDS:
            end += 3
        else:
            break
    return end


def _longest(columns: list[Column]) -> int:
    roles = {each.role for each in columns}
    tasks = "task" in roles and roles & {"lead", "responsible", "deadline"}
    return LONGEST_TASK if tasks and "no" in roles else LONGEST_CELL


def _stops(text: str, longest: int = LONGEST_CELL) -> bool:
    """A labelled heading, a note or a paragraph: the table is over."""
    label = label_of(text)
    if label is not None and label.kind not in (
        "digit",
        "decimal",
        "bullet",
        "digit_bracket",
        "circle",
    ):
        return True
    return text.startswith(("注:", "注1", "备注:")) or len(text) > longest


def _rows_of(
    columns: list[Column], number: Strand, cells: list[Strand]
) -> list[list[Strand | None]]:
    """One row, or one for each part of it (村 70, 镇 85)."""
    roles = [each.role for each in columns]
    rest = _cells_of_rows(columns)
    last = rest[-1]
    if roles[last] == "kind" and sum(each.text in KINDS for each in cells) > 1:
        return _parts(columns, number, cells)
    placed, _ = aligned([columns[i] for i in rest], cells)
    found = {rest[i]: Strand.joined(each) for i, each in placed.items()}
    return [_row(columns, number, found)]


def _row(columns: list[Column], number: Strand, cells: dict[int, Strand]) -> list[Strand | None]:
    row: list[Strand | None] = [cells.get(i) for i in range(len(columns))]
    row[next(i for i, each in enumerate(columns) if each.role == "no")] = number
    return row


def _parts(columns: list[Column], number: Strand, cells: list[Strand]) -> list[list[Strand | None]]:
    roles = [each.role for each in columns]
    name = next((i for i, role in enumerate(roles) if role in ("name", "task", "project")), 0)
    target = max(i for i, role in enumerate(roles) if role == "target")
    kind = roles.index("kind")
    made: list[list[Strand | None]] = []
    head, chunk = cells[0], []
    for cell in cells[1:]:
        if cell.text not in KINDS:
            chunk.append(cell)
            continue
        value = chunk[-1] if chunk else None
        part = chunk[:-1]
        title = head if not part else Strand.joined((head, part[-1]))
        places = {name: title, kind: cell}
        if value is not None:
            places[target] = value
        made.append(_row(columns, number, places))
        chunk = []
    return made


def _fits(role: str, text: str) -> bool:
    return misfit(role, text) < 3


def _plain_rows(
    columns: list[Column], lines: list[Line], place: int
) -> tuple[list[list[Strand | None]], int]:
    """Rows without counting numbers: as many cells as heads, as long as the figures fit."""
    rows: list[list[Strand | None]] = []
    at = next((i for i, each in enumerate(columns) if each.role == "category"), None)
    kept = [each for each in columns if each.role != "category"]
    category: Strand | None = None
    while place + len(kept) <= len(lines):
        if _fit_all(kept, lines[place : place + len(kept)]):
            row: list[Strand | None] = [_cell(e) for e in lines[place : place + len(kept)]]
            if at is not None:
                row.insert(at, category)
            rows.append(row)
            place += len(kept)
        elif at is not None and _fit_all(kept, lines[place + 1 : place + 1 + len(kept)]):
            category = _cell(lines[place])
            place += 1
        else:
            break
    return rows, place


def _fit_all(columns: list[Column], lines: list[Line]) -> bool:
    texts = [_cell_text(each) for each in lines]
    if len(texts) < len(columns) or any(_stops(each) for each in texts):
        return False
    return all(
        _fits(column.role, text)
        for column, text in zip(columns, texts, strict=True)
        if column.role in ("kind", "target", "unit", "base", "growth")
    )
