"""旧版工作簿检查 (old workbooks): an .xls is an OLE container of numbered records.

The container is walked before a parser sees it: password, damaged chains, and cells that lie
outside what an .xls can hold (a parser allots the whole rectangle).
"""

import struct
from pathlib import Path

from shouwang.engine.errors import FileRejected

FREE = 0xFFFFFFFA
MACRO_STORAGE = "_VBA_PROJECT_CUR"
ENCRYPTED = {"EncryptedPackage", "EncryptionInfo"}
CELL_RECORDS = {0x0006, 0x00FD, 0x00BD, 0x00BE, 0x027E, 0x0203, 0x0204, 0x0205, 0x0201, 0x00D6}
RUNS_OF_CELLS = {0x00BD, 0x00BE}
FILE_PASSWORD = 0x002F
MAX_COLUMN = 256


class _Container:
    """The file allocation table of an OLE container, just enough to fetch one stream."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        self.size = 1 << shift
        self.mini_size = 1 << mini_shift
        directory, _, self.cutoff, mini_table = struct.unpack_from("<IIII", data, 48)
        self.table = self._allocation_table()
        entries = self.chain(directory)
        self.entries = [entries[at : at + 128] for at in range(0, len(entries) - 127, 128)]
        self.mini_table = _integers(self.chain(mini_table)) if mini_table < FREE else ()

    def _allocation_table(self) -> tuple[int, ...]:
        sectors = list(struct.unpack_from("<109I", self.data, 76))
        following, count = struct.unpack_from("<II", self.data, 68)
        for _ in range(min(count, len(self.data) // self.size)):
            if following >= FREE:
                break
            numbers = _integers(self.sector(following))
            sectors += numbers[:-1]
            following = numbers[-1]
        return _integers(b"".join(self.sector(number) for number in sectors if number < FREE))

    def sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        return self.data[start : start + self.size]

    def chain(self, number: int) -> bytes:
        pieces: list[bytes] = []
        while number < FREE and len(pieces) <= len(self.table):
            pieces.append(self.sector(number))
            number = self.table[number]
        return b"".join(pieces)

    def names(self) -> set[str]:
        return {_name(entry) for entry in self.entries}

    def stream(self, *names: str) -> bytes | None:
        entry = next((entry for entry in self.entries if _name(entry) in names), None)
        if entry is None:
            return None
        start, size = struct.unpack_from("<II", entry, 116)
        content = self.chain(start) if size >= self.cutoff else self._small_chain(start)
        if len(content) < size:
            raise struct.error("the file ends before its content")
        return content[:size]

    def _small_chain(self, number: int) -> bytes:
        root = self.chain(struct.unpack_from("<I", self.entries[0], 116)[0])
        pieces: list[bytes] = []
        while number < FREE and len(pieces) <= len(self.mini_table):
            pieces.append(root[number * self.mini_size : (number + 1) * self.mini_size])
            number = self.mini_table[number]
        return b"".join(pieces)


def check_old_workbook(source: Path) -> list[str]:
    """Raise FileRejected unless this is a readable .xls; return notes for the report."""
    try:
        container = _Container(source.read_bytes())
        names = container.names()
        book = container.stream("Workbook", "Book")
    except (struct.error, IndexError, MemoryError) as error:
        raise FileRejected("file_corrupt", "文件已损坏，打不开。请重新导出后再报送。") from error
    if names & ENCRYPTED:
        raise FileRejected("file_corrupt", "文件设有打开密码。请取消密码后再报送。")
    if book is None:
        raise FileRejected("file_corrupt", "文件里没有工作簿。请另存为xlsx再报送。")
    _check_records(book)
    return ["文件带有宏。只读取数据，宏没有运行。"] if MACRO_STORAGE in names else []


def _check_records(book: bytes) -> None:
    at, end = 0, len(book)
    unpack = struct.Struct("<HHHH").unpack_from
    while at + 8 <= end:
        kind, length, _, column = unpack(book, at)
        if kind == FILE_PASSWORD:
            raise FileRejected("file_corrupt", "文件设有打开密码。请取消密码后再报送。")
        if kind in RUNS_OF_CELLS and at + 4 + length <= end and length >= 2:
            column = max(column, *struct.unpack_from("<H", book, at + 2 + length))
        if column >= MAX_COLUMN and kind in CELL_RECORDS:
            raise FileRejected("file_corrupt", "表格的单元格位置不合法，文件可能已损坏。")
        at += 4 + length


def _integers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _name(entry: bytes) -> str:
    length = struct.unpack_from("<H", entry, 64)[0]
    return entry[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
