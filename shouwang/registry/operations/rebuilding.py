"""重建档案快照 (rebuilding): the present snapshot made again from the database.

For a database that came back without its data folder. What the database does not keep is not in
it: the file and row of a value are those of its first export, and a number of 15 characters, or of
a disability card, stands as the 18 characters it was read as.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db.models import QuerySet

from shouwang.audit.operations import record
from shouwang.core import crypto
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.engine.cleaning.identity import id_facts
from shouwang.engine.cleaning.rejects import SCHEMA
from shouwang.engine.contracts import Column, SheetContract
from shouwang.engine.registry_in import PHONE
from shouwang.engine.rulebook import Rulebook
from shouwang.engine.storing import empty_type
from shouwang.registry import snapshots
from shouwang.registry.columns import AFTER_FIELDS, ANNUAL_FIELDS, STATEMENT_KEYS, field_of
from shouwang.registry.models import Household, IncomeStatement, Member, RegistrySnapshot
from shouwang.registry.secrets import HEAD_ID, HOUSEHOLD_PHONE, ID_NO, reveal

from .importing import place_snapshot
from .staging import NextState

AT_ONCE = 20_000
FACTS = ("id_valid", "id_length", "id_birth", "id_check_ok", "id_sex", "id_shape")
Step = Callable[[int], None]


def is_complete(snapshot: RegistrySnapshot | None) -> bool:
    """Whether the files of a snapshot are there; nothing is missing before the first import."""
    if snapshot is None:
        return True
    return all((snapshot.path / name).is_file() for name in NextState.FILES)


def rebuild_snapshot(
    actor: Actor, *, force: bool = False, step: Step = lambda _: None
) -> RegistrySnapshot | None:
    """Write the files of the present snapshot; None where nothing was missing."""
    require(actor, "registry.import")
    snapshot = snapshots.current()
    if snapshot is None:
        raise DomainError("还没有导入过档案，没有快照可以重建。", "no_snapshot")
    if is_complete(snapshot) and not force:
        return None
    state = _state(snapshot, step)
    if (state.households.num_rows, state.persons.num_rows) != (
        snapshot.household_count,
        snapshot.member_count,
    ):
        raise Conflict(
            "数据库里的户数和人数与快照的记录不符，没有重建。请先核对数据库的备份是否完整。"
        )
    place_snapshot(state, _rejects(snapshot.path), snapshot.path)
    record(
        actor,
        "registry.snapshot_rebuilt",
        target_type="registry_import",
        target_id=str(snapshot.registry_import_id),
        summary=f"按数据库重建{snapshot}：{snapshot.household_count} 户 {snapshot.member_count} 人",
    )
    return snapshot


def _rejects(folder: Path) -> pa.Table:
    """What the import rejected, if its list is still there."""
    kept = folder / "rejects.parquet"
    if kept.is_file():
        return pq.read_table(kept)
    return SCHEMA.empty_table().add_column(0, "file", pa.array([], pa.string()))


def _state(snapshot: RegistrySnapshot, step: Step) -> NextState:
    registry = Rulebook.load().registry
    households = pa.concat_tables(
        [_households(rows, registry.households, snapshot.export_date) for rows in _chunks(
            Household.objects.select_related("source_file"), step)]
    )  # fmt: skip
    members = pa.concat_tables(
        [_members(rows, registry.persons) for rows in _chunks(
            Member.objects.select_related("source_file", "household"), step)]
    )  # fmt: skip
    former = members["former"]
    persons = members.drop_columns(["former", "occurrence", "id_text_hash", "phone_hash", "absent"])
    return NextState(
        persons=persons.filter(pc.invert(former)),
        households=households.drop_columns(
            ["head_id_hash", "phone_hash", "absent", "annual_year", "has_after"]
        ),
        former=persons.filter(former),
        person_keys=members.select(
            ["person_id", "occurrence", "id_text_hash", "phone_hash", "absent"]
        ),
        household_keys=households.select(
            ["household_id", "head_id_hash", "phone_hash", "absent", "annual_year", "has_after"]
        ),
    )


def _chunks(rows: QuerySet[Any], step: Step) -> Iterator[list[Any]]:
    """By key, a part at a time; one empty part where there is nothing."""
    last, found = 0, True
    is_first = True
    while found or is_first:
        part = list(rows.filter(pk__gt=last).order_by("pk")[:AT_ONCE])
        found = bool(part)
        if found or is_first:
            yield part
        is_first = False
        if part:
            last = part[-1].pk
            step(len(part))


def _members(rows: Sequence[Member], contract: SheetContract) -> pa.Table:
    numbers = [reveal(ID_NO, row.id_enc) for row in rows]
    facts = id_facts(pa.array(numbers, pa.string()))
    hashes = pa.array([_bytes(row.id_hash) for row in rows], pa.binary())
    columns = {
        "person_id": pa.array([row.pk for row in rows], pa.int32()),
        "household_id": pa.array([row.household_id for row in rows], pa.int32()),
    }
    for column in contract.columns:
        if column.key in ("id_no", "phone"):
            continue
        if column.key == "household_no":
            columns[column.key] = _text([row.household.household_no for row in rows])
        else:
            columns[column.key] = _values(column, [_of(row, column.key) for row in rows])
    valid = facts["id_valid"]
    return pa.table(
        columns
        | _source(rows, contract)
        | {
            "name_norm": _text([row.name_norm for row in rows]),
            "village_norm": columns["village"],
            **{key: facts[key] for key in FACTS},
            "birth": pa.array([row.birth for row in rows], pa.date32()),
            "id_hash": pc.if_else(valid, hashes, pa.scalar(None, pa.binary())),
            "former": pa.array(np.array([_is_former(row) for row in rows], dtype=bool)),
            "occurrence": pa.array([row.occurrence for row in rows], pa.int32()),
            "id_text_hash": hashes,
            "phone_hash": pa.array([_bytes(row.phone_hash) for row in rows], pa.binary()),
            "absent": pa.array([row.absent_since_id is not None for row in rows], pa.bool_()),
        }
    )


def _is_former(row: Member) -> bool:
    """Left a household that the last export still has."""
    return row.absent_since_id is not None and row.household.absent_since_id is None


def _households(rows: Sequence[Household], contract: SheetContract, on: date) -> pa.Table:
    income = _Income([row.pk for row in rows])
    columns = {"household_id": pa.array([row.pk for row in rows], pa.int32())}
    for column in contract.columns:
        if column.key in ("head_id", "phone"):
            continue
        if column.key in STATEMENT_KEYS:
            found = [income.value(row, column.key, on) for row in rows]
        else:
            found = [_of(row, column.key) for row in rows]
        columns[column.key] = _values(column, found)
    heads = [reveal(HEAD_ID, row.head_id_enc) for row in rows]
    phones = _text([reveal(HOUSEHOLD_PHONE, row.phone_enc) for row in rows])
    return pa.table(
        columns
        | _source(rows, contract)
        | {
            "village_norm": columns["village"],
            "phone_ok": pc.match_substring_regex(phones, PHONE),
            "head_id_hash": _digests(heads),
            "phone_hash": pa.array([_bytes(row.phone_hash) for row in rows], pa.binary()),
            "absent": pa.array([row.absent_since_id is not None for row in rows], pa.bool_()),
            "annual_year": pa.array([income.years.get(row.pk) for row in rows], pa.int32()),
            "has_after": pa.array([row.pk in income.after for row in rows], pa.bool_()),
        }
    )


class _Income:
    """The statements of some households: the last year's, and the one after elimination."""

    def __init__(self, keys: Sequence[int]) -> None:
        self.annual: dict[int, IncomeStatement] = {}
        self.after: dict[int, IncomeStatement] = {}
        for start in range(0, len(keys), 500):
            found = IncomeStatement.objects.filter(household__in=keys[start : start + 500])
            for one in found.order_by("year"):
                kept = self.annual if one.kind == IncomeStatement.Kind.ANNUAL else self.after
                kept[one.household_id] = one
        self.years = {key: one.year for key, one in self.annual.items()}

    def value(self, row: Household, key: str, on: date) -> Decimal | None:
        """As the last export that had the household said it: no figures of an earlier year stand
        beside a household that the newest export has without any."""
        if key in AFTER_FIELDS:
            found = self.after.get(row.pk)
            return getattr(found, AFTER_FIELDS[key]) if found else None
        found = self.annual.get(row.pk)
        if found is None or (row.absent_since_id is None and found.year != on.year):
            return None
        value: Decimal | None = getattr(found, ANNUAL_FIELDS[key])
        return value


def _of(row: Any, key: str) -> Any:
    return getattr(row, field_of(key))


def _source(rows: Sequence[Any], contract: SheetContract) -> dict[str, pa.Array]:
    return {
        "file": _text([row.source_file.name for row in rows]),
        "sheet": _text([contract.sheet] * len(rows)),
        "row": pa.array([row.source_row for row in rows], pa.int32()),
    }


def _values(column: Column, found: Sequence[Any]) -> pa.Array:
    """Values of the database in the form in which a snapshot has them; amounts are whole fen."""
    kind = empty_type(column.type)
    if column.type == "amount":
        return pa.array([None if v is None else int(v.scaleb(2)) for v in found], kind)
    return pa.array(found, kind)


def _text(found: Sequence[str | None]) -> pa.Array:
    return pa.array(found, pa.string())


def _digests(values: Sequence[str | None]) -> pa.Array:
    digests = iter(crypto.provider().digest_many([v for v in values if v is not None]))
    return pa.array([None if v is None else next(digests) for v in values], pa.binary())


def _bytes(value: bytes | memoryview | None) -> bytes | None:
    return None if value is None else bytes(value)
