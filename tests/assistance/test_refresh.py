"""更新困难类型: dated, overlapping tags from the lists of civil affairs."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.assistance import demo
from shouwang.assistance.models import HouseholdTier, Referral, TierTag
from shouwang.assistance.operations import is_behind, refresh
from shouwang.core.actor import Actor, Scope
from shouwang.core.errors import NotAllowed

pytestmark = pytest.mark.django_db


def tags(key: str = "member__household__household_no") -> list[tuple]:
    return list(TierTag.objects.order_by("pk").values_list(key, "tier", "valid_from", "valid_to"))


def test_a_person_keeps_one_tag_over_months_and_loses_it_when_missing(
    homes, member, report, officer
):
    one = {"person_id": member("H1").pk, "kind": "dibao", "amount": 40000}
    report(1, [one])
    report(2, [one])
    report(3, [])
    refresh(officer)
    assert tags() == [("H1", "dibao", date(2026, 1, 1), date(2026, 2, 28))]
    assert TierTag.objects.get().months == 2
    assert HouseholdTier.objects.count() == 0


def test_the_reported_day_counts_and_a_return_starts_a_new_tag(homes, member, report, officer):
    one = {"person_id": member("H1").pk, "kind": "dibao", "start_date": date(2024, 5, 1)}
    report(1, [one])
    report(2, [])
    report(3, [one])
    refresh(officer)
    assert [tag[2:] for tag in tags()] == [
        (date(2024, 5, 1), date(2026, 1, 28)),
        (date(2026, 3, 1), None),
    ]


def test_a_month_without_a_list_interrupts_nothing(homes, member, report, officer):
    one = {"person_id": member("H1").pk, "kind": "tekun_central"}
    report(1, [one])
    report(4, [one])
    refresh(officer)
    assert [tag[1:] for tag in tags()] == [("tekun", date(2026, 1, 1), None)]


def test_tiers_overlap_and_the_household_shows_the_deepest_first(homes, member, report, officer):
    report(1, [{"person_id": member("H1").pk, "kind": "marginal", "amount": 1}])
    report(1, [{"person_id": member("H1").pk, "tier": "tekun"}], feed="low_income")
    made = refresh(officer)
    assert made.person_count == 1
    home = HouseholdTier.objects.get()
    assert home.tiers == "特困人员、低保边缘家庭"
    assert home.amount == Decimal("0.01")


def test_unknown_codes_unlinked_rows_and_doubles_give_no_tag(homes, member, report, officer):
    one = {"person_id": member("H1").pk, "kind": "dibao", "amount": 100}
    report(1, [one, one, {"kind": "dibao"}, {"person_id": member("H2").pk, "kind": "新类别"}])
    refresh(officer)
    assert [tag[0] for tag in tags()] == ["H1"]


def test_refreshing_again_changes_nothing_and_says_when_lists_came_since(
    homes, member, report, officer
):
    report(1, [{"person_id": member("H1").pk, "kind": "dibao"}])
    assert is_behind()
    refresh(officer)
    assert not is_behind()
    before = tags()
    refresh(officer)
    assert tags() == before
    report(2, [])
    assert is_behind()


def test_only_the_county_officer_refreshes(homes, report):
    clerk = Actor(1, "镇", (Scope("/", "town_clerk", frozenset({"assistance.view"})),))
    with pytest.raises(NotAllowed):
        refresh(clerk)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(present=st.lists(st.booleans(), min_size=1, max_size=6))
def test_the_tags_cover_exactly_the_lists_that_name_the_person(
    homes, member, report, officer, present
):
    one = {"person_id": member("H1").pk, "kind": "dibao"}
    for month in range(1, 7):
        report(month, [one] if month <= len(present) and present[month - 1] else [])
    refresh(officer)
    for month, named in enumerate([*present, *[False] * (6 - len(present))], 1):
        assert TierTag.objects.on(date(2026, month, 28)).exists() == named


def test_the_demo_has_referrals_in_every_state(officer, homes):
    """H2 and H3 are known to civil affairs alone, H1 to monitoring alone."""
    for key in ("H2", "H3"):
        HouseholdTier.objects.create(household=homes[key], tiers="低保边缘家庭", persons=1)
    assert demo.make(officer) == 3
    found = Referral.objects.values_list("household__household_no", "state")
    assert sorted(found) == [("H1", "taken"), ("H2", "taken"), ("H3", "declined")]
