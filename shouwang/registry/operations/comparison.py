"""比对 (comparison): what an export brings that the registry does not have, set-based.

Rows are matched by their national numbers. ID numbers and phones are compared by keyed hash, so
nothing in the clear ever reaches DuckDB (which may spill to disk) or a file.
"""

# ruff: noqa: S608 - names of tables and columns are constants of the contract

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shouwang.engine.cleaning.arrays import whole
from shouwang.engine.ingest import IdHasher
from shouwang.engine.registry_in import PreparedRegistry
from shouwang.registry.columns import (
    AFTER_FIELDS,
    ANNUAL_FIELDS,
    HOUSEHOLD_KEYS,
    MEMBER_KEYS,
    STATEMENT_KEYS,
)

MONTHS: Final = frozenset({"identified_month", "eliminated_month"})
_PERSON_HASHES: Final = {"id_no": "id_text_hash", "phone": "phone_hash"}
_HOUSEHOLD_HASHES: Final = {"head_id": "head_id_hash", "phone": "phone_hash"}
PERSON_KEYS_FILE: Final = "person_keys.parquet"
HOUSEHOLD_KEYS_FILE: Final = "household_keys.parquet"
FORMER_FILE: Final = "former.parquet"


@dataclass(frozen=True)
class Clear:
    """The values that only encryption may see, by position of their row in the export."""

    id_no: list[str | None]
    phone: list[str | None]
    member_phone: list[str | None]
    head_id: list[str | None]


def text_of(column: str, kind: pa.DataType, alias: str) -> str:
    """SQL that writes a value as people read it: yuan, plain numbers, 2026-06 for a month."""
    name = f'{alias}."{column}"'
    if pa.types.is_integer(kind):
        return f"({name} / 100.0)::DECIMAL(20,2)::VARCHAR"
    if pa.types.is_decimal(kind):
        return rf"regexp_replace({name}::VARCHAR, '\.?0+$', '')"
    if pa.types.is_date(kind):
        return f"strftime({name}, '{'%Y-%m' if column in MONTHS else '%Y-%m-%d'}')"
    return f"{name}::VARCHAR"


def _hashes(values: Sequence[str | None], hasher: IdHasher) -> pa.Array:
    present = [value for value in values if value is not None]
    digests = iter(hasher.digest_many(present))
    return pa.array([None if value is None else next(digests) for value in values], pa.binary())


def _number_hashes(table: pa.Table, clear: Sequence[str | None], hasher: IdHasher) -> pa.Array:
    """Of ID numbers as they stand: a valid one has been hashed in reading."""
    known = whole(table["id_hash"])
    others = [
        None if is_known else value
        for value, is_known in zip(clear, known.is_valid().to_pylist(), strict=True)
    ]
    return pc.coalesce(known, _hashes(others, hasher))


def _shown(
    table: pa.Table, secrets: dict[str, str], hasher: IdHasher
) -> tuple[pa.Table, dict[str, list[str | None]]]:
    """The rows with hashes in the place of the secret columns, and the latter."""
    clear = {column: table[column].to_pylist() for column in secrets}
    shown = table.drop_columns(list(secrets))
    for column, hashed in secrets.items():
        found = (
            _number_hashes(table, clear[column], hasher)
            if column == "id_no"
            else _hashes(clear[column], hasher)
        )
        shown = shown.append_column(hashed, found)
    return shown.append_column("ix", pa.array(np.arange(table.num_rows), pa.int32())), clear


class Comparison:
    """An export beside the present state; `state` views answer what is new, changed and gone."""

    def __init__(
        self,
        prepared: PreparedRegistry,
        base: Path | None,
        *,
        export_date: date,
        hasher: IdHasher,
        spill: Path,
    ) -> None:
        self.con = duckdb.connect(config={"temp_directory": str(spill)})
        self.export_date = export_date
        self.person_schema = prepared.persons.schema
        self.household_schema = prepared.households.schema
        self.persons, persons = _shown(prepared.persons, _PERSON_HASHES, hasher)
        self.households, households = _shown(prepared.households, _HOUSEHOLD_HASHES, hasher)
        self.clear = Clear(
            id_no=persons["id_no"],
            member_phone=persons["phone"],
            head_id=households["head_id"],
            phone=households["phone"],
        )
        self._new_rows()
        self._old_rows(base)
        self._match()

    def close(self) -> None:
        self.con.close()

    def one(self, query: str, *values: Any) -> Any:
        return self.row(query, *values)[0]

    def row(self, query: str, *values: Any) -> tuple[Any, ...]:
        """The only row of a result, read to its end: DuckDB refuses the next query otherwise."""
        (row,) = self.con.execute(query, values).fetchall()
        return tuple(row)

    def _new_rows(self) -> None:
        """One row per person number and occurrence; the first row of a household number counts."""
        self.con.register("person_rows", self.persons)
        occurrence = np.zeros(self.persons.num_rows, np.int32)
        if pc.count_distinct(self.persons["person_no"]).as_py() < len(occurrence):
            query = "SELECT row_number() OVER (PARTITION BY person_no ORDER BY ix) - 1 AS n, ix"
            found = self.con.sql(f"{query} FROM person_rows ORDER BY ix").to_arrow_table()
            occurrence = found["n"].to_numpy().astype(np.int32)
        self.persons = self.persons.append_column("occurrence", pa.array(occurrence))
        self.con.register("new_p", self.persons)
        self.con.register("household_rows", self.households)
        numbers = self.households["household_no"]
        if pc.count_distinct(numbers).as_py() < len(numbers):
            query = "SELECT min(ix) AS ix FROM household_rows GROUP BY household_no ORDER BY ix"
            self.households = self.households.take(self.con.sql(query).to_arrow_table()["ix"])
        self.con.register("new_h", self.households)

    def _old_rows(self, base: Path | None) -> None:
        """The present state with its keys; an empty one before the first import."""
        if base is None:
            self.con.execute(
                "CREATE VIEW old_p AS SELECT *, 0 AS person_id, 0 AS household_id, "
                "false AS absent FROM new_p WHERE false"
            )
            self.con.execute(
                "CREATE VIEW old_h AS SELECT *, 0 AS household_id, false AS absent, "
                "0 AS annual_year, false AS has_after FROM new_h WHERE false"
            )
            return
        persons = [str(base / "persons.parquet"), str(base / FORMER_FILE)]
        self.con.execute(
            f"CREATE VIEW old_p AS SELECT p.*, k.* EXCLUDE (person_id) "
            f"FROM read_parquet({persons!r}, union_by_name=true) p "
            f"JOIN read_parquet('{base / PERSON_KEYS_FILE}') k USING (person_id)"
        )
        self.con.execute(
            f"CREATE VIEW old_h AS SELECT h.*, k.* EXCLUDE (household_id) "
            f"FROM read_parquet('{base / 'households.parquet'}') h "
            f"JOIN read_parquet('{base / HOUSEHOLD_KEYS_FILE}') k USING (household_id)"
        )

    def _match(self) -> None:
        """`match_p`, `match_h`: position in the export ↔ registry key, either may be null."""
        self.con.execute(
            "CREATE TABLE match_p AS SELECT n.ix, o.person_id, o.absent "
            "FROM new_p n FULL JOIN old_p o USING (person_no, occurrence)"
        )
        self.con.execute(
            "CREATE TABLE match_h AS SELECT n.ix, o.household_id, o.absent "
            "FROM new_h n FULL JOIN old_h o USING (household_no)"
        )
        self._cells("p", "person_id", "person", self._person_columns())
        self._cells("h", "household_id", "household", self._household_columns())

    def _person_columns(self) -> dict[str, tuple[str, pa.DataType | None]]:
        columns: dict[str, tuple[str, pa.DataType | None]] = {
            key: (key, self.person_schema.field(key).type) for key in ("household_no", *MEMBER_KEYS)
        }
        return columns | {key: (hashed, None) for key, hashed in _PERSON_HASHES.items()}

    def _household_columns(self) -> dict[str, tuple[str, pa.DataType | None]]:
        columns: dict[str, tuple[str, pa.DataType | None]] = {
            key: (key, self.household_schema.field(key).type)
            for key in (*HOUSEHOLD_KEYS, *STATEMENT_KEYS)
        }
        return columns | {key: (hashed, None) for key, hashed in _HOUSEHOLD_HASHES.items()}

    def _cells(
        self, table: str, key: str, level: str, columns: dict[str, tuple[str, pa.DataType | None]]
    ) -> None:
        """`cells_p`, `cells_h`: each value that differs, old and new as text (hashes: neither)."""
        differs = {name: self._differs(name, stored) for name, (stored, _) in columns.items()}
        self.con.execute(
            f"CREATE TABLE changed_{table} AS SELECT n.ix, o.{key} AS id "
            f"FROM match_{table} m JOIN new_{table} n USING (ix) JOIN old_{table} o USING ({key}) "
            f"WHERE {' OR '.join(differs.values())}"
        )
        self.con.execute(
            f"CREATE TABLE near_new AS SELECT n.*, c.id FROM changed_{table} c "
            f"JOIN new_{table} n USING (ix);"
            f"CREATE TABLE near_old AS SELECT o.*, c.id FROM changed_{table} c "
            f"JOIN old_{table} o ON o.{key} = c.id"
        )
        parts = []
        for name, (_, kind) in columns.items():
            old, new = (
                ("NULL::VARCHAR", "NULL::VARCHAR")
                if kind is None
                else (text_of(name, kind, "o"), text_of(name, kind, "n"))
            )
            parts.append(
                f"SELECT n.id, n.ix, '{name}' AS col, {old} AS old, {new} AS new "
                f"FROM near_new n JOIN near_old o USING (id) WHERE {differs[name]}"
            )
        self.con.execute(f"CREATE TABLE cells_{table} AS {' UNION ALL '.join(parts)}")
        self.con.execute("DROP TABLE near_new; DROP TABLE near_old")

    def _differs(self, name: str, stored: str) -> str:
        """A new year's income is a new statement, not a change of last year's."""
        condition = f'n."{stored}" IS DISTINCT FROM o."{stored}"'
        if name in ANNUAL_FIELDS:
            return f"(o.annual_year = {self.export_date.year} AND {condition})"
        if name in AFTER_FIELDS:
            return f"(o.has_after AND {condition})"
        return f"({condition})"

    def counts(self) -> dict[str, int]:
        """Totals for the preview and for the decision whether there is anything to do."""
        found: dict[str, int] = {}
        for table, noun in (("h", "households"), ("p", "persons")):
            key = "household_id" if table == "h" else "person_id"
            new, gone, back, newly_gone = self.row(
                f"SELECT count(*) FILTER (WHERE {key} IS NULL), "
                f"count(*) FILTER (WHERE ix IS NULL), "
                f"count(*) FILTER (WHERE absent AND ix IS NOT NULL), "
                f"count(*) FILTER (WHERE ix IS NULL AND NOT absent) FROM match_{table}"
            )
            changed = int(self.one(f"SELECT count(*) FROM changed_{table}"))
            rows = int(self.one(f"SELECT count(*) FROM new_{table}"))
            found |= {
                f"{noun}_rows": rows,
                f"{noun}_new": new,
                f"{noun}_changed": changed,
                f"{noun}_gone": gone,
                f"{noun}_newly_gone": newly_gone,
                f"{noun}_back": back,
                f"{noun}_same": rows - new - changed,
            }
        found["cells"] = int(
            self.one("SELECT (SELECT count(*) FROM cells_p) + (SELECT count(*) FROM cells_h)")
        )
        found["statements_new"] = int(self.one(f"SELECT count(*) FROM ({self.new_statements()})"))
        return found

    def new_statements(self) -> str:
        """SQL: households in the export × kind that need a new statement, with its values.

        A household whose income columns are all empty gets none: no data is not zero.
        """
        year = self.export_date.year
        annual = " OR ".join(f'n."{key}" IS NOT NULL' for key in ANNUAL_FIELDS)
        after = " OR ".join(f'n."{key}" IS NOT NULL' for key in AFTER_FIELDS)
        fields = ", ".join(f'n."{key}"' for key in STATEMENT_KEYS)
        source = "FROM match_h m JOIN new_h n USING (ix) LEFT JOIN old_h o USING (household_id)"
        return (
            f"SELECT n.ix, 'annual' AS kind, {fields} {source} "
            f"WHERE ({annual}) AND o.annual_year IS DISTINCT FROM {year} UNION ALL "
            f"SELECT n.ix, 'after', {fields} {source} "
            f"WHERE ({after}) AND o.has_after IS NOT TRUE"
        )

    def is_empty(self, counts: dict[str, int]) -> bool:
        """True when applying would change no record."""
        telling = ("new", "changed", "newly_gone", "back")
        return (
            not any(
                counts[f"{noun}_{what}"] for noun in ("households", "persons") for what in telling
            )
            and not counts["statements_new"]
        )
