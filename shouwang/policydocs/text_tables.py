"""表格的发现 (finding tables): those the file marks, and those a crawl left as lines of text.

A table may come marked (docx, html), with cells divided by tabs or |, or flattened to one cell per
line. Lines that belong to a table leave the running text; its caption stays there as a heading.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from shouwang.policydocs.flat_tables import flat_grid
from shouwang.policydocs.labels import label_at
from shouwang.policydocs.layout import Line
from shouwang.policydocs.source import Source, Table
from shouwang.policydocs.strand import Strand, is_blank
from shouwang.policydocs.tables import Grid, column_of, grid_of

NOTE = re.compile(r"^注(?:[:1-9.、]|释)")
ABOVE = re.compile(r"^(?:单位|计量单位|填报|制表)[:]")
FEWEST_BARS = 6
FEWEST_SPACED = 4
MOST_SPACED = 5000
LONGEST_CELL = 20
"""Lines between two bars that can still be one cell."""
NOTHING = Strand("", [])


def grids_of(source: Source, folded: str, lines: list[Line]) -> tuple[list[Grid], list[Line]]:
    """All tables in reading order, and the lines that are left for the running text."""
    found: list[Grid] = []
    kept: list[Line] = []
    index = 0
    lines = _without_bars(lines)
    while index < len(lines):
        grid, after = _divided(folded, lines, index)
        if grid is None:
            grid, after = flat_grid(lines, index)
        if grid is None:
            grid, after = _spaced(lines, index)
        if grid is None:
            kept.append(lines[index])
            index += 1
            continue
        grid.caption = _caption(kept)
        after = _notes(lines, after, grid)
        found.append(grid)
        index = after
    for table in source.tables:
        grid = _marked(folded, table)
        if grid is not None:
            above = [each for each in kept if each.strand.at[0] < table.span.start]
            grid.caption = _caption(above, kept)
            below = next((i for i, e in enumerate(kept) if e.strand.at[0] >= table.span.end), None)
            if below is not None:
                del kept[below : _notes(kept, below, grid)]
            found.append(grid)
    found.sort(key=lambda each: each.start)
    return found, kept


def _without_bars(lines: list[Line]) -> list[Line]:
    """Cells that a crawl parted by lines holding | alone: the lines of a cell become one."""
    bars = [i for i, each in enumerate(lines) if set(each.text) == {"|"}]
    if len(bars) < FEWEST_BARS:
        return lines
    result = list(lines[: bars[0]])
    for bar, following in zip(bars, [*bars[1:], None], strict=True):
        if following is None or following - bar > LONGEST_CELL:
            end = len(lines) if following is None else following
            result += lines[bar + 1 : end]
        elif following > bar + 1:
            cell = lines[bar + 1 : following]
            result.append(replace(cell[0], strand=Strand.joined(each.strand for each in cell)))
    return result


def _caption(above: list[Line], whole: list[Line] | None = None) -> Strand:
    """The title over a table; a title broken over two lines becomes one line of the text."""
    last = [each for each in above[-4:] if not ABOVE.match(each.text)]
    for back in range(1, min(3, len(last)) + 1):
        label = label_at(last[-back].strand)
        if label is None or label.kind not in ("table", "box"):
            continue
        parts = last[-back:]
        if any(len(each.text) > 40 or each.text[-1] in "。;" for each in parts[1:]):
            break
        joined = replace(parts[0], strand=Strand.joined(each.strand for each in parts))
        target = above if whole is None else whole
        for each in parts[1:]:
            target.remove(each)
        target[target.index(parts[0])] = joined
        return joined.strand
    if last and len(last[-1].text) <= 50 and last[-1].text[-1] not in "。;,":
        return last[-1].strand
    return NOTHING


def _notes(lines: list[Line], index: int, grid: Grid) -> int:
    while index < len(lines) and NOTE.match(lines[index].text):
        grid.notes.append(lines[index].strand)
        index += 1
    return index


def _marked(folded: str, table: Table) -> Grid | None:
    """A table of the file: merged cells count in every row and column that they cover."""
    height = 1 + max(each.row for each in table.cells)
    width = max(each.column + each.columns for each in table.cells)
    if height < 2 or width < 2 or width > 60:
        return None
    rows: list[list[Strand | None]] = [[None] * width for _ in range(height)]
    for cell in table.cells:
        strand = Strand.of(folded, cell.span.start, cell.span.end)
        for row in range(cell.row, min(height, cell.row + cell.rows)):
            for column in range(cell.column, min(width, cell.column + cell.columns)):
                if rows[row][column] is None:
                    rows[row][column] = strand
    while rows and _is_title_row(rows[0]):
        rows.pop(0)
    return grid_of(rows, NOTHING, table.span.start) if len(rows) > 1 else None


def _is_title_row(row: list[Strand | None]) -> bool:
    texts = {each.text for each in row if each is not None and each.text}
    return len(texts) <= 1 and not any(column_of(each) for each in texts)


def _divided(folded: str, lines: list[Line], index: int) -> tuple[Grid | None, int]:
    """Lines whose cells are divided by tabs or |."""
    for separator in ("\t", "|"):
        first = _cells(folded, lines[index], separator)
        heads = [column_of(each.text) for each in first if each.text]
        if len(first) < 2 or sum(head is not None for head in heads) < 2:
            continue
        if 2 * sum(head is not None for head in heads) < len(heads):
            continue
        rows: list[list[Strand | None]] = []
        after = index
        while after < len(lines):
            cells = _cells(folded, lines[after], separator)
            if len(cells) < 2:
                break
            if not all(set(each.text) <= set("-:=+") for each in cells):
                rows.append(list(cells))
            after += 1
        if len(rows) > 1:
            return grid_of(rows, NOTHING, lines[index].strand.at[0]), after
    return None, index


def _spaced(lines: list[Line], index: int) -> tuple[Grid | None, int]:
    """序号 类别 主要任务 牵头单位 on one line: cells that only blanks divide, a row to a line."""
    heads = _pieces(lines[index])
    if len(heads) < FEWEST_SPACED or heads[0].text != "序号":
        return None, index
    if not all(column_of(each.text) for each in heads):
        return None, index
    cells: list[Line] = []
    origin: list[int] = []
    for at in range(index, min(len(lines), index + MOST_SPACED)):
        if at > index and lines[at].text.startswith("序号"):
            break
        for piece in _pieces(lines[at]):
            cells.append(replace(lines[at], strand=piece))
            origin.append(at)
    grid, after = flat_grid(cells, 0)
    if grid is None:
        return None, index
    return grid, origin[after] if after < len(cells) else origin[-1] + 1


def _pieces(line: Line) -> list[Strand]:
    """The parts of a line between blanks."""
    strand = line.strand
    ends = [
        0,
        *(i for i in range(1, len(strand)) if strand.at[i] - strand.at[i - 1] > 1),
        len(strand),
    ]
    return [strand.cut(a, b) for a, b in pairwise(ends)]


def _cells(folded: str, line: Line, separator: str) -> list[Strand]:
    start, end = line.strand.at[0], line.strand.at[-1] + 1
    while (
        start > 0
        and folded[start - 1] != "\n"
        and (is_blank(folded[start - 1]) or folded[start - 1] == "|")
    ):
        start -= 1
    text = folded[start:end]
    if separator not in text:
        return [line.strand]
    cells = []
    place = start
    parts = text.split(separator)
    for part in parts:
        cells.append(Strand.of(folded, place, place + len(part)))
        place += len(part) + 1
    if separator == "|":
        if not cells[0]:
            cells.pop(0)
        if cells and not cells[-1]:
            cells.pop()
    return cells
