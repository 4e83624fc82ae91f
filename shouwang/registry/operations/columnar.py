"""列式写入 (columnar writing): Arrow tables into the database, a column at a time.

PostgreSQL takes the columns as COPY text that Arrow writes; for SQLite each distinct value of a
column becomes one Python object. Values carry the database's own form already, so nothing is
converted row by row; that is what brings a county in within seconds.
"""

import io
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
from django.db import connection, models, transaction

from shouwang.core.bulk import indexes_last, insert_many

CHUNK = 20_000
Item = TypeVar("Item")
_NULL_IS_0, _NULL_IS_BLANK = "nullif(?, 0)", "nullif(?, '')"
_CSV = pcsv.WriteOptions(include_header=False, quoting_style="needed")


def yuan(fen: pa.Array) -> pa.Array:
    """Amounts of the engine (whole fen) as decimals with two places, exactly."""
    whole = pc.cast(fen, pa.decimal128(20, 0))
    buffers = whole.buffers()
    return pa.Array.from_buffers(
        pa.decimal128(20, 2), len(whole), buffers, whole.null_count, whole.offset
    )


def write_tables(model: type[models.Model], tables: Iterable[pa.Table]) -> int:
    """Insert the rows; columns are named like the database's. Defaults must be in the tables.

    The next table is made ready while the database takes the present one.
    """
    count = 0
    tables = (table for table in tables if table.num_rows)
    with transaction.atomic(), indexes_last(model):
        if connection.vendor == "postgresql":
            for table, content in ahead((table, _csv(table)) for table in tables):
                with (
                    connection.cursor() as cursor,
                    cursor.copy(_copy_statement(model, table)) as copy,
                ):
                    copy.write(content)
                count += table.num_rows
        else:
            for table, columns in ahead((table, bound(table)) for table in tables):
                values = zip(*(column.values for column in columns), strict=True)
                insert_many(model._meta.db_table, {c.name: c.place for c in columns}, values)
                count += table.num_rows
    return count


def with_places(table: pa.Table, places: pa.Table) -> pa.Table:
    """Rows with the further columns of `places`, found by its first column."""
    key, *others = places.column_names
    at = pc.index_in(whole(table[key]), value_set=whole(places[key]))
    for name in others:
        table = table.append_column(name, whole(places[name]).take(at))
    return table.drop_columns([key])


def ahead(made: Iterable[Item]) -> Iterator[Item]:
    """Make the next item in another thread while the present one is used."""
    source = iter(made)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(next, source, None)
        while (item := waiting.result()) is not None:
            waiting = pool.submit(next, source, None)
            yield item


def quoted(names: Iterable[str]) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in names)


def _copy_statement(model: type[models.Model], table: pa.Table) -> str:
    target = connection.ops.quote_name(model._meta.db_table)
    return f"COPY {target} ({quoted(table.column_names)}) FROM STDIN WITH (FORMAT csv)"


def _csv(table: pa.Table) -> bytes:
    columns = [_for_csv(whole(column)) for column in table.columns]
    sink = io.BytesIO()
    pcsv.write_csv(pa.table(columns, names=table.column_names), sink, _CSV)
    return sink.getvalue()


def _for_csv(column: pa.Array) -> pa.Array:
    """Bytes as the hexadecimal that PostgreSQL reads; the rest Arrow writes as it is read there."""
    if not pa.types.is_binary(column.type):
        return plain(column)
    if not len(column) or column.offset:
        column = pa.concat_arrays([column, column.slice(0, 0)])
    valid, bounds, content = column.buffers()
    digits = (content.to_pybytes() if content else b"").hex().encode()
    twice = np.frombuffer(bounds, np.int32, len(column) + 1) * 2 if bounds else np.zeros(1, "i4")
    words = pa.Array.from_buffers(
        pa.string(),
        len(column),
        [valid, pa.py_buffer(twice), pa.py_buffer(digits)],
        column.null_count,
    )
    return pc.binary_join_element_wise(r"\x", words, "")


@dataclass(frozen=True)
class _Bound:
    """A column as SQLite takes it: its values, and how the statement writes one."""

    name: str
    values: list[Any]
    place: str = "?"


def bound(table: pa.Table) -> list[_Bound]:
    """The columns that have any value; the others stay empty.

    The driver takes long over None and bytes, and is quick with numbers, text and bytearray: a
    missing value is bound as one of another type, and the statement takes it for NULL.
    """
    present = [name for name in table.column_names if table[name].null_count < table.num_rows]
    return [_bound_column(name, whole(table[name])) for name in present]


def _bound_column(name: str, column: pa.Array) -> _Bound:
    kind = column.type
    if pa.types.is_binary(kind):
        values = [0 if value is None else bytearray(value) for value in column.to_pylist()]
        return _Bound(name, values, _NULL_IS_0 if column.null_count else "?")
    if pa.types.is_integer(kind):
        if not column.null_count:
            return _Bound(name, column.to_numpy().tolist())
        return _Bound(name, ["" if v is None else v for v in column.to_pylist()], _NULL_IS_BLANK)
    encoded = column if pa.types.is_dictionary(kind) else column.dictionary_encode()
    words = [*pc.cast(encoded.dictionary, pa.string()).to_pylist(), 0]
    places = encoded.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False).tolist()
    values = list(map(words.__getitem__, places))
    return _Bound(name, values, _NULL_IS_0 if column.null_count else "?")


def whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    if isinstance(column, pa.Array):
        return column
    combined = column.combine_chunks()
    return pa.concat_arrays(combined.chunks) if isinstance(combined, pa.ChunkedArray) else combined


def plain(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """The column without a dictionary; the engine gives repeated text as one."""
    column = whole(column)
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
