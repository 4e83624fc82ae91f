"""原文的展示 (reading): the paper's text cut at every recognised piece."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import TextChoices

from .models import Paper, Piece
from .states import PieceKind, PieceState


class Fact(TextChoices):
    """What the reader took from a few words of the paper."""

    TARGET = "target", "目标"
    MONEY = "money", "金额"
    DATE = "date", "时限"
    RHYTHM = "rhythm", "频次"
    LEAD = "lead", "牵头单位"
    UNIT = "unit", "责任单位"


@dataclass(frozen=True)
class Part:
    """Words of a stretch, `fact` says what was taken from them."""

    text: str
    at: int
    fact: Fact | None = None


@dataclass(frozen=True)
class Stretch:
    """A run of text from character `at`; `piece` is its piece's number, 0 for none."""

    text: str
    piece: int = 0
    state: str = ""
    key: int = 0
    at: int = 0
    parts: Sequence[Part] = ()
    """The text cut at its facts; empty where it has none."""


Found = tuple[int, int, Fact]
BRACKET = 300
"""How far behind a piece the bracket with its units is looked for, in characters."""


def paragraphs(paper: Paper, pieces: Sequence[Piece]) -> list[list[Stretch]]:
    """Lines of the paper, each as its stretches; where pieces overlap the first one counts."""
    stretches = _stretches(paper.text, pieces)
    facts = _facts(paper.text, pieces)
    lines: list[list[Stretch]] = [[]]
    for stretch in stretches:
        at = stretch.at
        for number, row in enumerate(stretch.text.split("\n")):
            if number:
                lines.append([])
            if row:
                lines[-1].append(replace(stretch, text=row, at=at, parts=_parts(row, at, facts)))
            at += len(row) + 1
    return [line for line in lines if any(one.text.strip() for one in line)]


def _facts(text: str, pieces: Sequence[Piece]) -> list[Found]:
    """The words behind targets, dates, rhythms and units, in order and without overlaps."""
    found: list[Found] = []
    for piece in pieces:
        if not piece.spans or piece.state in (PieceState.REFUSED, PieceState.MERGED):
            continue
        kind = Fact.MONEY if piece.kind == PieceKind.FUND else Fact.TARGET
        found += [(*one["span"], kind) for one in piece.targets if one.get("span")]
        found += _words(text, piece.deadline_raw, piece.spans, Fact.DATE)
        found += _words(text, piece.rhythm_raw, piece.spans, Fact.RHYTHM)
        if piece.kind != PieceKind.FUND:
            end = piece.spans[-1][1]
            within = [*piece.spans, [end, min(len(text), end + BRACKET)]]
            for name in piece.lead_units:
                found += _words(text, name, within[::-1], Fact.LEAD)
            for name in piece.responsible_units:
                found += _words(text, name, within[::-1], Fact.UNIT)
    apart: list[Found] = []
    for start, end, fact in sorted(found):
        if start < end and (not apart or start >= apart[-1][1]):
            apart.append((start, end, fact))
    return apart


def _words(text: str, words: str, spans: Sequence[Sequence[int]], fact: Fact) -> list[Found]:
    """The first place of the words in the spans; none where they stand otherwise in the paper."""
    for start, end in spans if words else ():
        at = text.find(words, max(0, start), max(0, end))
        if at >= 0:
            return [(at, at + len(words), fact)]
    return []


def _parts(row: str, at: int, facts: Sequence[Found]) -> Sequence[Part]:
    parts: list[Part] = []
    done, stop = at, at + len(row)
    first = bisect_right(facts, at, key=lambda fact: fact[1])
    for begin, end, fact in facts[first:]:
        start, end = max(begin, done), min(end, stop)
        if begin >= stop:
            break
        if start > done:
            parts.append(Part(row[done - at : start - at], done))
        if start < end:
            parts.append(Part(row[start - at : end - at], start, fact))
        done = max(done, end)
    if parts and done < stop:
        parts.append(Part(row[done - at :], done))
    return parts


def _stretches(text: str, pieces: Sequence[Piece]) -> list[Stretch]:
    marks = sorted(_marks(text, pieces), key=lambda mark: mark[:2])
    found: list[Stretch] = []
    at = 0
    for start, end, piece in marks:
        begin = max(start, at)
        if begin >= end:
            continue
        if begin > at:
            found.append(Stretch(text[at:begin], at=at))
        found.append(Stretch(text[begin:end], piece.place, piece.state, piece.pk, begin))
        at = end
    if at < len(text):
        found.append(Stretch(text[at:], at=at))
    return found


def _marks(text: str, pieces: Sequence[Piece]) -> list[tuple[int, int, Piece]]:
    return [
        (max(0, start), min(end, len(text)), piece)
        for piece in pieces
        for start, end in piece.spans
    ]


OTHER = "其他"


def section_of(piece: Piece) -> str:
    """Where a piece stands in the pages: the outermost heading above it."""
    if piece.kind == PieceKind.FUND:
        return "资金"
    return str(piece.path[0]) if piece.path else OTHER


def sections(pieces: Sequence[Piece]) -> dict[str, list[Piece]]:
    """Pieces by section, in the order of the paper."""
    found: dict[str, list[Piece]] = {}
    for piece in pieces:
        found.setdefault(section_of(piece), []).append(piece)
    return found


def sentence(paper: Paper, piece: Piece, width: int = 60) -> tuple[str, str, str]:
    """The words before a piece, its own, and those after: where a number comes from."""
    if not piece.spans:
        return "", piece.text, ""
    return around(paper.text, piece.spans[0][0], piece.spans[-1][1], width)


def around(text: str, start: int, end: int, width: int = 60) -> tuple[str, str, str]:
    """A place of a text with the words of its line before and after it."""
    before = text[max(0, start - width) : start].rpartition("\n")[2]
    return before, text[start:end], text[end : end + width].partition("\n")[0]
