"""The start page says first what waits for this person, of every room."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse

from shouwang.accounts.models import Department
from shouwang.calls.models import Call
from shouwang.calls.operations import raise_call
from shouwang.cases.operations import register_clue
from shouwang.cases.states import Channel
from shouwang.config import today
from shouwang.core import clock
from shouwang.core.actor import system_actor
from shouwang.registry.models import Household
from shouwang.screening.states import Risk
from tests.cases.conftest import Maker, calendar, maker  # noqa: F401 - fixtures
from tests.four_people import FourPeople, Places

pytestmark = pytest.mark.django_db
Four = Callable[..., FourPeople]


@pytest.fixture
def household(maker: Maker, places: Places) -> Household:  # noqa: F811
    return maker(places.village)


def clue(household: Household, days_ago: int) -> None:
    register_clue(
        system_actor("测试"), village=household.village, household=household,
        channel=Channel.CADRE_VISIT, risks=[Risk.ILLNESS.value], text="住院花费大。",
        received_on=clock.today() - timedelta(days=days_ago),
    )  # fmt: skip


def titles(four: FourPeople, who: str) -> list[str]:
    return [thing.title for thing in today.things(four.actor(who))]


def test_a_village_sees_its_own_households_and_the_neighbour_does_not(
    four_people: Four, household: Household
) -> None:
    clue(household, days_ago=1)
    four = four_people("village_worker")
    assert titles(four, "owner") == [str(household)]
    assert titles(four, "neighbour") == []
    assert titles(four, "department") == []
    page = four.client("owner").get(reverse("home")).content.decode()
    assert "今天要办" in page
    assert "核实线索" in page


def test_a_department_is_told_of_a_call(four_people: Four, places: Places) -> None:
    four = four_people("department_officer")
    own = four.owner.posts.get().department
    call: Call = raise_call(
        system_actor("测试"), places.village, title="参保信息查不到", text="请到村核对。",
        urgency="normal", departments=[own],
    )  # fmt: skip
    assert titles(four, "owner") == [call.title]
    assert titles(four, "department") == []


def test_what_is_due_first_stands_first(
    four_people: Four,
    household: Household,
    maker: Maker,  # noqa: F811
    places: Places,
) -> None:
    four = four_people("town_clerk")
    clue(household, days_ago=1)
    clue(maker(places.village), days_ago=9)
    call = raise_call(
        system_actor("测试"), places.village, title="路断了", text="请到村看。", urgency="urgent",
        departments=[Department.objects.create(name="交通运输局", code="transport")],
    )  # fmt: skip
    found = today.things(four.actor("owner"))
    assert len(found) == 2, f"{call} waits for its department, not for the town"
    dated = [thing.due.on for thing in found if thing.due]
    assert dated == sorted(dated)
    assert dated[0] < dated[1]


def test_nobody_is_told_that_nothing_waits(four_people: Four) -> None:
    four = four_people("supervisor")
    assert today.things(four.actor("owner")) == []
    assert "没有等您办的事" in four.client("owner").get(reverse("home")).content.decode()
