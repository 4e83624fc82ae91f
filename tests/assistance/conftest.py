"""Two households of one village and one of another; lists of civil affairs that a test writes."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shouwang.assistance.operations import refreshing
from shouwang.core.actor import Actor, system_actor
from shouwang.core.clock import now
from shouwang.engine.rules.batches import Batch
from shouwang.registry.models import Household, Member, RegistryFile, RegistryImport
from tests.four_people import Places

ROWS = pa.schema(
    [
        ("row", pa.int32()),
        ("person_id", pa.int32()),
        ("kind", pa.string()),
        ("tier", pa.string()),
        ("start_date", pa.date32()),
        ("amount", pa.int64()),
    ]
)
MONTHS = {month: date(2026, month, 28) for month in range(1, 7)}


@pytest.fixture
def officer() -> Actor:
    return system_actor("测试")


@pytest.fixture
def homes(places: Places) -> dict[str, Household]:
    """H1 is monitored, H2 is not, H3 lies in the neighbouring town and is not monitored."""
    received = RegistryImport.objects.create(
        export_date=date(2026, 6, 30), received_at=now(), state="applied"
    )
    file = RegistryFile.objects.create(
        registry_import=received, name="档案.xlsx", sha256="", size=1
    )
    made = {}
    where = {"H1": places.village, "H2": places.village, "H3": places.neighbour_village}
    for number, (key, village) in enumerate(where.items(), 1):
        made[key] = Household.objects.create(
            household_no=key, village=village, village_code=village.code, head_name=f"户主{key}",
            monitor_class="边缘易致贫户" if key == "H1" else None, source_file=file,
            source_row=number,
        )  # fmt: skip
        Member.objects.create(
            person_no=f"P{number}", household=made[key], name=f"成员{number}",
            name_norm=f"成员{number}", name_key=f"成员{number}", labour="普通劳动力",
            source_file=file, source_row=number,
        )  # fmt: skip
    return made


@pytest.fixture
def member(homes: dict[str, Household]) -> Callable[[str], Member]:
    return lambda key: Member.objects.get(household=homes[key])


@pytest.fixture
def report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[int, Sequence[dict[str, Any]]], None]:
    """Write the list of one month; the newest version of each month counts."""
    batches: dict[tuple[str, int], Batch] = {}
    numbers = count(1)

    def write(month: int, rows: Sequence[dict[str, Any]], feed: str = "civil_assist") -> None:
        number = next(numbers)
        folder = tmp_path / f"{feed}-{month}-{number}"
        folder.mkdir()
        filled = [
            {name: row.get(name) for name in ROWS.names} | {"row": place}
            for place, row in enumerate(rows, 2)
        ]
        pq.write_table(pa.Table.from_pylist(filled, ROWS), folder / "rows.parquet")
        batches[feed, month] = Batch(
            feed=feed, period_start=date(2026, month, 1), period_end=MONTHS[month], version=1,
            path=folder, key=f"{feed}-{month}-{number}",
        )  # fmt: skip

    monkeypatch.setattr(refreshing, "effective_batches", lambda: list(batches.values()))
    return write
