"""CSV 读取 (delimited text): pyarrow.csv where a file is regular, csv.reader where it is not.

Both give the same cells. A record is what csv.reader calls one: blank lines count, a quoted field
may hold line breaks, records may be shorter or longer than the header.
"""

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from shouwang.engine.contracts import Limits
from shouwang.engine.errors import FileRejected
from shouwang.engine.reading.sheets import TOP_ROWS, Body, Sheet, columns_from_rows

UTF8_MARK = b"\xef\xbb\xbf"
BLOCK = 8 << 20
WIDEST_JUMP = 64


def open_delimited(source: Path, limits: Limits) -> tuple[Sheet, str]:
    """The one sheet of a CSV file, and the name of its encoding."""
    data = source.read_bytes()
    text, encoding = decode(data)
    del data
    starts, top = _first_records(text)
    if max((len(row) for row in top), default=0) > limits.columns:
        raise FileRejected("file_corrupt", f"列数超过{limits.columns}，请删除多余的列再报送。")

    def read_body(first: int) -> Body:
        offset = starts[first] if first < len(starts) else len(text)
        return read_records(text, offset, first, len(top[first - 1]) if first else 1, limits)

    return Sheet(name="", top=top, read_body=read_body), encoding


def decode(data: bytes) -> tuple[str, str]:
    """UTF-8 if the file begins with its mark, else GB18030; anything else is not text."""
    encoding = "utf-8" if data.startswith(UTF8_MARK) else "gb18030"
    try:
        if encoding == "utf-8":
            return data[len(UTF8_MARK) :].decode(encoding), "UTF-8"
        return data.decode(encoding), "GB18030"
    except UnicodeDecodeError as error:
        raise FileRejected(
            "file_corrupt",
            "打不开：既不是Excel工作簿，也不是GB18030或带BOM的UTF-8文本。请另存为xlsx再报送。",
        ) from error


def _first_records(text: str) -> tuple[list[int], list[list[str]]]:
    """The first records and where in the text each record begins (one start more than records)."""
    starts, top, position = [0], [], 0

    def lines() -> Iterator[str]:
        nonlocal position
        for line in io.StringIO(text, newline=""):
            position += len(line)
            yield line

    for record in _records(lines()):
        top.append(record)
        starts.append(position)
        if len(top) == TOP_ROWS:
            break
    return starts, top


def _records(lines: Iterator[str]) -> Iterator[list[str]]:
    csv.field_size_limit(sys.maxsize)
    return csv.reader(lines)


def read_records(text: str, offset: int, first: int, width: int, limits: Limits) -> Body:
    """The records from `offset` on; the fast reader is tried first and never guesses."""
    body = text[offset:].encode("utf-8", "surrogatepass")
    if not body:
        return Body([pa.array([], pa.string()) for _ in range(width)], np.empty(0, np.int32))
    try:
        return _read_fast(body, first, width)
    except pa.ArrowInvalid:
        return _read_slow(text[offset:], first, width, limits)


def _read_fast(body: bytes, first: int, width: int) -> Body:
    """pyarrow.csv; records of another width are put aside and set in again at their place."""
    names = [str(index) for index in range(width)]
    odd: list[tuple[int, str]] = []

    def put_aside(row: pacsv.InvalidRow) -> str:
        odd.append((row.number, row.text))
        return "skip"

    table = pacsv.read_csv(
        pa.py_buffer(body),
        read_options=pacsv.ReadOptions(
            use_threads=False, block_size=BLOCK, column_names=names, encoding="utf8"
        ),
        parse_options=pacsv.ParseOptions(
            newlines_in_values=b'"' in body, ignore_empty_lines=False, invalid_row_handler=put_aside
        ),
        convert_options=pacsv.ConvertOptions(
            check_utf8=False,
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=False,
        ),
    )
    columns = [_whole(column) for column in table.columns]
    if not odd:
        return Body(columns, np.arange(first + 1, first + 1 + len(table), dtype=np.int32))
    return _with_odd_records(columns, len(table), odd, first)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    combined = column.combine_chunks()
    return combined.chunk(0) if isinstance(combined, pa.ChunkedArray) else combined


def _with_odd_records(
    columns: list[pa.Array], count: int, odd: list[tuple[int, str]], first: int
) -> Body:
    records = [next(_records(io.StringIO(text, newline="")), []) for _, text in odd]
    at = np.array([number for number, _ in odd]) - 1
    total = count + len(odd)
    regular = np.ones(total, dtype=bool)
    regular[at] = False
    source = np.empty(total, dtype=np.int64)
    source[regular] = np.arange(count)
    source[at] = count + np.arange(len(odd))
    width = max(len(columns), *(len(record) for record in records))
    blank = pa.nulls(count, pa.string()).fill_null("")
    merged = []
    for index in range(width):
        extra = pa.array([r[index] if index < len(r) else "" for r in records], pa.string())
        column = columns[index] if index < len(columns) else blank
        merged.append(pa.concat_arrays([column, extra]).take(pa.array(source)))
    return Body(merged, np.arange(first + 1, first + 1 + total, dtype=np.int32))


def _read_slow(text: str, first: int, width: int, limits: Limits) -> Body:
    """csv.reader, for files that the fast reader refuses."""
    try:
        records = list(_records(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise FileRejected("file_corrupt", "CSV内容混乱，无法分列。请另存为xlsx再报送。") from error
    width = max([width, *(len(record) for record in records)])
    if width > limits.columns + WIDEST_JUMP:
        raise FileRejected("file_corrupt", f"列数超过{limits.columns}，请删除多余的列再报送。")
    padded: Iterator[list[object]] = ([*r, *[""] * (width - len(r))] for r in records)
    return columns_from_rows(padded, width, first)
