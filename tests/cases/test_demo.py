"""The demo's cases: every state of the way is there, and the same county has the same cases."""

from datetime import date

import pytest
from django.db import transaction

from shouwang.cases import demo
from shouwang.cases.lifecycles import REGIMES, table_of
from shouwang.cases.models import Case
from shouwang.core.actor import system_actor
from tests.cases.conftest import Cast, Maker
from tests.four_people import Places

pytestmark = pytest.mark.slow


@pytest.fixture
def county(cast: Cast, maker: Maker, places: Places) -> None:
    """Enough households for every story, some of them monitored by the national system already."""
    for village, count in ((places.village, 26), (places.neighbour_village, 8)):
        for number in range(count):
            kind = "脱贫户" if number % 5 == 0 else "一般农户"
            maker(village, labour=("普通劳动力", "普通劳动力"), household_type=kind)
    for number in range(14):
        maker(
            places.village, labour=("普通劳动力",), monitor_class="边缘易致贫户",
            identified_month=date(2025, 3, 1), risk1="因病", measure_industry=f"种植{number}",
        )  # fmt: skip


def played() -> list[tuple[str, ...]]:
    """Makes the demo, tells what it came to, and undoes it."""
    with transaction.atomic():
        assert demo.make(system_actor("演示")) > 0
        told = Case.objects.order_by("pk").values_list(
            "origin", "number", "household__household_no", "regime", "state", "class_key"
        )
        found = [tuple(map(str, row)) for row in told]
        again = demo.make(system_actor("演示"))
        transaction.set_rollback(True)
    assert again == 0, "a county with worked cases is left alone"
    return found


def test_every_state_is_there_and_the_same_county_has_the_same_cases(
    county: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = played()
    states, classes = {row[4] for row in whole}, {row[5] for row in whole}
    assert states == {state for key in REGIMES for state in table_of(key).states}
    assert {row[3] for row in whole} == set(REGIMES)
    assert {"unstable_exit", "marginal", "sudden_hardship"} <= classes
    some = 5
    monkeypatch.setattr(demo, "STORIES", demo.STORIES[:some])
    monkeypatch.setattr(demo, "EXITS", ())
    worked = [row for row in whole if row[0] == "worked"]
    assert [row for row in played() if row[0] == "worked"] == worked[:some]
