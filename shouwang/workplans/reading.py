"""原文的展示 (reading): the paper's text cut at every recognised piece."""

from collections.abc import Sequence
from dataclasses import dataclass

from .models import Paper, Piece


@dataclass(frozen=True)
class Stretch:
    """A run of text; `piece` is the number of the piece that it belongs to, 0 for none."""

    text: str
    piece: int = 0
    state: str = ""
    key: int = 0


def paragraphs(paper: Paper, pieces: Sequence[Piece]) -> list[list[Stretch]]:
    """Lines of the paper, each as its stretches; where pieces overlap the first one counts."""
    stretches = _stretches(paper.text, pieces)
    lines: list[list[Stretch]] = [[]]
    for stretch in stretches:
        rows = stretch.text.split("\n")
        for at, row in enumerate(rows):
            if at:
                lines.append([])
            if row:
                lines[-1].append(Stretch(row, stretch.piece, stretch.state, stretch.key))
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
            found.append(Stretch(text[at:begin]))
        found.append(Stretch(text[begin:end], piece.place, piece.state, piece.pk))
        at = end
    if at < len(text):
        found.append(Stretch(text[at:]))
    return found


def _marks(text: str, pieces: Sequence[Piece]) -> list[tuple[int, int, Piece]]:
    return [
        (max(0, start), min(end, len(text)), piece)
        for piece in pieces
        for start, end in piece.spans
    ]


def sentence(paper: Paper, piece: Piece, around: int = 60) -> tuple[str, str, str]:
    """The words before a piece, its own, and those after: where a number comes from."""
    if not piece.spans:
        return "", piece.text, ""
    start, end = piece.spans[0][0], piece.spans[-1][1]
    before = paper.text[max(0, start - around) : start].rpartition("\n")[2]
    after = paper.text[end : end + around].partition("\n")[0]
    return before, paper.text[start:end], after
