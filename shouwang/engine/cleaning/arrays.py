"""整列处理 (whole columns): work on the bytes of an Arrow text column at once.

A column of cells is either plain text or dictionary-coded text (few distinct values). What is true
of a value is true of every row that has it, so coded columns are handled value by value.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Mask = np.ndarray
CODED = pa.dictionary(pa.int32(), pa.string())
WORTH_THREADS = 20_000
FEW = 10_000
Item = TypeVar("Item")
Result = TypeVar("Result")


def two_at_a_time(
    function: Callable[[Item], Result], columns: Iterable[Item], rows: int
) -> list[Result]:
    """`function` of each column on two processors: Arrow and numpy leave the interpreter free."""
    if rows < WORTH_THREADS:
        return [function(column) for column in columns]
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(function, columns))


def is_coded(column: pa.Array) -> bool:
    return bool(pa.types.is_dictionary(column.type))


def coded(column: pa.Array) -> pa.DictionaryArray:
    return column if is_coded(column) else column.dictionary_encode()


def plain(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if is_coded(column) else column


def whole(column: pa.ChunkedArray) -> pa.Array:
    combined = column.combine_chunks()
    return pa.concat_arrays(combined.chunks) if isinstance(combined, pa.ChunkedArray) else combined


def recoded(values: pa.Array, indices: pa.Array) -> pa.DictionaryArray:
    """Coded text from new values of old codes; equal values become one, null stays null."""
    encoded = values.dictionary_encode()
    return pa.DictionaryArray.from_arrays(encoded.indices.take(indices), encoded.dictionary)


def each_value(column: pa.Array, function: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Apply a text → text function to the values of a coded or plain column."""
    if is_coded(column):
        return recoded(function(column.dictionary), column.indices)
    return function(column)


def value_mask(column: pa.Array, function: Callable[[pa.Array], Mask]) -> Mask:
    """Apply a text → bool function to the values of a coded or plain column (without nulls)."""
    if is_coded(column):
        return np.asarray(function(column.dictionary)[column.indices.to_numpy()])
    return function(column)


def offsets(array: pa.Array) -> np.ndarray:
    """Where each value begins in the data buffer (one more than values)."""
    buffer = array.buffers()[1]
    if buffer is None or len(array) == 0:
        return np.zeros(len(array) + 1, dtype=np.int32)
    return np.frombuffer(buffer, dtype=np.int32)[array.offset : array.offset + len(array) + 1]


def data(array: pa.Array) -> np.ndarray:
    buffer = array.buffers()[2]
    if buffer is None:
        return np.zeros(0, dtype=np.uint8)
    return np.frombuffer(buffer, dtype=np.uint8)


def byte_lengths(array: pa.Array) -> np.ndarray:
    return np.diff(offsets(array))


def rows_with_bytes(array: pa.Array, table: np.ndarray) -> Mask:
    """Rows that hold at least one byte marked in `table` (256 booleans)."""
    bounds = offsets(array)
    low, high = int(bounds[0]), int(bounds[-1])
    found = np.zeros(len(array), dtype=bool)
    content = data(array)[low:high]
    if low == high or not table[content.min() : int(content.max()) + 1].any():
        return found
    marked = table[content]
    count = np.count_nonzero(marked)
    if count > FEW:
        filled = np.flatnonzero(np.diff(bounds))
        found[filled] = np.logical_or.reduceat(marked, bounds[filled] - low)
    elif count:
        found[np.searchsorted(bounds, np.flatnonzero(marked) + low, side="right") - 1] = True
    return found


def fixed_bytes(array: pa.Array, rows: np.ndarray, width: int) -> np.ndarray:
    """The bytes of the given rows, all of the same width, as a matrix (a line per position)."""
    starts = offsets(array)[rows].astype(np.int64)
    if len(rows) and np.all(np.diff(starts) == width):
        block = data(array)[starts[0] : starts[0] + len(rows) * width]
        return np.ascontiguousarray(block.reshape(len(rows), width).T)
    content = data(array)
    pieces = np.ndarray((max(len(content) - width + 1, 0),), f"V{width}", content, strides=(1,))
    return np.ascontiguousarray(pieces[starts].view(np.uint8).reshape(len(rows), width).T)


def as_mask(array: pa.Array | pa.ChunkedArray) -> Mask:
    """A boolean Arrow array (no nulls) as numpy."""
    return np.asarray(array.to_numpy(zero_copy_only=False), dtype=bool)


def is_null(column: pa.Array) -> Mask:
    if column.null_count == 0:
        return np.zeros(len(column), dtype=bool)
    return as_mask(column.is_null())


def is_blank(array: pa.Array) -> Mask:
    return np.asarray(byte_lengths(array) == 0)


def map_distinct(values: pa.Array, function: Callable[[str], object]) -> list[object]:
    """`function` of each value, called once for each distinct one."""
    encoded = coded(values)
    results = [function(value) for value in encoded.dictionary.to_pylist()]
    return [results[index] for index in encoded.indices.to_pylist()]


def replace_text(
    array: pa.Array, rows: Mask, function: Callable[[Sequence[str]], Sequence[str]]
) -> pa.Array:
    """The plain column with the distinct values at `rows` passed through `function` together."""
    if not rows.any():
        return array
    chosen = pa.array(rows)
    encoded = array.filter(chosen).dictionary_encode()
    changed = pa.array(function(encoded.dictionary.to_pylist()), pa.string())
    return pc.replace_with_mask(array, chosen, changed.take(encoded.indices))
