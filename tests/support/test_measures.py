"""Measures: proposed, assigned, answered, carried out; nothing ends while a risk is open."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from shouwang.cases.conditions import Condition, conditions
from shouwang.cases.dossier import open_dossier
from shouwang.cases.models import Case, RegisteredClue
from shouwang.cases.queries import funnel
from shouwang.core import clock
from shouwang.core.actor import Actor, system_actor
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.core.rights import all_rights
from shouwang.registry.models import Household, Member
from shouwang.support import operations
from shouwang.support.facts import case_facts
from shouwang.support.models import Measure, Payment
from shouwang.support.operations import working
from shouwang.support.operations.planning import proposals_for
from shouwang.support.queries.helped import helped, without_development
from shouwang.support.queries.plans import plan_of
from shouwang.support.states import measure_table, relief_table
from tests.cases.conftest import START, Calendar, Cast, Maker
from tests.four_people import Places

pytestmark = pytest.mark.django_db


def planned(cast: Cast, household: Household, item: str = "industry.courtyard") -> Measure:
    return operations.plan_measure(cast.clerk, household, item=item, risk="income")


def step(actor: Actor, measure: Measure, action: str, **given: object) -> Measure:
    measure.refresh_from_db()
    return operations.take_measure_step(actor, measure, action, version=measure.version, **given)


def under_way(
    cast: Cast, agriculture: Actor, household: Household, item: str = "industry.courtyard",
    end: date | None = None,
) -> Measure:  # fmt: skip
    measure = planned(cast, household, item)
    step(cast.clerk, measure, "assign")
    step(agriculture, measure, "accept")
    return step(agriculture, measure, "start", date=START, contract_end=end)


def test_the_table_asks_only_for_checks_and_rights_that_exist() -> None:
    assert measure_table().requirements <= set(working.CHECKS)
    for table in (measure_table(), relief_table()):
        assert {row.right for row in table.transitions} <= set(all_rights())
        assert all(table.state(key).is_end or table.from_state(key) for key in table.states)


def test_the_system_proposes_and_a_person_takes(
    cast: Cast, household: Household, case: Case
) -> None:
    offered = [one for one in proposals_for(household) if one.is_sure]
    assert offered[0].item.is_development and "家里有劳动力" in offered[0].reasons
    made = operations.plan_proposals(cast.clerk, household, [offered[0].key])
    assert [(one.item, one.origin, one.state) for one in made] == [
        (offered[0].item.key, "proposed", "proposed")
    ]
    with pytest.raises(Conflict, match="建议已变化"):
        operations.plan_proposals(cast.clerk, household, [offered[0].key])


def test_a_measure_goes_to_its_department_and_comes_back_with_an_answer(
    cast: Cast, agriculture: Actor, household: Household, case: Case
) -> None:
    measure = planned(cast, household)
    assert not Measure.objects.visible_to(agriculture).exists()
    measure = step(cast.clerk, measure, "assign")
    assert measure.answer_due_on == date(2026, 4, 9)  # five working days, 清明 in between
    assert measure.due_on == START + timedelta(days=30)
    assert list(Measure.objects.of_department(agriculture)) == [measure]
    measure = step(agriculture, measure, "refuse", reason="没有庭院")
    assert measure.state_label == "部门退回" and measure.result == "没有庭院"
    measure = step(cast.clerk, measure, "revise", note="改为车间务工")
    assert measure.state == "proposed" and measure.answer_due_on is None
    assert [one.action for one in measure.steps.all()] == ["plan", "assign", "refuse", "revise"]


def test_another_department_does_not_see_it_and_the_county_does_not_answer_for_it(
    cast: Cast, household: Household, case: Case
) -> None:
    measure = planned(cast, household)
    step(cast.clerk, measure, "assign")
    with pytest.raises(NotFound):
        step(cast.departments["民政局"], measure, "accept")
    with pytest.raises(NotAllowed):
        step(cast.officer, measure, "accept")


def test_the_slower_of_two_is_told(cast: Cast, household: Household, case: Case) -> None:
    measure = planned(cast, household)
    operations.take_measure_step(cast.clerk, measure, "assign", version=1)
    with pytest.raises(Conflict):
        operations.take_measure_step(cast.officer, measure, "assign", version=1)


def test_the_same_measure_stands_once(cast: Cast, household: Household, case: Case) -> None:
    planned(cast, household)
    with pytest.raises(Conflict, match="已经在这一户的帮扶计划里"):
        planned(cast, household)
    assert Measure.objects.count() == 1


def test_a_late_answer_is_late_in_the_record(
    cast: Cast, agriculture: Actor, household: Household, case: Case, calendar: Calendar
) -> None:
    measure = planned(cast, household)
    step(cast.clerk, measure, "assign")
    calendar.forward(20)
    assert list(Measure.objects.late(calendar.day)) == [measure]
    step(agriculture, measure, "accept")
    assert measure.steps.get(action="accept").was_late


def test_help_does_not_end_while_its_risk_is_open(
    cast: Cast, agriculture: Actor, household: Household, case: Case
) -> None:
    measure = under_way(cast, agriculture, household)
    with pytest.raises(DomainError, match="还没有消除"):
        step(cast.clerk, measure, "stop", reason="不做了")
    under_way(cast, agriculture, household, "industry.production_award")
    assert step(cast.clerk, measure, "stop", reason="换成奖补").state == "stopped"


def test_help_may_end_when_its_risk_is_gone(
    cast: Cast, agriculture: Actor, household: Household, case: Case
) -> None:
    measure = under_way(cast, agriculture, household)
    case.risks.update(resolved_on=START)
    assert step(cast.clerk, measure, "stop", reason="风险已消除").state == "stopped"


def test_a_contract_runs_on_after_the_resolution(
    cast: Cast, agriculture: Actor, household: Household, case: Case, calendar: Calendar
) -> None:
    end = START + timedelta(days=400)
    measure = under_way(cast, agriculture, household, "industry.link", end)
    Case.objects.filter(pk=case.pk).update(
        state="resolved", is_open=False, resolved_on=START, resolution_way="helped"
    )
    case.risks.update(resolved_on=START)
    with pytest.raises(DomainError, match="风险消除后也继续执行"):
        step(cast.clerk, measure, "stop", reason="已消除")
    with pytest.raises(DomainError, match="2027-05-06"):
        step(agriculture, measure, "finish", result="完成")
    calendar.forward(401)
    assert step(agriculture, measure, "finish", result="合同期满").state == "done"


def test_what_runs_by_contract_needs_its_end(
    cast: Cast, agriculture: Actor, household: Household, case: Case
) -> None:
    measure = planned(cast, household, "industry.link")
    step(cast.clerk, measure, "assign")
    step(agriculture, measure, "accept")
    with pytest.raises(DomainError, match="请填写到期日期"):
        step(agriculture, measure, "start", date=START)


def test_before_the_identification_only_the_green_way_gives_help(
    cast: Cast, household: Household, monitored: Callable[..., Case]
) -> None:
    case = monitored(household, identified_on=None, state="checking")
    measure = planned(cast, household)
    with pytest.raises(DomainError, match="还没有识别认定"):
        step(cast.clerk, measure, "assign")
    Case.objects.filter(pk=case.pk).update(is_green=True)
    assert step(cast.clerk, measure, "assign").state == "assigned"


def test_who_is_neither_monitored_nor_formerly_poor_is_led_to_a_clue(
    cast: Cast, household: Household
) -> None:
    with pytest.raises(DomainError, match="请先登记线索"):
        planned(cast, household)
    Household.objects.filter(pk=household.pk).update(household_type="脱贫户")
    household.refresh_from_db()
    assert planned(cast, household).case is None


def test_a_household_with_labour_asks_for_development_until_it_really_helps(
    cast: Cast, agriculture: Actor, household: Household, case: Case, calendar: Calendar
) -> None:
    assert list(without_development(helped(cast.officer))) == [case]
    found = plan_of(household).demand
    assert found is not None and not found.is_met and found.due_on == START + timedelta(days=30)
    measure = planned(cast, household)
    step(cast.clerk, measure, "assign")
    assert list(without_development(helped(cast.officer))) == [case]  # a plan helps nobody
    calendar.forward(31)
    late = plan_of(household).demand
    assert late is not None and late.is_late
    step(agriculture, measure, "accept")
    assert list(without_development(helped(cast.officer))) == []
    met = plan_of(household).demand
    assert met is not None and met.is_met


def test_a_household_without_labour_is_secured_by_assistance(
    maker: Maker, places: Places, monitored: Callable[..., Case]
) -> None:
    household = maker(places.village, labour=("无劳动力", "丧失劳动力"))
    monitored(household, "labour_shortage")
    found = plan_of(household).demand
    assert found is not None and found.key == "security" and not found.is_met
    assert not any(one.item.household.get("labour") for one in plan_of(household).proposals)
    Member.objects.filter(household=household).update(dibao="农村低保")
    met = plan_of(household).demand
    assert met is not None and met.is_met


def test_unknown_labour_is_asked_for(
    maker: Maker, places: Places, monitored: Callable[..., Case]
) -> None:
    household = maker(places.village, labour=(None, "无劳动力"))
    monitored(household)
    found = plan_of(household).demand
    assert found is not None and found.is_unknown and not found.is_met


def test_payments_are_noted_by_who_carries_and_never_erased(
    cast: Cast, agriculture: Actor, household: Household, case: Case
) -> None:
    measure = under_way(cast, agriculture, household)
    paid = operations.record_payment(
        agriculture, measure, amount=Decimal("800.50"), paid_on=START, channel="一卡通"
    )
    with pytest.raises(NotAllowed):
        operations.record_payment(cast.clerk, measure, amount=Decimal(1), paid_on=START)
    for amount in (Decimal(0), Decimal(-5), Decimal("1.001"), Decimal("NaN"), Decimal(10**12)):
        with pytest.raises(DomainError):
            operations.record_payment(agriculture, measure, amount=amount, paid_on=START)
    with pytest.raises(DomainError, match="不能晚于今天"):
        operations.record_payment(
            agriculture, measure, amount=Decimal(1), paid_on=START + timedelta(days=1)
        )
    operations.cancel_payment(agriculture, paid, reason="重复登记")
    with pytest.raises(Conflict):
        operations.cancel_payment(agriculture, paid, reason="再来")
    assert Payment.objects.get().cancel_reason == "重复登记"
    assert plan_of(household).measures[0].paid is None  # type: ignore[attr-defined]


def test_what_the_national_system_notes_is_taken_over_once(
    cast: Cast, household: Household, case: Case
) -> None:
    Household.objects.filter(pk=household.pk).update(
        measure_industry="养殖", measure_general="低保", measure_water="无", contact_cadre="王某"
    )
    rows = list(Case.objects.select_related("household", "village"))
    assert operations.adopt_measures(system_actor("命令行"), rows) == 2
    assert operations.adopt_measures(system_actor("命令行"), rows) == 0
    assert operations.adopt_contacts(system_actor("命令行"), rows) == 1
    assert operations.adopt_contacts(system_actor("命令行"), rows) == 0
    found = {one.title: one for one in Measure.objects.all()}
    assert found["产业帮扶"].state == "under_way" and found["产业帮扶"].is_development


def test_the_resolution_learns_how_many_measures_helped(
    cast: Cast, agriculture: Actor, household: Household, case: Case
) -> None:
    assert "measures" not in case_facts(household)
    under_way(cast, agriculture, household)
    planned(cast, household, "industry.production_award")
    assert case_facts(household)["measures"] == 1


def test_the_funnel_counts_households_that_are_helped(
    cast: Cast, agriculture: Actor, household: Household, case: Case
) -> None:
    RegisteredClue.objects.create(
        channel="cadre_visit", village=household.village, household=household, case=case,
        received_on=START, state="attached", registered_at=clock.now(), registered_by_label="x",
    )  # fmt: skip
    planned(cast, household, "industry.production_award")
    assert [row.helped for row in funnel(cast.officer)] == [0]
    under_way(cast, agriculture, household)
    assert [row.helped for row in funnel(cast.officer)] == [1]
    assert {row.key: row.helped for row in funnel(cast.officer, "channel")} == {"cadre_visit": 1}


def reviewed(cast: Cast, household: Household, conclusion: str) -> Condition:
    """What the resolution says of the help after one more review."""
    guarantees = dict.fromkeys(("education_ok", "medical_ok", "housing_ok", "water_ok"), True)
    operations.record_review(
        cast.clerk, household, reviewed_on=START, participants="镇村干部",
        conclusion=conclusion, guarantees=guarantees,
    )  # fmt: skip
    return effect_of(cast, household)


def effect_of(cast: Cast, household: Household) -> Condition:
    current = Case.objects.get(household=household, is_open=True)
    found = conditions(open_dossier(current, cast.clerk))
    return next(each for each in found if each.key == "effect")


def test_the_resolution_reads_the_effect_review_of_its_own_round(
    cast: Cast, household: Household, case: Case
) -> None:
    unsaid = effect_of(cast, household)
    assert (unsaid.state, unsaid.missing, unsaid.blocks) == ("unknown", "成效评议", False)
    going_on = reviewed(cast, household, "continue")
    assert (going_on.state, going_on.blocks) == ("not_met", True)
    stable = reviewed(cast, household, "stable")
    assert stable.is_met and "2026-04-01" in stable.sentence and "成效稳定" in stable.sentence
    Case.objects.filter(pk=case.pk).update(state="resolved", is_open=False)
    case.pk, case.number, case.round = None, "999901-2026-000999", 2
    case.save()
    assert effect_of(cast, household).state == "unknown", "the earlier round is over"


def test_many_are_assigned_and_the_rest_is_explained(
    cast: Cast, household: Household, maker: Maker, places: Places,
    monitored: Callable[..., Case], case: Case,
) -> None:  # fmt: skip
    other = maker(places.village)
    monitored(other, identified_on=None, state="checking")
    planned(cast, household), planned(cast, other)
    outcome = operations.assign_many(cast.clerk, Measure.objects.select_related("household"))
    assert outcome.done == 1 and len(outcome.refused) == 1
