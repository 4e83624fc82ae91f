"""批次内容: rows, rejected rows and differences of one batch, read from its Parquet files.

Table and column names come from the contract, values are always bound; nothing a person typed
becomes SQL text.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from shouwang.engine.contracts import FeedContract

from .. import storage
from ..models import FeedBatch

PAGE_ROWS = 25
FIXED = 7
"""How many columns of a page of rows stand before what the department sent."""
# columns of rows.parquet that are not what the department wrote
NOT_COMPARED = frozenset(
    {"row", "person_id", "household_id", "method", "reason", "file_no", "file_row"}
)


@dataclass(frozen=True)
class Page:
    """One page of rows with how many there are in all."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_ROWS))

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def following(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


@dataclass(frozen=True)
class Differences:
    """更正前后: how many rows a version added, took away and changed against the one before."""

    same: int
    added: int
    gone: int
    changed: int


@contextmanager
def database(memory: str = "512MB") -> Iterator[duckdb.DuckDBPyConnection]:
    """A private engine that can read no setting or extension of the machine it runs on."""
    connection = duckdb.connect(":memory:", config={"threads": 2, "memory_limit": memory})
    try:
        connection.execute("SET temp_directory = ?", [str(storage.data_dir() / "tmp" / "duckdb")])
        yield connection
    finally:
        connection.close()


def folder_of(batch: FeedBatch) -> Path | None:
    return storage.data_dir() / batch.directory if batch.directory else None


def rows_page(
    batch: FeedBatch, contract: FeedContract, *, number: int, only: str = "", registry: Path | None
) -> Page:
    """Rows in the order of the sheet; `only` is a method or a reason for no link."""
    folder = folder_of(batch)
    if folder is None:
        return Page((), [], 0, 1)
    path = folder / "rows.parquet"
    written = set(pq.read_schema(path).names)
    sent = [column for column in contract.columns if column.stored in written]
    shown = ", ".join(f'r."{column.stored}"' for column in sent)
    # after a correction a row stands in one of several files
    place = "r.file_no, r.file_row" if "file_no" in written else "0, r.row"
    people, numbers = _people(registry)
    where = "WHERE r.method = $only OR r.reason = $only" if only else ""
    bound: dict[str, Any] = {"path": str(path), **people}
    with database() as engine:
        total = engine.execute(
            f"SELECT count(*) FROM read_parquet($path) r {where}",  # noqa: S608
            {"path": str(path), **({"only": only} if only else {})},
        ).fetchone()
        found = engine.execute(
            f"SELECT {place}, r.id_state, r.method, r.reason, {numbers}, {shown}"  # noqa: S608
            f" FROM read_parquet($path) r {_join(registry)} {where}"
            " ORDER BY r.row LIMIT $limit OFFSET $offset",
            {
                **bound,
                **({"only": only} if only else {}),
                "limit": PAGE_ROWS,
                "offset": (number - 1) * PAGE_ROWS,
            },
        ).fetchall()
    keys = [column.key for column in sent]
    names = ("file", "row", "id_state", "method", "reason", "person_no", "household_no", *keys)
    return Page(names, found, total[0] if total else 0, number)


def _people(registry: Path | None) -> tuple[dict[str, str], str]:
    if registry is None:
        return {}, "NULL, NULL"
    return {"persons": str(registry / "persons.parquet")}, "p.person_no, p.household_no"


def _join(registry: Path | None) -> str:
    if registry is None:
        return ""
    return "LEFT JOIN read_parquet($persons) p ON p.person_id = r.person_id"


def rejects_page(batch: FeedBatch, *, number: int, only: str = "") -> Page:
    """Rejected rows with the reason; the cells themselves are in the workbook to download."""
    folder = folder_of(batch)
    if folder is None:
        return Page((), [], 0, 1)
    where = "WHERE reason = $only" if only else ""
    bound: dict[str, Any] = {"path": str(folder / "rejects.parquet")}
    if only:
        bound["only"] = only
    with database() as engine:
        total = engine.execute(
            f"SELECT count(*) FROM read_parquet($path) {where}",  # noqa: S608
            bound,
        ).fetchone()
        found = engine.execute(
            "SELECT row, reason, column_key, column_index, detail"  # noqa: S608
            f" FROM read_parquet($path) {where} ORDER BY row LIMIT $limit OFFSET $offset",
            {**bound, "limit": PAGE_ROWS, "offset": (number - 1) * PAGE_ROWS},
        ).fetchall()
    names = ("row", "reason", "column_key", "column_index", "detail")
    return Page(names, found, total[0] if total else 0, number)


def differences(newer: FeedBatch, older: FeedBatch) -> Differences | None:
    """Rows compared as a whole first; what remains is a change where the person is the same."""
    new, old = folder_of(newer), folder_of(older)
    if new is None or old is None:
        return None
    paths = {"new": str(new / "rows.parquet"), "old": str(old / "rows.parquet")}
    both = [set(pq.read_schema(path).names) for path in paths.values()]
    values = sorted((both[0] & both[1]) - NOT_COMPARED)
    whole = ", ".join(f'"{name}"' for name in values)
    with database() as engine:
        counted = engine.execute(_DIFFERENCES.format(whole=whole), paths).fetchone()
    same, added, gone, changed = (int(number or 0) for number in counted or (0, 0, 0, 0))
    return Differences(same, added, gone, changed)


_DIFFERENCES = """
WITH new_rows AS (
    SELECT hash({whole}) AS content, hash(coalesce(hex(id_hash), ''), name) AS person
    FROM read_parquet($new)
), old_rows AS (
    SELECT hash({whole}) AS content, hash(coalesce(hex(id_hash), ''), name) AS person
    FROM read_parquet($old)
), contents AS (
    SELECT content, any_value(person) AS person, sum(n) AS n, sum(o) AS o FROM (
        SELECT content, person, 1 AS n, 0 AS o FROM new_rows
        UNION ALL SELECT content, person, 0, 1 FROM old_rows
    ) GROUP BY content
), people AS (
    SELECT sum(greatest(n - o, 0)) AS n, sum(greatest(o - n, 0)) AS o, sum(least(n, o)) AS same
    FROM contents GROUP BY person
)
SELECT sum(same), sum(greatest(n - o, 0)), sum(greatest(o - n, 0)), sum(least(n, o)) FROM people
"""
