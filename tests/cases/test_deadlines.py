"""Limits are data of a region and a day; working days follow the published calendar."""

from collections import Counter
from datetime import date, timedelta

import pytest

from shouwang.cases import queries
from shouwang.cases.deadlines import due, last_notice_day, near_day, state_due
from shouwang.cases.models import Case
from shouwang.cases.querysets import in_time
from shouwang.cases.regimes import regime_on, regimes
from shouwang.core import clock
from shouwang.registry.models import Household
from tests.cases.conftest import Maker, Way
from tests.four_people import Places

COUNTY, HAINAN = "999901", "469025"


@pytest.mark.parametrize(
    ("key", "start", "county", "wanted"),
    [
        ("chain", date(2025, 9, 1), COUNTY, date(2025, 9, 16)),
        ("chain", date(2025, 9, 1), HAINAN, date(2025, 9, 28)),
        ("accept", date(2025, 9, 30), COUNTY, date(2025, 10, 2)),
        ("review", date(2025, 9, 30), COUNTY, date(2025, 10, 10)),
        ("approval", date(2026, 2, 13), COUNTY, date(2026, 2, 25)),
    ],
)
def test_a_term_by_region_and_kind_of_days(
    key: str, start: date, county: str, wanted: date
) -> None:
    assert due("2021", key, start, county) == wanted


def test_every_state_with_a_limit_has_a_day_in_every_regime() -> None:
    for key in regimes():
        for state in ("consent", "checking", "approval", "exit_notice", "filing"):
            assert state_due(key, state, date(2026, 3, 2), COUNTY) is not None
        assert state_due(key, "monitored", date(2026, 3, 2), COUNTY) is None


def test_the_day_of_posting_does_not_count() -> None:
    assert last_notice_day("2026", date(2026, 4, 1), COUNTY) == date(2026, 4, 6)


@pytest.mark.parametrize(("day", "key"), [(date(2025, 12, 31), "2021"), (date(2026, 1, 1), "2026")])
def test_the_regime_is_that_of_the_day(day: date, key: str) -> None:
    assert regime_on(day).key == key


def test_late_and_near_are_told_in_the_query(way: Way, household: Household) -> None:
    case = way.opened(household)
    timing = lambda: queries.with_timing(queries.cases_visible_to(way.cast.clerk)).get().timing  # noqa: E731
    assert case.due_on == way.calendar.day + timedelta(days=2)
    assert timing() == "near"
    way.calendar.forward(3)
    assert timing() == "late"
    way.consent(case)
    case = way.step(way.cast.village, case, "accept_application")
    assert case.steps.last().was_late
    assert timing() == "intime"


def test_inbox_board_and_towns_tell_the_same_figures(way: Way, household: Household) -> None:
    case = way.opened(household)
    way.calendar.forward(20)
    mine = {each.key: each for each in queries.inbox(way.cast.village)}
    assert (mine["consent"].count, mine["consent"].late) == (1, 1)
    assert "review" not in mine
    assert queries.inbox(way.cast.leader) == []
    board = queries.board(way.cast.officer)
    towns = queries.board_by_town(way.cast.officer)
    assert sum(row.count for row in board) == sum(row.count for row in towns) == 1
    assert sum(row.late for row in board) == sum(row.late for row in towns) == 1
    load = queries.load_per_worker(way.cast.officer)
    assert [(each.name, each.open_cases, each.late) for each in load] == [("村干部", 1, 1)]
    assert list(queries.waiting_cases(way.cast.village)) == [case]


def test_the_funnel_counts_the_same_by_every_group(way: Way, household: Household) -> None:
    way.monitored(way.opened(household))
    for by in ("all", "channel", "department", "rule", "town"):
        (row,) = queries.funnel(way.cast.officer, by)
        assert (row.clues, row.verified, row.cases, row.identified) == (1, 1, 1, 1), by


def test_the_conditions_of_lists_and_boards_part_the_cases_like_their_timing(
    way: Way, maker: Maker, places: Places
) -> None:
    today = clock.today()
    days = [None, today - timedelta(days=1), today, today + timedelta(days=40)]
    for own in days:
        for chain in days:
            case = way.opened(maker(places.village))
            Case.objects.filter(pk=case.pk).update(due_on=own, deadline_on=chain)
    near = near_day(today)
    told = Counter(Case.objects.with_due(today, near).values_list("timing", flat=True))
    for timing in ("late", "near", "intime", "none"):
        found = Case.objects.filter(in_time(timing, today, near))
        assert found.count() == told[timing] > 0
        assert set(found.with_due(today, near).values_list("timing", flat=True)) == {timing}


def test_a_page_far_down_a_list_holds_what_it_would_hold(
    way: Way, maker: Maker, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        way.opened(maker(places.village))
    listed = queries.cases_visible_to(way.cast.clerk).in_order().prefetch_related("risks")
    whole = list(listed)
    monkeypatch.setattr("shouwang.cases.querysets.FAR_DOWN", 2)
    assert list(listed[2:4]) == whole[2:4]
    assert list(listed[4:99]) == whole[4:]
    assert listed[2] == whole[2] and list(listed[0:2]) == whole[0:2]
