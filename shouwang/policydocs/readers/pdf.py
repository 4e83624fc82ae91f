"""PDF 文件 (pdf): the text layer, line by line with the page and how far a line is set in.

A page without a text layer is a picture: it is refused with a sentence that says what to do.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from shouwang.policydocs.errors import PaperRejected
from shouwang.policydocs.source import Source, SourceBuilder

from .pdf_lines import Line, Sign, lines_of, with_paragraphs

MOST_PAGES = 600
FEWEST_CHARACTERS = 10
PAGE_NUMBER = re.compile(r"[-—–\s]*(?:第\s*)?[0-9]{1,4}(?:\s*页)?(?:\s*/\s*[0-9]{1,4})?[-—–\s]*")

NUMBER = re.compile("[0-9]+")


def read_pdf(content: bytes, name: str) -> Source:
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    pages, pictures = _pages(content, name)
    characters = sum(len(line.text) for page in pages for line in page)
    empty = sum(1 for page in pages if sum(len(line.text) for line in page) < FEWEST_CHARACTERS)
    if pages and (characters < FEWEST_CHARACTERS * len(pages) or 2 * empty > len(pages)):
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
    for line in with_paragraphs(body):
        blank = "\u3000\u3000" if line.is_set_in else ""
        builder.paragraph(blank + line.text, page=line.page, goes_on=line.goes_on)
    return builder.build()


def _pages(content: bytes, name: str) -> tuple[list[list[Line]], list[int]]:
    """The lines of each page, and the pages that hold a picture and no text."""
    from pdfminer.pdfdocument import (
        PDFEncryptionError,
        PDFPasswordIncorrect,
        PDFTextExtractionNotAllowed,
    )

    pages: list[list[Line]] = []
    pictures: list[int] = []
    try:
        for page in _contents(content):
            if len(pages) >= MOST_PAGES:
                raise PaperRejected("file_too_long", f"PDF 超过{MOST_PAGES}页，请只上传文件正文。")
            pages.append(lines_of(_signs(page), len(pages) + 1))
            if not pages[-1] and _holds_picture(page):
                pictures.append(len(pages))
    except PaperRejected:
        raise
    except (PDFEncryptionError, PDFPasswordIncorrect, PDFTextExtractionNotAllowed) as error:
        raise PaperRejected("encrypted", f"“{name}”加了密码，请上传没有密码的文件。") from error
    except Exception as error:
        # the parser meets hostile bytes with errors of every kind; all of them mean the same here
        raise PaperRejected(
            "file_corrupt", f"“{name}”打不开，可能已损坏，请重新导出 PDF 或上传 Word 原件。"
        ) from error
    return pages, pictures


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


def _holds_picture(page: Iterable[Any]) -> bool:
    from pdfminer.layout import LTFigure, LTImage

    return any(isinstance(each, (LTFigure, LTImage)) for each in page)


def _running_heads(pages: list[list[Line]]) -> set[str]:
    """Words that stand first or last on most pages; the number of the page in them changes."""
    times: Counter[str] = Counter()
    for page in pages:
        times.update({_without_numbers(each) for each in (*page[:1], *page[-1:])})
    return {text for text, count in times.items() if count >= 3 and 2 * count > len(pages)}


def _without_numbers(line: Line) -> str:
    return NUMBER.sub("#", line.text.strip())
