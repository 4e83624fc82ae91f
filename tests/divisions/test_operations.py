"""Divisions are made, renamed, merged, split and recoded; the past stays readable."""

from datetime import date

import pytest

from shouwang.audit.chain import verify
from shouwang.audit.queries import history
from shouwang.core.actor import Actor, Scope, system_actor
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.core.rights import rights_of_role
from shouwang.divisions import operations
from shouwang.divisions.levels import Level
from shouwang.divisions.models import Division, Succession
from shouwang.divisions.operations import DivisionRow
from shouwang.divisions.queries import by_code, visible_to
from tests.four_people import Places

SYSTEM = system_actor("命令行")
ON = date(2026, 4, 1)


def officer(division: Division) -> Actor:
    scope = Scope(division.path, "county_officer", rights_of_role("county_officer"))
    return Actor(1, "县", (scope,))


def test_a_new_division_hangs_below_what_its_code_says(places: Places) -> None:
    made = operations.create(SYSTEM, DivisionRow("999901102202", "新桥村", Level.VILLAGE))
    assert made.parent == places.neighbour_town
    assert made.path == f"{places.neighbour_town.path}{made.pk}/"
    assert (made.pinyin, made.initials) == ("xinqiaocun", "xqc")


def test_a_division_without_its_parent_is_refused(places: Places) -> None:
    with pytest.raises(DomainError, match="先新增上级"):
        operations.create(SYSTEM, DivisionRow("999903101201", "远村", Level.VILLAGE))


def test_a_code_in_use_is_refused(places: Places) -> None:
    with pytest.raises(Conflict, match="已被现有区划使用"):
        operations.create(SYSTEM, DivisionRow("999901101201", "又一村", Level.VILLAGE))


def test_a_county_officer_cannot_touch_the_neighbouring_county(places: Places) -> None:
    with pytest.raises(NotFound):
        operations.rename(officer(places.county), places.neighbour_county, name="别县", on=ON)


def test_a_leader_may_look_but_not_change(places: Places) -> None:
    scope = Scope(places.county.path, "county_leader", rights_of_role("county_leader"))
    with pytest.raises(NotAllowed):
        operations.rename(Actor(1, "领导", (scope,)), places.town, name="新镇", on=ON)


def test_an_old_name_is_kept_and_still_found(places: Places) -> None:
    operations.rename(SYSTEM, places.village, name="新湾村", on=ON, document="示政发〔2026〕1号")
    village = Division.objects.get(pk=places.village.pk)
    assert (village.name, village.initials) == ("新湾村", "xwc")
    assert village.former_names.get().valid_to == date(2026, 3, 31)
    assert list(Division.objects.all().matching("柳湾")) == [village]
    line = history("divisions.division", village.pk)[0]
    assert (line.changes[0].old, line.changes[0].new) == ("柳湾村", "新湾村")
    assert line.source == "示政发〔2026〕1号"


def test_of_two_who_rename_at_once_the_second_is_told(places: Places) -> None:
    stale = Division.objects.get(pk=places.village.pk)
    operations.rename(SYSTEM, places.village, name="甲村", on=ON)
    with pytest.raises(Conflict):
        operations.rename(SYSTEM, stale, name="乙村", on=ON)


def test_a_merged_village_is_reached_by_whoever_has_its_successor(places: Places) -> None:
    operations.merge(SYSTEM, [places.village], places.neighbour_village, on=ON)
    old = Division.objects.get(pk=places.village.pk)
    assert (old.valid_to, old.successor) == (date(2026, 3, 31), places.neighbour_village)
    assert old in visible_to(officer(places.neighbour_town))
    assert old not in visible_to(officer(places.town))


def test_a_merged_town_hands_its_villages_over(places: Places) -> None:
    operations.merge(SYSTEM, [places.town], places.neighbour_town, on=ON)
    village = Division.objects.get(pk=places.village.pk)
    assert village.parent == places.neighbour_town
    assert village.path.startswith(places.neighbour_town.path)
    assert village.is_current


def test_an_old_code_leads_to_the_successor(places: Places) -> None:
    operations.merge(SYSTEM, [places.village], places.other_village, on=ON)
    assert by_code("999901101201") == places.other_village
    assert by_code("999901101201", date(2026, 3, 1)) == places.village
    assert by_code("999901101201", date(2026, 5, 1)) == places.other_village


@pytest.mark.parametrize("target", ["village", "town", "county"])
def test_a_village_cannot_be_merged_into(places: Places, target: str) -> None:
    with pytest.raises(DomainError):
        operations.merge(SYSTEM, [places.village], getattr(places, target), on=ON)


def test_a_division_cannot_end_twice(places: Places) -> None:
    operations.merge(SYSTEM, [places.village], places.other_village, on=ON)
    with pytest.raises(Conflict, match="已经撤销"):
        operations.merge(
            SYSTEM, [Division.objects.get(pk=places.village.pk)], places.neighbour_village, on=ON
        )


PARTS = [
    DivisionRow("999901101203", "东湾村", Level.VILLAGE),
    DivisionRow("999901101204", "西湾村", Level.VILLAGE),
]


def test_a_split_village_ends_and_its_parts_begin(places: Places) -> None:
    made = operations.split(SYSTEM, places.village, PARTS, on=ON)
    assert [part.parent for part in made] == [places.town, places.town]
    assert [part.valid_from for part in made] == [ON, ON]
    assert Succession.objects.filter(predecessor=places.village, kind="split").count() == 2
    assert not Division.objects.get(pk=places.village.pk).is_current


def test_a_village_may_give_away_a_part_and_stay(places: Places) -> None:
    operations.split(SYSTEM, places.village, PARTS[:1], on=ON, ends=False)
    assert Division.objects.get(pk=places.village.pk).is_current


def test_a_new_code_takes_all_below_with_it(places: Places) -> None:
    fresh = operations.recode(SYSTEM, places.town, code="999901103000", on=ON)
    assert Division.objects.get(pk=places.village.pk).path.startswith(fresh.path)
    assert by_code("999901101", ON) == fresh
    assert by_code("999901101", date(2026, 3, 31)) == places.town


def test_every_change_stands_in_the_log(places: Places) -> None:
    operations.rename(SYSTEM, places.village, name="甲村", on=ON)
    operations.merge(SYSTEM, [places.other_village], places.village, on=ON)
    assert verify().count == 2
