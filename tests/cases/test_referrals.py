"""What civil affairs proposes becomes a clue by itself; what is monitored is proposed to it."""

import pytest
from django.urls import reverse

from shouwang.assistance.models import HouseholdTier, Referral
from shouwang.assistance.operations import answer_referral, refer
from shouwang.assistance.querysets import on_side
from shouwang.cases import operations, queries
from shouwang.cases.models import RegisteredClue
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.registry.models import Household
from tests.cases.conftest import Way
from tests.four_people import FourPeople


@pytest.fixture
def low_income(household: Household) -> Household:
    HouseholdTier.objects.create(household=household, tiers="低保对象", persons=1)
    return household


def proposed(way: Way, household: Household) -> Referral:
    return refer(
        way.cast.officer, household, direction="to_monitoring", reason="在册低保，未纳入监测"
    )


def answered(way: Way, referral: Referral, action: str, reason: str = "") -> Referral:
    return answer_referral(
        way.cast.officer, referral, action=action, reason=reason, version=referral.version
    )


def test_what_monitoring_takes_from_civil_affairs_becomes_a_clue(
    way: Way, low_income: Household
) -> None:
    referral = answered(way, proposed(way, low_income), "take")
    clue = RegisteredClue.objects.get(household=low_income)
    assert (clue.channel, clue.department, clue.state) == ("department", "民政局", "received")
    assert clue.received_on == way.calendar.day and clue.due_on is not None
    assert "在册低保" in clue.text and "低保对象" in clue.text
    label, url = queries.referral_traces(way.cast.officer, referral)[0]
    assert "待核实" in label and url == reverse("cases:clue", args=[clue.uuid])
    case = operations.open_case(way.cast.village, clues=[clue])
    assert case.clock_started_on == way.calendar.day
    assert case.number in queries.referral_traces(way.cast.officer, referral)[1][0]


def test_a_household_in_work_keeps_its_case(way: Way, low_income: Household) -> None:
    referral = proposed(way, low_income)
    case = way.opened(low_income)
    answered(way, referral, "take")
    assert RegisteredClue.objects.get(department="民政局").case == case


def test_what_is_declined_leaves_no_clue(way: Way, low_income: Household) -> None:
    answered(way, proposed(way, low_income), "decline", "收入高于监测线")
    assert not RegisteredClue.objects.exists()


def test_nothing_is_taken_if_the_clue_cannot_be_registered(
    way: Way, low_income: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral = proposed(way, low_income)
    operations.register_clue(
        way.cast.officer, channel="department", village=low_income.village, household=low_income,
        received_on=way.calendar.day, outside_no=f"转介{referral.pk}",
    )  # fmt: skip
    with pytest.raises(Conflict, match="已经登记过"):
        answered(way, referral, "take")
    referral.refresh_from_db()
    assert referral.state == "open"


def test_a_monitored_household_is_proposed_to_civil_affairs_and_its_answer_is_in_the_record(
    way: Way, household: Household
) -> None:
    case = way.opened(household)
    with pytest.raises(Conflict, match="已纳入监测"):
        operations.refer_to_civil(way.cast.clerk, case, reason="整户没有劳动能力")
    case = way.monitored(case)
    assert on_side(way.cast.officer, "monitored_only").filter(pk=household.pk).exists()
    with pytest.raises(NotAllowed):
        operations.refer_to_civil(way.cast.village, case, reason="整户没有劳动能力")
    with pytest.raises(DomainError, match="转介理由"):
        operations.refer_to_civil(way.cast.clerk, case, reason=" ")
    made = operations.refer_to_civil(way.cast.clerk, case, reason="整户没有劳动能力")
    with pytest.raises(Conflict, match="等待答复"):
        operations.refer_to_civil(way.cast.clerk, case, reason="再次转介")
    answered(way, made, "take")
    told = list(case.steps.filter(action__startswith="refer").values_list("action", "note"))
    assert told == [("referred", ""), ("referral_answered", "已纳入核实")]


def test_the_case_offers_the_way_to_civil_affairs_once(
    way: Way, household: Household, four_people: FourPeople
) -> None:
    case = way.monitored(way.opened(household))
    url = reverse("cases:refer", args=[case.number])
    four = four_people("town_clerk")
    statuses = four.statuses(url)
    assert (statuses["owner"], statuses["neighbour"]) == (200, 404)
    assert statuses["department"] == 403 and statuses["nobody"] == 302
    client = four.client("owner")
    page = reverse("cases:case", args=[case.number])
    assert url in client.get(page).content.decode()
    assert client.post(url, {"reason": "整户没有劳动能力"}).status_code == 302
    assert url not in client.get(page).content.decode()
    assert Referral.objects.get().direction == "to_civil"
