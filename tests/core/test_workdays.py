"""工作日历: terms in calendar and working days over holidays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.core.workdays import CALENDAR, WORKING, workdays

DAYS = st.dates(date(2021, 1, 4), date(2026, 11, 1))


def test_the_day_of_the_event_does_not_count():
    assert workdays().add(date(2026, 6, 1), 5) == date(2026, 6, 6)
    assert workdays().add(date(2026, 6, 1), 5, WORKING) == date(2026, 6, 8)


def test_holidays_are_skipped_and_worked_weekends_count():
    # 2026-09-24 is a Thursday before the Mid-Autumn days off; 10 October is a worked Saturday
    assert workdays().add(date(2026, 9, 24), 1, WORKING) == date(2026, 9, 28)
    assert workdays().is_working(date(2026, 10, 10))
    assert workdays().add(date(2026, 9, 30), 3, WORKING) == date(2026, 10, 10)


def test_a_year_without_publication_counts_monday_to_friday():
    assert not workdays().is_published(date(2027, 1, 1))
    assert workdays().is_working(date(2027, 1, 1))


def test_an_unknown_kind_of_day_is_refused():
    with pytest.raises(ValueError, match="calendar or working"):
        workdays().add(date(2026, 1, 1), 1, "lunar")


@given(DAYS, st.integers(0, 60))
def test_adding_and_counting_agree(start, days):
    for kind in (CALENDAR, WORKING):
        assert workdays().between(start, workdays().add(start, days, kind), kind) == days


@given(DAYS, st.integers(1, 60))
def test_a_term_of_working_days_ends_on_a_working_day_and_is_never_shorter(start, days):
    end = workdays().add(start, days, WORKING)
    assert workdays().is_working(end)
    assert end >= start + timedelta(days=days)


def test_every_worked_day_is_a_weekend_and_every_year_has_its_days_off():
    calendar = workdays()
    assert all(day.weekday() >= 5 for day in calendar.worked)
    assert not calendar.worked & calendar.off
    assert {day.year for day in calendar.off} == set(calendar.years)
