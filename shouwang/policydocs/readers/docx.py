"""Word 文件 (docx): paragraphs with their heading style and automatic numbers, and tables.

Read from the package itself with limits: no document type, no external part, no zip bomb.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from shouwang.policydocs.errors import PaperRejected
from shouwang.policydocs.readers.numbering import Numbering
from shouwang.policydocs.source import Source, SourceBuilder

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MOST_PARTS = 4000
LARGEST_PART = 60 * 1024 * 1024
LARGEST_RATIO = 200
LONGEST_CELL = 600
DEEPEST = 30
DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)


def read_docx(content: bytes, name: str) -> Source:
    parts = _parts(content, name)
    body = _xml(parts["word/document.xml"], name).find(f"{W}body")
    if body is None:
        raise broken(name)
    numbering = Numbering.of(
        _xml(parts["word/numbering.xml"], name) if "word/numbering.xml" in parts else None,
        _xml(parts["word/styles.xml"], name) if "word/styles.xml" in parts else None,
    )
    builder = SourceBuilder("docx", name)
    _Body(builder, numbering).read(body, 0)
    return builder.build()


def broken(name: str) -> PaperRejected:
    return PaperRejected(
        "file_corrupt", f"“{name}”打不开，可能已损坏，请用 Word 或 WPS 另存为 docx 再上传。"
    )


def _parts(content: bytes, name: str) -> dict[str, bytes]:
    """The parts that are needed, each below its limit."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            infos = {each.filename: each for each in package.infolist()}
            if len(infos) > MOST_PARTS:
                raise PaperRejected("zip_bomb", f"“{name}”的内部结构不正常，已拒收。")
            if "word/document.xml" not in infos:
                raise PaperRejected(
                    "not_a_paper", f"“{name}”不是 Word 文件，请上传 docx、pdf、html 或 txt。"
                )
            return {
                part: _part(package, infos[part], name)
                for part in ("word/document.xml", "word/numbering.xml", "word/styles.xml")
                if part in infos
            }
    except (
        zipfile.BadZipFile,
        OSError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        ValueError,
    ) as error:
        raise broken(name) from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise broken(name) from error


def _part(package: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """At most `LARGEST_PART` bytes, whatever the directory of the package claims."""
    bomb = PaperRejected("zip_bomb", f"“{name}”解开后过大，已拒收，请确认文件来源。")
    if info.file_size > LARGEST_PART or info.file_size > LARGEST_RATIO * max(
        info.compress_size, 1000
    ):
        raise bomb
    with package.open(info) as stream:
        content = stream.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART:
        raise bomb
    return content


def _xml(content: bytes, name: str) -> ElementTree.Element:
    if DOCTYPE.search(content) or b"\x00" in content[:200]:
        raise PaperRejected("hostile_xml", f"“{name}”含有不允许的内容（文档类型声明），已拒收。")
    try:
        return ElementTree.fromstring(content)  # noqa: S314
    except (ElementTree.ParseError, ValueError, RecursionError, LookupError) as error:
        raise broken(name) from error


class _Body:
    def __init__(self, builder: SourceBuilder, numbering: Numbering) -> None:
        self.builder = builder
        self.numbering = numbering

    def read(self, parent: ElementTree.Element, depth: int) -> None:
        if depth > DEEPEST:
            return
        for element in parent:
            if element.tag == f"{W}p":
                self._paragraph(element)
            elif element.tag == f"{W}tbl":
                self._table(element, depth)
            elif element.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}smartTag"):
                self.read(element, depth + 1)

    def _paragraph(self, element: ElementTree.Element) -> None:
        text = text_of(element)
        if not text.strip():
            self.builder.paragraph("")
            return
        label = self.numbering.label(element)
        for box in element.iter(f"{W}txbxContent"):
            self.read(box, 1)
        self.builder.paragraph(
            label + text.strip("\n"), level=self.numbering.heading_level(element)
        )

    def _table(self, element: ElementTree.Element, depth: int) -> None:
        rows = list(element.iter(f"{W}tr"))
        cells = [list(row.findall(f"{W}tc")) for row in rows]
        texts = [[cell_text(cell) for cell in row] for row in cells]
        flat = [text for row in texts for text in row]
        width = max((len(row) for row in texts), default=0)
        long = sum(len(text) > LONGEST_CELL for text in flat)
        if width < 2 or len(rows) < 2 or long * 4 > len(flat):
            for row in cells:
                for cell in row:
                    self.read(cell, depth + 1)
            return
        self.builder.table(list(_placed(cells, texts)))


def _placed(
    cells: list[list[ElementTree.Element]], texts: list[list[str]]
) -> Iterator[list[tuple[int, int, int, str]]]:
    """Rows of (column, rows, columns, text); cells that continue a merged one are left out."""
    starts: dict[int, tuple[int, int]] = {}  # column → (row, place in the row) of the merged cell
    rows: list[list[tuple[int, int, int, str]]] = []
    for index, (row, row_texts) in enumerate(zip(cells, texts, strict=True)):
        line: list[tuple[int, int, int, str]] = []
        column = 0
        for cell, text in zip(row, row_texts, strict=True):
            across = _span(cell)
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            if merged is not None and merged.get(f"{W}val") != "restart" and column in starts:
                at, place = starts[column]
                first, down, wide, written = rows[at][place]
                rows[at][place] = (first, max(down, index - at + 1), wide, written)
            else:
                line.append((column, 1, across, text))
                starts.pop(column, None)
                if merged is not None:
                    starts[column] = (index, len(line) - 1)
            column += across
        rows.append(line)
    yield from rows


def _span(cell: ElementTree.Element) -> int:
    found = cell.find(f"{W}tcPr/{W}gridSpan")
    value = found.get(f"{W}val", "1") if found is not None else "1"
    return min(int(value), 100) if value.isdecimal() and value.isascii() and int(value) > 0 else 1


def cell_text(cell: ElementTree.Element) -> str:
    lines = (text_of(each).strip() for each in cell.iter(f"{W}p"))
    return "\n".join(line for line in lines if line)


def text_of(paragraph: ElementTree.Element) -> str:
    """The visible text of a paragraph: runs, tabs and line breaks; what was deleted is left out."""
    parts: list[str] = []
    skipped = {id(e) for box in paragraph.iter(f"{W}txbxContent") for e in box.iter()}
    for element in paragraph.iter():
        if id(element) in skipped:
            continue
        if element.tag == f"{W}t":
            parts.append(element.text or "")
        elif element.tag in (f"{W}br", f"{W}cr"):
            parts.append("\n")
        elif element.tag == f"{W}tab":
            parts.append(" ")
        elif element.tag == f"{W}noBreakHyphen":
            parts.append("-")
    return "".join(parts)
