"""装载准备 (staging): registry keys for new rows, the next snapshot on disk, rows for the tables.

All of it is computed before the transaction that applies an import, so that the database is
locked only while rows are written. People who left a household that is in the export stay in the
registry, flagged, but not in the snapshot: a departed member is no evidence for a rule. Households
that are not in the export at all stay in the snapshot, because exports may come town by town.
"""

# ruff: noqa: S608 - names of tables and columns are constants of the contract

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.parquet as pq

from shouwang.engine.registry_in import write_registry_snapshot
from shouwang.registry.columns import AFTER_FIELDS, ANNUAL_FIELDS

from .comparison import FORMER_FILE, HOUSEHOLD_KEYS_FILE, PERSON_KEYS_FILE, Comparison

CHUNK = 20_000


def stored(column: str, kind: pa.DataType, alias: str = "n") -> str:
    """SQL that writes a value as the database takes it from text, on SQLite and PostgreSQL."""
    name = f'{alias}."{column}"'
    if pa.types.is_integer(kind):
        return f"({name} / 100.0)::DECIMAL(20,2)::VARCHAR"
    if pa.types.is_date(kind):
        return f"strftime({name}, '%Y-%m-%d')"
    return f"{name}::VARCHAR"


@dataclass(frozen=True)
class NextState:
    """下一版档案: the registry as it is to be, without any clear number."""

    FILES: ClassVar = (
        "persons.parquet",
        "households.parquet",
        FORMER_FILE,
        PERSON_KEYS_FILE,
        HOUSEHOLD_KEYS_FILE,
    )

    persons: pa.Table
    households: pa.Table
    former: pa.Table
    person_keys: pa.Table
    household_keys: pa.Table

    def write(self, out: Path) -> None:
        """As Parquet; needs neither the database nor DuckDB."""
        write_registry_snapshot(self.persons, self.households, out)
        pq.write_table(self.former, out / FORMER_FILE, compression="zstd")
        pq.write_table(self.person_keys, out / PERSON_KEYS_FILE)
        pq.write_table(self.household_keys, out / HOUSEHOLD_KEYS_FILE)


class Staging:
    """The comparison with keys given to what is new."""

    def __init__(self, comparison: Comparison, *, last_household: int, last_member: int) -> None:
        self.comparison = comparison
        self.con = comparison.con
        self.con.execute(
            "CREATE TABLE key_h AS SELECT n.ix, n.household_no AS number, "
            "m.household_id IS NULL AS is_new, "
            f"coalesce(m.household_id, {last_household} + row_number() OVER "
            "(PARTITION BY m.household_id IS NULL ORDER BY n.village_code, n.ix))::INTEGER "
            "AS household_id "
            "FROM match_h m JOIN new_h n USING (ix)"
        )
        self.con.execute(
            "CREATE TABLE key_p AS SELECT n.ix, k.household_id, m.person_id IS NULL AS is_new, "
            f"coalesce(m.person_id, {last_member} + row_number() OVER "
            "(PARTITION BY m.person_id IS NULL ORDER BY k.household_id, n.ix))::INTEGER "
            "AS person_id "
            "FROM match_p m JOIN new_p n USING (ix) JOIN key_h k ON k.number = n.household_no"
        )

    def next_state(self) -> "NextState":
        """The next state: people, households, the keys to compare the next export by."""
        self._state_tables()
        return NextState(
            persons=self.table("SELECT * EXCLUDE (former) FROM state_p WHERE NOT former"),
            households=self.table("SELECT * FROM state_h"),
            former=self.table("SELECT * EXCLUDE (former) FROM state_p WHERE former"),
            person_keys=self.table("SELECT * FROM keys_p"),
            household_keys=self.table("SELECT * FROM keys_h"),
        )

    def _state_tables(self) -> None:
        year = self.comparison.export_date.year
        new, old = self._shown(self.comparison.person_schema, ("id_no", "phone"))
        self.con.execute(
            f"CREATE VIEW state_p AS SELECT k.person_id, k.household_id, {new}, false AS former "
            "FROM new_p n JOIN key_p k USING (ix) UNION ALL "
            f"SELECT o.person_id, o.household_id, {old}, o.household_no IN "
            "(SELECT household_no FROM new_h) FROM old_p o "
            "JOIN match_p m USING (person_id) WHERE m.ix IS NULL"
        )
        new, old = self._shown(self.comparison.household_schema, ("head_id", "phone"))
        self.con.execute(
            f"CREATE VIEW state_h AS SELECT k.household_id, {new} "
            "FROM new_h n JOIN key_h k USING (ix) UNION ALL "
            f"SELECT o.household_id, {old} FROM old_h o "
            "JOIN match_h m USING (household_id) WHERE m.ix IS NULL"
        )
        annual = " OR ".join(f'n."{key}" IS NOT NULL' for key in ANNUAL_FIELDS)
        after = " OR ".join(f'n."{key}" IS NOT NULL' for key in AFTER_FIELDS)
        self.con.execute(
            "CREATE VIEW keys_p AS SELECT k.person_id, n.occurrence, n.id_text_hash, "
            "n.phone_hash, false AS absent FROM new_p n JOIN key_p k USING (ix) UNION ALL "
            "SELECT o.person_id, o.occurrence, o.id_text_hash, o.phone_hash, true "
            "FROM old_p o JOIN match_p m USING (person_id) WHERE m.ix IS NULL"
        )
        self.con.execute(
            "CREATE VIEW keys_h AS SELECT k.household_id, n.head_id_hash, n.phone_hash, "
            "false AS absent, "
            f"CASE WHEN {annual} THEN {year} ELSE o.annual_year END AS annual_year, "
            f"({after} OR coalesce(o.has_after, false)) AS has_after "
            "FROM new_h n JOIN key_h k USING (ix) LEFT JOIN old_h o USING (household_no) UNION ALL "
            "SELECT o.household_id, o.head_id_hash, o.phone_hash, true, o.annual_year, o.has_after "
            "FROM old_h o JOIN match_h m USING (household_id) WHERE m.ix IS NULL"
        )

    @staticmethod
    def _shown(schema: pa.Schema, secret: tuple[str, ...]) -> tuple[str, str]:
        """The columns that may lie on disk, from the new and from the old rows."""
        names = [f'"{name}"' for name in schema.names if name not in secret]
        return ", ".join(f"n.{name}" for name in names), ", ".join(f"o.{name}" for name in names)

    def rows(self, query: str) -> Iterator[list[tuple[Any, ...]]]:
        """The result in chunks; to be read to its end before the next query."""
        result = self.con.execute(query)
        while chunk := result.fetchmany(CHUNK):
            yield chunk

    def table(self, query: str) -> pa.Table:
        return self.con.sql(query).to_arrow_table()
