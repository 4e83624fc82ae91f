"""Calculators: money is never negative, more is never less, and what is not known is never no."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.engine import Rulebook
from shouwang.engine.rules.parameters import Region, chain
from shouwang.support.calculators import Law, law_on, loans, medical, premiums, students
from shouwang.support.calculators.medical import Bill, Group

DAY = date(2026, 6, 30)
MONEY = st.decimals(min_value=0, max_value=2_000_000, places=2)
MAYBE = st.sampled_from([True, False, None])


def the_law(day: date = DAY) -> Law:
    book = Rulebook.load()
    regions = {one["code"]: Region(**one) for one in book.regions["regions"]}
    documents = {key: each["document"] for key, each in book.sources["sources"].items()}
    return law_on(book.parameters, documents, day, chain("999901", regions))


LAW = the_law()


def bill(total: Decimal, outside: Decimal = Decimal(0), group: Group = Group.ORDINARY) -> Bill:
    return Bill(total, outside, True, True, group)


@given(MONEY, MONEY, st.booleans(), st.booleans(), st.sampled_from(Group))
def test_nothing_is_negative_and_every_cent_is_somewhere(
    total: Decimal, outside: Decimal, in_county: bool, insured: bool, group: Group
) -> None:
    found = medical.reimbursement(Bill(total, outside, in_county, insured, group), LAW)
    own = Decimal(found.steps[-1].value.replace(",", "").replace(" 元", ""))
    assert found.amount is not None
    assert found.amount >= 0 and own >= min(outside, total)
    assert found.amount + own == total


@given(MONEY, MONEY, st.sampled_from(Group))
def test_a_higher_bill_is_never_paid_less(one: Decimal, other: Decimal, group: Group) -> None:
    low, high = sorted((one, other))
    paid = [medical.reimbursement(bill(total, group=group), LAW).amount for total in (low, high)]
    assert paid[0] is not None and paid[1] is not None and paid[0] <= paid[1]


@given(MONEY)
def test_a_group_in_greater_need_never_carries_more(total: Decimal) -> None:
    order = [Group.TEKUN, Group.DIBAO, Group.MONITORED, Group.SERIOUS, Group.ORDINARY]
    paid = [medical.reimbursement(bill(total, group=group), LAW).amount or 0 for group in order]
    assert paid == sorted(paid, reverse=True)


@pytest.mark.parametrize("name", ["total", "outside_policy", "in_county", "insured", "group"])
def test_a_missing_fact_is_named_and_nothing_is_guessed(name: str) -> None:
    known = {
        "total": Decimal(100), "outside_policy": Decimal(0), "in_county": True,
        "insured": True, "group": Group.DIBAO,
    }  # fmt: skip
    found = medical.reimbursement(Bill(**(known | {name: None})), LAW)
    assert found.state == "unknown" and found.amount is None and len(found.missing) == 1


def test_a_bill_is_worked_down_step_by_step_with_the_law_behind_each() -> None:
    found = medical.reimbursement(bill(Decimal(100_000), Decimal(10_000), Group.DIBAO), LAW)
    assert [step.what for step in found.steps] == [
        "政策范围内费用", "基本医保报销", "大病保险起付线", "大病保险支付", "医疗救助", "个人负担",
    ]  # fmt: skip
    # 90000 × 70 % = 63000; floor 19350 × 50 % × 50 % = 4837.50; (27000 − 4837.50) × 65 %
    assert found.steps[1].value == "63,000.00 元"
    assert found.steps[2].value == "4,837.50 元"
    assert found.steps[3].value == "14,405.63 元"
    assert "益阳" in found.steps[1].line.source and "2021-01-01 起" in found.steps[1].line.source


def test_who_is_not_insured_gets_nothing_from_insurance_but_may_be_relieved() -> None:
    found = medical.reimbursement(Bill(Decimal(10_000), Decimal(0), True, False, Group.TEKUN), LAW)
    assert [step.what for step in found.steps] == [
        "政策范围内费用", "基本医保", "医疗救助", "个人负担",
    ]  # fmt: skip
    assert found.amount == Decimal("10000.00")


def test_a_day_without_a_value_says_which_value_is_missing() -> None:
    found = medical.reimbursement(bill(Decimal(100)), the_law(date(2019, 1, 1)))
    assert found.state == "unknown" and "inpatient_share" in found.missing[0]


def asked(**changes: object) -> loans.Asked:
    known: dict = {
        "day": DAY, "birth": date(1980, 1, 1), "is_poverty_alleviated": True,
        "is_monitored": False, "amount": Decimal(50_000), "months": 36,
        "for_production": True, "has_labour": True,
    }  # fmt: skip
    return loans.Asked(**(known | changes))


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "met"),
        ({"amount": Decimal("50000.01")}, "not_met"),
        ({"amount": Decimal(30_000), "other_balance": Decimal(20_001)}, "not_met"),
        ({"amount": Decimal(80_000), "is_top_up": True}, "met"),
        ({"amount": Decimal(0)}, "not_met"),
        ({"months": 37}, "not_met"),
        ({"months": 0}, "not_met"),
        ({"birth": date(2008, 6, 30)}, "met"),
        ({"birth": date(2008, 7, 1)}, "not_met"),
        ({"birth": date(1960, 7, 1)}, "met"),
        ({"birth": date(1960, 6, 30)}, "not_met"),
        ({"is_poverty_alleviated": False, "is_monitored": True}, "met"),
        ({"is_poverty_alleviated": False}, "not_met"),
        ({"is_poverty_alleviated": None}, "unknown"),
        ({"for_production": False}, "not_met"),
        ({"for_production": None}, "unknown"),
        ({"has_labour": None, "months": 40}, "not_met"),
    ],
)
def test_a_loan_is_judged_as_it_stood_on_its_day(changes: dict, state: str) -> None:
    assert loans.eligibility(asked(**changes), LAW).state == state


@given(
    st.one_of(st.none(), st.decimals(-1000, 200_000, places=2)),
    st.one_of(st.none(), st.integers(-5, 80)),
    MAYBE, MAYBE, MAYBE, MAYBE, st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2030, 1, 1))),
)  # fmt: skip
def test_a_loan_that_may_be_given_has_no_unknown_and_keeps_every_limit(
    amount, months, poor, monitored, use, labour, birth
) -> None:
    found = loans.eligibility(
        asked(
            amount=amount, months=months, is_poverty_alleviated=poor, is_monitored=monitored,
            for_production=use, has_labour=labour, birth=birth,
        ),
        LAW,
    )  # fmt: skip
    states = {step.state for step in found.steps}
    expected = "not_met" if "not_met" in states else "unknown" if "unknown" in states else "met"
    assert found.state == expected
    assert found.state != "met" or (0 < amount <= 50_000 and 0 < months <= 36)


FACTS = ("is_tekun", "is_severely_disabled", "is_orphan", "is_dibao", "is_monitored")


@given(st.tuples(MAYBE, MAYBE, MAYBE, MAYBE, MAYBE))
def test_premium_aid_is_full_half_or_none_and_never_guessed(facts: tuple) -> None:
    found = premiums.aid(premiums.Insured(**dict(zip(FACTS, facts, strict=True))), LAW)
    expected = (
        Decimal("420.00") if any(facts[:3])
        else None if None in facts[:3]
        else Decimal("210.00") if any(facts[3:])
        else None if None in facts[3:]
        else Decimal(0)
    )  # fmt: skip
    assert found.amount == expected


@given(st.tuples(MAYBE, MAYBE, MAYBE, MAYBE, MAYBE), st.integers(0, 4), MAYBE)
def test_more_knowledge_never_turns_a_sure_answer_round(
    facts: tuple, place: int, value: bool | None
) -> None:
    before = premiums.aid(premiums.Insured(**dict(zip(FACTS, facts, strict=True))), LAW)
    known = tuple(
        value if number == place and one is None else one for number, one in enumerate(facts)
    )
    after = premiums.aid(premiums.Insured(**dict(zip(FACTS, known, strict=True))), LAW)
    assert before.amount is None or after.amount == before.amount


def student(stage: str | None, **changes: object) -> students.Student:
    known: dict = {
        "is_poverty_alleviated": True, "is_monitored": False, "classes": {"低保家庭学生": True},
        "boards": True,
    }  # fmt: skip
    return students.Student(stage, **(known | changes))


@pytest.mark.parametrize(
    ("given", "amount"),
    [
        (student("secondary_vocational"), Decimal(3000)),
        (student("higher_vocational", is_poverty_alleviated=False), Decimal(0)),
        (student("higher_vocational", is_poverty_alleviated=None), None),
        (student("primary"), Decimal(1250)),
        (student("junior"), Decimal(1500)),
        (student("junior", boards=False), Decimal("750.00")),
        (student("junior", boards=None), None),
        (student("primary", classes={"低保家庭学生": None, "残疾学生": False}), None),
        (student("primary", classes={"低保家庭学生": False}), Decimal(0)),
        (student("university"), Decimal(0)),
        (student(""), Decimal(0)),
        (student(None), None),
    ],
)
def test_student_aid_by_stage_class_and_boarding(
    given: students.Student, amount: Decimal | None
) -> None:
    assert students.aid(given, LAW).amount == amount
