"""A snapshot that was lost comes back from the database, as it was."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from shouwang.audit.models import AuditEntry
from shouwang.core.actor import ANONYMOUS, Actor
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.registry import snapshots
from shouwang.registry.models import Member
from shouwang.registry.operations import is_complete, rebuild_snapshot
from shouwang.registry.operations.staging import NextState
from tests.registry import workbooks
from tests.registry.conftest import Importing

LATER = date(2026, 3, 31)
SOURCE = {"file", "sheet", "row"}
Tables = dict[str, list[tuple[Any, ...]]]


def tables(folder: Path, without: set[str] = SOURCE) -> Tables:
    """All files of a snapshot, with the types of their columns, in a fixed order."""
    found: Tables = {}
    for name in NextState.FILES:
        table = pq.read_table(folder / name)
        names = [column for column in sorted(table.column_names) if column not in without]
        table = table.select(names)
        types = [(field.name, str(field.type)) for field in table.schema]
        with duckdb.connect() as con:
            con.register("t", table)
            found[name] = [*types, *con.execute("SELECT * FROM t ORDER BY ALL").fetchall()]
    return found


@pytest.fixture
def after_two_exports(importing: Importing) -> Path:
    """New, changed, gone and departed records; numbers that are wrong; nobody's income."""
    people, households = workbooks.county(5)
    people[0] |= {"id_no": "99990119800506123X", "phone": "19900001111"}  # a wrong check digit
    people[1] |= {"id_no": None, "disability_kind": "肢体", "work_months": 3.5}
    people[2] |= {"name": "阿依古丽·买买提", "health": "长期慢性病"}
    households[1] |= {key: None for key in workbooks.household(1) if key.endswith("_income")}
    households[2] |= {"phone": "123", "eliminated_month": "2025-06", "after_net_income": 12000.55}
    importing(people, households)
    people, households = workbooks.county(5)
    people[3] |= {"work_months": 7}
    gone = {households[4]["household_no"]}
    people = [row for row in people[:7] if row["household_no"] not in gone]  # one left household 4
    more, home = workbooks.county(6)
    households[0] |= {key: None for key in households[0] if "income" in key or "expense" in key}
    households[0] |= {"prev_per_capita": None}
    importing(people + more[-2:], [*households[:4], home[-1]], on=LATER, name="三月.xlsx")
    return snapshots.current().path


def test_it_equals_the_one_that_was_lost(after_two_exports: Path, officer: Actor) -> None:
    before = tables(after_two_exports)
    assert Member.objects.filter(absent_since__isnull=False).count() == 3
    shutil.rmtree(after_two_exports)
    assert not is_complete(snapshots.current())
    assert rebuild_snapshot(officer) == snapshots.current()
    assert is_complete(snapshots.current())
    assert tables(after_two_exports) == before
    assert AuditEntry.objects.filter(action="registry.snapshot_rebuilt").count() == 1


def test_the_next_export_is_compared_with_it_as_before(
    after_two_exports: Path, officer: Actor, importing: Importing
) -> None:
    shutil.rmtree(after_two_exports)
    rebuild_snapshot(officer)
    people, households = workbooks.county(6)
    done = importing(people, households, on=date(2026, 6, 30), name="六月.xlsx")
    counts = done.counts
    assert (counts["households_new"], counts["persons_new"]) == (0, 0)
    assert counts["households_back"] == 1 and counts["persons_back"] == 3


def test_what_is_there_is_left_alone(after_two_exports: Path, officer: Actor) -> None:
    moment = (after_two_exports / "persons.parquet").stat().st_mtime_ns
    assert rebuild_snapshot(officer) is None
    assert (after_two_exports / "persons.parquet").stat().st_mtime_ns == moment
    before = tables(after_two_exports)
    assert rebuild_snapshot(officer, force=True) is not None
    assert tables(after_two_exports) == before


def test_a_database_that_lost_people_is_no_source(after_two_exports: Path, officer: Actor) -> None:
    Member.objects.filter(absent_since=None).last().delete()
    shutil.rmtree(after_two_exports)
    with pytest.raises(Conflict, match="不符"):
        rebuild_snapshot(officer)
    assert not after_two_exports.exists()


@pytest.mark.django_db
def test_without_an_import_there_is_nothing_to_rebuild(officer: Actor) -> None:
    assert is_complete(None)
    with pytest.raises(DomainError, match="还没有导入"):
        rebuild_snapshot(officer)
    with pytest.raises(NotAllowed):
        rebuild_snapshot(ANONYMOUS)
