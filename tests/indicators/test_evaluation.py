"""评价: how a value stands, for every kind of comparison."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.indicators.evaluation import Asked, assess
from shouwang.indicators.parameters import lights_on
from shouwang.indicators.periods import Period
from shouwang.indicators.trends import forecast

LIGHTS = lights_on(date(2026, 1, 1))
YEAR = Period.read("2026")


def standing(asked, value, on=date(2026, 7, 1), period=YEAR, is_reached=None):
    number = None if value is None else Decimal(str(value))
    return assess(asked, value=number, is_reached=is_reached, period=period, on=on, lights=LIGHTS)


@pytest.mark.parametrize(
    ("comparison", "value", "expected"),
    [
        ("at_least", 40, "met"), ("at_least", 37, "on_way"), ("at_least", 20, "behind"),
        ("at_most", 40, "met"), ("at_most", 80, "behind"), ("zero", 0, "met"),
        ("zero", 1, "missed"), ("removed", 3, "behind"), ("above_upper", 30, "behind"),
        ("above_upper", 39, "met"), ("reach_upper", 38, "met"), ("none", 1, "not_asked"),
        ("text", None, "unknown"), ("at_least", None, "unknown"),
    ],
)  # fmt: skip
def test_each_comparison(comparison, value, expected):
    asked = Asked(comparison, target=Decimal(40), target_year=2026, upper=Decimal(38))
    assert standing(asked, value).standing == expected


def test_a_range_has_two_ends_and_words_are_answered_with_yes_or_no():
    asked = Asked("range", target=Decimal(30), target2=Decimal(50), target_year=2026, unit="%")
    assert standing(asked, 40).is_met
    assert standing(asked, 55).gap == -5
    assert standing(Asked("text"), None, is_reached=True).is_met


def test_after_the_year_of_the_target_what_is_short_is_missed():
    asked = Asked("at_least", target=Decimal(40), target_year=2025)
    result = standing(asked, 39, on=date(2026, 1, 1))
    assert (result.standing, result.gap, result.attainment) == ("missed", -1, Decimal("97.5"))


def test_an_amount_that_grows_through_the_year_is_held_against_the_time():
    asked = Asked("at_least", target=Decimal(100), target_year=2026, accumulates=True)
    half = Period.read("2026-H1")
    assert standing(asked, 48, period=half).standing == "on_way"
    assert standing(asked, 30, period=half).standing == "behind"


def test_from_a_base_the_way_counts_and_not_the_height():
    asked = Asked(
        "at_least", target=Decimal(90), target_year=2030, base=Decimal(80), base_year=2025
    )
    assert standing(asked, 82, on=date(2027, 1, 1)).standing == "on_way"
    assert standing(asked, 81, on=date(2027, 1, 1)).standing == "behind"


@given(
    st.sampled_from(["at_least", "at_most", "zero", "removed", "above_upper", "reach_upper"]),
    st.decimals(-1000, 1000, places=2), st.decimals(-1000, 1000, places=2),
)  # fmt: skip
def test_met_means_no_gap_and_no_figure_makes_it_fail(comparison, value, line):
    asked = Asked(comparison, target=line, upper=line, target_year=2026)
    result = standing(asked, value)
    assert result.gap is not None
    if result.is_met:
        assert result.gap >= 0
    if result.attainment is not None:
        assert 0 <= result.attainment <= 9999


@pytest.mark.parametrize(
    ("text", "key", "label"),
    [("2026", "2026", "2026年"), ("2026年第三季度", "2026-Q3", "2026年三季度"),
     ("2026年上半年", "2026-H1", "2026年上半年"), ("2026-06", "2026-06", "2026年6月"),
     ("2026年12月", "2026-12", "2026年12月")],
)  # fmt: skip
def test_periods_are_read_as_people_write_them(text, key, label):
    period = Period.read(text)
    assert (period.key, period.label) == (key, label)
    assert Period.read(period.key) == Period.read(period.label) == period
    assert period.following().previous() == period


@given(st.text(max_size=12))
def test_any_other_text_is_no_period(text):
    try:
        Period.read(text)
    except ValueError as error:
        assert "期间" in str(error)


def test_the_line_through_the_last_periods():
    known = [(Period.of_year(year), Decimal(10 * (year - 2020))) for year in (2022, 2023, 2024)]
    found = forecast(known, Period.of_year(2026), points=6, least=3)
    assert abs(found.value - 60) < Decimal("0.5")
    assert forecast(known[:2], Period.of_year(2026), points=6, least=3) is None
    assert forecast(known, Period.of_year(2023), points=6, least=3) is None


def test_no_line_leads_below_nothing_or_above_the_whole():
    falling = [(Period.of_year(2021 + at), Decimal(9 - 4 * at)) for at in range(3)]
    assert forecast(falling, Period.of_year(2030), points=6, least=3).value == 0
    rising = [(Period.of_year(2021 + at), Decimal(90 + 4 * at)) for at in range(3)]
    assert forecast(rising, Period.of_year(2026), points=6, least=3).value > 100
    assert forecast(rising, Period.of_year(2026), points=6, least=3, is_share=True).value == 100
    losses = [(Period.of_year(2021 + at), Decimal(-1 - at)) for at in range(3)]
    assert forecast(losses, Period.of_year(2026), points=6, least=3).value < -3
