"""PDF 的行 (lines of a PDF): from single characters with their places to lines, and which go on.

Signs of several fonts stand on one base line, so lines are put together from characters and not
from the pieces that a PDF happens to hold. Where the paper sets the first line of a paragraph in,
or leaves more room above it, the place of a line tells whether a paragraph begins there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

CELL_GAP = 1.5
"""Blank room, in sizes of the letter, from which on two pieces of a line are cells of a table."""
BLANK = 0.5
"""The width of a blank, in sizes of the letter; signs that are set to fill a line stand closer."""
WORD_GAP = 0.2
SET_IN = 1.2
"""How far, in sizes of the letter, a first line is set in at the least."""
SHORT = 2.4
"""A line that ends so much before the margin, in sizes of the letter, is not full: a sign that may
not begin a line takes one or two with it to the next."""
ROOM = 1.15
"""More than the usual room between lines, as a share of it."""
SURE = 0.7
"""The share of paragraphs whose beginning shows, from which on its absence says something too."""
FEWEST = 5
LATIN = re.compile("[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Sign:
    """One character: `base` is the height of its base line; all in points from the lower left."""

    text: str
    x0: float
    x1: float
    base: float
    size: float


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line. `goes_on` tells whether it continues the one before; None: it may."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    page: int
    goes_on: bool | None = None
    is_set_in: bool = False


def lines_of(signs: Iterable[Sign], page: int) -> list[Line]:
    """The lines of one page from above to below."""
    rows: list[list[Sign]] = []
    for sign in sorted(signs, key=lambda each: (-each.base, each.x0)):
        if rows and rows[-1][0].base - sign.base < 0.4 * min(rows[-1][0].size, sign.size):
            rows[-1].append(sign)
        else:
            rows.append([sign])
    return [line for row in rows if (line := _line(row, page)) is not None]


def _line(row: list[Sign], page: int) -> Line | None:
    signs = _without_doubles(sorted(row, key=lambda each: each.x0))
    while signs and not signs[0].text.strip():
        signs = signs[1:]
    while signs and not signs[-1].text.strip():
        signs = signs[:-1]
    if not signs:
        return None
    size = median(each.size for each in signs)
    text = signs[0].text
    for before, sign in pairwise(signs):
        text += _between(before, sign, size) + sign.text
    return Line(text, signs[0].x0, signs[-1].x1, signs[0].base, size, page)


def _without_doubles(signs: list[Sign]) -> list[Sign]:
    """Writing programs print a sign twice, a hair apart, to make it bold."""
    kept: list[Sign] = []
    for sign in signs:
        same = kept and kept[-1].text == sign.text
        if not same or sign.x0 - kept[-1].x0 > 0.25 * sign.size:
            kept.append(sign)
    return kept


def _between(before: Sign, sign: Sign, size: float) -> str:
    gap = sign.x0 - before.x1
    if gap > CELL_GAP * size:
        return "\t"
    if gap > BLANK * size:
        return " " * round(gap / (BLANK * size))
    latin = LATIN.match(before.text) and LATIN.match(sign.text)
    return " " if latin and gap > WORD_GAP * size else ""


def with_paragraphs(pages: Sequence[list[Line]]) -> list[Line]:
    """All lines in order, each told whether it begins a paragraph, where the paper shows it."""
    lines = [replace(line, is_set_in=_is_set_in(line, page)) for page in pages for line in page]
    if not lines:
        return []
    body = _Body.of(lines)
    return [lines[0], *(body.judged(before, line) for before, line in pairwise(lines))]


def _is_set_in(line: Line, page: list[Line]) -> bool:
    left = Counter(round(each.x0) for each in page).most_common(1)[0][0]
    margin = min((round(e.x0) for e in page if abs(e.x0 - left) < 3 * e.size), default=left)
    return line.x0 > margin + SET_IN * line.size


@dataclass(frozen=True)
class _Body:
    """How the running text of this paper is set."""

    right: float
    room: float
    sets_in: bool
    spaces: bool

    @classmethod
    def of(cls, lines: list[Line]) -> _Body:
        right = _right_margin(lines)
        pairs = list(_within_a_page(lines))
        full = [(a, b) for a, b in pairs if a.x1 > right - SHORT * a.size and "\t" not in a.text]
        room = median(a.base - b.base for a, b in full) if full else 0.0
        after_short = [
            (a, b)
            for a, b in pairs
            if a.x1 <= right - SHORT * a.size and abs(a.size - b.size) < 0.1 * a.size
        ]
        sets_in = _share(b.is_set_in for _, b in after_short) >= SURE
        after_short = [pair for pair in after_short if "\t" not in pair[0].text + pair[1].text]
        spaces = room > 0 and _share(a.base - b.base > ROOM * room for a, b in after_short) >= SURE
        return cls(right, room, sets_in, spaces)

    def judged(self, before: Line, line: Line) -> Line:
        if "\t" in before.text + line.text or abs(before.size - line.size) > 0.1 * line.size:
            return line
        return replace(line, goes_on=self._goes_on(before, line))

    def _goes_on(self, before: Line, line: Line) -> bool | None:
        full = before.x1 > self.right - SHORT * before.size
        same_page = before.page == line.page
        apart = same_page and before.base - line.base > ROOM * self.room
        if self.sets_in:
            if line.is_set_in:
                return None if before.is_set_in and not full else False
            return True if full and not (self.spaces and apart) else None
        if self.spaces and same_page:
            return False if apart else True if full else None
        return None


def _right_margin(lines: list[Line]) -> float:
    """Where most of the long lines end: few stand out by a sign, many end before it."""
    ends = sorted(line.x1 for line in lines)
    common = Counter(round(end / 4) for end in ends[len(ends) // 2 :])
    return 4.0 * max(common, key=lambda each: (common[each], each))


def _within_a_page(lines: list[Line]) -> Iterator[tuple[Line, Line]]:
    return ((a, b) for a, b in pairwise(lines) if a.page == b.page)


def _share(judgements: Iterable[bool]) -> float:
    told = list(judgements)
    return sum(told) / len(told) if len(told) >= FEWEST else 0.0
