"""张贴件 (posters): a sheet for the wall as PDF, in large letters, with a table and a code.

Set in STSong-Light, a face that every reader of PDF brings along for Chinese, so that nothing has
to be licensed or embedded.
"""

import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT
from reportlab.lib.pagesizes import A3, A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as PdfTable

from shouwang.core.errors import DomainError

from . import codes, personal

FACE = "STSong-Light"
CODE_SIZE = 32 * mm
SIZES = {"A4": A4, "A3": A3}
MOST_ROWS = 3_000
pdfmetrics.registerFont(UnicodeCIDFont(FACE))
_OTHERWISE = str.maketrans({"·": "・", "•": "・", "\xa0": " ", "\u2003": "\u3000"})
"""Signs that the face has under another number."""
Rows = Sequence[Sequence[str]]


def render(
    title: str,
    paragraphs: Sequence[str],
    table: Rows = (),
    footer: str = "",
    *,
    signature: Sequence[str] = (),
    code: str = "",
    code_note: str = "",
    size: str = "A4",
    widths: Sequence[float] = (),
) -> bytes:
    """The poster. The first row of `table` is its head and is repeated; `widths` are shares.

    Whatever hangs on a wall is public, so every text is refused that holds a personal number.
    """
    _refuse(title, paragraphs, table, footer, signature, code_note)
    title, footer, code_note = _set(title), _set(footer), _set(code_note)
    paragraphs, signature = [_set(one) for one in paragraphs], [_set(one) for one in signature]
    table = [[_set(str(one)) for one in row] for row in table]
    page = SIZES[size]
    scale = page[0] / A4[0]
    styles = _styles(scale)
    frame = page[0] - 2 * 25 * mm * scale
    story: list[Any] = [Paragraph(escape(title), styles["title"])]
    story += [Paragraph(escape(text), styles["text"]) for text in paragraphs]
    if table:
        story += [
            Spacer(1, 8 * scale),
            _table(table[: MOST_ROWS + 1], widths, frame, styles, scale),
        ]
    story += [Spacer(1, 16 * scale)] if signature else []
    story += [Paragraph(escape(line), styles["signature"]) for line in signature]
    if code:
        story += [Spacer(1, 12 * scale), _Code(code, CODE_SIZE * scale)]
        story += [Paragraph(escape(code_note), styles["note"])] if code_note else []
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=page, title=title, author="", topMargin=30 * mm * scale,
        bottomMargin=28 * mm * scale, leftMargin=25 * mm * scale, rightMargin=25 * mm * scale,
    )  # fmt: skip

    def foot(canvas: Any, drawn: Any) -> None:
        canvas.saveState()
        canvas.setFont(FACE, 10 * scale)
        canvas.drawString(25 * mm * scale, 15 * mm * scale, footer)
        canvas.drawRightString(page[0] - 25 * mm * scale, 15 * mm * scale, f"第 {drawn.page} 页")
        canvas.restoreState()

    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _set(text: str) -> str:
    """The text in signs that the face has. A rare character would come out as a box: a name on a
    wall must be right, so the paper is refused and Word does it."""
    for sign in text:
        try:
            sign.translate(_OTHERWISE).replace("・", "").encode("gbk")
        except UnicodeEncodeError:
            raise DomainError(
                f"张贴件的字体没有“{sign}”这个字，请改用 Word 文书打印。", "rare_character"
            ) from None
    return text.translate(_OTHERWISE)


def _refuse(
    title: str,
    paragraphs: Sequence[str],
    table: Rows,
    footer: str,
    signature: Sequence[str],
    note: str,
) -> None:
    plain = (title, *paragraphs, footer, *signature, note)
    personal.refuse(("张贴件", text) for text in plain)
    personal.refuse(("张贴件的表格", text) for row in table for text in row)


def _styles(scale: float) -> dict[str, ParagraphStyle]:
    def style(name: str, size: float, **more: Any) -> ParagraphStyle:
        return ParagraphStyle(
            name, fontName=FACE, fontSize=size * scale, leading=size * 1.6 * scale,
            wordWrap="CJK", **more,
        )  # fmt: skip

    return {
        "title": style("title", 26, alignment=TA_CENTER, spaceAfter=18 * scale),
        "text": style(
            "text", 16, alignment=TA_JUSTIFY, firstLineIndent=32 * scale, spaceAfter=4 * scale
        ),
        "cell": style("cell", 12, alignment=TA_CENTER),
        "signature": style("signature", 16, alignment=TA_RIGHT),
        "note": style("note", 11, alignment=TA_CENTER, spaceBefore=4 * scale),
    }


def _table(
    rows: Rows,
    widths: Sequence[float],
    frame: float,
    styles: dict[str, ParagraphStyle],
    scale: float,
) -> PdfTable:
    shares = list(widths) or [1.0] * len(rows[0])
    cells = [[Paragraph(escape(str(text)), styles["cell"]) for text in row] for row in rows]
    return PdfTable(
        cells,
        colWidths=[frame * share / sum(shares) for share in shares],
        repeatRows=1,
        style=[
            ("GRID", (0, 0), (-1, -1), 0.75 * scale, colors.black),
            ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#eeeeee")),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("TOPPADDING", (0, 0), (-1, -1), 4 * scale),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 6 * scale),
        ],
    )


class _Code(Flowable):  # type: ignore[misc]
    """A code drawn square by square, in the middle."""

    def __init__(self, text: str, size: float) -> None:
        super().__init__()
        self.rows = codes.squares(text)
        self.width = self.height = size
        self.hAlign = "CENTER"

    def draw(self) -> None:
        side = self.height / len(self.rows)
        for at, row in enumerate(self.rows):
            y = self.height - (at + 1) * side
            for column, is_dark in enumerate(row):
                if is_dark:
                    self.canv.rect(column * side, y, side, side, stroke=0, fill=1)
