"""PDF 的表格 (ruled tables of a PDF): cells from the lines that are drawn round them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from .pdf_lines import Sign, lines_of

NEAR = 3.0
"""Points within which two ends of lines meet, or two lines are one."""
MOST_RULES = 20_000
"""A page with more lines is a drawing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line: level at `at` from `low` to `high` along x, or upright along y; in points."""

    is_level: bool
    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RuledCell:
    """Row and column from 0, how many of each it takes, its text."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table of one page. `edges` are the places of its upright lines, `top` its upper border;
    it is open where the end of the page cuts a row in two and no border is drawn."""

    page: int
    top: float
    edges: tuple[float, ...]
    rows: tuple[tuple[RuledCell, ...], ...]
    is_open_above: bool = False
    is_open_below: bool = False

    @property
    def written(self) -> list[list[tuple[int, int, int, str]]]:
        """As a source takes it: (column, rows, columns, text) of each cell."""
        return [[(c.column, c.rows, c.columns, c.text) for c in row] for row in self.rows]

    def continues(self, before: RuledTable) -> bool:
        """The same columns on the next page: one table that the page cut in two."""
        return (
            self.page == before.page + 1
            and len(self.edges) == len(before.edges)
            and all(abs(a - b) <= NEAR for a, b in zip(self.edges, before.edges, strict=True))
        )

    def joined(self, rest: RuledTable) -> RuledTable:
        """With the rows of the next page; a head that is printed again is left out, a row that the
        end of the page cut in two is one."""
        above, below = list(self.rows), list(rest.rows)
        dropped = 0
        if [cell.text for cell in above[0]] == [cell.text for cell in below[0]]:
            below, dropped = below[1:], 1
        elif _is_one_row(above[-1], below[0], is_open=self.is_open_below and rest.is_open_above):
            above[-1] = tuple(
                replace(cell, text=cell.text + more.text)
                for cell, more in zip(above[-1], below[0], strict=True)
            )
            below, dropped = below[1:], 1
        down = len(self.rows) - dropped
        moved = [tuple(replace(cell, row=cell.row + down) for cell in row) for row in below]
        return replace(
            self, rows=(*above, *moved), page=rest.page, is_open_below=rest.is_open_below
        )


def tables_of(
    rules: Sequence[Rule], signs: list[Sign], page: int
) -> tuple[list[RuledTable], list[Sign]]:
    """The tables of a page from above to below, and the signs that stand outside of them."""
    found: list[RuledTable] = []
    left = signs
    if len(rules) <= MOST_RULES:
        for group in _groups([*_merged(rules, level=True), *_merged(rules, level=False)]):
            grid = _Grid.of(group)
            if grid is None:
                continue
            inside = [sign for sign in left if grid.holds(sign)]
            table = grid.table(inside, page)
            if inside and max(map(len, table.rows)) > 1:
                left = [sign for sign in left if not grid.holds(sign)]
                found.append(table)
    return sorted(found, key=lambda each: -each.top), left


def _merged(rules: Sequence[Rule], *, level: bool) -> list[Rule]:
    """Borders of single cells that lie on one line are one line, as far as they meet."""
    merged: list[Rule] = []
    at: list[Rule] = []
    for rule in sorted((each for each in rules if each.is_level == level), key=lambda e: e.at):
        if at and rule.at - at[-1].at > NEAR:
            merged += _end_to_end(at)
            at = []
        at.append(rule)
    return merged + _end_to_end(at)


def _end_to_end(rules: Sequence[Rule]) -> list[Rule]:
    found: list[Rule] = []
    for rule in sorted(rules, key=lambda each: each.low):
        if found and rule.low <= found[-1].high + NEAR:
            found[-1] = replace(found[-1], high=max(found[-1].high, rule.high))
        else:
            found.append(rule)
    return found


def _is_one_row(above: Sequence[RuledCell], below: Sequence[RuledCell], *, is_open: bool) -> bool:
    """The end of a page cut a row: no border is drawn, or most of its cells had ended before."""
    if len(above) != len(below):
        return False
    filled = [i for i, cell in enumerate(below) if cell.text]
    return is_open or (2 * len(filled) < len(below) and all(above[i].text for i in filled))


def _groups(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Lines that cross or meet belong together."""
    groups: list[list[Rule]] = []
    for rule in rules:
        touched = [group for group in groups if any(_meet(rule, each) for each in group)]
        groups = [group for group in groups if not any(group is each for each in touched)]
        groups.append([rule, *(each for group in touched for each in group)])
    return groups


def _meet(one: Rule, other: Rule) -> bool:
    if one.is_level == other.is_level:
        overlap = one.low <= other.high + NEAR and other.low <= one.high + NEAR
        return abs(one.at - other.at) <= NEAR and overlap
    return (
        other.low - NEAR <= one.at <= other.high + NEAR
        and one.low - NEAR <= other.at <= one.high + NEAR
    )


@dataclass(frozen=True)
class _Grid:
    """The places of all lines of a table; a cell is bounded by those that are really drawn."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    rules: tuple[Rule, ...]
    is_open_above: bool
    is_open_below: bool

    @classmethod
    def of(cls, rules: Sequence[Rule]) -> _Grid | None:
        upright = [rule for rule in rules if not rule.is_level]
        xs = _places(rule.at for rule in upright)
        ys = _places(rule.at for rule in rules if rule.is_level)
        if len(xs) < 3 or not ys:
            return None
        # upright lines that go on beyond the last level one: the page ends within a row
        high, low = median(rule.high for rule in upright), median(rule.low for rule in upright)
        above, below = high > ys[-1] + NEAR, low < ys[0] - NEAR
        ys = (*((low,) if below else ()), *ys, *((high,) if above else ()))
        if len(ys) < 3:
            return None
        return cls(xs, tuple(reversed(ys)), tuple(rules), above, below)

    def holds(self, sign: Sign) -> bool:
        middle = (sign.x0 + sign.x1) / 2
        return (
            self.xs[0] <= middle <= self.xs[-1]
            and self.ys[-1] <= sign.base + 0.3 * sign.size <= self.ys[0]
        )

    def table(self, signs: list[Sign], page: int) -> RuledTable:
        roots = self._cells()
        texts: dict[tuple[int, int], list[Sign]] = {}
        for sign in signs:
            texts.setdefault(roots[self._place(sign)], []).append(sign)
        spans: dict[tuple[int, int], tuple[int, int]] = {}
        for (row, column), root in roots.items():
            down, across = spans.get(root, (0, 0))
            spans[root] = (max(down, row - root[0] + 1), max(across, column - root[1] + 1))
        cells = [
            RuledCell(row, column, *spans[row, column], _text(texts.get((row, column), [])))
            for row, column in sorted(spans)
        ]
        rows = [tuple(c for c in cells if c.row == row) for row in range(len(self.ys) - 1)]
        return RuledTable(
            page, self.ys[0], self.xs, tuple(rows), self.is_open_above, self.is_open_below
        )

    def _place(self, sign: Sign) -> tuple[int, int]:
        x, y = (sign.x0 + sign.x1) / 2, sign.base + 0.3 * sign.size
        row = next((i for i, low in enumerate(self.ys[1:]) if y >= low), len(self.ys) - 2)
        column = next((i for i, high in enumerate(self.xs[1:]) if x <= high), len(self.xs) - 2)
        return row, column

    def _cells(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Each field of the grid with the first field of the cell that it belongs to."""
        roots = {(r, c): (r, c) for r in range(len(self.ys) - 1) for c in range(len(self.xs) - 1)}

        def root(place: tuple[int, int]) -> tuple[int, int]:
            while roots[place] != place:
                place = roots[place]
            return place

        for row, column in list(roots):
            beside, under = (row, column + 1), (row + 1, column)
            if beside in roots and not self._is_drawn(False, self.xs[column + 1], self.ys, row):
                _unite(roots, root((row, column)), root(beside))
            if under in roots and not self._is_drawn(True, self.ys[row + 1], self.xs, column):
                _unite(roots, root((row, column)), root(under))
        return {place: root(place) for place in roots}

    def _is_drawn(self, is_level: bool, at: float, places: tuple[float, ...], index: int) -> bool:
        """A line at a place of the grid, along the middle of the field `index`."""
        middle = (places[index] + places[index + 1]) / 2
        return any(
            rule.is_level == is_level
            and abs(rule.at - at) <= NEAR
            and rule.low <= middle <= rule.high
            for rule in self.rules
        )


def _unite(
    roots: dict[tuple[int, int], tuple[int, int]], one: tuple[int, int], other: tuple[int, int]
) -> None:
    first, second = sorted((one, other))
    roots[second] = first


def _places(values: Iterable[float]) -> tuple[float, ...]:
    """Different places, of those that lie together the middle."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= NEAR:
            groups[-1].append(value)
        else:
            groups.append([value])
    return tuple((group[0] + group[-1]) / 2 for group in groups)


def _text(signs: list[Sign]) -> str:
    """The words of a cell; its lines are one text."""
    return "".join(line.text.replace("\t", " ") for line in lines_of(signs, 0))
