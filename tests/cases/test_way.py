"""The whole way of a household, in and out, by those who take each step."""

from datetime import date

import pytest

from shouwang.audit.models import AuditEntry
from shouwang.cases import operations
from shouwang.cases.conditions import conditions
from shouwang.cases.dossier import open_dossier
from shouwang.cases.models import Approval, Case, Notice, RegisteredClue
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.registry.models import Household
from tests.cases.conftest import Calendar, Maker, Way
from tests.four_people import Places


def test_a_household_comes_through_the_nine_steps(way: Way, household: Household) -> None:
    case = way.monitored(way.opened(household))
    assert (case.state, case.regime, case.round) == ("monitored", "2026", 1)
    assert case.identified_on == way.calendar.day
    assert case.due_on is None and case.deadline_on is None
    assert case.entry_snapshot["per_person"] == "6000.00"
    clue = RegisteredClue.objects.get(case=case)
    assert (clue.state, clue.conclusion) == ("closed", "to_include")
    moves = [step.action for step in case.steps.all() if step.from_state != step.to_state]
    assert moves == [
        "opened", "accept_application", "finish_check", "pass_appraisal", "end_notice",
        "pass_review", "approve", "end_announcement", "file",
    ]  # fmt: skip
    logged = AuditEntry.objects.filter(target_id=case.number, action__startswith="cases.case.")
    assert logged.count() == case.steps.count()


def test_and_out_again_with_a_second_chain_of_steps(way: Way, household: Household) -> None:
    case = way.monitored(way.opened(household))
    way.calendar.forward(200)
    case = way.resolved(case)
    assert (case.state, case.is_open, case.resolution_way) == ("resolved", False, "natural")
    assert case.exit_snapshot["per_person"] == "20000.00"
    assert all(risk.resolved_on for risk in case.risks.all())
    assert case.follow_up_due_on is not None


def test_a_case_that_began_in_2025_keeps_its_three_classes(
    way: Way, household: Household, calendar: Calendar
) -> None:
    calendar.set(date(2025, 12, 20))
    case = way.opened(household)
    calendar.set(date(2026, 1, 8))
    way.checked(case)
    case.refresh_from_db()
    assert case.regime == "2021"
    assert case.proposed == {"class": "marginal"}


def test_the_next_step_opens_only_when_the_days_of_the_notice_are_over(
    way: Way, household: Household
) -> None:
    case = way.opened(household)
    way.checked(case)
    way.noticed(case)
    way.calendar.forward(5)
    with pytest.raises(DomainError, match="才满"):
        way.step(way.cast.village, case, "end_notice")
    way.calendar.forward(1)
    assert way.step(way.cast.village, case, "end_notice").state == "review"


def test_a_notice_cannot_be_dated_back(way: Way, household: Household) -> None:
    case = way.opened(household)
    way.checked(case)
    way.appraise(case)
    case = way.step(way.cast.village, case, "pass_appraisal")
    with pytest.raises(DomainError, match="张贴日期"):
        operations.publish_notice(
            way.cast.village, [case], kind="publicity", published_on=date(2026, 3, 1)
        )


def test_a_case_is_named_on_one_notice_only(way: Way, household: Household) -> None:
    case = way.opened(household)
    way.checked(case)
    case = way.noticed(case)
    with pytest.raises(Conflict, match="不能重复张贴"):
        operations.publish_notice(way.cast.village, [case], kind="publicity")
    assert Notice.objects.count() == 1


def test_an_objection_holds_the_case_up_until_it_is_handled(way: Way, household: Household) -> None:
    case = way.opened(household)
    way.checked(case)
    case = way.noticed(case)
    made = operations.file_objection(
        way.cast.village, case, filed_on=way.calendar.day, text="他家有车", objector="某村民"
    )
    way.calendar.forward(6)
    with pytest.raises(DomainError, match="1 件异议"):
        way.step(way.cast.village, case, "end_notice")
    operations.handle_objection(
        way.cast.clerk, made, upheld=False, answer="车是借用的", version=made.version
    )
    assert way.step(way.cast.village, case, "end_notice").state == "review"


def test_an_upheld_objection_sends_the_case_back_and_everything_is_made_again(
    way: Way, household: Household
) -> None:
    case = way.opened(household)
    way.checked(case)
    case = way.noticed(case)
    made = operations.file_objection(
        way.cast.village, case, filed_on=way.calendar.day, text="收入不实", is_anonymous=True
    )
    operations.handle_objection(
        way.cast.clerk, made, upheld=True, answer="漏报务工收入", version=made.version
    )
    way.calendar.forward(6)
    with pytest.raises(DomainError, match="异议成立"):
        way.step(way.cast.village, case, "end_notice")
    case = way.step(way.cast.clerk, case, "send_back", reason="重新核算收入")
    assert (case.state, case.decided, case.proposed) == ("checking", {}, {})
    with pytest.raises(DomainError, match="入户核查"):
        way.step(way.cast.village, case, "finish_check")
    way.check(case, kind="recheck")
    operations.propose_class(way.cast.village, case)
    case = way.step(way.cast.village, case, "finish_check")
    with pytest.raises(DomainError, match="民主评议"):
        way.step(way.cast.village, case, "pass_appraisal")
    way.noticed(case)
    assert Notice.objects.count() == 2


def test_a_refusal_asks_for_the_reason_and_answers_the_clue(way: Way, household: Household) -> None:
    case = way.opened(household)
    way.consent(case)
    way.step(way.cast.village, case, "accept_application")
    way.check(case, risks=[])
    with pytest.raises(DomainError, match="理由"):
        way.step(way.cast.village, case, "refuse", result="no_risk")
    with pytest.raises(DomainError, match="原因"):
        way.step(way.cast.village, case, "refuse", result="because", reason="没有风险")
    case = way.step(way.cast.village, case, "refuse", result="no_risk", reason="收入稳定")
    assert (case.state, case.is_open) == ("refused", False)
    clue = RegisteredClue.objects.get(case=case)
    assert (clue.state, clue.conclusion, clue.conclusion_note) == ("closed", "no_risk", "收入稳定")


def test_without_a_quorum_there_is_neither_a_yes_nor_a_no(way: Way, household: Household) -> None:
    case = way.opened(household)
    way.checked(case)
    way.appraise(case, votes=10, present=10)
    for action in ("pass_appraisal", "fail_appraisal"):
        with pytest.raises(DomainError, match="法定人数"):
            way.step(way.cast.village, case, action, result="no_risk", reason="未通过")


def test_the_green_way_checks_first_but_never_goes_on_without_the_consent(
    way: Way, household: Household
) -> None:
    case = way.opened(household, emergency="natural_disaster")
    assert case.is_green and case.may_get_help
    assert case.papers_due_on == date(2026, 5, 1)
    case = way.step(way.cast.village, case, "check_first", reason="房屋倒塌，先安置")
    way.check(case, risks=["natural_disaster"], sudden_event=True)
    with pytest.raises(DomainError, match="承诺授权书"):
        way.step(way.cast.village, case, "finish_check")
    way.consent(case)
    way.compare(case)
    operations.propose_class(way.cast.village, case)
    assert way.step(way.cast.village, case, "finish_check").state == "appraisal"


def test_an_ordinary_case_has_no_green_way(way: Way, household: Household) -> None:
    case = way.opened(household)
    assert not case.may_get_help
    with pytest.raises(DomainError, match="绿色通道"):
        way.step(way.cast.village, case, "check_first", reason="着急")


def test_who_reviewed_does_not_approve(way: Way, household: Household, places: Places) -> None:
    from shouwang.accounts.actors import actor_for
    from shouwang.accounts.models import Account
    from tests.four_people import make_post

    case = way.to_approval(way.opened(household))
    leader = Account.objects.get(pk=way.cast.leader.account_id)
    make_post(leader, "county_officer", places.county)
    with pytest.raises(DomainError, match="由其他人审定"):
        way.step(actor_for(leader, way.calendar.day), case, "approve")


def test_the_county_sends_back_to_the_town_with_a_reason(way: Way, household: Household) -> None:
    case = way.to_approval(way.opened(household))
    case = way.step(way.cast.approver, case, "send_back", reason="补充佐证")
    assert case.state == "review"
    assert Approval.objects.get().passed is False
    assert way.step(way.cast.leader, case, "pass_review").state == "approval"


def test_a_resolution_that_was_wrong_is_taken_back_into_the_same_round(
    way: Way, household: Household
) -> None:
    case = way.monitored(way.opened(household))
    way.calendar.forward(200)
    case = way.resolved(case)
    case.refresh_from_db()
    case = operations.take_back(way.cast.approver, case, reason="收入虚高", version=case.version)
    assert (case.state, case.is_open, case.round) == ("monitored", True, 1)
    assert (case.times_taken_back, case.resolved_on) == (1, None)
    way.calendar.forward(30)
    assert way.resolved(case).state == "resolved"


def test_after_a_true_resolution_a_new_risk_begins_a_new_round(
    way: Way, household: Household
) -> None:
    case = way.monitored(way.opened(household))
    way.calendar.forward(200)
    way.resolved(case)
    second = way.opened(household, risks=["accident"])
    assert (second.round, second.number != case.number) == (2, True)
    with pytest.raises(DomainError, match=second.number):
        way.step(way.cast.approver, case, "take_back", reason="消除有误")


def test_a_household_without_any_labour_is_never_resolved(
    way: Way, maker: Maker, places: Places
) -> None:
    case = way.monitored(way.opened(maker(places.village, labour=("丧失劳动力", "无劳动力"))))
    way.calendar.forward(300)
    with pytest.raises(DomainError, match="整户没有劳动能力"):
        way.step(way.cast.village, case, "start_resolution", result="natural", reason="稳定")


def test_each_condition_of_the_resolution_is_told_by_itself(way: Way, household: Household) -> None:
    case = way.monitored(way.opened(household))
    way.calendar.forward(60)
    case = way.step(way.cast.village, case, "start_resolution", result="helped", reason="好转")
    way.check(case, kind="exit", income={"wage_income": 16_000}, water_ok=True, new_risk=None)
    found = {
        each.key: each for each in conditions(open_dossier(Case.objects.get(), way.cast.village))
    }
    assert found["income"].state == "not_met"
    assert found["income"].threshold == "8,800.00"
    assert found["stable"].state == "not_met"
    assert (found["no_new_risk"].state, found["no_new_risk"].missing) == ("unknown", "新风险")
    assert found["water"].state == "met"
    assert found["labour"].state == "met"
    assert found["measures"].state in ("unknown", "not_met")
    with pytest.raises(DomainError, match="消除条件还没有全部符合"):
        way.step(way.cast.village, case, "finish_check")


def test_outside_the_scope_there_is_no_case_and_without_the_right_no_step(
    way: Way, household: Household, places: Places
) -> None:
    from tests.cases.conftest import actor_at

    case = way.opened(household)
    stranger = actor_at("邻镇干事", "town_clerk", places.neighbour_town)
    with pytest.raises(NotFound):
        way.step(stranger, case, "accept_application")
    way.consent(case)
    with pytest.raises(NotAllowed):
        way.step(way.cast.leader, case, "accept_application")
