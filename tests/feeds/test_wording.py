"""Values as a clerk writes them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shouwang.engine.contracts import Column
from shouwang.feeds.preparing import rulebook
from shouwang.feeds.wording import caption, shown


def column(feed: str, key: str) -> Column:
    return next(each for each in rulebook().feeds[feed].columns if each.key == key)


@pytest.mark.parametrize(
    ("feed", "key", "stored", "text"),
    [
        ("medical_insurance", "insured_year", Decimal("2026.000"), "2026"),
        ("real_estate", "area", Decimal("1234.500"), "1,234.5"),
        ("water_survey", "horizontal_m", Decimal("12000.000"), "12,000"),
        ("temp_relief", "amount", 123450, "1,234.50"),
        ("temp_relief", "relief_date", date(2026, 5, 8), "2026-05-08"),
        ("temp_relief", "amount", None, "—"),
    ],
)
def test_a_value_is_written_as_on_paper(feed: str, key: str, stored: Any, text: str) -> None:
    assert shown(column(feed, key), stored) == text


def test_a_year_has_no_unit_and_a_measure_has_one() -> None:
    assert caption(column("medical_insurance", "insured_year")) == "参保年度"
    assert caption(column("real_estate", "area")).endswith("（平方米）")


def test_every_number_without_a_unit_is_a_year() -> None:
    plain = {
        f"{feed.key}.{each.key}"
        for feed in rulebook().feeds.values()
        for each in feed.columns
        if each.type == "number" and not each.unit
    }
    assert plain == {"medical_insurance.insured_year"}
