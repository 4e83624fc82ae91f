"""命中文件: hits.parquet, in the order of the rulebook, then of households and persons.

The numbers of households and persons are looked up by position in the registry files, which is
cheaper than carrying texts through joins and sorts."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shouwang.engine.rules.workspace import Workspace

REPEATED = ["rule_id", "as_of", "level", "village_code", "threshold"]
ORDERED = """
SELECT rule_index, household_id, person_id, village_code, value, threshold, about
FROM hits WHERE rule_index BETWEEN ? AND ?
ORDER BY rule_index, household_id, person_id, village_code
"""


def write_hits(work: Workspace, target: Path, day: int = 0) -> None:
    """Writes the same bytes for the same hits; `day` is which of the days of the run."""
    listed = "SELECT rule, level, rule_index FROM rule_list WHERE day = ? ORDER BY rule_index"
    rules = work.con.execute(listed, [day]).fetchall()
    first = rules[0][-1] if rules else 0
    ends = [first, first + max(len(rules), 1) - 1]
    hits = work.con.sql(ORDERED, params=ends).to_arrow_table().combine_chunks()
    homes, people = read_texts(work)
    at_rule = pc.subtract(hits["rule_index"].combine_chunks().cast(pa.int32()), first)
    home = homes.positions(hits["household_id"])
    village = pc.coalesce(hits["village_code"], homes.take("village_code", home))
    table = pa.table(
        {
            "rule_id": _by_rule(at_rule, [rule for rule, *_ in rules]),
            "as_of": pa.array(np.full(len(hits), np.datetime64(work.moments[day].day, "D"))),
            "level": _by_rule(at_rule, [level for _, level, _ in rules]),
            "village_code": village,
            "household_id": hits["household_id"],
            "person_id": hits["person_id"],
            "household_no": _or_empty(homes.take("household_no", home)),
            "person_no": _or_empty(people.take("person_no", people.positions(hits["person_id"]))),
            "value": hits["value"],
            "threshold": hits["threshold"],
            "about_person_id": hits["about"],
        }
    )
    pq.write_table(table, target, compression="zstd", use_dictionary=REPEATED)


def _by_rule(at_rule: pa.Array, words: list[str]) -> pa.Array:
    return pa.array(words, pa.string()).take(at_rule)


def _or_empty(texts: pa.Array) -> pa.Array:
    return pc.fill_null(texts, "")


def read_texts(work: Workspace) -> "tuple[_Lookup, _Lookup]":
    """Numbers of households and persons, read once for all days of a run."""
    if not work.lookups:
        names = ["household_no", "village_code"]
        homes = _Lookup(work, work.inputs.households, "household_id", names)
        people = _Lookup(work, work.inputs.persons, "person_id", ["person_no"])
        work.lookups = {"household_id": homes, "person_id": people}
    return work.lookups["household_id"], work.lookups["person_id"]


class _Lookup:
    """Texts of a registry file by key."""

    def __init__(self, work: Workspace, file: Path, key: str, columns: list[str]) -> None:
        work.reading([file], [key, *columns])
        table = pq.read_table(file, columns=[key, *columns])
        self.columns = {name: table[name].combine_chunks() for name in columns}
        keys = table[key].to_numpy()
        self.order: Any = None
        if len(keys) and not bool(np.all(keys[1:] > keys[:-1])):
            self.order = np.argsort(keys, kind="stable")
            keys = keys[self.order]
        self.keys = keys

    def positions(self, wanted: pa.ChunkedArray) -> pa.Array:
        """Rows of the keys; null where there is no key."""
        missing = np.asarray(wanted.is_null())
        found = np.searchsorted(self.keys, wanted.fill_null(0).to_numpy())
        found = np.minimum(found, max(len(self.keys) - 1, 0))
        if self.order is not None:
            found = self.order[found]
        return pa.array(found, pa.int64(), mask=missing)

    def take(self, column: str, positions: pa.Array) -> pa.Array:
        return self.columns[column].take(positions)
