"""认人 (linking): which registered person a row of a department file is about.

Two steps, both exact. A: the valid ID number, and the name must agree. B: name, birth date and
village together, if they fit exactly one person. Nothing is guessed; what remains has a reason.
"""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shouwang.engine.cleaning.arrays import coded, is_null, plain, whole

BY_ID, BY_NAME, NOT_LINKED = "id", "name_birth_village", "none"
NAME_CONFLICT, AMBIGUOUS, OUTSIDE = "name_conflict", "ambiguous", "outside"
ID_INVALID, ID_MISSING = "id_invalid", "id_missing"
METHODS = (BY_ID, BY_NAME, NOT_LINKED)
REASONS = ("", NAME_CONFLICT, AMBIGUOUS, OUTSIDE, ID_INVALID, ID_MISSING)
STATES = ("valid", "invalid", "missing")
VALID, INVALID, MISSING = range(3)
NOBODY = -1

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

    def take(self, rows: np.ndarray) -> "Links":
        return Links(self.person[rows], self.method[rows], self.reason[rows])

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


@dataclass(frozen=True)
class Holders:
    """号码的持有人: registered persons who have one of the numbers, and where it stands in them."""

    number: np.ndarray
    person: np.ndarray
    name: pa.ChunkedArray


def holders_of(numbers: pa.Array, registry: Path | None) -> Holders | None:
    """The registered persons who have one of the numbers (keyed hashes)."""
    if registry is None:
        return None
    columns = ["id_hash", "person_id", "name_norm"]
    table = pq.read_table(registry / "persons.parquet", columns=columns)
    code = pc.index_in(whole(table["id_hash"]), value_set=numbers)
    table = table.append_column("code", code).filter(code.is_valid())
    number = table["code"].to_numpy().astype(np.int64)
    return Holders(number, table["person_id"].to_numpy(), table["name_norm"])


def link(rows: Identities, registry: Path | None, holders: Holders | None = None) -> Links:
    """Find the person of each row in a registry snapshot (None: nobody is registered yet).

    `holders` of the numbers of these rows, where they were looked up before."""
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
    holders = holders or holders_of(rows.numbers.dictionary, registry)
    assert holders is not None
    rest = _by_id(rows, holders, links)
    _by_name(rows, registry / "persons.parquet", rest, links)
    return links


def _by_id(rows: Identities, holders: Holders, links: Links) -> np.ndarray:
    """Step A: of the persons who have the number, the only one whose name agrees. Returns the rows
    that found no candidate."""
    names = coded(rows.name)
    candidate, person = holders.number, holders.person
    same_name = _codes(pc.index_in(holders.name, names.dictionary))

    number, name = _codes(rows.numbers.indices), _codes(names.indices)
    name[name < 0] = -2
    candidates = np.zeros(len(rows.numbers.dictionary) + 1, dtype=np.int64)
    candidates[:-1] = np.bincount(candidate, minlength=len(candidates) - 1)
    of_row = candidates[number]  # a row without a number takes the last, which is none
    one = np.flatnonzero(of_row == 1)
    only = np.zeros(len(candidates), dtype=np.int64)
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
    candidate, person, same_name = (part[wanted] for part in pairs)
    step = int(name.max()) + 3
    keys, first, times = np.unique(
        candidate * step + same_name, return_index=True, return_counts=True
    )
    at = np.searchsorted(keys, number[rows] * step + name[rows])
    at[at == len(keys)] = 0
    sole = (keys[at] == number[rows] * step + name[rows]) & (times[at] == 1)
    links.found(rows[sole], person[first[at[sole]]], BY_ID)
    links.reason[rows[~sole]] = REASONS.index(AMBIGUOUS)


def _by_name(rows: Identities, persons: Path, rest: np.ndarray, links: Links) -> None:
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
    connection = duckdb.connect(config={"threads": 2})
    try:
        connection.read_parquet(str(persons)).create_view("persons")
        connection.register("feed", feed)
        found = connection.execute(AT_NAME).fetchnumpy()
    finally:
        connection.close()
    row, matches = np.asarray(found["i"]), np.asarray(found["n"])
    single = matches == 1
    links.found(row[single], np.asarray(found["person_id"])[single], BY_NAME)
    links.reason[row[~single]] = REASONS.index(AMBIGUOUS)


def _codes(indices: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """Dictionary codes as numbers that can be written to; -1 for null."""
    filled = pc.fill_null(indices, -1)
    return np.array(filled.to_numpy(), dtype=np.int64)
