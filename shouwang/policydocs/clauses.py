"""小句 (clauses): where a comma or a full stop ends what is said of a number; names in quotes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from shouwang.policydocs.brackets import depths

CLAUSE_ENDS = ",;。!?:\n"
SENTENCE_ENDS = "。!?\n"
FARTHEST = 300
"""No word bears on a number farther away; text without signs is not read again and again."""
QUOTED = re.compile(r"“[^“”]{1,40}”|《[^《》]{1,80}》|\"[^\"]{1,40}\"|‘[^‘’]{1,40}’")


@dataclass(frozen=True)
class Passage:
    """A task's text with its clauses: all questions about the neighbourhood of a number."""

    text: str

    @cached_property
    def _depth(self) -> list[int]:
        return depths(self.text)

    @cached_property
    def clause_starts(self) -> list[int]:
        return [0] + [i + 1 for i, c in enumerate(self.text) if c in CLAUSE_ENDS]

    @cached_property
    def sentence_starts(self) -> list[int]:
        return [0] + [i + 1 for i, c in enumerate(self.text) if c in SENTENCE_ENDS]

    @cached_property
    def names(self) -> list[tuple[int, int]]:
        """What stands in quotes: names of works and slogans, titles of papers."""
        return [match.span() for match in QUOTED.finditer(self.text)]

    @cached_property
    def _name_starts(self) -> list[int]:
        return [start for start, _ in self.names]

    def name_at(self, place: int) -> tuple[int, int] | None:
        index = bisect_right(self._name_starts, place) - 1
        if index >= 0 and self.names[index][0] <= place < self.names[index][1]:
            return self.names[index]
        return None

    def clause(self, place: int) -> tuple[int, int]:
        return self._range(self.clause_starts, place)

    def sentence(self, place: int) -> tuple[int, int]:
        return self._range(self.sentence_starts, place)

    def _range(self, starts: list[int], place: int) -> tuple[int, int]:
        index = bisect_right(starts, place) - 1
        end = starts[index + 1] - 1 if index + 1 < len(starts) else len(self.text)
        return max(starts[index], place - FARTHEST), min(end, place + FARTHEST)

    def before(self, place: int) -> str:
        """The clause up to `place`."""
        return self.text[self.clause(place)[0] : place]

    def after(self, place: int) -> str:
        return self.text[place : self.clause(max(0, place - 1))[1]]

    def in_bracket(self, place: int) -> bool:
        return place < len(self.text) and self._depth[place] > 0


class Ranges:
    """Ranges that do not overlap, asked whether a place lies in one of them."""

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        self._ranges = sorted(ranges)
        self._starts = [start for start, _ in self._ranges]

    def __contains__(self, place: int) -> bool:
        index = bisect_right(self._starts, place) - 1
        return any(
            start <= place < end for start, end in self._ranges[max(0, index - 2) : index + 1]
        )
