"""CSV 读取 (delimited text): pyarrow.csv where a file is regular, csv.reader where it is not.

Both give the same cells. A record is what csv.reader calls one: blank lines count, a quoted field
may hold line breaks, records may be shorter or longer than the header.

No comma, quote or line break is ever part of a character of GB18030, so a regular file is cut into
cells as it is, and only cells that are not plain ASCII are decoded, each distinct one once.
"""

import codecs
import csv
import io
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from shouwang.engine.cleaning.arrays import plain, rows_with_bytes
from shouwang.engine.contracts import Limits
from shouwang.engine.errors import FileRejected
from shouwang.engine.reading.sheets import TOP_ROWS, Body, Sheet, columns_from_rows

UTF8_MARK = b"\xef\xbb\xbf"
BLOCK = 4 << 20
FIRST_PIECE = 1 << 16
SAMPLE = 2_000
REPEATS = 4
END_MARK = "\x1eend\x1e"
CODED = pa.dictionary(pa.int32(), pa.string())
CODED_BYTES = pa.dictionary(pa.int32(), pa.binary())
NOT_ASCII = np.arange(256) >= 0x80


class _OddRecord(Exception):
    """A record has another number of fields than the header."""


@dataclass(frozen=True)
class _Top:
    """The first records, and at which byte each begins (one start more than records)."""

    records: list[list[str]]
    starts: list[int]


def open_delimited(source: Path, limits: Limits) -> tuple[Sheet, str]:
    """The one sheet of a CSV file, and the name of its encoding."""
    data = source.read_bytes()
    encoding = "utf-8" if data.startswith(UTF8_MARK) else "gb18030"
    top = _first_records(data, encoding)
    if max((len(row) for row in top.records), default=0) > limits.columns:
        raise _too_wide(limits)

    def read_body(first: int) -> Body:
        start = top.starts[first] if first < len(top.starts) else len(data)
        width = len(top.records[first - 1]) if first else 1
        return read_records(data, start, encoding, first, max(width, 1), limits)

    return Sheet(name="", top=top.records, read_body=read_body), encoding.upper()


def decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileRejected(
            "file_corrupt",
            "打不开：既不是Excel工作簿，也不是GB18030或带BOM的UTF-8文本。请另存为xlsx再报送。",
        ) from error


def _too_wide(limits: Limits) -> FileRejected:
    return FileRejected("file_corrupt", f"列数超过{limits.columns}，请删除多余的列再报送。")


def _first_records(data: bytes, encoding: str) -> _Top:
    """Decode only as much of the file as its first records take."""
    start = len(UTF8_MARK) if encoding == "utf-8" else 0
    size = FIRST_PIECE
    while True:
        piece = data[start : start + size]
        whole = start + size >= len(data)
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(piece, final=whole)
        except UnicodeDecodeError:
            text = decode(data[start:], encoding)
        top = _cut_records(text, encoding, start)
        if whole or len(top.records) > TOP_ROWS:
            return _Top(top.records[:TOP_ROWS], top.starts[: TOP_ROWS + 1])
        size *= 8


def _cut_records(text: str, encoding: str, start: int) -> _Top:
    records: list[list[str]] = []
    starts = [start]
    position = start

    def lines() -> Iterator[str]:
        nonlocal position
        for line in io.StringIO(text, newline=""):
            position += len(line.encode(encoding))
            yield line

    for record in _records(lines()):
        records.append(record)
        starts.append(position)
        if len(records) > TOP_ROWS:
            break
    return _Top(records, starts)


def _records(lines: Iterator[str]) -> Iterator[list[str]]:
    csv.field_size_limit(sys.maxsize)
    return csv.reader(lines)


def read_records(
    data: bytes, start: int, encoding: str, first: int, width: int, limits: Limits
) -> Body:
    """The records from byte `start` on; the fast reader is tried first and never guesses."""
    if start >= len(data):
        return Body([pa.array([], pa.string()) for _ in range(width)], np.empty(0, np.int32))
    reader = _FastReader(data, start, encoding, first, width)
    try:
        return reader.read()
    except (pa.ArrowInvalid, UnicodeDecodeError, _OddRecord):
        pass
    try:
        return reader.read_with_odd_records(limits)
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return read_slow(decode(data[start:], encoding), first, width, limits)


class _FastReader:
    """pyarrow.csv on the body of a file, without any conversion of its own."""

    def __init__(self, data: bytes, start: int, encoding: str, first: int, width: int) -> None:
        self.quoted = data.find(b'"', start) >= 0
        self.body: bytes | memoryview = memoryview(data)[start:]
        if self.quoted:
            self.body = _with_end_mark(data[start:], width)
        self.encoding = encoding
        self.first = first
        self.names = [str(index) for index in range(width)]
        self.odd: list[tuple[int, str]] = []

    def read(self) -> Body:
        """Both processors; raises where a record has another width."""
        as_bytes = self.encoding != "utf-8" and self.body[:3] != UTF8_MARK
        table = self._table(threads=True, as_bytes=as_bytes)
        if self.odd:
            raise _OddRecord
        text = partial(_decoded, encoding=self.encoding) if as_bytes else _whole
        with ThreadPoolExecutor(max_workers=2) as pool:
            columns = list(pool.map(text, table.columns))
        return Body(columns, _row_numbers(self.first, len(table)))

    def read_with_odd_records(self, limits: Limits) -> Body:
        """One processor, which knows record numbers: odd records are set in at their place."""
        self.odd.clear()
        table = self._table(threads=False)
        columns = [_whole(column) for column in table.columns]
        return _with_odd_records(columns, len(table), self.odd, self.first, limits)

    def _table(self, *, threads: bool, as_bytes: bool = False) -> pa.Table:
        is_utf8 = as_bytes or self.encoding == "utf-8"
        table = pacsv.read_csv(
            pa.py_buffer(self.body),
            read_options=pacsv.ReadOptions(
                use_threads=threads,
                block_size=BLOCK,
                column_names=self.names,
                encoding="utf8" if is_utf8 else self.encoding,
            ),
            parse_options=pacsv.ParseOptions(
                newlines_in_values=self.quoted,
                ignore_empty_lines=False,
                # a record of undecoded bytes cannot be put aside: pyarrow raises ArrowInvalid
                invalid_row_handler=None if as_bytes else self._put_aside,
            ),
            convert_options=pacsv.ConvertOptions(
                check_utf8=not as_bytes,
                column_types=self._types(as_bytes),
                strings_can_be_null=False,
            ),
        )
        return self._without_end_mark(table) if self.quoted else table

    def _without_end_mark(self, table: pa.Table) -> pa.Table:
        """A quote that is never closed swallows the mark; then csv.reader has to say what it is."""
        last = {END_MARK, END_MARK.encode()}
        if not len(table) or not {c[-1].as_py() for c in table.columns} <= last:
            raise pa.ArrowInvalid("unclosed quote")
        return table.slice(0, len(table) - 1)

    def _types(self, as_bytes: bool) -> dict[str, pa.DataType]:
        """Columns whose first cells repeat are read dictionary-coded."""
        text = bytes(self.body[: 200 * SAMPLE]).decode(self.encoding, "replace")
        records = _records(io.StringIO(text, newline=""))
        sample = list(islice((r for r in records if len(r) == len(self.names)), SAMPLE))
        repeated, other = (CODED_BYTES, pa.binary()) if as_bytes else (CODED, pa.string())
        return {
            name: repeated
            if len({record[at] for record in sample}) * REPEATS < len(sample)
            else other
            for at, name in enumerate(self.names)
        }

    def _put_aside(self, row: pacsv.InvalidRow) -> str:
        self.odd.append((row.number, row.text))
        return "skip"


def _with_end_mark(body: bytes, width: int) -> bytes:
    closed = b"" if body.endswith((b"\n", b"\r")) else b"\n"
    return body + closed + ",".join([END_MARK] * width).encode()


def _row_numbers(first: int, count: int) -> np.ndarray:
    return np.arange(first + 1, first + 1 + count, dtype=np.int32)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    if column.num_chunks == 1:
        return column.chunk(0)
    return pa.concat_arrays(column.unify_dictionaries().chunks or [pa.array([], column.type)])


def _decoded(column: pa.ChunkedArray, encoding: str) -> pa.Array:
    """Cells of bytes as text; UnicodeDecodeError if any is not of this encoding."""
    cells = _whole(column)
    if not pa.types.is_dictionary(cells.type):
        return _decoded_plain(cells, encoding)
    values = _decoded_plain(cells.dictionary, encoding)
    return pa.DictionaryArray.from_arrays(cells.indices, plain(values))


def _decoded_plain(cells: pa.Array, encoding: str) -> pa.Array:
    text = cells.view(pa.string())
    rows = rows_with_bytes(text, NOT_ASCII)
    if not rows.any():
        return text
    chosen = pa.array(rows)
    distinct = (cells if rows.all() else cells.filter(chosen)).dictionary_encode()
    values = pa.array(_decode_each(distinct.dictionary.to_pylist(), encoding), pa.string())
    if rows.all() and len(values) * REPEATS < len(cells):
        return pa.DictionaryArray.from_arrays(distinct.indices, values)
    changed = values.take(distinct.indices)
    return changed if rows.all() else pc.replace_with_mask(text, chosen, changed)


def _decode_each(values: list[bytes], encoding: str) -> list[str]:
    """All in one piece, a line each; one by one where a value has a line break or is no text."""
    with suppress(UnicodeDecodeError):
        lines = b"\n".join(values).decode(encoding).split("\n")
        if len(lines) == len(values):
            return lines
    return [value.decode(encoding) for value in values]


def _with_odd_records(
    columns: list[pa.Array], count: int, odd: list[tuple[int, str]], first: int, limits: Limits
) -> Body:
    if not odd:
        return Body(columns, _row_numbers(first, count))
    records = [next(_records(io.StringIO(text, newline="")), []) for _, text in odd]
    at = np.array([number for number, _ in odd]) - 1
    total = count + len(odd)
    regular = np.ones(total, dtype=bool)
    regular[at] = False
    source = np.empty(total, dtype=np.int64)
    source[regular] = np.arange(count)
    source[at] = count + np.arange(len(odd))
    width = max(len(columns), *(len(record) for record in records))
    if width > limits.columns:
        raise _too_wide(limits)
    blank = pa.nulls(count, pa.string()).fill_null("")
    merged = []
    for index in range(width):
        column = columns[index] if index < len(columns) else blank
        extra = pa.array([r[index] if index < len(r) else "" for r in records], pa.string())
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        merged.append(pa.concat_arrays([column, extra]).take(pa.array(source)))
    return Body(merged, _row_numbers(first, total))


def read_slow(text: str, first: int, width: int, limits: Limits) -> Body:
    """csv.reader, for files that the fast reader refuses."""
    try:
        records = list(_records(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise FileRejected("file_corrupt", "CSV内容混乱，无法分列。请另存为xlsx再报送。") from error
    width = max([width, *(len(record) for record in records)])
    if width > limits.columns:
        raise _too_wide(limits)
    padded: Iterator[list[object]] = ([*r, *[""] * (width - len(r))] for r in records)
    return columns_from_rows(padded, width, first)
