"""网页 (html): paragraphs, headings and data tables of a saved page, without menus and scripts.

Tables that only lay out the page are read through as running text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from shouwang.policydocs.labels import label_of
from shouwang.policydocs.source import Source, SourceBuilder
from shouwang.policydocs.strand import fold, squash

SILENT = {
    "script",
    "style",
    "noscript",
    "head",
    "svg",
    "nav",
    "footer",
    "select",
    "button",
    "textarea",
    "iframe",
    "object",
    "template",
}
BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "pre",
    "header",
    "main",
    "dl",
    "dt",
    "dd",
    "center",
    "form",
    "body",
    "html",
    "fieldset",
    "figure",
    "figcaption",
    "hr",
    "address",
    "aside",
}
VOID = {"br", "img", "meta", "link", "input", "hr", "col", "area", "base", "embed", "source", "wbr"}
DEEPEST = 200
LISTS_COUNTED = 3
"""1. (1) ①: how deep a list is counted as a browser shows it."""
LONGEST_CELL = 400
SPACES = re.compile(r"[ \t\r\n\f\v]+")


@dataclass
class _Cell:
    rows: int
    columns: int
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(line.strip() for line in "".join(self.parts).split("\n") if line.strip())


@dataclass
class _Table:
    rows: list[list[_Cell]] = field(default_factory=list)
    nested: bool = False


class _Reader(HTMLParser):
    def __init__(self, builder: SourceBuilder) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = builder
        self.line: list[str] = []
        self.level: int | None = None
        self.silent = 0
        self.tables: list[_Table] = []
        self.lists: list[int | None] = []
        self.label = ""

    # ---- events
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent += 1
        elif tag == "br":
            self._write("\n")
        elif tag == "table" and len(self.tables) < DEEPEST:
            self._open_table()
        elif tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        elif tag in ("td", "th") and self.tables:
            self._open_cell(dict(attrs))
        elif tag in BLOCKS:
            self._end_of_block()
            self._count_on(tag, dict(attrs))
            if re.fullmatch("h[1-6]", tag):
                self.level = int(tag[1])

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "table" and self.tables:
            self._close_table()
        elif tag in BLOCKS:
            self._end_of_block()
            self.level = None
            if tag in ("ol", "ul") and self.lists:
                self.lists.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self._write(SPACES.sub(" ", data))

    # ---- lists
    def _count_on(self, tag: str, attrs: dict[str, str | None]) -> None:
        """The number that a browser puts before an item and that is not in the text."""
        if tag in ("ol", "ul") and len(self.lists) < DEEPEST:
            self.lists.append(_number(attrs.get("start"), 1) - 1 if tag == "ol" else None)
        elif tag == "li" and self.lists and self.lists[-1] is not None:
            self.lists[-1] = _number(attrs.get("value"), self.lists[-1] + 1)
            depth = sum(each is not None for each in self.lists)
            self.label = _written(self.lists[-1], depth) if depth <= LISTS_COUNTED else ""

    # ---- text
    def _cell(self) -> _Cell | None:
        rows = self.tables[-1].rows if self.tables else []
        return rows[-1][-1] if rows and rows[-1] else None

    def _write(self, text: str) -> None:
        cell = self._cell()
        if cell is not None:
            cell.parts.append(text)
        elif not self.tables:
            self.line.append(text)

    def _end_of_block(self) -> None:
        if self.tables:
            self._write("\n")
            return
        text = "".join(self.line)
        self.line = []
        if text.strip():
            if self.label and label_of(squash(fold(text))) is None:
                text = self.label + text.strip()
            self.label = ""
            self.builder.paragraph(text.strip("\n"), level=self.level)

    # ---- tables
    def _open_table(self) -> None:
        if self.tables:
            self.tables[-1].nested = True
        else:
            self._end_of_block()
        self.tables.append(_Table())

    def _open_cell(self, attrs: dict[str, str | None]) -> None:
        table = self.tables[-1]
        if not table.rows:
            table.rows.append([])
        table.rows[-1].append(_Cell(_count(attrs.get("rowspan")), _count(attrs.get("colspan"))))

    def _close_table(self) -> None:
        table = self.tables.pop()
        if self.tables:
            outer = self._cell()
            if outer is not None:
                for row in table.rows:
                    outer.parts.append("\n" + "\t".join(cell.text for cell in row) + "\n")
            return
        if _is_data(table):
            self.builder.table(_placed(table))
            return
        for row in table.rows:
            for cell in row:
                self.builder.paragraph(cell.text)

    def finish(self) -> None:
        while self.tables:
            self._close_table()
        self._end_of_block()


def _number(text: str | None, otherwise: int) -> int:
    return (
        int(text) if text and text.isascii() and text.isdecimal() and len(text) < 5 else otherwise
    )


def _written(number: int, depth: int) -> str:
    if depth == 1:
        return f"{number}."
    return f"({number})" if depth == 2 or not 1 <= number <= 20 else chr(ord("①") + number - 1)


def _count(text: str | None) -> int:
    return (
        min(int(text), 100) if text and text.isdecimal() and text.isascii() and int(text) > 0 else 1
    )


def _is_data(table: _Table) -> bool:
    rows = [row for row in table.rows if row]
    cells = [cell for row in rows for cell in row]
    if table.nested or len(rows) < 2 or max((len(row) for row in rows), default=0) < 2:
        return False
    return sum(len(cell.text) > LONGEST_CELL for cell in cells) * 4 <= len(cells)


def _placed(table: _Table) -> list[list[tuple[int, int, int, str]]]:
    """Cells with the column that is left to them by merged cells of rows above."""
    taken: dict[int, int] = {}
    placed: list[list[tuple[int, int, int, str]]] = []
    for row in table.rows:
        line: list[tuple[int, int, int, str]] = []
        column = 0
        below: dict[int, int] = {c: n - 1 for c, n in taken.items() if n > 1}
        for cell in row:
            while taken.get(column, 0) > 0:
                column += 1
            line.append((column, cell.rows, cell.columns, cell.text))
            for each in range(column, column + cell.columns):
                if cell.rows > 1:
                    below[each] = cell.rows - 1
            column += cell.columns
        taken = below
        placed.append(line)
    return placed


def read_html(text: str, name: str) -> Source:
    builder = SourceBuilder("html", name)
    reader = _Reader(builder)
    reader.feed(text)
    reader.close()
    reader.finish()
    return builder.build()
