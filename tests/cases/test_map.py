"""The map: villages with their open and late cases, the same figures as the lists they open."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from shouwang.cases import queries
from shouwang.cases.models import Case
from shouwang.core import clock
from shouwang.core.actor import system_actor
from shouwang.divisions import demo
from tests.cases.conftest import Maker, Way
from tests.four_people import FourPeople, Places


@pytest.fixture
def late(way: Way, maker: Maker, places: Places) -> Case:
    case = way.opened(maker(places.village))
    way.opened(maker(places.village))
    Case.objects.filter(pk=case.pk).update(due_on=clock.today() - timedelta(days=1))
    return case


def test_every_village_of_the_scope_is_counted_and_the_sums_are_those_of_the_board(
    way: Way, late: Case, places: Places
) -> None:
    rows = {row.village: row for row in queries.board_by_village(way.cast.officer)}
    assert (rows[places.village].count, rows[places.village].late) == (2, 1)
    assert places.neighbour_village in rows
    board = queries.board(way.cast.officer)
    assert sum(row.late for row in rows.values()) == sum(row.late for row in board)
    own = queries.board_by_village(way.cast.village)
    assert [row.village for row in own] == [places.village]


def test_without_areas_there_are_tiles_with_them_a_map_and_both_lead_to_the_list(
    late: Case, places: Places, four_people: FourPeople
) -> None:
    url = reverse("cases:map")
    client = four_people("county_officer").client("owner")
    plain = client.get(url).content.decode()
    assert "还没有导入村的边界" in plain and 'class="tile level-2"' in plain
    demo.make(system_actor("演示"))
    page = client.get(url)
    option = page.context["chart"].option
    names = {each["name"]: each for each in option["series"][0]["data"]}
    here = names[places.village.code]
    assert here["value"] == 1
    listed = client.get(here["url"])
    assert listed.context["list"].count == 1
    assert {each["properties"]["name"] for each in option["mapData"]["features"]} == set(names)
    assert json.loads(json.dumps(option))
    whole = client.get(url, {"shows": "count"}).context["chart"].option["series"][0]["data"]
    assert {each["name"]: each["value"] for each in whole}[places.village.code] == 2


def test_four_people_look_at_the_map(late: Case, four_people: FourPeople) -> None:
    statuses = four_people("town_clerk").statuses(reverse("cases:map"))
    assert (statuses["owner"], statuses["department"], statuses["nobody"]) == (200, 403, 302)
