"""工作表 (sheet): cells as text in columns, in Arrow memory.

A cell is what a person would read: numbers as their digits, dates as 2026-03-05, blank as "".
"""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shouwang.engine.errors import FileRejected

TOP_ROWS = 12
CHUNK = 2_000
MAX_TEXT_BYTES = 1_500_000_000

Merge = tuple[tuple[int, int], tuple[int, int]]


@dataclass
class Body:
    """数据区: the rows below the header. `rows` are the numbers a person sees in the sheet."""

    columns: list[pa.Array]
    rows: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)


@dataclass
class Sheet:
    """One sheet: its first rows for finding the header, and a way to read what lies below."""

    name: str
    top: list[list[str]]
    read_body: Callable[[int], Body]
    merges: list[Merge] = field(default_factory=list)

    def body(self, first: int) -> Body:
        """All rows from index `first` (0-based) on."""
        return self.read_body(first)


def cell_text(value: object) -> str:
    """The text of one cell: digits without exponent or needless decimals, dates in ISO form."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _digits(value)
    if isinstance(value, datetime.datetime):
        return value.replace(microsecond=0).isoformat(sep=" ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)


def _digits(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if value.is_integer():
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def columns_from_rows(rows: Iterator[list[Any]], width: int, first: int) -> Body:
    """Turn rows of equal width into Arrow columns piece by piece, so that few Python objects live
    at a time."""
    pieces: list[list[pa.Array]] = [[] for _ in range(width)]
    total = size = 0
    while chunk := list(islice(rows, CHUNK)):
        total += len(chunk)
        cells = list(chain.from_iterable(chunk))
        for index in range(width):
            piece = text_column(cells[index::width])
            size += piece.nbytes
            pieces[index].append(piece)
        if size > MAX_TEXT_BYTES:
            raise FileRejected("file_corrupt", "表中文字总量过大，无法读取。请拆分后分批报送。")
    numbers = np.arange(first + 1, first + 1 + total, dtype=np.int32)
    columns = []
    while pieces:  # the pieces of a column are given up when it is joined
        columns.append(join_pieces(pieces.pop(0)))
    return Body(columns, numbers)


def join_pieces(pieces: Sequence[pa.Array]) -> pa.Array:
    if not pieces:
        return pa.array([], pa.string())
    return pieces[0] if len(pieces) == 1 else pa.concat_arrays(pieces)


def text_column(values: Sequence[object]) -> pa.Array:
    """One column of cells as text; whole columns of one kind never pass through Python code."""
    kinds = set(map(type, values))
    if kinds == {str}:
        return pa.array(values, pa.string())
    if kinds == {float}:
        return _float_column(values)
    if bool in kinds:
        return pa.array([cell_text(value) for value in values], pa.string())
    texts = {value: cell_text(value) for value in set(values)}
    return pa.array(map(texts.__getitem__, values), pa.string(), size=len(values))


def _float_column(values: Sequence[object]) -> pa.Array:
    numbers = np.array(values, dtype=np.float64)
    if np.all((numbers == np.trunc(numbers)) & (np.abs(numbers) < 2**53)):
        return pc.cast(pa.array(numbers.astype(np.int64)), pa.string())
    if np.all((np.abs(numbers) < 1e9) & ((np.abs(numbers) > 1e-3) | (numbers == 0))):
        text = pc.cast(pa.array(np.abs(numbers)), pa.string())
        text = pc.replace_substring_regex(text, r"\.0$", "")
        return pc.if_else(pa.array(numbers < 0), pc.binary_join_element_wise("-", text, ""), text)
    return pa.array([_digits(float(value)) for value in numbers], pa.string())
