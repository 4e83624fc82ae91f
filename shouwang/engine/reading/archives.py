"""压缩包检查 (archive checks): is a workbook safe to unpack?

A workbook is a zip of XML. Before any parser sees it: declared and real sizes, ratio, entities,
and the rectangle the sheet spans (a parser allots the whole rectangle).
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from shouwang.engine.contracts import Limits
from shouwang.engine.errors import FileRejected

SMALL_PART = 50 * 1024 * 1024
PIECE = 1 << 20
OVERLAP = 100
FAR = re.compile(rb"""\sr\s*=\s*["'](?:[A-Z]{2}|[A-Z]?[0-9]{7})""")
WIDE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{2,9})""")
DEEP = re.compile(rb"""\sr\s*=\s*["'][A-Z]*([0-9]{7,12})["']""")
REFERENCE = re.compile(rb"""\sr\s*=\s*["'][A-Z]*([0-9]{1,12})["']""")
LAST_COLUMN, LAST_ROW = 16_384, 1_048_576
ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def check_archive(source: Path, limits: Limits) -> list[str]:
    """Raise FileRejected unless the archive is harmless; return notes for the report."""
    try:
        with zipfile.ZipFile(source) as archive:
            parts = archive.infolist()
            _check_declared(parts, limits)
            budget = limits.unpacked_bytes
            for part in parts:
                budget -= _check_part(archive, part, limits, budget)
            names = {part.filename.lower() for part in parts}
            if not any(name.endswith("xl/workbook.xml") for name in names):
                raise FileRejected("file_corrupt", "这不是xlsx工作簿。请另存为xlsx再报送。")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise corrupt() from error
    except (NotImplementedError, RuntimeError) as error:
        raise FileRejected(
            "file_corrupt", "文件内容被加密或用了不支持的压缩方式。请取消密码后另存为xlsx再报送。"
        ) from error
    if any(name.endswith("vbaproject.bin") for name in names):
        return ["文件带有宏。只读取数据，宏没有运行。"]
    return []


def corrupt() -> FileRejected:
    return FileRejected("file_corrupt", "文件已损坏，打不开。请重新导出后再报送。")


def _too_large() -> FileRejected:
    return FileRejected(
        "file_corrupt", "文件解压后过大，疑似压缩炸弹，未读取。请只保留数据表后另存再报送。"
    )


def _check_declared(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    if sum(part.file_size for part in parts) > limits.unpacked_bytes or len(parts) > 20_000:
        raise _too_large()
    for part in parts:
        packed = max(part.compress_size, 1)
        if part.file_size > SMALL_PART and part.file_size / packed > limits.unpacked_ratio:
            raise _too_large()


def _check_part(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits, budget: int
) -> int:
    """Unpack one part without keeping it; return its real size."""
    is_picture = "/media/" in part.filename.lower()
    is_sheet = False
    size = right = bottom = 0
    for text, fresh in _pieces(archive, part):
        size += fresh
        if size > budget or _ratio_broken(size, part, limits):
            raise _too_large()
        if not is_picture and b"<!" in text and ENTITY.search(text):
            raise FileRejected("file_corrupt", "文件里含有实体声明，可能有害，未读取。")
        is_sheet = is_sheet or b"sheetData" in text
        if is_sheet and FAR.search(text):
            right = max(right, *(column_number(found) for found in {b"A", *WIDE.findall(text)}))
            bottom = max(bottom, *(int(found) for found in {b"1", *DEEP.findall(text)}))
    if right > limits.cells // LAST_ROW:
        bottom = max(bottom, _deepest_row(archive, part))
    if right > LAST_COLUMN or bottom > LAST_ROW or right * bottom > limits.cells:
        raise FileRejected(
            "file_corrupt", "表格占用的行列范围过大。请删除数据区以外的单元格后另存再报送。"
        )
    return size


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """The content piece by piece, each with the end of the piece before it, and its own size."""
    tail = b""
    with archive.open(part) as stream:
        while piece := stream.read(PIECE):
            yield tail + piece, len(piece)
            tail = piece[-OVERLAP:]


def _deepest_row(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """The greatest row number; only asked for very wide sheets, which are few."""
    return max(
        (int(row) for text, _ in _pieces(archive, part) for row in set(REFERENCE.findall(text))),
        default=0,
    )


def _ratio_broken(size: int, part: zipfile.ZipInfo, limits: Limits) -> bool:
    return size > SMALL_PART and size / max(part.compress_size, 1) > limits.unpacked_ratio


def column_number(letters: bytes) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
