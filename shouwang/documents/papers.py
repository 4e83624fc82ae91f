"""公文纸面 (papers): Word files in the form of GB/T 9704-2012, for the shipped templates.

A4, top margin 37 mm, left 28 mm, text area 156 × 225 mm, 22 lines of 28 characters, title in 小标宋
size 2, body in 仿宋 size 3, page numbers outside below the text. Chinese faces are named as
those of East Asian text, or Word would fall back to another.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

TITLE_FACE: Final = "方正小标宋简体"
BODY_FACE: Final = "仿宋_GB2312"
HEADING_FACE: Final = "黑体"
SECOND_FACE: Final = "楷体_GB2312"
LATIN_FACE: Final = "Times New Roman"
TITLE_SIZE, BODY_SIZE, TABLE_SIZE = Pt(22), Pt(16), Pt(12)
LINE: Final = Pt(29)
"""225 mm for 22 lines."""
_GRID_LINE: Final = "580"
_CLOSER: Final = "-5"
"""Twentieths of a point by which letters stand closer: 28 of size 3 in 156 mm. A grid of characters
says the same, but not every program draws it alike."""
_MADE: Final = datetime(2026, 1, 1, tzinfo=UTC)
CENTER, LEFT, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT
Cells = Sequence[str]


class Paper:
    """One letter being drawn from top to bottom."""

    def __init__(self, title: str, *, landscape: bool = False, numbers: bool = True) -> None:
        self.document = Document()
        self.width = Mm(225 if landscape else 156)
        self._properties(title)
        self._page(landscape)
        self._faces()
        if numbers:
            self._page_numbers()

    def title(self, text: str) -> "Paper":
        """标题: 小标宋 size 2, in the middle; a long one breaks where its words allow it."""
        words = _at_its_bracket(text, self.width)
        paragraph = self._paragraph(words, CENTER, face=TITLE_FACE, size=TITLE_SIZE, indent=False)
        paragraph.paragraph_format.line_spacing = Pt(32)
        paragraph.paragraph_format.space_after = Pt(16)
        return self

    def text(self, *lines: str, align: Any = None, indent: bool = True) -> "Paper":
        """正文: 仿宋 size 3, the first line set in by two characters."""
        for line in lines:
            self._paragraph(line, align, indent=indent)
        return self

    def heading(self, text: str) -> "Paper":
        """一级标题: 黑体."""
        self._paragraph(text, face=HEADING_FACE).paragraph_format.keep_with_next = True
        return self

    def subheading(self, text: str) -> "Paper":
        """二级标题: 楷体."""
        self._paragraph(text, face=SECOND_FACE).paragraph_format.keep_with_next = True
        return self

    def mark(self, text: str) -> "Paper":
        """A line that only steers: a loop or a choice around paragraphs; leaves nothing."""
        self._paragraph(text, indent=False)
        return self

    def signature(self, *lines: str) -> "Paper":
        """落款: who and when, at the right, set off from the text and kept together."""
        for at, line in enumerate(lines):
            paragraph = self._paragraph(line, RIGHT, indent=False)
            paragraph.paragraph_format.right_indent = Pt(48)
            paragraph.paragraph_format.keep_together = True
            if at == 0:
                paragraph.paragraph_format.space_before = Pt(32)
            if at < len(lines) - 1:
                paragraph.paragraph_format.keep_with_next = True
        return self

    def table(
        self,
        rows: Sequence[Cells],
        widths: Sequence[int],
        *,
        head: int = 0,
        loop: str = "",
        height: int = 9,
        size: Any = TABLE_SIZE,
    ) -> "Paper":
        """A ruled table; `widths` in millimetres, the first `head` rows are repeated on each page.

        With `loop` the last row is repeated for each row of that list: `loop="row in members"`.
        """
        table = self.document.add_table(rows=0, cols=len(widths), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        _fixed(table)
        for at, cells in enumerate(rows):
            is_last = at == len(rows) - 1
            if loop and is_last:
                self._row(table, [f"{{%tr for {loop} %}}"], widths, size=size)
            self._row(table, cells, widths, head=at < head, height=height, size=size)
            if loop and is_last:
                self._row(table, ["{%tr endfor %}"], widths, size=size)
        return self

    def form(
        self, rows: Sequence[Sequence[tuple[str, int]]], columns: int, *, height: int = 10
    ) -> "Paper":
        """A form of labels and boxes: each cell is its text and how many columns it spans.

        Odd cells of a row are labels and stand in the middle.
        """
        table = self.document.add_table(rows=0, cols=columns, style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        _fixed(table)
        each = self.width // columns
        for cells in rows:
            row: Any = table.add_row()
            row.height, row.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
            _unbroken(row)
            start = 0
            for at, (text, span) in enumerate(cells):
                cell = row.cells[start].merge(row.cells[start + span - 1])
                cell.width = each * span
                is_label = at % 2 == 0 and len(cells) > 1
                self._fill(cell, text, CENTER if is_label else LEFT, TABLE_SIZE, bold=False)
                start += span
        return self

    def gap(self, points: int = 12) -> "Paper":
        """An empty space below a table."""
        paragraph = self._paragraph("", indent=False)
        paragraph.paragraph_format.line_spacing = Pt(points)
        return self

    def new_page(self) -> "Paper":
        self._paragraph("", indent=False).add_run().add_break(WD_BREAK.PAGE)
        return self

    def save(self, path: Path) -> None:
        self.document.save(str(path))

    def _properties(self, title: str) -> None:
        """The same every time, so that a template made again is the same file."""
        properties = self.document.core_properties
        properties.title, properties.author, properties.comments = title, "", ""
        properties.created = properties.modified = _MADE
        properties.last_modified_by = ""
        properties.language = "zh-CN"

    def _page(self, landscape: bool) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        if landscape:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = Mm(297), Mm(210)
            section.top_margin, section.bottom_margin = Mm(28), Mm(26)
            section.left_margin, section.right_margin = Mm(37), Mm(35)
        section.footer_distance = Mm(23 if not landscape else 14)
        section.header_distance = Mm(15)
        grid = section._sectPr.find(qn("w:docGrid"))
        if grid is None:
            grid = OxmlElement("w:docGrid")
            section._sectPr.append(grid)
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), _GRID_LINE)

    def _faces(self) -> None:
        style: Any = self.document.styles["Normal"]
        style.font.name, style.font.size = LATIN_FACE, BODY_SIZE
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for name in [name for name in fonts.attrib if name.endswith("Theme")]:
            del fonts.attrib[name]
        for where in ("w:ascii", "w:hAnsi", "w:cs"):
            fonts.set(qn(where), LATIN_FACE)
        fonts.set(qn("w:eastAsia"), BODY_FACE)
        closer = OxmlElement("w:spacing")
        closer.set(qn("w:val"), _CLOSER)
        style.element.get_or_add_rPr().insert_element_before(closer, "w:w", "w:kern", "w:sz")
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "zh-CN")
        language.set(qn("w:eastAsia"), "zh-CN")
        style.element.get_or_add_rPr().append(language)
        paragraph = style.paragraph_format
        paragraph.space_before = paragraph.space_after = Pt(0)
        paragraph.line_spacing_rule, paragraph.line_spacing = WD_LINE_SPACING.EXACTLY, LINE

    def _paragraph(
        self,
        text: str,
        align: Any = None,
        *,
        face: str = BODY_FACE,
        size: Any = BODY_SIZE,
        indent: bool = True,
    ) -> Paragraph:
        paragraph = self.document.add_paragraph()
        if align is not None:
            paragraph.alignment = align
        elif indent:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        if indent and align is None:
            _indent_two(paragraph)
        _run(paragraph, text, face, size)
        return paragraph

    def _row(
        self,
        table: Table,
        cells: Cells,
        widths: Sequence[int],
        *,
        head: bool = False,
        height: int = 9,
        size: Any = TABLE_SIZE,
    ) -> None:
        row: Any = table.add_row()  # type: ignore[no-untyped-call]
        row.height, row.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
        _unbroken(row)
        if head:
            repeated = OxmlElement("w:tblHeader")
            repeated.set(qn("w:val"), "true")
            row._tr.get_or_add_trPr().append(repeated)
        for at, width in enumerate(widths):
            row.cells[at].width = Mm(width)
            text = cells[at] if at < len(cells) else ""
            self._fill(row.cells[at], text, CENTER, size, bold=head)

    def _fill(self, cell: _Cell, text: str, align: Any, size: Any, *, bold: bool) -> None:
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        lines = text.split("\n")
        for at, line in enumerate(lines):
            paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
            paragraph.alignment = align
            paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            _run(paragraph, line, HEADING_FACE if bold else BODY_FACE, size)

    def _page_numbers(self) -> None:
        """— 1 —, at the right on odd pages and at the left on even ones, one character in."""
        self.document.settings.odd_and_even_pages_header_footer = True
        section = self.document.sections[0]
        sides = ((section.footer, RIGHT), (section.even_page_footer, LEFT))
        for footer, side in sides:
            footer.is_linked_to_previous = False
            paragraph = footer.paragraphs[0]
            paragraph.alignment = side
            form = paragraph.paragraph_format
            form.left_indent = form.right_indent = Pt(14)
            form.line_spacing_rule = WD_LINE_SPACING.SINGLE
            _run(paragraph, "— ", "宋体", Pt(14), latin="宋体")
            _page_field(paragraph)
            _run(paragraph, " —", "宋体", Pt(14), latin="宋体")


def _at_its_bracket(title: str, width: int) -> str:
    """A title that is too long for a line, with its last bracket on a line of its own."""
    place = title.rfind("（")
    letters = sum(1.0 if ord(letter) > 0xFF else 0.5 for letter in title)
    is_plain = "{" not in title and "\n" not in title
    if place > 0 and title.endswith("）") and is_plain and letters * TITLE_SIZE > width:
        return f"{title[:place]}\n{title[place:]}"
    return title


def _run(paragraph: Paragraph, text: str, face: str, size: Any, *, latin: str = LATIN_FACE) -> Any:
    run = paragraph.add_run(text)
    run.font.size = size
    run.font.name = latin
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    return run


def _indent_two(paragraph: Paragraph) -> None:
    """Two characters, whatever the size of the letters; the points are for other programs."""
    form = paragraph.paragraph_format
    form.first_line_indent = Pt(32)
    indent = paragraph._p.get_or_add_pPr().find(qn("w:ind"))
    if indent is not None:
        indent.set(qn("w:firstLineChars"), "200")


def _page_field(paragraph: Paragraph) -> None:
    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("", "1"), ("end", "")):
        run = _run(paragraph, "", "宋体", Pt(14), latin="宋体")
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        elif text == "PAGE":
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        else:
            mark = OxmlElement("w:t")
            mark.text = text
        run._element.append(mark)


def _fixed(table: Table) -> None:
    """Columns as wide as they are drawn, whatever stands in them."""
    properties = table._tbl.tblPr
    layout = OxmlElement("w:tblLayout")
    layout.set(qn("w:type"), "fixed")
    for old in properties.findall(qn("w:tblLayout")):
        properties.remove(old)
    properties.append(layout)


def _unbroken(row: Any) -> None:
    """A row stays on one page."""
    whole = OxmlElement("w:cantSplit")
    whole.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(whole)
