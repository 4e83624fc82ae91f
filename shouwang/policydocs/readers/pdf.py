"""PDF 文件 (pdf): the text layer, line by line with the page and how far a line is set in.

A page without a text layer is a picture: it is refused with a sentence that says what to do.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from shouwang.policydocs.errors import PaperRejected
from shouwang.policydocs.source import Source, SourceBuilder

MOST_PAGES = 600
FEWEST_CHARACTERS = 10
PAGE_NUMBER = re.compile(r"[-—–\s]*(?:第\s*)?[0-9]{1,4}(?:\s*页)?(?:\s*/\s*[0-9]{1,4})?[-—–\s]*")


@dataclass(frozen=True)
class _Line:
    text: str
    x0: float
    x1: float
    y: float
    size: float


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
    heads = _running_heads(pages)
    builder = SourceBuilder("pdf", name)
    if pictures:
        builder.notes.append(
            f"第{'、'.join(map(str, pictures[:20]))}页是扫描的图片，没有读出文字，"
            "请对照原件补录，或上传 Word 原件。"
        )
    for number, page in enumerate(pages, 1):
        for text in _set_in([line for line in page if line.text.strip() not in heads]):
            builder.paragraph(text, page=number)
    return builder.build()


def _pages(content: bytes, name: str) -> tuple[list[list[_Line]], list[int]]:
    """The lines of each page, and the pages that hold a picture and no text."""
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LAParams, LTFigure, LTImage
    from pdfminer.pdfdocument import (
        PDFEncryptionError,
        PDFPasswordIncorrect,
        PDFTextExtractionNotAllowed,
    )

    pages: list[list[_Line]] = []
    pictures: list[int] = []
    try:
        for page in extract_pages(
            io.BytesIO(content), laparams=LAParams(), maxpages=MOST_PAGES + 1
        ):
            if len(pages) >= MOST_PAGES:
                raise PaperRejected("file_too_long", f"PDF 超过{MOST_PAGES}页，请只上传文件正文。")
            pages.append(_lines(page))
            if not pages[-1] and any(isinstance(each, (LTFigure, LTImage)) for each in page):
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


def _lines(page: Any) -> list[_Line]:
    from pdfminer.layout import LTTextContainer, LTTextLine

    found: list[_Line] = []
    for box in page:
        if not isinstance(box, LTTextContainer):
            continue
        for line in box:
            if isinstance(line, LTTextLine) and line.get_text().strip():
                text = line.get_text().rstrip("\n")
                found.append(_Line(text, line.x0, line.x1, (line.y0 + line.y1) / 2, line.height))
    found.sort(key=lambda each: (-each.y, each.x0))
    return _rows(found)


def _rows(lines: list[_Line]) -> list[_Line]:
    """Pieces at one height are one line: cells of a table, or a label set apart."""
    rows: list[list[_Line]] = []
    for line in lines:
        if rows and abs(rows[-1][0].y - line.y) < 0.5 * min(rows[-1][0].size, line.size):
            rows[-1].append(line)
        else:
            rows.append([line])
    joined = []
    for row in rows:
        row.sort(key=lambda each: each.x0)
        gaps = [b.x0 - a.x1 for a, b in pairwise(row)]
        size = row[0].size
        text = row[0].text.strip()
        for gap, piece in zip(gaps, row[1:], strict=True):
            text += ("\t" if gap > 0.8 * size else "") + piece.text.strip()
        joined.append(_Line(text, row[0].x0, row[-1].x1, row[0].y, size))
    return joined


def _set_in(lines: list[_Line]) -> list[str]:
    """Lines with two blanks before those that begin a paragraph, so that wrapping can be undone."""
    texts = [each for each in lines if not PAGE_NUMBER.fullmatch(each.text)]
    if not texts:
        return []
    left = Counter(round(each.x0) for each in texts).most_common(1)[0][0]
    margin = min((round(e.x0) for e in texts if abs(e.x0 - left) < 3 * e.size), default=left)
    return [
        ("\u3000\u3000" if each.x0 > margin + 1.2 * each.size else "") + each.text for each in texts
    ]


def _running_heads(pages: list[list[_Line]]) -> set[str]:
    """Words that stand first or last on most pages."""
    times: Counter[str] = Counter()
    for page in pages:
        times.update({each.text.strip() for each in (*page[:1], *page[-1:])})
    return {text for text, count in times.items() if count >= 3 and 2 * count > len(pages)}
