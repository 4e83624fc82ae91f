"""The towns and villages by which a person may narrow a list, the same in every room."""

from collections.abc import Callable

import pytest
from django.test import RequestFactory

from shouwang.divisions.choices import town_choices, village_choices
from tests.four_people import FourPeople

RIGHT = "registry.view"
Four = Callable[..., FourPeople]


def request(four: FourPeople, who: str, town: str = ""):
    asked = RequestFactory().get("/", {"town": town} if town else {})
    asked.actor = four.actor(who)
    return asked


def test_a_clerk_chooses_among_the_own_villages(four_people: Four) -> None:
    asked = request(four_people("town_clerk"), "owner")
    assert [name for _, name in town_choices(asked, RIGHT)] == ["青禾镇"]
    assert [name for _, name in village_choices(asked, RIGHT)] == ["柳湾村", "石桥村"]


def test_a_chosen_town_narrows_the_villages(four_people: Four) -> None:
    asked = request(four_people("county_officer"), "owner", "999901102000")
    assert [name for _, name in village_choices(asked, RIGHT)] == ["竹园村"]
    assert len(town_choices(asked, RIGHT)) == 2


def test_a_town_of_others_gives_nothing(four_people: Four) -> None:
    asked = request(four_people("town_clerk"), "owner", "999901102000")
    assert village_choices(asked, RIGHT) == []


@pytest.mark.parametrize("town", ["\x00", "'", "9" * 500])
def test_nonsense_in_the_address_is_no_error(four_people: Four, town: str) -> None:
    village_choices(request(four_people("town_clerk"), "owner", town), RIGHT)


def test_without_the_right_there_is_no_place(four_people: Four) -> None:
    asked = request(four_people("town_clerk"), "department")
    assert town_choices(asked, RIGHT) == village_choices(asked, RIGHT) == []
