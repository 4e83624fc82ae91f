"""One box over all rooms: a case is found by its number, within the scope of who asks."""

import pytest

from shouwang.cases.models import Case
from shouwang.config.search import groups_for
from shouwang.core.actor import Actor
from shouwang.registry.models import Household
from tests.cases.conftest import (  # noqa: F401 - fixtures
    Way,
    actor_at,
    calendar,
    cast,
    household,
    maker,
    way,
)
from tests.four_people import Places

pytestmark = pytest.mark.django_db


def found(actor: Actor, text: str) -> list[str]:
    return [hit.url for group in groups_for(actor, text) if group.label == "个案"
            for hit in group.hits]  # fmt: skip


def test_a_case_is_found_by_its_number_and_by_the_end_of_it(
    way: Way,  # noqa: F811
    household: Household,  # noqa: F811
    places: Places,
) -> None:
    case: Case = way.opened(household)
    for text in (case.number, case.number[-6:], case.number[:11]):
        assert found(way.cast.village, text) == [f"/cases/{case.number}/"]
    assert found(way.cast.village, case.number[-3:]) == [], "too short to mean a case"
    assert found(way.cast.village, "110101199003077598") == []
    neighbour = actor_at("邻镇干事", "town_clerk", places.neighbour_town)
    assert found(neighbour, case.number) == []
    assert found(way.cast.departments["民政局"], case.number) == []
