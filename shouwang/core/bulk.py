"""成批写入: a million rows at once, inside the current transaction.

COPY on PostgreSQL, executemany on SQLite; neither calls `save()`, so defaults must be in the rows.
"""

import json
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, router, transaction

Convert = Callable[[Any], Any]

# The driver asks None and bytes in four ways whether they can be adapted; told at once that they
# stay as they are, it writes a table with many empty columns in half the time.
sqlite3.register_adapter(type(None), {None: None}.get)
sqlite3.register_adapter(bytes, bytes)


def copy_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    using: str | None = None,
) -> int:
    """Insert rows given as tuples in the order of `columns` (field names); returns how many."""
    alias = using or router.db_for_write(model)
    fields = [_field(model, name) for name in columns]
    converters = [_converter(field, connections[alias].vendor) for field in fields]
    with transaction.atomic(using=alias):
        if connections[alias].vendor == "postgresql":
            return _copy(alias, model._meta.db_table, fields, _converted(rows, converters))
        return _executemany(alias, model._meta.db_table, fields, _converted(rows, converters))


def update_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    using: str | None = None,
) -> int:
    """Set `columns[1:]` of the rows found by `columns[0]`, a unique field; returns how many."""
    alias = using or router.db_for_write(model)
    fields = [_field(model, name) for name in columns]
    converters = [_converter(field, connections[alias].vendor) for field in fields]
    converted = _converted(rows, converters)
    with transaction.atomic(using=alias):
        if connections[alias].vendor == "postgresql":
            return _update_from_copy(alias, model._meta.db_table, fields, converted)
        return _update_each(alias, model._meta.db_table, fields, converted)


@contextmanager
def indexes_last(model: type[models.Model], *, using: str | None = None) -> Iterator[None]:
    """Fill an empty table first, then build its indexes and check its references as a whole, which
    takes half the time of doing so row by row.

    All of it happens in the current transaction: others see the table as it was until the end, and
    whatever breaks off leaves it as it was. A table that has rows is left alone.
    """
    alias = using or router.db_for_write(model)
    if model._base_manager.using(alias).exists():
        yield
        return
    table = model._meta.db_table
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        later: list[str] = []
        if connections[alias].vendor == "postgresql":
            connections[alias].check_constraints()  # what is put off would hold the table
            drop = f"ALTER TABLE {_quoted(alias, [table])[0]} DROP CONSTRAINT"
            later = _take_off(cursor, alias, _REFERENCES, table, drop)
        later += _take_off(cursor, alias, _INDEXES[connections[alias].vendor], table, "DROP INDEX")
        yield
        for definition in later:
            cursor.execute(definition)


def _take_off(cursor: Any, alias: str, query: str, table: str, drop: str) -> list[str]:
    """Drop what `query` names; returns the statements that bring it back."""
    cursor.execute(query, {"table": table})
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f"{drop} {_quoted(alias, [name])[0]}")
    return [definition for _, definition in found]


_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %(table)s "
    "AND sql NOT LIKE 'CREATE UNIQUE%%'",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() "
    "AND tablename = %(table)s AND indexdef NOT LIKE 'CREATE UNIQUE%%'",
}
_REFERENCES = (
    "SELECT conname, format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, "
    "pg_get_constraintdef(oid)) FROM pg_constraint "
    "WHERE contype = 'f' AND conrelid = quote_ident(%(table)s)::regclass"
)


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    for field in model._meta.concrete_fields:
        if name in (field.name, field.attname):
            return field
    raise LookupError(f"{model.__name__} has no column {name}")


def _converter(field: "models.Field[Any, Any]", vendor: str) -> Convert | None:
    """How a Python value must be written for this field; None: the driver takes it as it is."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, models.JSONField):
        return _json
    if vendor == "postgresql":
        return None
    if isinstance(target, models.DateTimeField):
        return _sqlite_instant
    if isinstance(target, models.DateField):
        return _sqlite_date
    if isinstance(target, models.UUIDField):
        return _sqlite_uuid
    if isinstance(target, models.DecimalField):
        return _decimal_of(Decimal(1).scaleb(-(target.decimal_places or 0)))
    return None


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _sqlite_instant(value: datetime | None) -> str | None:
    if value is None:
        return None
    return str(value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value)


def _sqlite_date(value: date | str | None) -> str | None:
    return None if value is None else str(value)


def _sqlite_uuid(value: uuid.UUID | None) -> str | None:
    return None if value is None else value.hex


def _decimal_of(unit: Decimal) -> Convert:
    def written(value: Decimal | int | str | None) -> str | None:
        return None if value is None else str(Decimal(value).quantize(unit))

    return written


def _converted(
    rows: Iterable[Sequence[Any]], converters: list[Convert | None]
) -> Iterator[Sequence[Any]]:
    special = [(place, convert) for place, convert in enumerate(converters) if convert]
    if not special:
        yield from rows
        return
    for row in rows:
        changed = list(row)
        for place, convert in special:
            changed[place] = convert(changed[place])
        yield changed


def _quoted(alias: str, names: Iterable[str]) -> list[str]:
    quote = connections[alias].ops.quote_name
    return [quote(name) for name in names]


def _copy(
    alias: str, table: str, fields: list["models.Field[Any, Any]"], rows: Iterable[Sequence[Any]]
) -> int:
    names = ", ".join(_quoted(alias, (str(field.column) for field in fields)))
    statement = f"COPY {_quoted(alias, [table])[0]} ({names}) FROM STDIN"
    return _stream(alias, statement, rows)


def _stream(alias: str, statement: str, rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    connection = connections[alias]
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(statement) as copy,
    ):
        write = copy.write_row
        for row in rows:
            write(row)
            count += 1
    return count


def _executemany(
    alias: str, table: str, fields: list["models.Field[Any, Any]"], rows: Iterable[Sequence[Any]]
) -> int:
    return insert_many(table, {str(field.column): "?" for field in fields}, rows, using=alias)


def insert_many(
    table: str,
    columns: Mapping[str, str],
    rows: Iterable[Sequence[Any]],
    *,
    using: str | None = None,
) -> int:
    """Rows into SQLite, in the form in which it stores them; returns how many.

    `columns`: name → how the statement writes its value, commonly "?".
    """
    alias = using or DEFAULT_DB_ALIAS
    names = ", ".join(_quoted(alias, columns))
    places = ", ".join(columns.values())
    target = _quoted(alias, [table])[0]
    return _run_many(alias, f"INSERT INTO {target} ({names}) VALUES ({places})", rows)  # noqa: S608


def _update_each(
    alias: str, table: str, fields: list["models.Field[Any, Any]"], rows: Iterable[Sequence[Any]]
) -> int:
    key, *others = _quoted(alias, (str(field.column) for field in fields))
    setting = ", ".join(f"{name} = ?" for name in others)
    table = _quoted(alias, [table])[0]
    statement = f"UPDATE {table} SET {setting} WHERE {key} = ?"  # noqa: S608
    given = 0

    def key_last() -> Iterator[tuple[Any, ...]]:
        nonlocal given
        for row in rows:
            given += 1
            yield (*row[1:], row[0])

    _run_many(alias, statement, key_last())
    return given


def _run_many(alias: str, statement: str, rows: Iterable[Sequence[Any]]) -> int:
    """On the driver's own cursor: Django's would keep and inspect every row."""
    connection = connections[alias]
    connection.ensure_connection()
    driver: Any = connection.connection
    with connection.wrap_database_errors:
        return int(driver.executemany(statement, rows).rowcount)


def _update_from_copy(
    alias: str, table: str, fields: list["models.Field[Any, Any]"], rows: Iterable[Sequence[Any]]
) -> int:
    key, *others = _quoted(alias, (str(field.column) for field in fields))
    table = _quoted(alias, [table])[0]
    names = ", ".join([key, *others])
    setting = ", ".join(f"{name} = fresh.{name}" for name in others)
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE fresh_rows ON COMMIT DROP AS "  # noqa: S608
            f"SELECT {names} FROM {table} WITH NO DATA"
        )
        count = _stream(alias, f"COPY fresh_rows ({names}) FROM STDIN", rows)
        cursor.execute(
            f"UPDATE {table} SET {setting} FROM fresh_rows fresh "  # noqa: S608
            f"WHERE {table}.{key} = fresh.{key}"
        )
        cursor.execute("DROP TABLE fresh_rows")
    return count
