"""待入库的行 (waiting rows): new rows made ready before the transaction that puts them in.

SQLite has one writer. So that others wait for it only while rows are copied from file to file, they
are sealed and written to a file of their own first. PostgreSQL has no need of it.
"""

# ruff: noqa: S608 - names of tables and columns are those of the models

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from django.db import DatabaseError, connection, models

from shouwang.core.bulk import indexes_last
from shouwang.registry.models import Household
from shouwang.registry.originals import workplace

from .columnar import ahead, bound, quoted, with_places, write_tables
from .new_rows import NEW_MODELS, NewRows, Place

WAITING: Final = "waiting"
Pour = Callable[[Mapping[tuple[str, str | None], Place]], None]
"""Puts the new rows into the tables, given the divisions of their places."""


class RowFile:
    """New rows in a SQLite file of their own, whose columns take any value as it is."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fill(self, rows: Iterable[tuple[type[models.Model], Iterable[pa.Table]]]) -> None:
        """The rows of each model; a file that breaks off is thrown away with its folder."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as own:
            own.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN")
            for model, tables in rows:
                self._fill_one(own, model._meta.db_table, tables)
            own.execute("COMMIT")

    def _fill_one(self, own: sqlite3.Connection, name: str, tables: Iterable[pa.Table]) -> None:
        target = quoted([name])
        known: set[str] = set()
        for table, columns in ahead((t, bound(t)) for t in tables if t.num_rows):
            if not known:
                own.execute(f"CREATE TABLE {target} ({quoted(table.column_names)})")
                known.update(table.column_names)
            for column in [c for c in table.column_names if c not in known]:
                own.execute(f"ALTER TABLE {target} ADD COLUMN {quoted([column])}")
                known.add(column)
            places = ", ".join(column.place for column in columns)
            own.executemany(
                f"INSERT INTO {target} ({quoted(c.name for c in columns)}) VALUES ({places})",
                zip(*(column.values for column in columns), strict=True),
            )

    @contextmanager
    def attached(self) -> Iterator[None]:
        """Around the transaction, which can neither attach nor detach a file."""
        with connection.cursor() as cursor:
            cursor.execute(f"ATTACH DATABASE %s AS {WAITING}", [str(self.path)])
        try:
            yield
        finally:
            self._detach()

    @staticmethod
    def _detach() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"DETACH DATABASE {WAITING}")
        except DatabaseError:
            connection.close()  # which lets go of the file as well

    def pour(self, model: type[models.Model], places: pa.Table | None = None) -> int:
        """The waiting rows of a model into its table. `places`: further columns, found by the
        first of them."""
        name = model._meta.db_table
        with indexes_last(model), connection.cursor() as cursor:
            found = cursor.execute(
                f"SELECT name FROM pragma_table_info(%s, '{WAITING}')", [name]
            ).fetchall()
            columns = [column for (column,) in found]
            if not columns:
                return 0
            source = f"{WAITING}.{quoted([name])}"
            if places is not None:
                key, *others = places.column_names
                self._keep_places(cursor, places)
                # CROSS: in the order of the rows
                source += f" CROSS JOIN temp.waiting_places USING ({quoted([key])})"
                columns = [column for column in columns if column != key] + others
            listed = quoted(columns)
            cursor.execute(f"INSERT INTO {quoted([name])} ({listed}) SELECT {listed} FROM {source}")
            return int(cursor.rowcount)

    @staticmethod
    def _keep_places(cursor: Any, places: pa.Table) -> None:
        key = quoted(places.column_names[:1])
        cursor.execute("DROP TABLE IF EXISTS temp.waiting_places")
        cursor.execute(
            f"CREATE TEMP TABLE waiting_places ({quoted(places.column_names)}, PRIMARY KEY ({key}))"
        )
        rows = zip(*(column.to_pylist() for column in places.columns), strict=True)
        marks = ", ".join(["%s"] * places.num_columns)
        cursor.executemany(f"INSERT INTO temp.waiting_places VALUES ({marks})", list(rows))


@contextmanager
def waiting_rows(rows: NewRows) -> Iterator[Pour]:
    """New rows made ready before the transaction where the database has only one writer."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield partial(_write_rows, rows)
        return
    with workplace() as work:
        file = RowFile(work / "rows.sqlite3")
        file.fill(rows.tables())
        with file.attached():
            yield partial(_pour_rows, rows, file)


def _write_rows(rows: NewRows, places: Mapping[tuple[str, str | None], Place]) -> None:
    keys = rows.place_keys(places)
    for model, tables in rows.tables():
        if model is Household:
            tables = (with_places(table, keys) for table in tables)
        write_tables(model, tables)


def _pour_rows(
    rows: NewRows, file: RowFile, places: Mapping[tuple[str, str | None], Place]
) -> None:
    keys = rows.place_keys(places)
    for model in NEW_MODELS:
        file.pour(model, keys if model is Household else None)
