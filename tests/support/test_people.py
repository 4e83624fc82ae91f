"""Pairing, visits, cards, reviews, relief: who helps, who was there, what it came to."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from shouwang.cases.models import Case, RegisteredClue
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.registry.models import Household
from shouwang.support import operations
from shouwang.support.models import EffectReview, Pairing, PolicyCard, Visit
from shouwang.support.operations.pairing import phone_of
from shouwang.support.queries.coverage import chain_of, coverage
from shouwang.support.queries.helped import (
    by_visit,
    cutoffs,
    helped,
    unpaired,
    visit_state,
    with_help,
)
from shouwang.support.queries.plans import received
from shouwang.support.rhythms import BadRhythms, months_after, months_before, read
from tests.cases.conftest import START, Calendar, Cast, Maker
from tests.four_people import Places

pytestmark = pytest.mark.django_db


def test_a_new_contact_takes_over_and_the_old_one_stays_in_history(
    cast: Cast, household: Household, case: Case, calendar: Calendar
) -> None:
    assert list(unpaired(helped(cast.officer))) == [case]
    operations.pair(cast.clerk, household, name="张三", phone="13800138000")
    calendar.forward(10)
    operations.pair(cast.clerk, household, name="李四", unit="水利局", reason="岗位调整")
    first, second = Pairing.objects.order_by("pk")
    assert (first.valid_to, first.end_reason) == (calendar.day - timedelta(days=1), "岗位调整")
    assert second.valid_to is None and not unpaired(helped(cast.officer)).exists()
    assert b"13800138000" not in bytes(first.phone_enc or b"")
    assert phone_of(first) == "13800138000"


def test_no_risk_resolved_no_contact_withdrawn(
    cast: Cast, household: Household, case: Case
) -> None:
    made = operations.pair(cast.clerk, household, name="张三")
    with pytest.raises(DomainError, match="风险没有消除"):
        operations.end_pairing(cast.clerk, made, reason="调走")
    Case.objects.filter(pk=case.pk).update(is_open=False, state="resolved", resolved_on=START)
    assert operations.end_pairing(cast.clerk, made, reason="已消除").valid_to == START


def test_the_same_contact_is_not_paired_twice_and_a_phone_is_a_phone(
    cast: Cast, household: Household, case: Case
) -> None:
    operations.pair(cast.clerk, household, name="张三")
    with pytest.raises(Conflict):
        operations.pair(cast.clerk, household, name="张三")
    with pytest.raises(DomainError, match="11 位手机号"):
        operations.pair(cast.clerk, household, name="李四", phone="<script>")
    with pytest.raises(DomainError, match="不能晚于今天"):
        operations.pair(cast.clerk, household, name="李四", valid_from=START + timedelta(days=1))


def test_duties_make_the_chain_and_the_coverage(
    cast: Cast, household: Household, case: Case, places: Places
) -> None:
    operations.set_duty(cast.officer, places.county, kind="county_leader", name="县领导甲")
    operations.set_duty(cast.clerk, places.village, kind="village_team", name="驻村队一")
    operations.set_duty(cast.clerk, places.village, kind="village_team", name="驻村队二")
    with pytest.raises(NotAllowed):
        operations.set_duty(cast.village, places.village, kind="department", name="民政局")
    with pytest.raises(NotFound):
        operations.set_duty(cast.clerk, places.neighbour_village, kind="department", name="民政局")
    links = {link.label: link.name for link in chain_of(places.village, [])}
    assert links["联点县领导"] == "县领导甲" and links["驻村工作队"] == "驻村队二"
    (row,) = coverage(cast.officer, type(places.village).objects.filter(level="village"))
    assert row.missing == ["帮扶单位", "1 户没有联系人"] and not row.is_whole


def test_who_was_not_visited_is_visible_at_once(
    cast: Cast, household: Household, case: Case, calendar: Calendar
) -> None:
    def states() -> list[str]:
        rows = with_help(helped(cast.officer))
        return [
            *[state for state in ("late", "near", "fine")
              if by_visit(rows, state, calendar.day).exists()],
            visit_state(rows.get(), cutoffs(calendar.day)),
        ]  # fmt: skip

    assert states() == ["fine", "fine"]
    calendar.set(date(2026, 4, 26))
    assert states() == ["near", "near"]
    calendar.set(date(2026, 5, 2))
    assert states() == ["late", "late"]
    operations.record_visit(cast.village, household, visited_on=calendar.day, visitors="村干部")
    assert states() == ["fine", "fine"]


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 5, 31), 3, date(2026, 2, 28)),
        (date(2026, 12, 31), 12, date(2025, 12, 31)),
    ],
)
def test_months_end_where_the_month_ends(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before
    assert months_after(before, months) <= day


def test_a_rhythm_that_stands_twice_is_refused() -> None:
    row = {
        "applies_to": "monitored", "label": "监测", "months": 1, "basis": "", "source": "X",
        "valid_from": date(2021, 1, 1), "valid_to": None,
    }  # fmt: skip
    with pytest.raises(BadRhythms, match="stands twice"):
        read({"rhythms": [row, row], "near_days": 7})


def test_a_failing_item_raises_one_clue_and_a_form_sent_twice_is_one_visit(
    cast: Cast, household: Household, case: Case
) -> None:
    operations.pair(cast.clerk, household, name="村干部")
    token = uuid.uuid4()
    given = {
        "visited_on": START, "visitors": "村干部、会计", "template": "six_looks_six_checks",
        "answers": {"look_house": "有隐患", "check_medical": "否", "look_water": "有保障"},
        "situation": "电话 13800138000", "token": token,
    }  # fmt: skip
    made = operations.record_visit(cast.village, household, **given)  # type: ignore[arg-type]
    again = operations.record_visit(cast.village, household, **given)  # type: ignore[arg-type]
    assert made.pk == again.pk and made.failing == 2 and made.by_contact
    clue = RegisteredClue.objects.get()
    assert (clue.channel, clue.risks, clue.household_id) == (
        "cadre_visit", ["housing", "illness"], household.pk,
    )  # fmt: skip
    assert "13800138000" not in made.situation


def test_what_the_case_is_about_already_raises_no_clue(
    cast: Cast, household: Household, monitored: Callable[..., Case]
) -> None:
    monitored(household, "housing")
    operations.record_visit(
        cast.village, household, visited_on=START, visitors="村干部",
        template="six_looks_six_checks", answers={"look_house": "有隐患"},
    )  # fmt: skip
    assert not RegisteredClue.objects.exists() and Visit.objects.get().failing == 1


def test_an_answer_that_is_no_choice_and_a_visit_of_tomorrow_are_refused(
    cast: Cast, household: Household
) -> None:
    for changes, words in (
        ({"answers": {"look_house": "<b>"}}, "看不懂"),
        ({"visited_on": START + timedelta(days=1)}, "不能晚于今天"),
        ({"template": "nothing"}, "没有这份清单"),
        ({"visitors": " "}, "请填写走访人"),
        ({"situation": "长" * 1001}, "最多 1000 个字"),
    ):
        given = {"visited_on": START, "visitors": "甲", "template": "six_looks_six_checks"}
        with pytest.raises(DomainError, match=words):
            operations.record_visit(cast.village, household, **(given | changes))  # type: ignore[arg-type]
    assert not Visit.objects.exists()


def test_a_stable_household_has_every_guarantee_and_no_measure_that_fails(
    cast: Cast, household: Household, case: Case
) -> None:
    given = {"reviewed_on": START, "participants": "村两委", "conclusion": "stable"}
    good = dict.fromkeys(("education_ok", "medical_ok", "housing_ok", "water_ok"), True)
    with pytest.raises(DomainError, match="饮水安全没有确认"):
        operations.record_review(
            cast.clerk, household, guarantees={**good, "water_ok": None}, **given
        )  # type: ignore[arg-type]
    measure = operations.plan_measure(
        cast.clerk, household, item="industry.courtyard", risk="income"
    )
    with pytest.raises(DomainError, match="还未见效"):
        operations.record_review(
            cast.clerk, household, guarantees=good, verdicts={measure.pk: "not_yet"}, **given
        )  # type: ignore[arg-type]
    with pytest.raises(DomainError, match="不属于这一户"):
        operations.record_review(
            cast.clerk, household, guarantees=good, verdicts={10**9: "worked"}, **given
        )  # type: ignore[arg-type]
    operations.record_review(
        cast.clerk, household, guarantees=good, verdicts={measure.pk: "worked"},
        income_before=Decimal(8000), income_after=Decimal(12000), **given,
    )  # type: ignore[arg-type]  # fmt: skip
    assert EffectReview.objects.get().change == Decimal(4000)


def test_a_card_has_one_token_that_says_nothing(
    cast: Cast, household: Household, case: Case
) -> None:
    first = operations.card_for(cast.clerk, household)
    assert operations.card_for(cast.officer, household).token == first.token
    assert household.household_no not in str(first.token)
    operations.hand_over(cast.village, first, handed_on=START, received_by="户主")
    assert PolicyCard.objects.get().received_by == "户主"


def test_relief_goes_through_three_hands(
    cast: Cast, household: Household, case: Case, calendar: Calendar
) -> None:
    made = operations.apply_relief(
        cast.clerk, household, risk="illness", reason="自付 2 万元", asked=Decimal(5000),
        applied_on=START,
    )  # fmt: skip

    def step(actor: Actor, action: str, **given: object) -> object:
        made.refresh_from_db()
        return operations.take_relief_step(actor, made, action, version=made.version, **given)

    with pytest.raises(DomainError, match="由您本人办理"):
        step(cast.clerk, "review", note="同意")
    with pytest.raises(NotAllowed):
        step(cast.village, "review", note="同意")
    step(cast.leader, "review", note="属实")
    with pytest.raises(DomainError, match="请填写核定金额"):
        step(cast.approver, "approve", note="同意")
    with pytest.raises(DomainError, match="不能超过申请金额"):
        step(cast.approver, "approve", note="同意", granted=Decimal(6000))
    step(cast.approver, "approve", note="同意", granted=Decimal(4000))
    with pytest.raises(NotAllowed):
        step(cast.clerk, "pay", date=START)
    step(cast.officer, "pay", date=START, channel="一卡通")
    made.refresh_from_db()
    assert made.state == "paid" and made.payment is not None
    assert [(line.amount, line.source) for line in received(household)] == [
        (Decimal("4000.00"), "救助基金")
    ]
    with pytest.raises(Conflict):
        step(cast.officer, "pay", date=START)


def test_a_neighbour_reaches_nothing(cast: Cast, maker: Maker, places: Places) -> None:
    other = maker(places.neighbour_village, household_type="脱贫户")
    for call in (
        lambda: operations.plan_measure(cast.clerk, other, item="industry.courtyard"),
        lambda: operations.pair(cast.clerk, other, name="张三"),
        lambda: operations.record_visit(cast.village, other, visited_on=START, visitors="甲"),
        lambda: operations.card_for(cast.clerk, other),
        lambda: operations.apply_relief(
            cast.clerk, other, risk="illness", reason="困难", asked=Decimal(1), applied_on=START
        ),
        lambda: operations.record_review(
            cast.clerk, other, reviewed_on=START, participants="甲", conclusion="continue"
        ),
    ):
        with pytest.raises(NotFound):
            call()
