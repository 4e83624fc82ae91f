"""整列处理 (whole columns): work on the bytes of an Arrow text column at once."""

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Mask = np.ndarray


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
    found = np.zeros(len(array), dtype=bool)
    bounds = offsets(array)
    low, high = int(bounds[0]), int(bounds[-1])
    hits = np.flatnonzero(table[data(array)[low:high]])
    if len(hits):
        found[np.searchsorted(bounds, hits + low, side="right") - 1] = True
    return found


def fixed_bytes(array: pa.Array, rows: np.ndarray, width: int) -> np.ndarray:
    """The bytes of the given rows, all of the same width, as a matrix."""
    starts = offsets(array)[rows].astype(np.int64)
    if len(rows) and np.all(np.diff(starts) == width):
        block = data(array)[starts[0] : starts[0] + len(rows) * width]
        return block.reshape(len(rows), width)
    return data(array)[starts[:, None] + np.arange(width)]


def as_mask(array: pa.Array | pa.ChunkedArray) -> Mask:
    """A boolean Arrow array (no nulls) as numpy."""
    return np.asarray(array.to_numpy(zero_copy_only=False), dtype=bool)


def is_blank(array: pa.Array) -> Mask:
    return np.asarray(byte_lengths(array) == 0)


def map_distinct(values: pa.Array, function: Callable[[str], object]) -> list[object]:
    """`function` of each value, called once for each distinct one."""
    encoded = values.dictionary_encode()
    results = [function(value) for value in encoded.dictionary.to_pylist()]
    return [results[index] for index in encoded.indices.to_pylist()]


def replace_text(array: pa.Array, rows: Mask, function: Callable[[str], str]) -> pa.Array:
    """The column with the values at `rows` passed through `function`."""
    if not rows.any():
        return array
    chosen = pa.array(rows)
    encoded = array.filter(chosen).dictionary_encode()
    changed = pa.array(map(function, encoded.dictionary.to_pylist()), pa.string())
    return pc.replace_with_mask(array, chosen, changed.take(encoded.indices))


def spread(distinct: Sequence[object], kind: pa.DataType, indices: pa.Array) -> pa.Array:
    """Results for distinct values back to one value a row."""
    return pa.array(distinct, kind).take(indices)
