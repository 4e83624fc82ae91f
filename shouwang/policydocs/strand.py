"""文字与原位 (text that knows its place): folded characters, each with its offset in the source.

Folding is one character to one character, so a range found in folded text is a range of the
source. Blanks and line ends are left out: a hard-wrapped line reads like unbroken text.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shouwang.policydocs.model import Span

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"


def _folding() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for first, last in ((0x2E80, 0x2FDF), (0xF900, 0xFAFF)):  # radicals and compatibility forms
        for code in range(first, last + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            if len(plain) == 1 and plain != chr(code):
                table[code] = plain
    table |= {
        ord(old): new
        for old, new in zip(
            "﹝﹞﹙﹚﹪﹒∶︰﹕﹐﹔､｡﹑〖〗［］「」『』＂",
            '〔〕()%.:::,;、。、【】[]“”“”"',
            strict=True,
        )
    }
    table |= {ord("➊") + n: chr(ord("①") + n) for n in range(10)}
    table |= {ord("❶") + n: chr(ord("①") + n) for n in range(10)}
    return table


FOLDING = _folding()


def fold(text: str) -> str:
    """Full-width signs, radicals and bracket variants as one form; the length never changes."""
    return text.translate(FOLDING)


def is_blank(character: str) -> bool:
    return character.isspace() or character in INVISIBLE


def squash(text: str) -> str:
    """Text without blanks, line ends and invisible signs: how `raw` and a span are compared."""
    return "".join(each for each in text if not is_blank(each))


@dataclass(frozen=True, slots=True)
class Strand:
    """`text` is folded and without blanks; `at[i]` is where text[i] stands in the source."""

    text: str
    at: Sequence[int]

    @classmethod
    def of(cls, folded: str, start: int, end: int) -> Strand:
        """The strand of source[start:end], given the whole source folded."""
        at = [i for i in range(start, end) if not is_blank(folded[i])]
        return cls("".join(folded[i] for i in at), at)

    def __len__(self) -> int:
        return len(self.text)

    def __bool__(self) -> bool:
        return bool(self.text)

    def cut(self, start: int, end: int | None = None) -> Strand:
        return Strand(self.text[start:end], self.at[start:end])

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """Where text[start:end] stands; an empty range is an empty span at its place."""
        last = len(self.text) if end is None else end
        if not self.at or start >= last:
            place = self.at[start] if start < len(self.at) else (self.at[-1] + 1 if self.at else 0)
            return Span(place, place)
        return Span(self.at[start], self.at[last - 1] + 1)

    def pieces(self, source: str) -> tuple[Span, ...]:
        """The strand as spans, a new one wherever more than blanks was left out between."""
        spans: list[Span] = []
        first = 0
        for i in range(1, len(self.at) + 1):
            if i == len(self.at) or not _only_blanks(source, self.at[i - 1] + 1, self.at[i]):
                spans.append(Span(self.at[first], self.at[i - 1] + 1))
                first = i
        return tuple(spans)

    def index_of(self, offset: int) -> int:
        """The first character that stands at `offset` of the source or after it."""
        return bisect_left(self.at, offset)

    @classmethod
    def joined(cls, strands: Iterable[Strand]) -> Strand:
        parts = list(strands)
        return cls("".join(each.text for each in parts), [i for each in parts for i in each.at])


def _only_blanks(source: str, start: int, end: int) -> bool:
    return all(is_blank(source[i]) for i in range(start, end))
