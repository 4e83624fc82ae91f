"""认人 (linking): which registered person a row of a department file is about.

Two steps, both exact. A: the valid ID number, and the name must agree. B: name, birth date and
village together, if they fit exactly one person. Nothing is guessed; what remains has a reason.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shouwang.engine.cleaning.arrays import coded, is_null, plain

BY_ID, BY_NAME, NOT_LINKED = "id", "name_birth_village", "none"
NAME_CONFLICT, AMBIGUOUS, OUTSIDE = "name_conflict", "ambiguous", "outside"
ID_INVALID, ID_MISSING = "id_invalid", "id_missing"
METHODS = (BY_ID, BY_NAME, NOT_LINKED)
REASONS = ("", NAME_CONFLICT, AMBIGUOUS, OUTSIDE, ID_INVALID, ID_MISSING)
STATES = ("valid", "invalid", "missing")
VALID, INVALID, MISSING = range(3)
NOBODY = -1

AT_ID = """
    SELECT h.code, p.person_id, p.name_norm
    FROM hashes h JOIN persons p ON h.id_hash = p.id_hash
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
    """一批行的身份: what linking may look at, one value a row.

    `numbers`: keyed hash of the valid number, dictionary-coded, null where there is none;
    `state`: index into STATES; `name`: in the form in which names are compared.
    """

    numbers: pa.DictionaryArray
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
        methods = np.bincount(self.method, minlength=len(METHODS)).tolist()
        reasons = np.bincount(self.reason, minlength=len(REASONS)).tolist()
        return LinkCounts(
            rows=len(self.person),
            linked=int((self.person != NOBODY).sum()),
            methods=dict(zip(METHODS, methods, strict=True)),
            reasons=dict(zip(REASONS[1:], reasons[1:], strict=True)),
        )

    def found(self, rows: np.ndarray, persons: np.ndarray, method: str) -> None:
        self.person[rows] = persons
        self.method[rows] = METHODS.index(method)
        self.reason[rows] = 0


@dataclass(frozen=True)
class LinkCounts:
    rows: int
    linked: int
    methods: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)


def link(rows: Identities, registry: Path | None) -> Links:
    """Find the person of each row in a registry snapshot (None: nobody is registered yet)."""
    count = len(rows)
    nothing = np.array(
        [REASONS.index(OUTSIDE), REASONS.index(ID_INVALID), REASONS.index(ID_MISSING)]
    )
    links = Links(
        person=np.full(count, NOBODY, dtype=np.int32),
        method=np.full(count, METHODS.index(NOT_LINKED), dtype=np.int8),
        reason=nothing.astype(np.int8)[rows.state],
    )
    if registry is None or count == 0:
        return links
    connection = duckdb.connect(config={"threads": 2})
    try:
        persons = connection.read_parquet(str(registry / "persons.parquet"))
        persons.create_view("persons")
        rest = _by_id(connection, rows, links)
        _by_name(connection, rows, rest, links)
    finally:
        connection.close()
    return links


def _by_id(connection: duckdb.DuckDBPyConnection, rows: Identities, links: Links) -> np.ndarray:
    """Step A. Returns the rows that found no candidate."""
    hashes = rows.numbers.dictionary
    codes = pa.array(np.arange(len(hashes)), pa.int32())
    connection.register("hashes", pa.table({"code": codes, "id_hash": hashes}))
    pairs = connection.sql(AT_ID).to_arrow_table()
    connection.unregister("hashes")
    names = coded(rows.name)
    candidate = pairs["code"].to_numpy()
    person = pairs["person_id"].to_numpy()
    same_name = _codes(pc.index_in(pairs["name_norm"], names.dictionary))

    number = _codes(rows.numbers.indices)
    name = _codes(names.indices)
    name[name < 0] = -2
    candidates = np.bincount(candidate, minlength=len(hashes))
    of_row = np.where(number >= 0, candidates[number] if len(hashes) else 0, 0)
    one = np.flatnonzero(of_row == 1)
    only = np.zeros(len(hashes), dtype=np.int64)
    only[candidate] = np.arange(len(candidate))
    pair = only[number[one]]
    agrees = same_name[pair] == name[one]
    links.found(one[agrees], person[pair[agrees]], BY_ID)
    links.reason[one[~agrees]] = REASONS.index(NAME_CONFLICT)
    _among_several(np.flatnonzero(of_row > 1), number, name, (candidate, person, same_name), links)
    return np.asarray(of_row == 0)


def _among_several(
    rows: np.ndarray,
    number: np.ndarray,
    name: np.ndarray,
    pairs: tuple[np.ndarray, np.ndarray, np.ndarray],
    links: Links,
) -> None:
    """A number that several registered persons have: the only one whose name agrees."""
    if not len(rows):
        return
    wanted = np.isin(pairs[0], number[rows])
    persons: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for code, person, same in zip(*(part[wanted].tolist() for part in pairs), strict=True):
        persons[code, same].append(person)
    for row in rows.tolist():
        agreeing = persons.get((int(number[row]), int(name[row])), [])
        if len(agreeing) == 1:
            links.found(np.array([row]), np.array(agreeing), BY_ID)
        else:
            links.reason[row] = REASONS.index(AMBIGUOUS)


def _by_name(
    connection: duckdb.DuckDBPyConnection, rows: Identities, rest: np.ndarray, links: Links
) -> None:
    """Step B, for rows that have name, birth date and village."""
    if rows.birth is None or rows.village is None:
        return
    incomplete = is_null(rows.birth) | is_null(rows.village) | is_null(rows.name)
    at = np.flatnonzero(rest & ~incomplete)
    if not len(at):
        return
    chosen = pa.array(at)
    feed = pa.table(
        {
            "i": chosen,
            "name": plain(rows.name.take(chosen)),
            "birth": rows.birth.take(chosen),
            "village": plain(rows.village.take(chosen)),
            "valid": pa.array(rows.state[at] == VALID),
        }
    )
    connection.register("feed", feed)
    found = connection.execute(AT_NAME).fetchnumpy()
    connection.unregister("feed")
    row, matches = np.asarray(found["i"]), np.asarray(found["n"])
    single = matches == 1
    links.found(row[single], np.asarray(found["person_id"])[single], BY_NAME)
    links.reason[row[~single]] = REASONS.index(AMBIGUOUS)


def _codes(indices: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """Dictionary codes as numbers that can be written to; -1 for null."""
    filled = pc.fill_null(indices, -1)
    return np.array(filled.to_numpy(), dtype=np.int64)
