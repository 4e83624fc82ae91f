"""列式写入 (columnar writing): Arrow tables into the database, a column at a time.

PostgreSQL takes the columns as COPY text that Arrow writes; for SQLite each distinct value of a
column becomes one Python object. Values carry the database's own form already, so nothing is
converted row by row; that is what brings a county in within seconds.
"""

import io
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
from django.db import connection, models, transaction

from shouwang.core.bulk import indexes_last

CHUNK = 20_000
Item = TypeVar("Item")
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
    with transaction.atomic(), indexes_last(model), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table, content in ahead((table, _csv(table)) for table in tables):
                with cursor.copy(_copy_statement(model, table)) as copy:
                    copy.write(content)
                count += table.num_rows
        else:
            for table, rows in ahead((table, list(rows_of(table))) for table in tables):
                cursor.executemany(_insert_statement(model, table), rows)
                count += table.num_rows
    return count


def ahead(made: Iterable[Item]) -> Iterator[Item]:
    """Make the next item in another thread while the present one is used."""
    source = iter(made)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(next, source, None)
        while (item := waiting.result()) is not None:
            waiting = pool.submit(next, source, None)
            yield item


def _names(table: pa.Table) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in table.column_names)


def _copy_statement(model: type[models.Model], table: pa.Table) -> str:
    target = connection.ops.quote_name(model._meta.db_table)
    return f"COPY {target} ({_names(table)}) FROM STDIN WITH (FORMAT csv)"


def _insert_statement(model: type[models.Model], table: pa.Table) -> str:
    target = connection.ops.quote_name(model._meta.db_table)
    places = ", ".join(["%s"] * table.num_columns)
    return f"INSERT INTO {target} ({_names(table)}) VALUES ({places})"  # noqa: S608


def _csv(table: pa.Table) -> bytes:
    columns = [_for_csv(whole(column)) for column in table.columns]
    sink = io.BytesIO()
    pcsv.write_csv(pa.table(columns, names=table.column_names), sink, _CSV)
    return sink.getvalue()


def _for_csv(column: pa.Array) -> pa.Array:
    """Bytes as the hexadecimal that PostgreSQL reads; the rest Arrow writes as it is read there."""
    if not pa.types.is_binary(column.type):
        return plain(column)
    return pa.array(
        [None if value is None else f"\\x{value.hex()}" for value in column.to_pylist()],
        pa.string(),
    )


def rows_of(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    """The rows as tuples of what SQLite stores."""
    return zip(*(_objects(whole(column)) for column in table.columns), strict=True)


def _objects(column: pa.Array) -> list[Any]:
    kind = column.type
    if pa.types.is_binary(kind) or pa.types.is_boolean(kind) or pa.types.is_null(kind):
        return list(column.to_pylist())
    if pa.types.is_integer(kind):
        return list(column.to_pylist() if column.null_count else column.to_numpy().tolist())
    encoded = column if pa.types.is_dictionary(kind) else column.dictionary_encode()
    values = pc.cast(encoded.dictionary, pa.string()).to_pylist()
    places = encoded.indices.fill_null(len(values)).to_numpy(zero_copy_only=False).tolist()
    values.append(None)
    return list(map(values.__getitem__, places))


def whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    if isinstance(column, pa.Array):
        return column
    combined = column.combine_chunks()
    return pa.concat_arrays(combined.chunks) if isinstance(combined, pa.ChunkedArray) else combined


def plain(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """The column without a dictionary; the engine gives repeated text as one."""
    column = whole(column)
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
