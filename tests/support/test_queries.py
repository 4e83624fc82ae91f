"""Fragments of the room ask the database as often for thirty rows as for one."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.support import operations

pytestmark = pytest.mark.django_db
TABS = ("plan", "people", "money", "policies", "effect")
LISTS = ("industries", "insurance", "subsidies")


def fill(cast, household, numbers) -> None:
    """One industry, policy, subsidy and visit for each number."""
    for number in numbers:
        day = date(2026, 1, 1) + timedelta(days=number)
        operations.record_industry(
            cast.clerk, household, year=2026, kind="planting", what=f"作物{number}",
            enterprise="示例合作社", link="order",
        )  # fmt: skip
        operations.record_policy(
            cast.clerk, household, kind="crop", insurer="示例财险", subject=f"作物{number}",
            sum_insured=Decimal(600), premium=Decimal(18), starts_on=date(2026, 1, 1),
            ends_on=date(2026, 12, 31),
        )  # fmt: skip
        operations.record_subsidy(
            cast.clerk, household, item="farmland", year=2026, amount=Decimal(9), paid_on=day
        )
        operations.record_visit(
            cast.clerk, household, visited_on=day, visitors="村干部", situation="没有大的变化。"
        )


def queries(client, urls) -> dict[str, int]:
    found = {}
    for url in urls:
        client.get(url, headers={"HX-Request": "true"})
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(url, headers={"HX-Request": "true"})
        assert answer.status_code == 200, url
        found[url] = len(asked)
    return found


def test_a_fragment_asks_no_more_for_thirty_rows_than_for_one(cast, household, case, four_people):
    page = reverse("support:household", args=[household.household_no])
    urls = [
        reverse("support:household-help", args=[household.household_no]),
        *(f"{page}?tab={tab}" for tab in TABS),
        *(reverse("support:register", args=[kind]) for kind in LISTS),
        reverse("support:visits"), reverse("support:industry-totals"),
    ]  # fmt: skip
    client = four_people("town_clerk").client("owner")
    fill(cast, household, range(1))
    one = queries(client, urls)
    assert min(one.values()) > 0
    fill(cast, household, range(1, 30))
    thirty = queries(client, urls)
    assert {url: (one[url], thirty[url]) for url in urls if thirty[url] > one[url]} == {}
