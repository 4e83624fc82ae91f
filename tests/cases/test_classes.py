"""The class that facts speak for, in both regimes, and how one regime reads the other's."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.cases.classing import propose
from shouwang.cases.facts import Facts
from shouwang.cases.models import Case
from shouwang.cases.regimes import counted_class, from_2021, regime, to_2021
from shouwang.core.errors import DomainError, NotAllowed
from shouwang.registry.models import Household
from tests.cases.conftest import Way

D = Decimal
POOR_LINE = Facts(
    risks=("illness",), was_poor=False, size=2, net=D(12_000), per_person=D(6_000),
    self_paid=D(0), before=D(6_000), line=D(8_800), rigid_share=D("0.4"), fall_share=D("0.3"),
    event=False, full_labour=True, some_labour=True,
)  # fmt: skip
RICH = replace(POOR_LINE, net=D(40_000), per_person=D(20_000), before=D(20_000))


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        (POOR_LINE, "marginal"),
        (replace(POOR_LINE, was_poor=True), "unstable_exit"),
        (replace(POOR_LINE, per_person=D(8_800)), "marginal"),
        (replace(RICH, self_paid=D(16_000)), "sudden_hardship"),
        (replace(RICH, before=D(30_000)), "sudden_hardship"),
        (replace(RICH, self_paid=D(16_000), was_poor=True), "sudden_hardship"),
    ],
)
def test_the_three_classes_of_2021(facts: Facts, wanted: str) -> None:
    assert propose(regime("2021"), facts).keys == {"class": wanted}


@pytest.mark.parametrize("facts", [RICH, replace(POOR_LINE, risks=())])
def test_without_a_risk_or_above_the_line_without_hardship_nobody_is_proposed(
    facts: Facts,
) -> None:
    found = propose(regime("2021"), facts)
    assert (found.keys, found.state) == ({}, "not_met")


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (replace(POOR_LINE, per_person=None), "人均纯收入"),
        (replace(POOR_LINE, line=None), "监测范围线"),
        (replace(POOR_LINE, was_poor=None), "户类型"),
        (replace(RICH, self_paid=None), "合规自付支出"),
    ],
)
def test_a_missing_fact_is_said_and_not_guessed(facts: Facts, missing: str) -> None:
    found = propose(regime("2021"), facts)
    assert (found.keys, found.state) == ({}, "unknown")
    assert missing in found.sentence


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        (POOR_LINE, ("heavy", "income", "able")),
        (replace(POOR_LINE, self_paid=D(6_000)), ("severe", "spending", "able")),
        (replace(POOR_LINE, event=True, full_labour=False), ("heavy", "sudden", "weak")),
        (replace(POOR_LINE, full_labour=False, some_labour=False), ("heavy", "income", "none")),
        (replace(RICH, event=True), ("light", "sudden", "able")),
    ],
)
def test_the_three_sides_of_2026(facts: Facts, wanted: tuple[str, str, str]) -> None:
    keys = propose(regime("2026"), facts).keys
    assert (keys["difficulty"], keys["type"], keys["labour"]) == wanted


@given(
    risks=st.sampled_from([(), ("illness",), None]),
    was_poor=st.none() | st.booleans(),
    per_person=st.none() | st.decimals(0, 30_000, places=2),
    self_paid=st.none() | st.decimals(0, 60_000, places=2),
    key=st.sampled_from(["2021", "2026"]),
)
def test_a_proposal_is_whole_or_there_is_none(
    risks: tuple[str, ...] | None,
    was_poor: bool | None,
    per_person: Decimal | None,
    self_paid: Decimal | None,
    key: str,
) -> None:
    facts = replace(
        POOR_LINE, risks=risks, was_poor=was_poor, per_person=per_person, self_paid=self_paid,
        net=None if per_person is None else per_person * 2,
    )  # fmt: skip
    rules = regime(key)
    found = propose(rules, facts)
    assert bool(found.keys) is (found.state == "met")
    if found.keys:
        assert risks
        assert rules.checked_class(found.keys) == found.keys


@pytest.mark.parametrize("was_poor", [True, False])
@pytest.mark.parametrize("old", ["unstable_exit", "marginal", "sudden_hardship"])
def test_a_class_of_2021_read_in_2026_is_the_same_class_again(old: str, was_poor: bool) -> None:
    if old == ("marginal" if was_poor else "unstable_exit"):
        pytest.skip("the class contradicts the kind of household")
    assert to_2021(from_2021(old), was_poor) == old
    assert counted_class("2021", {"class": old}, was_poor) == old


def test_a_person_decides_and_says_why_if_otherwise(way: Way, household: Household) -> None:
    case = way.to_review(way.opened(household))
    case.refresh_from_db()
    proposed = case.proposed
    with pytest.raises(NotAllowed):
        way.decide(way.cast.officer, case, proposed)
    with pytest.raises(DomainError, match="写明理由"):
        way.decide(way.cast.clerk, case, {**proposed, "difficulty": "severe"})
    with pytest.raises(DomainError, match="请选择"):
        way.decide(way.cast.clerk, case, {**proposed, "difficulty": "none at all"})
    case = way.decide(way.cast.clerk, case, {**proposed, "difficulty": "severe"}, "常年照护")
    assert (case.class_key, case.departure_reason) == ("marginal", "常年照护")
    assert Case.objects.get().class_label.startswith("严重困难")
    step = way.step(way.cast.leader, case, "pass_review")
    assert step.state == "approval"


def test_the_reasons_are_kept_with_the_proposal(way: Way, household: Household) -> None:
    case = way.opened(household)
    way.checked(case)
    case.refresh_from_db()
    head, *reasons = case.proposal_reasons
    assert head["sentence"] == "建议认定为较重困难·收入型·有劳动能力"
    income = next(each for each in reasons if each["dimension"] == "type")
    line = next(each for each in income["findings"] if each["key"] == "within_line")
    assert (line["value"], line["threshold"]) == ("6,000.00 元", "8,800.00 元")
    assert line["source"]
