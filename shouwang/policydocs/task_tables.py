"""任务清单表 (task tables): each row of a list of tasks with its units and its time limit."""

from __future__ import annotations

from collections.abc import Iterator

from shouwang.policydocs.drafts import Draft
from shouwang.policydocs.organisations import is_unit, members
from shouwang.policydocs.strand import Strand
from shouwang.policydocs.tables import Grid
from shouwang.policydocs.words import words

NONE = frozenset(words("none", "tables"))
BODY = ("task", "project", "target", "name")


def task_rows(grids: list[Grid]) -> Iterator[Draft]:
    for grid in grids:
        if grid.is_tasks:
            yield from _of_grid(grid)


def _of_grid(grid: Grid) -> Iterator[Draft]:
    before: list[Strand | None] = []
    for row in grid.rows:
        cells = _body(grid, row, before)
        before = row
        if not cells:
            continue
        draft = Draft(_path(grid, row), cells)
        for index, column in enumerate(grid.columns):
            cell = row[index] if index < len(row) else None
            if cell is None or cell.text in NONE:
                continue
            if column.role == "deadline":
                draft.times.append(cell)
            elif column.role in ("lead", "responsible", "scoring"):
                named = [
                    (cell, a, b)
                    for a, b in members(cell.text)
                    if is_unit(cell.text[a:b]) or b - a > 3
                ]
                (draft.lead if column.role == "lead" else draft.responsible).extend(named)
        yield draft


def _body(grid: Grid, row: list[Strand | None], before: list[Strand | None]) -> list[Strand]:
    """The row's own words: a cell merged over several rows belongs to the first of them."""
    cells: list[Strand] = []
    for index, column in enumerate(grid.columns):
        cell = row[index] if index < len(row) else None
        if column.role not in BODY or cell is None or not cell or cell.text in NONE:
            continue
        above = before[index] if index < len(before) else None
        if (above is not None and above.at == cell.at) or any(cell.at == each.at for each in cells):
            continue
        cells.append(cell)
    return cells


def _path(grid: Grid, row: list[Strand | None]) -> tuple[str, ...]:
    path = [grid.caption.text] if grid.caption else []
    index = grid.column("category")
    cell = row[index] if index is not None and index < len(row) else None
    if cell:
        path.append(cell.text)
    return tuple(path)
