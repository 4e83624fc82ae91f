"""压平的表格 (flattened tables): heads and cells that a crawl left one to a line.

The heads are a run of lines that are column heads. Rows begin with the counting number where the
table has one, and otherwise have as many cells as the table has heads. Inside a row the cells find
their columns by what they are: 约束性 is a kind, 35 or 高于全省平均 a target, words a name.
"""

from __future__ import annotations

import re

from shouwang.policydocs.labels import label_of
from shouwang.policydocs.layout import Line
from shouwang.policydocs.strand import Strand
from shouwang.policydocs.tables import Column, Grid, column_of
from shouwang.policydocs.words import words

FEWEST_HEADS = 3
KINDS = frozenset(words("kinds", "tables"))
NONE = frozenset(words("none", "tables"))
VALUE = re.compile(
    r"^(?:[≥≤><=〔\[(]*[-+]?[0-9][0-9.,]*(?:[-~—至][0-9.]+)?(?:%|‰|万|亿)?[\])〕]?(?:以上|以下|左右|以内)?(?:个|元|万元|亿元|人|万人|户|亩|万亩|公里|吨|头|座|项|家|倍|个百分点|名|次)*(?:以上|以下|左右|以内)?)$"
    r"|清零|全覆盖|高于|低于|不低于|不高于|达到|不超过|以上|持续|稳定|基本|完成|优于|保持|消除|逐年|逐步|平均"
)
UNIT = re.compile(
    r"^(?:%|‰|[万亿]?(?:元|人|亩|吨|户|头|只|羽|斤|公斤|公里|千瓦时?|立方米|人次)|个|家|座|处|项|公里|平方米|平方公里|公顷|人次|名|户|次|件|张/千人|元/人|吨/万元|个/万人|种|条|所|辆|台|岁|分)$"
)
LONGEST_CELL = 160


def flat_grid(lines: list[Line], index: int) -> tuple[Grid | None, int]:
    """The flattened table whose heads begin at this line, and the line after it."""
    columns: list[Column] = []
    place = index
    while place < len(lines) and len(columns) < 12:
        column = column_of(lines[place].text)
        if column is None or len(lines[place].text) > 18 or lines[place].text.isdigit():
            break
        columns.append(column)
        place += 1
    roles = [each.role for each in columns]
    if roles[:1] == ["no"] and "target" in roles and not {"name", "task", "project"} & set(roles):
        columns.insert(1, Column("name", None, ""))  # its head was lost
        roles.insert(1, "name")
    if (
        len(columns) < FEWEST_HEADS
        or "target" not in roles
        or not {"name", "task", "project"} & set(roles)
    ):
        return None, index
    columns, place = _spread(columns, lines, place)
    if "no" in [each.role for each in columns]:
        rows, after = _numbered_rows(columns, lines, place)
    else:
        rows, after = _plain_rows(columns, lines, place)
    if not rows:
        return None, index
    return Grid(columns, rows, Strand("", []), start=lines[index].strand.at[0]), after


def _spread(columns: list[Column], lines: list[Line], place: int) -> tuple[list[Column], int]:
    """目标值 over 2023年, 2025年: the heads of years stand for the group above them."""
    years = [each for each in columns if each.role == "target" and each.year]
    groups = [each for each in columns if each.role == "target" and not each.year]
    if len(years) >= 2 and groups:
        columns = [each for each in columns if each not in groups]
    return columns, place


def _numbered_rows(
    columns: list[Column], lines: list[Line], place: int
) -> tuple[list[list[Strand | None]], int]:
    rows: list[list[Strand | None]] = []
    number = 1
    category: Strand | None = None
    while place < len(lines):
        if lines[place].text.rstrip(".、") != str(number):
            if (
                number == 1
                and _has_category(columns)
                and place + 1 < len(lines)
                and lines[place + 1].text == "1"
            ):
                category = lines[place].strand
                place += 1
                continue
            break
        end = _end_of_row(columns, lines, place, number)
        cells = [each.strand for each in lines[place + 1 : end]]
        following = category
        if (
            _has_category(columns)
            and len(cells) > len(columns) - 2
            and not _fits_last(columns, cells[-1].text)
        ):
            following = cells.pop()
        made = _rows_of(columns, lines[place].strand, cells)
        if category is not None:
            at = next(i for i, each in enumerate(columns) if each.role == "category")
            for row in made:
                row[at] = category
        rows += made
        category = following
        place, number = end, number + 1
    return rows, place


def _has_category(columns: list[Column]) -> bool:
    return any(each.role == "category" for each in columns)


def _fits_last(columns: list[Column], text: str) -> bool:
    return _fits(columns[-1].role, text)


def _end_of_row(columns: list[Column], lines: list[Line], place: int, number: int) -> int:
    """Where the next counting number stands; the last row ends with its own cells."""
    usual = len(columns) - (2 if _has_category(columns) else 1)
    candidates = []
    for index in range(place + 2, min(len(lines), place + 1 + 6 * (usual + 1))):
        text = lines[index].text
        if text.rstrip(".、") == str(number + 1):
            candidates.append(index)
        if _stops(text) and text.rstrip(".、") != str(number + 1):
            break
    for index in candidates:
        if index - place - 1 in (usual, usual + 1) and not lines[index - 1].text == str(number):
            return index
    if candidates:
        return candidates[0]
    return _end_of_last_row(columns, lines, place, usual)


def _end_of_last_row(columns: list[Column], lines: list[Line], place: int, usual: int) -> int:
    end = place + 1
    kind = columns[-1].role == "kind"
    while end < len(lines) and end - place - 1 < usual:
        if _stops(lines[end].text) and end - place - 1 >= 2:
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


def _stops(text: str) -> bool:
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
    return text.startswith(("注:", "注1", "备注:")) or len(text) > LONGEST_CELL


def _rows_of(
    columns: list[Column], number: Strand, cells: list[Strand]
) -> list[list[Strand | None]]:
    """One row, or one for each part of it (村 65, 乡镇 80)."""
    roles = [each.role for each in columns]
    rest = [i for i, role in enumerate(roles) if role not in ("no", "category")]
    if len(cells) == len(rest):
        return [_row(columns, number, dict(zip(rest, cells, strict=True)))]
    last = rest[-1]
    if roles[last] == "kind" and sum(each.text in KINDS for each in cells) > 1:
        return _parts(columns, number, cells)
    return [_row(columns, number, _by_what_they_are(columns, rest, cells))]


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
    if role == "kind":
        return text in KINDS
    if role in ("target", "base", "growth", "weight"):
        return text in NONE or VALUE.search(text) is not None
    if role == "unit":
        return UNIT.match(text) is not None or text in NONE
    return text not in KINDS


def _by_what_they_are(
    columns: list[Column], rest: list[int], cells: list[Strand]
) -> dict[int, Strand]:
    """Cells were lost or broken over lines: the first words are the name, the others must fit."""
    places: dict[int, Strand] = {}
    column = 0
    for cell in cells:
        while (
            column < len(rest)
            and rest[column] in places
            and not _fits(columns[rest[column]].role, cell.text)
        ):
            column += 1
        ahead = column
        while ahead < len(rest) and not (
            rest[ahead] not in places and _fits(columns[rest[ahead]].role, cell.text)
        ):
            ahead += 1
        role = columns[rest[column]].role if column < len(rest) else ""
        if ahead < len(rest) and not (
            role in ("name", "task") and _is_more_of_a_name(cell.text, places, rest[column])
        ):
            column = ahead
            places[rest[column]] = cell
        elif places:
            last = max(places)
            places[last] = Strand.joined((places[last], cell))
    return places


def _is_more_of_a_name(text: str, places: dict[int, Strand], column: int) -> bool:
    return (
        column in places
        and VALUE.search(text) is None
        and UNIT.match(text) is None
        and text not in KINDS
    )


def _plain_rows(
    columns: list[Column], lines: list[Line], place: int
) -> tuple[list[list[Strand | None]], int]:
    """Rows without counting numbers: as many cells as heads, as long as the targets fit."""
    rows: list[list[Strand | None]] = []
    width = len(columns)
    while place + width <= len(lines):
        cells = lines[place : place + width]
        if any(_stops(each.text) for each in cells):
            break
        fit = all(
            _fits(column.role, cell.text)
            for column, cell in zip(columns, cells, strict=True)
            if column.role in ("kind", "target", "unit")
        )
        if not fit:
            break
        rows.append([each.strand for each in cells])
        place += width
    return rows, place
