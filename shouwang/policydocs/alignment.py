"""单元格归列 (alignment): which column each cell of a flattened row belongs to.

A crawl drops empty cells and breaks long ones over lines, so a row seldom has as many cells as the
table has heads. Cells keep their order; the dearness of every placing is added up and the cheapest
kept: a cell that is not what its column holds, a column left empty, two cells put into one.
"""

from __future__ import annotations

import re
from functools import cache

from shouwang.policydocs.labels import label_of
from shouwang.policydocs.organisations import ANY_ENDING, is_unit, members
from shouwang.policydocs.strand import Strand
from shouwang.policydocs.tables import VALUE, Column
from shouwang.policydocs.words import words

KINDS = frozenset(words("kinds", "tables"))
NONE = frozenset(words("none", "tables"))
UNIT = re.compile(
    r"^(?:%|‰|[十百千万亿]*(?:元|人|亩|吨|户|头|只|羽|斤|公斤|公里|千瓦时?|立方米|人次|个|家|座|处|项|平方米"
    r"|平方公里|公顷|名|次|件|种|条|所|辆|台|岁|分|株|尾|套|间|张|期|场|村|千克|米|盏|口|倍)"
    r"(?:/[^/]{1,4})?|个百分点|百分点|[:1]{1,3}|天|年)$"
)
TIME = re.compile(r"(?:年|月|底|季度|长期|持续|全年|每|日前|前|常态)")
FIGURES = ("target", "base", "growth", "weight")
BODIES = ("responsible", "lead", "scoring")
WORDS = ("name", "task", "project", "category", "other", "note", "progress")
NEVER = 40


@cache
def _only_bodies(text: str) -> bool:
    named = [text[a:b] for a, b in members(text)]
    return bool(named) and all(
        is_unit(bare := each.rstrip("*")) and ANY_ENDING.search(bare) for each in named
    )


def misfit(role: str, text: str) -> int:
    """How ill a cell becomes a column: 0 where it is just what the column holds."""
    if role == "kind":
        return 0 if text in KINDS else 20
    if text in KINDS:
        return 20
    if role == "unit":
        return 0 if UNIT.match(text) else 1 if text in NONE else 12
    if role in FIGURES:
        if text in NONE or VALUE.search(text):
            return 6 if _only_bodies(text) else 0
        return 9 if _only_bodies(text) or UNIT.match(text) else 3
    if role in BODIES:
        return 0 if _only_bodies(text) else 3 if text in NONE else 8
    if role == "category":
        label = label_of(text)
        return 0 if label is not None and label.kind == "cn" else 2 if len(text) <= 12 else 8
    if role in ("task", "name") and (label := label_of(text)) is not None and label.kind == "cn":
        return 3
    if role == "person":
        return 1 if re.fullmatch("[\u4e00-\u9fff、]{2,12}", text) else 8
    if role == "deadline":
        return 0 if TIME.search(text) and len(text) <= 24 else 8
    if re.fullmatch(r"[0-9.,%≥≤><~—-]+", text):
        return 1 if role in ("note", "other", "progress") else 9
    if UNIT.match(text):
        return 5
    return 3 if _only_bodies(text) and role != "other" else 0


def _empty(role: str) -> int:
    return {"note": 1, "category": 1, "other": 1, "progress": 1, "target": 7, "kind": 4}.get(
        role, 3
    )


def _joined(role: str, before: str, text: str) -> int:
    """What it costs that a cell goes on in the same column as the one before it."""
    if role in BODIES:
        return 2 if role == "lead" else 1  # of several bodies the first leads
    if role in WORDS:
        return 2 if len(before) <= 40 else 1
    return 6 if role not in ("kind", "unit") else NEVER


def aligned(columns: list[Column], cells: list[Strand]) -> tuple[dict[int, list[Strand]], int]:
    """Cells by column, and how dear the placing is. `columns`: without the counting number."""
    roles = [each.role for each in columns]
    width, height = len(roles), len(cells)
    best = [[NEVER * 10] * (width + 1) for _ in range(height + 1)]
    came: list[list[tuple[int, int, int]]] = [[(0, 0, -1)] * (width + 1) for _ in range(height + 1)]
    best[0][0] = 0
    for i in range(height + 1):
        for j in range(width + 1):
            here = best[i][j]
            if here >= NEVER * 10:
                continue
            if j < width:
                _offer(best, came, (i, j), (i, j + 1, -1), here + _empty(roles[j]))
            if i < height and j < width:
                cost = here + misfit(roles[j], cells[i].text)
                _offer(best, came, (i, j), (i + 1, j + 1, j), cost)
            if i < height and j > 0 and came[i][j][2] == j - 1:
                cost = here + _joined(roles[j - 1], cells[i - 1].text, cells[i].text)
                cost += misfit(roles[j - 1], cells[i].text)
                _offer(best, came, (i, j), (i + 1, j, j - 1), cost)
    return _traced(came, cells, height, width), best[height][width]


def _offer(
    best: list[list[int]],
    came: list[list[tuple[int, int, int]]],
    here: tuple[int, int],
    there: tuple[int, int, int],
    cost: int,
) -> None:
    i, j, column = there
    if cost < best[i][j]:
        best[i][j] = cost
        came[i][j] = (*here, column)


def _traced(
    came: list[list[tuple[int, int, int]]], cells: list[Strand], i: int, j: int
) -> dict[int, list[Strand]]:
    places: dict[int, list[Strand]] = {}
    while i or j:
        before_i, before_j, column = came[i][j]
        if column >= 0:
            places.setdefault(column, []).insert(0, cells[i - 1])
        if (before_i, before_j) == (i, j):
            break
        i, j = before_i, before_j
    return places
