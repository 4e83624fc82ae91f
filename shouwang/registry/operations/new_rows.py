"""新记录 (new rows): what an import brings that the registry did not have, ready for its tables.

Households are without their divisions, which may have to be made first: each names its `place`.
"""

# ruff: noqa: S608 - names of tables and columns are constants of the contract

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import models

from shouwang.registry.columns import (
    AFTER_FIELDS,
    ANNUAL_FIELDS,
    HOUSEHOLD_KEYS,
    MEMBER_KEYS,
    field_of,
)
from shouwang.registry.models import Household, IncomeStatement, Member, NameSpelling
from shouwang.registry.pinyin import spellings
from shouwang.registry.secrets import (
    HEAD_ID,
    HOUSEHOLD_PHONE,
    ID_NO,
    MEMBER_PHONE,
    seal_many,
)

from .columnar import CHUNK, plain, whole, yuan
from .staging import Staging

Part = tuple[pa.Table, list[int]]
Place = tuple[int, int | None]
PLACE = "place"
NEW_MODELS: Final = (Household, Member, IncomeStatement, NameSpelling)
"""In the order in which they refer to each other."""
Tables = Iterable[pa.Table]


class NewRows:
    """The new rows of one staged import, model by model, a chunk at a time."""

    def __init__(self, staging: Staging, *, files: Mapping[str, int]) -> None:
        self.staging = staging
        self.comparison = staging.comparison
        self.files = files
        self.staging.con.execute(
            f"CREATE OR REPLACE TABLE places AS SELECT *, row_number() OVER () - 1 AS {PLACE} FROM "
            '(SELECT DISTINCT village_code, "group" FROM new_h ORDER BY ALL)'
        )

    def tables(self) -> Iterator[tuple[type[models.Model], Tables]]:
        """Only making a chunk of them may happen in another thread: what asks a database is done
        here."""
        made = (self.households, self.members, self.statements, self.spellings)
        for model, tables in zip(NEW_MODELS, made, strict=True):
            yield model, tables()

    def place_keys(self, places: Mapping[tuple[str, str | None], Place]) -> pa.Table:
        """Which division and group each `place` is."""
        rows = self.staging.con.execute(f"SELECT * FROM places ORDER BY {PLACE}").fetchall()
        keys = [places[code, group] for code, group, _ in rows]
        return pa.table(
            {
                PLACE: pa.array([place for _, _, place in rows], pa.int64()),
                "village_id": pa.array([village for village, _ in keys], pa.int64()),
                "group_id": pa.array([group for _, group in keys], pa.int64()),
            }
        )

    def households(self) -> Tables:
        """Place by place, sealed a chunk at a time."""
        keys = self.staging.table(
            f"SELECT n.ix, k.household_id, p.{PLACE} FROM new_h n "
            "JOIN key_h k USING (ix) JOIN places p ON p.village_code = n.village_code "
            'AND p."group" IS NOT DISTINCT FROM n."group" WHERE k.is_new ORDER BY k.household_id'
        )
        return map(self._household_table, self._new(keys, self.comparison.households))

    def _household_table(self, part: Part) -> pa.Table:
        chunk, at = part
        clear = self.comparison.clear
        return pa.table(
            {
                "id": chunk["household_id"],
                "household_no": chunk["household_no"],
                "head_key": _search_key(chunk["head_name"]),
                PLACE: chunk[PLACE],
                "phone_hash": chunk["phone_hash"],
                "head_id_enc": _sealed(HEAD_ID, clear.head_id, at),
                "phone_enc": _sealed(HOUSEHOLD_PHONE, clear.phone, at),
                **self._source(chunk),
                **{field_of(key): chunk[key] for key in HOUSEHOLD_KEYS},
            }
        )

    def members(self) -> Tables:
        keys = self.staging.table(
            "SELECT ix, person_id, household_id FROM key_p WHERE is_new ORDER BY person_id"
        )
        return map(self._member_table, self._new(keys, self.comparison.persons))

    def _member_table(self, part: Part) -> pa.Table:
        chunk, at = part
        clear = self.comparison.clear
        return pa.table(
            {
                "id": chunk["person_id"],
                "household_id": chunk["household_id"],
                "person_no": chunk["person_no"],
                "occurrence": chunk["occurrence"],
                "name_norm": chunk["name_norm"],
                "name_key": _search_key(chunk["name_norm"]),
                "birth": chunk["birth"],
                "id_enc": _sealed(ID_NO, clear.id_no, at),
                "id_hash": pc.coalesce(chunk["id_hash"], chunk["id_text_hash"]),
                "phone_enc": _sealed(MEMBER_PHONE, clear.member_phone, at),
                "phone_hash": chunk["phone_hash"],
                **self._source(chunk),
                **{field_of(key): chunk[key] for key in MEMBER_KEYS},
            }
        )

    def _new(self, keys: pa.Table, rows: pa.Table) -> Iterator[Part]:
        """Chunks of the rows that `keys` names, with its columns and their places in the export."""
        places = pc.index_in(keys["ix"], value_set=whole(rows["ix"]))
        for start in range(0, keys.num_rows, CHUNK):
            part = keys.slice(start, CHUNK)
            chunk = rows.take(places.slice(start, CHUNK))
            for name in part.column_names[1:]:
                at = chunk.column_names.index(name) if name in chunk.column_names else -1
                chunk = (
                    chunk.append_column(name, part[name])
                    if at < 0
                    else chunk.set_column(at, name, part[name])
                )
            yield chunk, part["ix"].to_pylist()

    def _source(self, chunk: pa.Table) -> dict[str, pa.Array]:
        names = list(self.files)
        numbers = pa.array([self.files[name] for name in names], pa.int64())
        at = pc.index_in(chunk["file"], value_set=pa.array(names, pa.string()))
        return {"source_file_id": numbers.take(whole(at)), "source_row": chunk["row"]}

    def statements(self) -> Tables:
        """A new year adds a statement and leaves the old ones as they were."""
        annual = {field: key for key, field in ANNUAL_FIELDS.items()}
        after = {field: key for key, field in AFTER_FIELDS.items()}
        rows = self.staging.table(
            'SELECT k.household_id, s.*, n.file, n."row" '
            f"FROM ({self.comparison.new_statements()}) s "
            "JOIN key_h k USING (ix) JOIN new_h n USING (ix) ORDER BY k.household_id"
        )
        tables = []
        for kind, fields in (("annual", annual), ("after", after)):
            part = rows.filter(pc.equal(rows["kind"], kind))
            count = part.num_rows
            values = {
                "household_id": part["household_id"],
                "kind": part["kind"],
                "year": pa.array(np.full(count, self.comparison.export_date.year), pa.int32()),
                **self._source(part),
                **{field: yuan(whole(part[key])) for field, key in fields.items()},
            }
            tables.append(pa.table(values))
        return tables

    def spellings(self) -> Tables:
        """The pinyin of names that nobody had yet."""
        names = {
            row[0]
            for chunk in self.staging.rows(
                "SELECT DISTINCT left(name_norm, 60) FROM new_p WHERE name_norm <> '' UNION "
                "SELECT DISTINCT left(head_name, 60) FROM new_h WHERE head_name <> ''"
            )
            for row in chunk
        }
        known = set(NameSpelling.objects.values_list("name_key", flat=True)) if names else set()
        columns = list(zip(*spellings(sorted(names - known)), strict=True))
        named = zip(("name_key", "pinyin", "initials"), columns, strict=False)
        return [pa.table({name: pa.array(values, pa.string()) for name, values in named})]


def _search_key(names: pa.ChunkedArray) -> pa.Array:
    return pc.utf8_slice_codeunits(pc.fill_null(plain(names), ""), 0, 60)


def _sealed(context: str, clear: Sequence[str | None], at: Sequence[int]) -> pa.Array:
    return pa.array(seal_many(context, [clear[place] for place in at]), pa.binary())
