"""困难类型的条件: what the calculators say, and that they never guess."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.assistance import conditions
from shouwang.assistance.conditions import MET, NOT_MET, UNKNOWN, Facts, Person
from shouwang.engine import Rulebook
from shouwang.screening.explanations import region_chain

BOOK = Rulebook.load()
REGIONS = region_chain(BOOK, "999901")
LINES = conditions.lines_on(BOOK.parameters, date(2026, 6, 30), REGIONS)
MONEY = st.decimals(0, 10**6, places=2)


def facts(**values) -> Facts:
    known = {
        "size": 2, "net_income": Decimal(12000), "rigid_spending": Decimal(0),
        "financial_assets": Decimal(0), "houses": 1, "vehicles": 0,
        "persons": (Person("甲", False), Person("乙", False)),
    }  # fmt: skip
    return Facts(**(known | values))


@pytest.mark.parametrize(
    ("income", "state"), [("13440", MET), ("13440.01", MET), ("13441", NOT_MET), (None, UNKNOWN)]
)
def test_low_income_is_held_against_the_line_of_the_day(income, state):
    # 560 yuan a month and person from 2026 on: 13,440 a year for two; fen below the cent count
    found = conditions.dibao(facts(net_income=Decimal(income) if income else None), LINES)
    expected = NOT_MET if income == "13440.01" else state
    assert found.state == expected


def test_the_cost_of_working_is_deducted_for_each_who_works():
    working = facts(net_income=Decimal(15000), persons=(Person("甲", True), Person("乙", False)))
    assert conditions.dibao(facts(net_income=Decimal(15000)), LINES).state == NOT_MET
    assert conditions.dibao(working, LINES).state == MET
    assert "扣减就业成本" in conditions.dibao(working, LINES).note


def test_a_household_above_the_line_may_still_be_on_the_edge():
    between = facts(net_income=Decimal(18000))
    assert conditions.dibao(between, LINES).state == NOT_MET
    assert conditions.edge(between, LINES).state == MET


def test_rigid_spending_is_a_share_of_the_income():
    half = facts(net_income=Decimal(20000), rigid_spending=Decimal(11999))
    most = facts(net_income=Decimal(20000), rigid_spending=Decimal(12000))
    assert conditions.rigid(half, LINES).state == NOT_MET
    assert conditions.rigid(most, LINES).state == MET


def test_a_second_house_is_to_be_explained_and_never_a_veto():
    found = conditions.dibao(facts(houses=2), LINES)
    assert found.state == UNKNOWN
    assert "说明" in found.conditions[1].line


def test_severely_ill_or_disabled_members_may_apply_alone():
    sick = facts(
        persons=(Person("甲", False, severe=True, severe_words="一级"), Person("乙", False))
    )
    assert conditions.single_person(sick).state == MET
    assert conditions.single_person(facts()).state == NOT_MET


def test_assistance_ends_at_most_a_year_after_work_lifted_the_income():
    assert conditions.grace_until(date(2024, 2, 29), LINES) == date(2025, 2, 28)
    assert conditions.grace_until(date(2026, 1, 15), LINES) == date(2027, 1, 15)


@given(
    size=st.integers(1, 12), income=st.none() | MONEY, spending=st.none() | MONEY,
    houses=st.none() | st.integers(0, 4), works=st.none() | st.booleans(),
)  # fmt: skip
def test_what_is_not_known_is_never_met_and_every_finding_is_a_sentence(
    size, income, spending, houses, works
):
    known = facts(
        size=size, net_income=income, rigid_spending=spending, houses=houses,
        persons=(Person("甲", works),),
    )  # fmt: skip
    for found in conditions.all_findings(known, LINES):
        if income is None and found.tier != "single":
            assert found.state != MET
        assert found.explanation.sentence.endswith("。")


@given(low=MONEY, more=MONEY)
def test_more_income_never_brings_a_household_into_a_tier(low, more):
    poorer, richer = facts(net_income=low), facts(net_income=low + more)
    for tier in (conditions.dibao, conditions.edge):
        assert not (tier(poorer, LINES).state == NOT_MET and tier(richer, LINES).state == MET)
