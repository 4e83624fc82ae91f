"""PDF 文件 (pdf): the text layer, line by line with the page and how far a line is set in.

A page without a text layer is a picture: it is refused with a sentence that says what to do.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from shouwang.policydocs.errors import PaperRejected
from shouwang.policydocs.source import Source, SourceBuilder

from .pdf_lines import Line, Sign, lines_of, with_paragraphs
from .pdf_tables import NEAR, Rule, RuledTable, tables_of

MOST_PAGES = 600
FEWEST_CHARACTERS = 10
PAGE_NUMBER = re.compile(r"[-—–\s]*(?:第\s*)?[0-9]{1,4}(?:\s*页)?(?:\s*/\s*[0-9]{1,4})?[-—–\s]*")

NUMBER = re.compile("[0-9]+")


def read_pdf(content: bytes, name: str) -> Source:
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    pages, tables, pictures = _pages(content, name)
    sizes = [sum(len(line.text) for line in page) for page in pages]
    for table in tables:
        sizes[table.page - 1] += sum(len(cell.text) for row in table.rows for cell in row)
    empty = sum(size < FEWEST_CHARACTERS for size in sizes)
    if pages and (sum(sizes) < FEWEST_CHARACTERS * len(pages) or 2 * empty > len(pages)):
        raise PaperRejected(
            "scanned",
            f"“{name}”是扫描的图片，没有可读的文字。"
            "请上传 Word 原件，或用识别软件转成文字后再上传。",
        )
    builder = SourceBuilder("pdf", name)
    if pictures:
        builder.notes.append(
            f"第{'、'.join(map(str, pictures[:20]))}页是扫描的图片，没有读出文字，"
            "请对照原件补录，或上传 Word 原件。"
        )
    pages = [[each for each in page if not PAGE_NUMBER.fullmatch(each.text)] for page in pages]
    heads = _running_heads(pages)
    body = [[each for each in page if _without_numbers(each) not in heads] for page in pages]
    for piece in _in_order(with_paragraphs(body), tables):
        if isinstance(piece, RuledTable):
            builder.table(piece.written, page=piece.page)
        else:
            blank = "\u3000\u3000" if piece.is_set_in else ""
            builder.paragraph(blank + piece.text, page=piece.page, goes_on=piece.goes_on)
    return builder.build()


def _in_order(lines: list[Line], tables: list[RuledTable]) -> list[Line | RuledTable]:
    """Lines and tables as they follow each other; a table cut by a page's end is one."""
    mixed: list[Line | RuledTable] = [*lines, *tables]
    mixed.sort(key=_place)
    pieces: list[Line | RuledTable] = []
    for piece in mixed:
        last = pieces[-1] if pieces else None
        if isinstance(piece, Line):
            pieces.append(replace(piece, goes_on=None) if isinstance(last, RuledTable) else piece)
        elif isinstance(last, RuledTable) and piece.continues(last):
            pieces[-1] = last.joined(piece)
        else:
            pieces.append(piece)
    return pieces


def _place(piece: Line | RuledTable) -> tuple[int, float]:
    return piece.page, -(piece.base if isinstance(piece, Line) else piece.top)


def _pages(content: bytes, name: str) -> tuple[list[list[Line]], list[RuledTable], list[int]]:
    """The lines of each page, all tables, and the pages that hold a picture and no text."""
    from pdfminer.pdfdocument import (
        PDFEncryptionError,
        PDFPasswordIncorrect,
        PDFTextExtractionNotAllowed,
    )

    pages: list[list[Line]] = []
    tables: list[RuledTable] = []
    pictures: list[int] = []
    try:
        for page in _contents(content):
            if len(pages) >= MOST_PAGES:
                raise PaperRejected("file_too_long", f"PDF 超过{MOST_PAGES}页，请只上传文件正文。")
            number = len(pages) + 1
            drawn, outside = tables_of(list(_rules(page)), list(_signs(page)), number)
            tables += drawn
            pages.append(lines_of(outside, number))
            if not pages[-1] and not drawn and _holds_picture(page):
                pictures.append(number)
    except PaperRejected:
        raise
    except (PDFEncryptionError, PDFPasswordIncorrect, PDFTextExtractionNotAllowed) as error:
        raise PaperRejected("encrypted", f"“{name}”加了密码，请上传没有密码的文件。") from error
    except Exception as error:
        # the parser meets hostile bytes with errors of every kind; all of them mean the same here
        raise PaperRejected(
            "file_corrupt", f"“{name}”打不开，可能已损坏，请重新导出 PDF 或上传 Word 原件。"
        ) from error
    return pages, tables, pictures


def _contents(content: bytes) -> Iterator[Iterable[Any]]:
    """What stands on each page, character by character: the pieces of a PDF are no lines."""
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage

    fonts = PDFResourceManager()
    device = PDFPageAggregator(fonts, laparams=None)
    interpreter = PDFPageInterpreter(fonts, device)
    for page in PDFPage.get_pages(io.BytesIO(content), maxpages=MOST_PAGES + 1):
        interpreter.process_page(page)
        yield device.get_result()


def _signs(container: Iterable[Any]) -> Iterator[Sign]:
    """The characters that stand upright; a turned one belongs to a watermark."""
    from pdfminer.layout import LTChar, LTFigure

    for item in container:
        if isinstance(item, LTFigure):
            yield from _signs(item)
        elif isinstance(item, LTChar):
            across, turned, slanted, up, _, base = item.matrix
            text = item.get_text()
            if across > 0 and up > 0 and not turned and abs(slanted) < 0.5 * up and text:
                yield Sign(text, item.x0, item.x1, base, max(item.size, 0.1))


def _rules(container: Iterable[Any]) -> Iterator[Rule]:
    """Drawn lines, and the edges of drawn boxes: programs use both for the borders of a table."""
    from pdfminer.layout import LTFigure, LTLine, LTRect

    for item in container:
        if isinstance(item, LTFigure):
            yield from _rules(item)
        elif isinstance(item, LTLine | LTRect):
            x0, y0, x1, y1 = item.bbox
            if y1 - y0 <= NEAR < x1 - x0:
                yield Rule(True, (y0 + y1) / 2, x0, x1)
            elif x1 - x0 <= NEAR < y1 - y0:
                yield Rule(False, (x0 + x1) / 2, y0, y1)
            elif item.stroke and isinstance(item, LTRect):
                yield from (Rule(True, y, x0, x1) for y in (y0, y1))
                yield from (Rule(False, x, y0, y1) for x in (x0, x1))


def _holds_picture(page: Iterable[Any]) -> bool:
    from pdfminer.layout import LTFigure, LTImage

    return any(isinstance(each, (LTFigure, LTImage)) for each in page)


def _running_heads(pages: list[list[Line]]) -> set[str]:
    """Words that stand first or last on most pages, or on both of two; the number of the page in
    them changes."""
    times: Counter[str] = Counter()
    for page in pages:
        times.update({_without_numbers(each) for each in (*page[:1], *page[-1:])})
    return {
        text
        for text, count in times.items()
        if count >= 2 and (count == len(pages) or (count >= 3 and 2 * count > len(pages)))
    }


def _without_numbers(line: Line) -> str:
    return NUMBER.sub("#", line.text.strip())
