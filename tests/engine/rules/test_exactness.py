"""Exact numbers, dates of the law, and candidates that leave nobody out."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.prefecture import Prefecture
from shouwang.engine.rulebook import Rulebook
from shouwang.engine.rules import calendar, formats, screening, sql
from shouwang.engine.rules.compiler import Exact
from shouwang.engine.rules.parameters import Entry, Parameter
from shouwang.engine.rules.typed import AMOUNT

DATES = st.dates(date(1900, 1, 1), date(2030, 12, 31))
CON = duckdb.connect()


def rounded(value: Fraction, digits: int) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


@settings(deadline=None)
@given(st.integers(-(10**15), 10**15), st.integers(1, 9))
def test_an_amount_is_rounded_half_up_away_from_zero(fen: int, people: int) -> None:
    text = formats._number(Exact(sql.number(fen), sql.number(people)), "amount")
    found = CON.execute(f"SELECT {sql.render(text)}").fetchone()
    wanted = rounded(Fraction(fen, people * 100), 2)
    assert found == (wanted.replace("-0.00", "0.00"),)
    assert formats.exact_text(Fraction(fen, people), "amount") == found[0]


@settings(deadline=None)
@given(st.integers(-(10**12), 10**12), st.integers(1, 10**12))
def test_a_ratio_has_four_places(part: int, whole: int) -> None:
    text = formats._number(Exact(sql.number(part), sql.number(whole)), "ratio")
    found = CON.execute(f"SELECT {sql.render(text)}").fetchone()
    assert found == (formats.exact_text(Fraction(part, whole), "ratio"),)


@given(DATES, DATES, st.integers(1, 90))
def test_an_age_against_a_number_is_a_birth_date_against_a_day(
    birth: date, day: date, years: int
) -> None:
    had = (day.month, day.day) < (birth.month, birth.day)
    completed = day.year - birth.year - had
    assert (completed >= years) == (birth <= calendar.years_before(day, years))


@given(DATES)
def test_windows_end_on_the_day_and_begin_on_a_first(day: date) -> None:
    for name in ("MONTH", "M3", "M12", "YTD"):
        period = calendar.window(name, day)
        assert period.last == day
        assert period.first.day == 1
    assert calendar.window("PREVIOUS_MONTH", day).last == day.replace(day=1) - timedelta(days=1)


def test_the_most_specific_region_wins_over_a_wider_one() -> None:
    def entry(region: str, first: date, last: date | None, value: int) -> Entry:
        return Entry(region, first, last, Decimal(value), "E")

    entries = (
        entry("000000", date(2020, 1, 1), None, 1),
        entry("990000", date(2025, 1, 1), date(2026, 3, 13), 2),
        entry("990000", date(2026, 3, 14), None, 3),
        entry("999901", date(2026, 6, 1), date(2026, 6, 30), 4),
    )
    parameter = Parameter("x.y", "", "", AMOUNT, entries, "", "", 1)
    regions = ("999901", "990000", "000000")
    found = [
        int(parameter.entry(day, regions).value)
        for day in (
            date(2024, 1, 1),
            date(2026, 3, 13),
            date(2026, 3, 14),
            date(2026, 6, 1),
            date(2026, 7, 1),
        )
    ]
    assert found == [1, 2, 3, 4, 3]
    assert [int(value) for _, _, value in parameter.steps(regions)] == [100, 200, 300, 400, 300]


@pytest.mark.slow
def test_candidates_leave_nobody_out(
    rulebook: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = Prefecture(tmp_path / "data", 6000).make()
    narrowed = screening.screen(rulebook, inputs, date(2026, 6, 30), out=tmp_path / "narrowed")
    plain = screening.evaluate_level
    monkeypatch.setattr(
        screening, "evaluate_level", lambda work, rules: plain(work, rules, whole=True)
    )
    everybody = screening.screen(rulebook, inputs, date(2026, 6, 30), out=tmp_path / "everybody")
    assert pq.read_table(narrowed.hits).equals(pq.read_table(everybody.hits))
    assert len(narrowed.counts) > 30
