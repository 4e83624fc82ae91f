"""农户的部门数据: what departments reported about the members of one household, month by month."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pyarrow.parquet as pq

from shouwang.core.actor import Actor, require
from shouwang.core.errors import NotFound
from shouwang.engine.contracts import Column, FeedContract
from shouwang.registry.models import Household, Member

from .. import storage, wording
from ..models import BatchState, FeedBatch
from ..preparing import rulebook
from .contents import database
from .provenance import Place, files_of

# the member's name already says who a row is about
IDENTITY = frozenset({"name", "id_no", "card_no", "birth_date", "village", "town"})


@dataclass(frozen=True)
class Fact:
    """One reported row: when, about whom, what, and in which file it stands."""

    on: date
    member: str
    feed: str
    department: str
    values: tuple[tuple[str, str], ...]
    file_name: str
    row: int


@dataclass(frozen=True)
class Month:
    first: date
    facts: tuple[Fact, ...]


def household_facts(actor: Actor, household_no: str) -> list[Month]:
    """Facts of the household's present members from the batches that count, newest month first."""
    require(actor, "registry.view")
    household = Household.objects.visible_to(actor).filter(household_no=household_no).first()
    if household is None:
        raise NotFound("没有找到这户，它可能不在您的辖区。")
    members = dict(Member.objects.filter(household=household).values_list("pk", "name"))
    batches = _batches(household)
    facts: list[Fact] = []
    if members and batches:
        with database() as engine:
            for feed, ones in batches.items():
                facts += _facts(engine, rulebook().feeds[feed], ones, members)
    return _by_month(facts)


def _batches(household: Household) -> dict[str, list[FeedBatch]]:
    """The batches that count in the county of the household, by feed."""
    ancestors = [int(part) for part in household.village.path.split("/") if part]
    found = FeedBatch.objects.filter(state=BatchState.ACCEPTED, division_id__in=ancestors)
    by_feed: dict[str, list[FeedBatch]] = defaultdict(list)
    for batch in found.select_related("file"):
        if batch.row_count and batch.feed in rulebook().feeds:
            by_feed[batch.feed].append(batch)
    return by_feed


def _facts(
    engine: duckdb.DuckDBPyConnection,
    contract: FeedContract,
    batches: Sequence[FeedBatch],
    members: Mapping[int, str],
) -> list[Fact]:
    paths = {str(storage.data_dir() / one.directory / "rows.parquet"): one for one in batches}
    written = set(pq.read_schema(next(iter(paths))).names)
    columns = [column for column in contract.columns if column.stored in written]
    listed = ", ".join(f'"{column.stored}"' for column in columns)
    files = {path: [file.file_name for file in files_of(one)] for path, one in paths.items()}
    # only after a correction does a row stand in another file than that of its batch
    place = "file_no, file_row" if any(one.corrects_id for one in batches) else "NULL, NULL"
    rows = engine.execute(
        f"SELECT filename, person_id, row, {place}, {listed}"  # noqa: S608
        " FROM read_parquet($paths, filename = true, union_by_name = true)"
        " WHERE person_id IN (SELECT unnest($members))",
        {"paths": list(paths), "members": list(members)},
    ).fetchall()
    return [
        _fact(
            contract,
            columns,
            paths[path].period_end,
            members[person],
            Place(files[path][number or 0], line or row),
            values,
        )
        for path, person, row, number, line, *values in rows
    ]


def _fact(
    contract: FeedContract,
    columns: Sequence[Column],
    period_end: date,
    member: str,
    place: Place,
    values: Sequence[Any],
) -> Fact:
    told = [
        (wording.caption(column), wording.shown(column, value))
        for column, value in zip(columns, values, strict=True)
        if column.key not in IDENTITY and value is not None and value != ""
    ]
    return Fact(
        on=_on(columns, values) or period_end,
        member=member,
        feed=contract.title,
        department=contract.department,
        values=tuple(told),
        file_name=place.file_name,
        row=place.row,
    )


def _on(columns: Sequence[Column], values: Sequence[Any]) -> date | None:
    """The day of the event or of the survey, else the month that the row names."""
    for column, value in zip(columns, values, strict=True):
        if isinstance(value, date) and (column.event_date or column.type == "month"):
            return value
    return None


def _by_month(facts: list[Fact]) -> list[Month]:
    months: dict[date, list[Fact]] = defaultdict(list)
    for fact in sorted(facts, key=lambda one: (one.on, one.feed, one.row), reverse=True):
        months[fact.on.replace(day=1)].append(fact)
    return [Month(first, tuple(months[first])) for first in sorted(months, reverse=True)]
