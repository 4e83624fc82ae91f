"""What department files say was received, summed anew; a damaged house asks for an explanation."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shouwang.cases.models import Case
from shouwang.core.actor import system_actor
from shouwang.core.errors import DomainError, NotAllowed
from shouwang.engine import Batch
from shouwang.registry.models import Household
from shouwang.support import operations
from shouwang.support.models import Receipt
from shouwang.support.operations import receipts, registers
from shouwang.support.queries.plans import received
from shouwang.support.states import measure_table, relief_table
from tests.cases.conftest import Cast

pytestmark = pytest.mark.django_db


def batch(folder: Path, feed: str, end: date, rows: dict) -> Batch:
    path = folder / f"{feed}-{end}"
    path.mkdir()
    pq.write_table(pa.table(rows), path / "rows.parquet")
    return Batch(feed, end.replace(day=1), end, 1, path, f"{feed}-{end}")


def test_receipts_are_summed_by_person_kind_and_year(
    cast: Cast, household: Household, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = household.members.order_by("pk").values_list("pk", flat=True)
    months = [
        batch(
            tmp_path, "civil_assist", end,
            {"person_id": pa.array([one, other, None], pa.int32()), "kind": ["dibao"] * 3,
             "amount": pa.array([30_000, None, 99], pa.int64())},
        )
        for end in (date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28))
    ]  # fmt: skip
    relief = batch(
        tmp_path, "temp_relief", date(2026, 3, 31),
        {"person_id": pa.array([other], pa.int32()), "amount": pa.array([150_050], pa.int64()),
         "relief_date": pa.array([date(2026, 3, 5)])},
    )  # fmt: skip
    monkeypatch.setattr(receipts, "effective_batches", lambda: [*months, relief])
    assert operations.receipts_are_behind()
    for _ in range(2):
        operations.refresh_receipts(system_actor("命令行"))
    assert not operations.receipts_are_behind()
    found = Receipt.objects.order_by("year", "member").values_list(
        "member", "title", "year", "amount", "times"
    )
    assert list(found) == [
        (one, "农村低保", 2025, Decimal("300.00"), 1),
        (one, "农村低保", 2026, Decimal("600.00"), 2),
        (other, "临时救助", 2026, Decimal("1500.50"), 1),
    ]
    assert [line.on for line in received(household)] == [
        date(2026, 3, 5), date(2026, 2, 28), date(2025, 12, 31),
    ]  # fmt: skip
    with pytest.raises(NotAllowed):
        operations.refresh_receipts(cast.village)


def test_a_house_on_the_disaster_list_asks_whether_rebuilding_money_came(
    cast: Cast, household: Household, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = household.members.order_by("pk").values_list("pk", flat=True)[0]
    hit = batch(
        tmp_path, "disaster", date(2026, 2, 28),
        {"person_id": pa.array([head], pa.int32()), "house_damage": ["severe"],
         "event_date": pa.array([date(2026, 2, 3)])},
    )  # fmt: skip
    monkeypatch.setattr(registers, "effective_batches", lambda: [hit])
    given = {"grade": "C", "method": "repair", "programme_year": 2026, "amount": Decimal(14_000)}
    with pytest.raises(DomainError, match="灾后重建资金未填写"):
        operations.record_renovation(cast.clerk, household, **given)  # type: ignore[arg-type]
    made = operations.record_renovation(cast.clerk, household, disaster_amount=Decimal(0), **given)  # type: ignore[arg-type]
    assert made.doubled == ""


@pytest.mark.parametrize(
    ("name", "end", "through"),
    [("measure", "done", ("assigned", "accepted", "under_way")),
     ("relief", "paid", ("reviewed", "approved"))],
)  # fmt: skip
def test_no_path_to_the_end_goes_round_a_hand(name: str, end: str, through: tuple) -> None:
    table = {"measure": measure_table, "relief": relief_table}[name]()

    def reached(without: str) -> set[str]:
        seen, waiting = {table.initial}, [table.initial]
        while waiting:
            for row in table.from_state(waiting.pop()):
                if row.to not in seen and row.to != without:
                    seen.add(row.to)
                    waiting.append(row.to)
        return seen

    assert end in reached("")
    assert [state for state in through if end in reached(state)] == []


def test_the_green_way_is_helped_before_it_is_identified(
    cast: Cast, household: Household, case: Case
) -> None:
    Case.objects.filter(pk=case.pk).update(identified_on=None, is_green=True, state="checking")
    made = operations.plan_measure(cast.clerk, household, item="security.temporary")
    assert operations.take_measure_step(cast.clerk, made, "assign", version=1).state == "assigned"
