"""审核数值: ticked values are taken together, with what was before beside them."""

from decimal import Decimal

import pytest
from django.urls import reverse

from shouwang.indicators import checking
from shouwang.indicators.models import Actual
from shouwang.indicators.operations import accept_actuals, check_actual, report_actual
from shouwang.indicators.periods import Period

pytestmark = pytest.mark.django_db
FORMER, LATEST = Period.read("2025-Q3"), Period.read("2025-Q4")
PAGE, ACCEPT = reverse("indicators:mine"), reverse("indicators:accept")


@pytest.fixture
def values(sewage, places, officer, second):
    """A value of a quarter that was taken, and one of the next to be checked."""
    former = report_actual(officer, sewage, places.county, period=FORMER, value=Decimal("33.1"))
    check_actual(second, former, accept=True)
    latest = report_actual(officer, sewage, places.county, period=LATEST, value=Decimal("34.7"))
    return former, latest


def test_a_value_is_shown_with_the_one_before_it(values, four_people):
    former, latest = values
    county = four_people("county_officer")
    assert checking.to_check(county.actor("owner")) == [latest]
    assert checking.with_former([latest]) == [(latest, former)]
    assert checking.with_former([former]) == [(former, None)]
    page = county.client("owner").get(PAGE).content.decode()
    assert "等我审核（1）" in page and "34.7" in page and "33.1" in page


def test_ticked_values_are_taken_and_others_are_told_of(values, four_people):
    former, latest = values
    client = four_people("county_officer").client("owner")
    answer = client.post(ACCEPT, {"value": [former.pk, latest.pk]}, follow=True)
    words = answer.content.decode()
    assert "已采信 1 个数值" in words and "有 1 个已经由别人审核" in words
    assert Actual.objects.get(pk=latest.pk).state == "accepted"


def test_what_somebody_else_just_sent_back_is_named(values, four_people, second):
    latest = values[1]
    seen = Actual.objects.select_related("definition", "division").get(pk=latest.pk)
    check_actual(second, latest, accept=False, note="少一个村")
    taken, refused = accept_actuals(four_people("county_officer").actor("owner"), [seen])
    assert taken == 0 and "已经审核" in refused[0]


def test_only_who_checks_may_and_hostile_input_is_refused(values, four_people):
    latest = values[1]
    for role in ("town_clerk", "department_officer", "village_worker"):
        four_people(role).client("owner").post(ACCEPT, {"value": latest.pk})
    county = four_people("county_officer")
    county.client("neighbour").post(ACCEPT, {"value": latest.pk})
    assert county.client("nobody").post(ACCEPT, {"value": latest.pk}).status_code == 302
    assert Actual.objects.get(pk=latest.pk).state == "submitted"
    for bad in ({}, {"value": "x"}, {"value": "9" * 30}, {"value": "٣"}):
        assert county.client("owner").post(ACCEPT, bad).status_code == 400
    assert county.client("owner").get(ACCEPT).status_code == 405
