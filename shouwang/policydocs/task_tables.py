"""任务清单表 (task tables): each row of a list of tasks with its units and its time limit."""

from __future__ import annotations

from collections.abc import Iterator

from shouwang.policydocs.drafts import Draft
from shouwang.policydocs.organisations import is_unit, members
from shouwang.policydocs.responsibility import cell_lines
from shouwang.policydocs.strand import Strand
from shouwang.policydocs.tables import Grid
from shouwang.policydocs.words import words

NONE = frozenset(words("none", "tables"))
BODY = ("task", "project", "target", "name")


def task_rows(source: str, grids: list[Grid]) -> Iterator[Draft]:
    for grid in grids:
        if grid.is_tasks:
            yield from _of_grid(source, grid)


def _of_grid(source: str, grid: Grid) -> Iterator[Draft]:
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
                _bodies(source, draft, cell, lead=column.role == "lead")
        yield draft


def _bodies(source: str, draft: Draft, cell: Strand, *, lead: bool) -> None:
    """The bodies of a cell; one with a star leads (加*号为牵头部门)."""
    for part in cell_lines(source, cell):
        for a, b in members(part.text):
            starred = part.text[a:b].endswith("*")
            end = b - starred
            if is_unit(part.text[a:end]) or end - a > 3:
                (draft.lead if lead or starred else draft.responsible).append((part, a, end))


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
