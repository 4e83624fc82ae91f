"""原文的展示 (reading): the paper's text cut at every recognised piece."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .models import Paper, Piece
from .states import PieceKind


@dataclass(frozen=True)
class Stretch:
    """A run of text from character `at`; `piece` is its piece's number, 0 for none."""

    text: str
    piece: int = 0
    state: str = ""
    key: int = 0
    at: int = 0


def paragraphs(paper: Paper, pieces: Sequence[Piece]) -> list[list[Stretch]]:
    """Lines of the paper, each as its stretches; where pieces overlap the first one counts."""
    stretches = _stretches(paper.text, pieces)
    lines: list[list[Stretch]] = [[]]
    for stretch in stretches:
        at = stretch.at
        for number, row in enumerate(stretch.text.split("\n")):
            if number:
                lines.append([])
            if row:
                lines[-1].append(replace(stretch, text=row, at=at))
            at += len(row) + 1
    return [line for line in lines if any(one.text.strip() for one in line)]


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
