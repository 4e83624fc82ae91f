"""认人 (linking): which registered person a row of a department file is about.

Two steps, both exact. A: the valid ID number, and the name must agree. B: name, birth date and
village together, if they fit exactly one person. Nothing is guessed; what remains has a reason.
"""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from shouwang.engine.cleaning.arrays import as_mask

BY_ID, BY_NAME, NOT_LINKED = "id", "name_birth_village", "none"
NAME_CONFLICT, AMBIGUOUS, OUTSIDE = "name_conflict", "ambiguous", "outside"
ID_INVALID, ID_MISSING = "id_invalid", "id_missing"
METHODS = (BY_ID, BY_NAME, NOT_LINKED)
REASONS = ("", NAME_CONFLICT, AMBIGUOUS, OUTSIDE, ID_INVALID, ID_MISSING)
STATES = ("valid", "invalid", "missing")
NOBODY = -1

AT_ID = """
    SELECT f.i, p.person_id, f.name = p.name_norm AND f.name <> '' AS agrees
    FROM feed f JOIN persons p ON f.id_hash = p.id_hash
"""
AT_NAME = """
    SELECT f.i, count(*) AS n, max(p.person_id) AS person_id
    FROM feed f JOIN persons p
      ON f.name = p.name_norm AND f.birth = p.birth_date AND f.village = p.village_norm
    WHERE f.name <> '' AND NOT (f.valid AND p.id_valid)
    GROUP BY f.i
"""


@dataclass(frozen=True)
class Identities:
    """一批行的身份: what linking may look at, one value a row."""

    id_hash: pa.Array
    state: np.ndarray
    name: pa.Array
    birth: pa.Array | None
    village: pa.Array | None

    def __len__(self) -> int:
        return len(self.state)


@dataclass
class Links:
    """认人结果: person (or NOBODY), method and reason of each row, as codes."""

    person: np.ndarray
    method: np.ndarray
    reason: np.ndarray

    def counts(self) -> "LinkCounts":
        methods = np.bincount(self.method, minlength=len(METHODS))
        reasons = np.bincount(self.reason, minlength=len(REASONS))
        return LinkCounts(
            rows=len(self.person),
            linked=int((self.person != NOBODY).sum()),
            methods={name: int(count) for name, count in zip(METHODS, methods, strict=True)},
            reasons={
                name: int(count)
                for name, count in zip(REASONS[1:], reasons[1:], strict=True)
            },
        )


@dataclass(frozen=True)
class LinkCounts:
    rows: int
    linked: int
    methods: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)


def link(rows: Identities, registry: Path | None) -> Links:
    """Find the person of each row in a registry snapshot (None: nobody is registered yet)."""
    count = len(rows)
    links = Links(
        person=np.full(count, NOBODY, dtype=np.int32),
        method=np.full(count, METHODS.index(NOT_LINKED), dtype=np.int8),
        reason=np.select(
            [rows.state == 0, rows.state == 1],
            [REASONS.index(OUTSIDE), REASONS.index(ID_INVALID)],
            REASONS.index(ID_MISSING),
        ).astype(np.int8),
    )
    if registry is None or count == 0:
        return links
    connection = duckdb.connect(config={"threads": 2})
    try:
        connection.execute(
            "CREATE VIEW persons AS SELECT person_id, id_hash, id_valid, name_norm, birth_date,"
            f" village_norm FROM read_parquet('{_quoted(registry / 'persons.parquet')}')"
        )
        rest = _by_id(connection, rows, links)
        _by_name(connection, rows, rest, links)
    finally:
        connection.close()
    return links


def _by_id(connection: duckdb.DuckDBPyConnection, rows: Identities, links: Links) -> np.ndarray:
    """Step A. Returns the rows that found no candidate."""
    at = np.flatnonzero(rows.state == 0)
    candidates = np.zeros(len(rows), dtype=np.int32)
    agreeing = np.zeros(len(rows), dtype=np.int32)
    if len(at):
        chosen = pa.array(at)
        feed = pa.table(
            {"i": chosen, "id_hash": rows.id_hash.take(chosen), "name": rows.name.take(chosen)}
        )
        connection.register("feed", feed)
        found = connection.execute(AT_ID).fetchnumpy()
        connection.unregister("feed")
        row = np.asarray(found["i"])
        agrees = np.ma.filled(found["agrees"], False).astype(bool)
        candidates += np.bincount(row, minlength=len(rows)).astype(np.int32)
        agreeing += np.bincount(row[agrees], minlength=len(rows)).astype(np.int32)
        links.person[row[agrees]] = np.asarray(found["person_id"])[agrees]
    linked = agreeing == 1
    links.person[~linked] = NOBODY
    links.method[linked] = METHODS.index(BY_ID)
    links.reason[linked] = 0
    links.reason[(candidates == 1) & ~linked] = REASONS.index(NAME_CONFLICT)
    links.reason[(candidates > 1) & ~linked] = REASONS.index(AMBIGUOUS)
    return np.asarray(candidates == 0)


def _by_name(
    connection: duckdb.DuckDBPyConnection, rows: Identities, rest: np.ndarray, links: Links
) -> None:
    """Step B, for rows that have name, birth date and village."""
    if rows.birth is None or rows.village is None:
        return
    complete = as_mask(rows.birth.is_valid()) & as_mask(rows.village.is_valid())
    at = np.flatnonzero(rest & complete & as_mask(rows.name.is_valid()))
    if not len(at):
        return
    chosen = pa.array(at)
    feed = pa.table(
        {
            "i": chosen,
            "name": rows.name.take(chosen),
            "birth": rows.birth.take(chosen),
            "village": rows.village.take(chosen),
            "valid": pa.array(rows.state[at] == 0),
        }
    )
    connection.register("feed", feed)
    found = connection.execute(AT_NAME).fetchnumpy()
    connection.unregister("feed")
    row, matches = np.asarray(found["i"]), np.asarray(found["n"])
    single = row[matches == 1]
    links.person[single] = np.asarray(found["person_id"])[matches == 1]
    links.method[single] = METHODS.index(BY_NAME)
    links.reason[single] = 0
    links.reason[row[matches > 1]] = REASONS.index(AMBIGUOUS)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
