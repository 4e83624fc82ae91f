"""原文 (the source): a paper's plain text with what its file marked as paragraphs and tables."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from shouwang.policydocs.model import Place, Span
from shouwang.policydocs.radicals import without_radicals


@dataclass(frozen=True, slots=True)
class Paragraph:
    """段落, or a line of one. `level` is the heading level that the file itself gives (docx style,
    h1 … h6); `goes_on` tells, where its place on the page shows it, whether it continues the line
    before."""

    span: Span
    page: int | None = None
    level: int | None = None
    goes_on: bool | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """单元格: row and column from 0; a merged cell stands at its first place."""

    span: Span
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """表格 that the file marked."""

    span: Span
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Source:
    """The text that all spans count in, and how the file divided it."""

    text: str
    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...] = ()
    kind: str = "txt"
    name: str = ""
    notes: tuple[str, ...] = ()
    """What could not be read of the file, each as a sentence for the person who sent it."""

    @cached_property
    def _starts(self) -> list[int]:
        return [each.span.start for each in self.paragraphs]

    def place(self, span: Span) -> Place:
        """Page and paragraph of the span's first character."""
        index = max(0, bisect_right(self._starts, span.start) - 1)
        page = self.paragraphs[index].page if self.paragraphs else None
        return Place(page, index + 1)

    def cut(self, span: Span) -> str:
        return self.text[span.start : span.end]


def source_of_text(text: str, *, name: str = "", kind: str = "txt") -> Source:
    """Plain text as a source: line ends are unified, every line with text is a paragraph."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")
    plain = without_radicals(plain)
    paragraphs = []
    start = 0
    page = 1 if "\f" in plain else None
    for line in plain.split("\n"):
        if page is not None:
            page += line.count("\f")
        if line.strip():
            paragraphs.append(Paragraph(Span(start, start + len(line)), page))
        start += len(line) + 1
    return Source(plain, tuple(paragraphs), kind=kind, name=name)


@dataclass
class SourceBuilder:
    """Puts a source together from what a reader finds, in reading order."""

    kind: str
    name: str = ""
    notes: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _paragraphs: list[Paragraph] = field(default_factory=list)
    _tables: list[Table] = field(default_factory=list)

    def _write(self, written: str) -> Span:
        text = without_radicals(written)
        span = Span(self._length, self._length + len(text))
        self._parts.append(text)
        self._length += len(text)
        return span

    def paragraph(
        self,
        text: str,
        *,
        page: int | None = None,
        level: int | None = None,
        goes_on: bool | None = None,
    ) -> None:
        for line in text.split("\n"):
            if line.strip():
                self._paragraphs.append(Paragraph(self._write(line), page, level, goes_on))
            self._write("\n")

    def table(
        self, rows: Sequence[Sequence[tuple[int, int, int, str]]], *, page: int | None = None
    ) -> None:
        """Rows of (column, rows spanned, columns spanned, text): a line each, cells by tabs."""
        start = self._length
        cells: list[Cell] = []
        for index, row in enumerate(rows):
            line = self._length
            for position, (column, down, across, text) in enumerate(row):
                if position:
                    self._write("\t")
                span = self._write(text.strip())
                cells.append(Cell(span, index, column, down, across))
            if self._length > line:
                self._paragraphs.append(Paragraph(Span(line, self._length), page))
            self._write("\n")
        if cells:
            self._tables.append(Table(Span(start, self._length), tuple(cells)))

    def build(self) -> Source:
        return Source(
            "".join(self._parts),
            tuple(self._paragraphs),
            tuple(self._tables),
            self.kind,
            self.name,
            tuple(self.notes),
        )
