"""文书预览 (previewing): a Word letter as the simple blocks that a page shows."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

MOST_BLOCKS = 1_000
_TITLE_POINTS = 20


@dataclass(frozen=True)
class Block:
    """A paragraph with its look, or a table as rows of (text, columns)."""

    text: str = ""
    css: str = ""
    rows: tuple[tuple[tuple[str, int], ...], ...] = ()

    @property
    def is_table(self) -> bool:
        return bool(self.rows)


def blocks(letter: bytes) -> list[Block]:
    """What the page shows, from top to bottom; long letters are cut."""
    found = []
    for block in _blocks(letter):
        found.append(block)
        if len(found) == MOST_BLOCKS:
            found.append(Block("（以下略，请下载查看全文）", "is-center"))
            break
    return found


def _blocks(letter: bytes) -> Iterator[Block]:
    for part in Document(io.BytesIO(letter)).iter_inner_content():
        if isinstance(part, Table):
            yield Block(rows=_rows(part))
        elif part.text.strip():
            yield Block(part.text, _css(part))


def _rows(table: Table) -> tuple[tuple[tuple[str, int], ...], ...]:
    rows = []
    for row in table.rows[:MOST_BLOCKS]:
        cells = []
        for cell in row._tr.tc_lst:
            text = "\n".join(Paragraph(each, table).text for each in cell.p_lst)
            cells.append((text, cell.grid_span))
        rows.append(tuple(cells))
    return tuple(rows)


def _css(paragraph: Paragraph) -> str:
    sizes = [run.font.size.pt for run in paragraph.runs if run.font.size is not None]
    if sizes and max(sizes) >= _TITLE_POINTS:
        return "is-title"
    if paragraph.alignment == WD_ALIGN_PARAGRAPH.CENTER:
        return "is-center"
    if paragraph.alignment == WD_ALIGN_PARAGRAPH.RIGHT:
        return "is-right"
    faces = paragraph._p.findall(f".//{qn('w:rFonts')}")
    if any(face.get(qn("w:eastAsia")) == "黑体" for face in faces):
        return "is-heading"
    return "" if paragraph.paragraph_format.first_line_indent else "is-flush"
