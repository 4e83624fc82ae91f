"""接收监测系统导出 (prepare the registry): workbooks with 人口 and 户 → persons and households.

Several workbooks (by towns) together are one registry: a person may stand in another workbook than
the household. Clear ID numbers and phones exist in memory only; a snapshot holds hashes.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shouwang.engine.cleaning.arrays import as_mask, plain, whole
from shouwang.engine.cleaning.columns import ColumnCleaner
from shouwang.engine.cleaning.identity import id_facts
from shouwang.engine.cleaning.names import VillageNormaliser
from shouwang.engine.cleaning.rejects import file_reject, reject_table
from shouwang.engine.cleaning.tables import (
    CleanSheet,
    clean_sheet,
    reject_duplicates,
    settle_villages,
)
from shouwang.engine.contracts import Limits, SheetContract
from shouwang.engine.errors import FileRejected
from shouwang.engine.ingest import IdHasher, Progress, hash_numbers, require_header
from shouwang.engine.reading import OpenFile, open_file
from shouwang.engine.reading.headers import compact
from shouwang.engine.rulebook import Rulebook
from shouwang.engine.storing import empty_type

CLEAR = ("id_no", "phone")
CLEAR_HEAD = ("head_id", "phone")
PHONE = r"^[0-9]{11}$"
ROW_GROUP = 65_536
NATURAL_KEYS = ("household_no", "person_no")


@dataclass
class PreparedRegistry:
    """待导入的监测数据: accepted rows with clear numbers (memory only), and what was rejected.

    `rejects` has the columns of rejects.parquet and `file` before them.
    """

    persons: pa.Table
    households: pa.Table
    rejects: pa.Table
    reasons: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass
class _Part:
    """One sheet of one workbook."""

    file: str
    sheet: CleanSheet


def prepare_registry(
    sources: Sequence[tuple[Path, str]],
    *,
    rulebook: Rulebook,
    export_date: date,
    hasher: IdHasher,
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> PreparedRegistry:
    """Read all workbooks of one export. Raises FileRejected if none of them can be used."""
    cleaner = ColumnCleaner.of(rulebook.conventions, rulebook.codes)
    persons: list[_Part] = []
    households: list[_Part] = []
    rejects: list[pa.Table] = []
    refusals: list[FileRejected] = []
    notes: list[str] = []
    for number, (path, name) in enumerate(sources):
        if progress is not None:
            progress(number, len(sources) + 1, f"读取{name}")
        try:
            opened = open_file(path, limits or rulebook.conventions.limits)
            found = _read_workbook(opened, rulebook, cleaner)
        except FileRejected as refusal:
            refusals.append(refusal)
            rejects.append(_with_file(file_reject(refusal.reason, refusal.message), name))
            continue
        notes += [f"{name}：{note}" for note in opened.notes]
        persons += [_Part(name, sheet) for sheet in found if sheet.contract.key == "persons"]
        households += [_Part(name, sheet) for sheet in found if sheet.contract.key == "households"]
    if not persons and not households:
        raise refusals[0] if refusals else FileRejected("file_empty", "没有选择文件。")
    _settle(persons, households, rulebook, cleaner)
    for part in (*persons, *households):
        sheet = part.sheet
        table = reject_table(sheet.verdicts, sheet.rows, sheet.places, sheet.contract.sheet)
        rejects.append(_with_file(table, part.file))
    result = pa.concat_tables(rejects)
    prepared = PreparedRegistry(
        persons=_persons_table(persons, rulebook.registry.persons, hasher),
        households=_households_table(households, rulebook.registry.households),
        rejects=result,
        reasons=dict(Counter(result["reason"].to_pylist())),
        notes=notes,
    )
    if progress is not None:
        progress(len(sources) + 1, len(sources) + 1, "完成")
    return prepared


def write_registry_snapshot(persons: pa.Table, households: pa.Table, out: Path) -> None:
    """Write persons.parquet and households.parquet without any clear number.

    `persons` needs person_id and household_id, `households` household_id, as the database gave
    them; sizes, villages and towns are carried over between the two tables here.
    """
    out.mkdir(parents=True, exist_ok=True)
    persons = _with_household_facts(persons, households)
    households = _with_size(persons, households)
    _write(
        persons.drop_columns(_present(persons, CLEAR)),
        out / "persons.parquet",
        ("household_id", "person_id"),
    )
    _write(
        households.drop_columns(_present(households, CLEAR_HEAD)),
        out / "households.parquet",
        ("household_id",),
    )


def number_rows(prepared: PreparedRegistry) -> tuple[pa.Table, pa.Table]:
    """Give rows provisional keys in file order, where no database does (tests, command line)."""
    households = prepared.households.append_column(
        "household_id", pa.array(np.arange(1, len(prepared.households) + 1), pa.int32())
    )
    first = _first_positions(households["household_no"])
    at = pc.index_in(whole(prepared.persons["household_no"]), first.field("no"))
    persons = prepared.persons.append_column(
        "person_id", pa.array(np.arange(1, len(prepared.persons) + 1), pa.int32())
    ).append_column("household_id", pc.take(first.field("id"), at))
    return persons, households


def _first_positions(numbers: pa.ChunkedArray) -> pa.StructArray:
    encoded = whole(numbers).dictionary_encode()
    indices = encoded.indices.to_numpy()
    _, first = np.unique(indices, return_index=True)
    return pa.StructArray.from_arrays(
        [encoded.dictionary, pa.array(first + 1, pa.int32())], ["no", "id"]
    )


def _read_workbook(
    opened: OpenFile, rulebook: Rulebook, cleaner: ColumnCleaner
) -> list[CleanSheet]:
    by_name = {compact(name): name for name in opened.sheet_names}
    sheets = []
    for contract in (rulebook.registry.households, rulebook.registry.persons):
        name = by_name.get(compact(contract.sheet))
        if name is None:
            continue
        sheet = opened.sheet(name)
        header = require_header(sheet, contract, rulebook.conventions)
        sheets.append(clean_sheet(sheet.body(header.last_row + 1), header, contract, cleaner))
    if not sheets:
        names = "、".join(opened.sheet_names)
        raise FileRejected(
            "file_corrupt", f"没有「人口」或「户」工作表（现有：{names}）。请用系统导出的原表。"
        )
    return sheets


def _settle(
    persons: list[_Part], households: list[_Part], rulebook: Rulebook, cleaner: ColumnCleaner
) -> None:
    """What needs all workbooks: town names, duplicates in a sheet, households that exist."""
    county = rulebook.conventions.county
    normaliser = VillageNormaliser.of(
        (county["province_name"], county["name"]), _towns([*persons, *households])
    )
    for part in (*persons, *households):
        settle_villages(part.sheet, cleaner, normaliser)
        reject_duplicates(part.sheet)
    known = [
        plain(part.sheet.take_accepted().columns["household_no"].values) for part in households
    ]
    numbers = pc.unique(pa.concat_arrays(known)) if known else pa.array([], pa.string())
    for part in persons:
        sheet = part.sheet
        found = as_mask(pc.is_in(plain(sheet.columns["household_no"].values), value_set=numbers))
        sheet.verdicts.reject(~found, "unknown_household", sheet.place("household_no"))


def _towns(parts: list[_Part]) -> set[str]:
    towns: set[str] = set()
    for part in parts:
        accepted = part.sheet.take_accepted()
        if "town" in accepted.columns:
            towns.update(plain(accepted.columns["town"].values).unique().drop_null().to_pylist())
    return towns


def _accepted_table(part: _Part, contract: SheetContract) -> pa.Table:
    sheet = part.sheet.take_accepted()
    count = len(sheet.rows)
    columns: dict[str, pa.Array] = {}
    for column in contract.columns:
        cleaned = sheet.columns.get(column.key)
        columns[column.key] = (
            pa.nulls(count, empty_type(column.type)) if cleaned is None else plain(cleaned.values)
        )
    columns["file"] = pa.array([part.file] * count, pa.string())
    columns["sheet"] = pa.array([contract.sheet] * count, pa.string())
    columns["row"] = pa.array(sheet.rows, pa.int32())
    if "name" in sheet.columns:
        columns["name_norm"] = plain(sheet.columns["name"].canonical)
        columns["id_written"] = _written_numbers(sheet)
    return pa.table(columns)


def _written_numbers(sheet: CleanSheet) -> pa.Array:
    column = sheet.columns.get("id_no")
    if column is None or column.numbers is None:
        return pa.nulls(len(sheet.rows), pa.string())
    return column.numbers.written


def _joined(parts: list[_Part], contract: SheetContract) -> pa.Table:
    tables = [_accepted_table(part, contract) for part in parts]
    if tables:
        return pa.concat_tables(tables)
    empty = {column.key: pa.nulls(0, empty_type(column.type)) for column in contract.columns}
    for key in ("file", "sheet", "name_norm", "id_written"):
        empty[key] = pa.nulls(0, pa.string())
    return pa.table(empty | {"row": pa.nulls(0, pa.int32())})


def _persons_table(parts: list[_Part], contract: SheetContract, hasher: IdHasher) -> pa.Table:
    table = _joined(parts, contract)
    facts = id_facts(whole(table["id_written"]))
    hashes = hash_numbers(facts["number"], as_mask(facts["id_valid"]), hasher)
    birth = pc.coalesce(
        whole(table["birth_date"]),
        pc.if_else(facts["id_valid"], facts["id_birth"], pa.scalar(None, pa.date32())),
    )
    table = table.drop_columns(["id_written"]).append_column("village_norm", table["village"])
    for key in ("id_valid", "id_length", "id_birth", "id_check_ok", "id_sex", "id_shape"):
        table = table.append_column(key, facts[key])
    return table.append_column("birth", birth).append_column("id_hash", hashes.cast(pa.binary()))


def _households_table(parts: list[_Part], contract: SheetContract) -> pa.Table:
    table = _joined(parts, contract)
    phone_ok = pc.match_substring_regex(whole(table["phone"]), PHONE)
    table = table.append_column("village_norm", table["village"])
    table = table.drop_columns(_present(table, ("name_norm", "id_written")))
    return table.append_column("phone_ok", phone_ok)


def _with_household_facts(persons: pa.Table, households: pa.Table) -> pa.Table:
    """village_code stands on the 户 sheet only."""
    if "village_code" in persons.column_names:
        return persons
    codes = whole(households["village_code"]).take(_households_of(persons, households))
    return persons.append_column("village_code", codes)


def _with_size(persons: pa.Table, households: pa.Table) -> pa.Table:
    if "size" in households.column_names:
        return households
    at = _households_of(persons, households).drop_null().to_numpy()
    size = np.bincount(at, minlength=len(households))
    return households.append_column("size", pa.array(size, pa.int32()))


def _households_of(persons: pa.Table, households: pa.Table) -> pa.Array:
    """Where in `households` the household of each person stands."""
    return pc.index_in(whole(persons["household_id"]), whole(households["household_id"]))


def _present(table: pa.Table, names: Sequence[str]) -> list[str]:
    return [name for name in names if name in table.column_names]


def _write(table: pa.Table, path: Path, keys: Sequence[str]) -> None:
    order = pc.sort_indices(table, [(key, "ascending") for key in keys])
    pq.write_table(table.take(order), path, compression="zstd", row_group_size=ROW_GROUP)


def _with_file(table: pa.Table, name: str) -> pa.Table:
    return table.add_column(0, "file", pa.array([name] * len(table), pa.string()))
