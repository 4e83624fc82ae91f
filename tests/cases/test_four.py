"""Every operation tried by the owner, the same duty next town, another department, nobody."""

from collections.abc import Callable
from datetime import date

import pytest

from shouwang.cases import operations, queries
from shouwang.cases.models import (
    AssetHit,
    Case,
    ComparisonRequest,
    HouseholdCheck,
    NoticeEntry,
    Objection,
    RegisteredClue,
)
from shouwang.core.actor import ANONYMOUS, Actor
from shouwang.core.errors import NotAllowed, NotFound
from shouwang.registry.models import Household
from tests.cases.conftest import Way, actor_at
from tests.four_people import Places

Attempt = Callable[[Actor], object]


@pytest.fixture
def strangers(way: Way, places: Places) -> dict[str, Actor]:
    """Everybody of the neighbouring town, another department, and nobody."""
    found = {
        role: actor_at(f"邻镇{role}", role, place)
        for role, place in (
            ("village_worker", places.neighbour_village),
            ("town_clerk", places.neighbour_town),
            ("town_leader", places.neighbour_town),
            ("county_officer", places.neighbour_county),
            ("county_leader", places.neighbour_county),
        )
    }
    return {**found, "department": way.cast.departments["自然资源局"], "nobody": ANONYMOUS}


@pytest.fixture
def filled(way: Way, household: Household) -> Case:
    """A case with something of everything."""
    case = way.opened(household)
    way.consent(case)
    way.step(way.cast.village, case, "accept_application")
    way.check(case)
    member = household.members.first()
    operations.request_comparison(way.cast.officer, case)
    for request in case.requests.exclude(department="民政局"):
        found = (
            [operations.Finding(member.pk, "vehicle")]
            if request.department == "公安交警车辆管理所"
            else []
        )
        operations.answer_comparison(
            way.cast.departments[request.department], request, findings=found,
            version=request.version,
        )  # fmt: skip
    way.clue(household, risks=["water"])
    operations.start_check(way.cast.village, kind="recheck", case=case)
    case.refresh_from_db()
    return case


def attempts(way: Way, case: Case) -> dict[str, Attempt]:
    """One try of each operation on this case."""
    day = way.calendar.day
    clue = RegisteredClue.objects.get(state="received")
    draft = HouseholdCheck.objects.get(state="draft")
    request = ComparisonRequest.objects.get(state="open")
    hit = AssetHit.objects.get()
    household, village = case.household, case.village
    return {
        "register": lambda who: operations.register_clue(
            who, channel="self_report", village=village, household=household, received_on=day
        ),
        "find": lambda who: operations.find_household(who, clue, household=household, version=1),
        "attach": lambda who: operations.attach_clue(who, clue, case=case, version=1),
        "close": lambda who: operations.close_clue(
            who, clue, conclusion="no_risk", note="x", version=1
        ),
        "reopen": lambda who: operations.reopen_clue(who, clue, reason="x", version=1),
        "open": lambda who: operations.open_case(who, household=household),
        "green": lambda who: operations.mark_green(
            who, case, emergency="accident", reason="x", version=case.version
        ),
        "apply": lambda who: operations.record_application(
            who, case, applied_on=day, applicant_name="甲"
        ),
        "start": lambda who: operations.start_check(who, kind="recheck", case=case),
        "save": lambda who: operations.save_check(who, draft, version=draft.version, note="x"),
        "submit": lambda who: operations.submit_check(who, draft, version=draft.version),
        "asset": lambda who: operations.add_asset(who, case, item="vehicle"),
        "ask": lambda who: operations.request_comparison(who, case),
        "answer": lambda who: operations.answer_comparison(who, request, version=1),
        "feed": lambda who: operations.answer_from_feeds(who, request, version=1),
        "waive": lambda who: operations.waive_comparison(who, request, reason="x", version=1),
        "judge": lambda who: operations.judge_hit(
            who, hit, conclusion="no_effect", explanation="x", version=1
        ),
        "propose": lambda who: operations.propose_class(who, case),
        "decide": lambda who: operations.decide(who, case, decided={}, version=case.version),
        "appraise": lambda who: operations.record_appraisal(
            who, case, held_on=day, entitled=3, present=3, votes_for=3
        ),
        "publish": lambda who: operations.publish_notice(who, [case], kind="publicity"),
        "object": lambda who: operations.file_objection(who, case, filed_on=day, text="x",
                                                        is_anonymous=True),
        "step": lambda who: operations.take_step(
            who, case, "refuse", version=case.version, result="no_risk", reason="x"
        ),
        "follow": lambda who: operations.record_follow_up(
            who, case, visited_on=day, visitors="x", conclusion="stable"
        ),
        "longest": lambda who: operations.record_judgement(
            who, case, judged_on=day, conclusion="keep", reason="x"
        ),
    }  # fmt: skip


def test_outside_the_post_there_is_nothing_to_act_on(
    way: Way, filled: Case, strangers: dict[str, Actor]
) -> None:
    before = filled.steps.count(), Case.objects.count(), RegisteredClue.objects.count()
    case = Case.objects.select_related("household", "village").get(pk=filled.pk)
    for verb, attempt in attempts(way, case).items():
        for who, actor in strangers.items():
            with pytest.raises((NotFound, NotAllowed)):
                attempt(actor)
                pytest.fail(f"{who} may {verb}")
    assert before == (filled.steps.count(), Case.objects.count(), RegisteredClue.objects.count())


def test_notices_and_objections_are_the_towns_own_too(
    way: Way, household: Household, strangers: dict[str, Actor]
) -> None:
    case = way.opened(household)
    way.checked(case)
    case = way.noticed(case)
    made = operations.file_objection(
        way.cast.village, case, filed_on=way.calendar.day, text="x", is_anonymous=True
    )
    entry = NoticeEntry.objects.get()
    for actor in strangers.values():
        with pytest.raises((NotFound, NotAllowed)):
            operations.withdraw_notice(actor, entry, reason="x")
        with pytest.raises((NotFound, NotAllowed)):
            operations.handle_objection(actor, made, upheld=True, answer="x", version=1)
    assert Objection.objects.get().state == "open"


def test_whole_county_operations_ask_for_their_right(
    way: Way, places: Places, strangers: dict[str, Actor], tmp_path: object
) -> None:
    from pathlib import Path

    for actor in (strangers["department"], ANONYMOUS):
        with pytest.raises(NotAllowed):
            operations.pull_screening_clues(actor, date(2026, 3, 31))
        with pytest.raises(NotAllowed):
            operations.import_rescue_file(actor, Path("x"), name="x")
        with pytest.raises(NotAllowed):
            operations.adopt_from_registry(actor)
        with pytest.raises(NotAllowed):
            operations.save_checklist(actor, key="x", title="x", items=[])
        with pytest.raises(NotAllowed):
            operations.approve_many(actor, {1: 1})
    with pytest.raises(NotAllowed):
        operations.import_answers(way.cast.clerk, Path("x"), department="民政局", name="x")
    with pytest.raises(NotAllowed):
        operations.import_answers(
            way.cast.departments["民政局"], Path("x"), department="自然资源局", name="x"
        )


def test_strangers_read_nothing(way: Way, filled: Case, strangers: dict[str, Actor]) -> None:
    for who, actor in strangers.items():
        assert not queries.cases_visible_to(actor).exists(), who
        assert not queries.clues_visible_to(actor).exists(), who
        assert not queries.checks_visible_to(actor).exists(), who
        assert not queries.notices_visible_to(actor).exists(), who
        assert not queries.waiting_cases(actor).exists(), who
        assert not queries.waiting_clues(actor).exists(), who
        assert not queries.open_objections(actor).exists(), who
        assert not queries.hits_to_judge(actor).exists(), who
        assert not queries.drafts(actor).exists(), who
        if who != "department":
            assert not queries.requests_visible_to(actor).exists(), who
    own = queries.requests_visible_to(strangers["department"])
    assert {each.department for each in own} == {"自然资源局"}


def test_each_duty_sees_its_own_buttons(way: Way, filled: Case) -> None:
    names = lambda actor: {each.transition.action for each in queries.offers(actor, filled)}  # noqa: E731
    assert names(way.cast.village) == {"finish_check", "refuse", "withdraw"}
    assert names(way.cast.leader) == names(way.cast.approver) == set()
    reasons = {each.transition.action: each.reason for each in
               queries.offers(way.cast.village, filled)}  # fmt: skip
    assert "民政局" in reasons["finish_check"]
    assert reasons["withdraw"] == ""
