"""频次: periods have no gaps, and rules with mistakes are refused by name."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.meetings import cadence

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
KINDS = st.sampled_from(list(cadence.PERIODS))


@given(KINDS, DAYS)
def test_every_day_lies_in_exactly_one_period(kind, day):
    period = cadence.period_of(kind, day)
    assert period.holds(day)
    assert cadence.period_of(kind, period.first) == period == cadence.period_of(kind, period.last)
    assert not cadence.period_of(kind, period.last + timedelta(days=1)).holds(day)


@given(KINDS, DAYS, st.integers(1, 12))
def test_periods_back_join_without_gaps(kind, day, count):
    periods = cadence.periods_back(kind, day, count)
    assert len(periods) == count
    assert periods[-1].holds(day)
    for before, after in pairwise(periods):
        assert before.last + timedelta(days=1) == after.first


@pytest.mark.parametrize(
    ("kind", "day", "label"),
    [
        ("week", date(2026, 1, 1), "2026年第1周"),
        ("month", date(2026, 2, 28), "2026年2月"),
        ("two_months", date(2026, 4, 30), "2026年3—4月"),
        ("quarter", date(2026, 10, 1), "2026年第4季度"),
        ("half_year", date(2026, 7, 1), "2026年下半年"),
        ("year", date(2026, 7, 1), "2026年"),
    ],
)
def test_periods_are_called_as_offices_call_them(kind, day, label):
    assert cadence.period_of(kind, day).label == label


def test_the_rhythms_of_the_source_documents_are_there():
    frameworks = {rule.framework for rule in cadence.rules()}
    assert {"三个一", "46122", "定期走访", "月度研判"} <= frameworks
    assert all(rule.source for rule in cadence.rules())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"body": "nation"}, "body"),
        ({"times": 0}, "times"),
        ({"period": "day"}, "period"),
        ({"source": ""}, "source"),
        ({"often": 1}, "不认识"),
    ],
)
def test_a_rule_with_a_mistake_is_refused_by_name(change, words):
    good = {
        "key": "k", "title": "t", "body": "town", "kind": "study", "times": 1, "period": "month",
        "valid_from": date(2024, 1, 1), "source": "文件",
    }  # fmt: skip
    assert cadence.read({"rules": [good]})
    with pytest.raises(cadence.BadCadence, match=f"k.*{words}"):
        cadence.read({"rules": [good | change]})


def test_a_period_before_the_rule_does_not_count():
    rule = cadence.rules()[0]
    before = cadence.period_of(rule.period, rule.valid_from - timedelta(days=8))
    assert not rule.covers(before)
    assert rule.covers(cadence.period_of(rule.period, rule.valid_from + timedelta(days=8)))
