"""What support, campaigns, outreach and localities count by themselves."""

from datetime import date
from decimal import Decimal

import pytest

from shouwang.campaigns.operations import open_dossier
from shouwang.core.actor import system_actor
from shouwang.core.clock import today
from shouwang.core.figures import all_figures, get_figure
from shouwang.localities.operations import record_test, record_works
from shouwang.outreach.operations import record_event
from shouwang.support import operations

pytestmark = pytest.mark.django_db
ROOMS = ("support.", "campaigns.", "outreach.", "localities.")


def value(key, place, day=None):
    return get_figure(key).count([place.path], day or today())[place.path]


def test_every_figure_counts_places_without_rows_as_zero_and_a_share_of_nothing_not_at_all(places):
    for key, figure in all_figures().items():
        if key.startswith(ROOMS):
            counted = figure.count([places.county.path, places.village.path], today())
            nothing = set() if figure.unit == "%" else {Decimal(0)}
            assert set(counted.values()) == nothing, key


def test_money_visits_and_policies_are_counted_where_the_household_lives(
    household, cast, places, calendar
):
    operations.record_subsidy(
        cast.clerk, household, item="rice", year=2026, amount=Decimal("120.50"),
        paid_on=date(2026, 2, 1),
    )  # fmt: skip
    operations.record_policy(
        cast.clerk, household, kind="crop", insurer="示例财险", sum_insured=Decimal(100),
        premium=Decimal(1), starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 1),
    )  # fmt: skip
    assert value("support.subsidies", places.town) == Decimal("120.50")
    assert value("support.subsidies", places.neighbour_town) == 0
    assert value("support.subsidies", places.county, date(2026, 1, 31)) == 0
    assert value("support.insured", places.village) == 1
    assert value("support.insured", places.village, date(2026, 7, 1)) == 0
    officer = system_actor("测试")
    open_dossier(
        officer, kind="housing", household=household, problem="墙裂", origin="走访",
        found_on=today(),
    )  # fmt: skip
    assert value("campaigns.unsolved", places.county) == 1
    assert value("campaigns.housing_left", places.village) == 1
    assert value("campaigns.water_left", places.village) == 0
    record_event(
        officer, division=places.village, held_on=today(), kind="meeting", place="院坝",
        topic="政策", people=42,
    )  # fmt: skip
    assert value("outreach.reached", places.county) == 42
    works = record_works(
        officer, name="水厂", kind="thousand", villages=[places.village], built_on=date(2020, 1, 1)
    )
    assert value("localities.tests_late", places.town) == 1
    record_test(
        officer, works, tested_on=today(), tested_by="疾控", items="43 项", passed=False,
        failed_items="铁",
    )  # fmt: skip
    assert value("localities.tests_late", places.town) == 0
    assert value("localities.water_problems", places.town) == 1
