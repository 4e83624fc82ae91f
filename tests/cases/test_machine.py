"""Random people take random steps in random order: what a case is, it has come to by every step.

The laws are written here a second time, from the procedure, not from the tables.
"""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from shouwang.cases import operations
from shouwang.cases.lifecycles import table_of
from shouwang.cases.models import AssetHit, Case, CaseStep, Notice, Objection
from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError
from shouwang.registry.models import Household
from tests.cases.conftest import START, Calendar, Cast, Way

STARTS = {"2021": START.replace(year=2025), "2026": START}
"""A day under each regime: the one of three classes, and the one since."""
ACTIONS = sorted({row.action for key in STARTS for row in table_of(key).transitions})
PEOPLE = ("village", "clerk", "leader", "officer", "approver")
FIVE_DAYS = timedelta(days=5)

world: dict[str, Any] = {}
"""Cast, calendar and household of the running test: hypothesis makes the machine itself."""


class Rollback(Exception):
    pass


class Casework(RuleBasedStateMachine):
    """One household; whoever may, may try anything at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.calendar: Calendar = world["calendar"]
        self.cast: Cast = world["cast"]
        self.calendar.set(START)
        self.way = Way(self.cast, self.calendar)
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        self.atomic.__exit__(Rollback, Rollback(), None)

    @initialize(
        regime=st.sampled_from(sorted(STARTS)),
        emergency=st.sampled_from(["", "", "natural_disaster"]),
        is_far=st.booleans(),
    )
    def begin(self, regime: str, emergency: str, is_far: bool) -> None:
        """At the beginning, or with the first chain of steps behind."""
        self.regime = regime
        self.calendar.set(STARTS[regime])
        world["regimes"].add(regime)
        case = self.way.opened(world["household"], emergency=emergency)
        self.pk = case.pk
        if is_far:
            self.way.monitored(case)

    @property
    def case(self) -> Case:
        return Case.objects.select_related("household", "village").get(pk=self.pk)

    def attempt(self, deed: Callable[[], Any]) -> None:
        """A refusal changes nothing; nothing but a refusal may come."""
        before = CaseStep.objects.count()
        try:
            with transaction.atomic():
                deed()
        except DomainError:
            assert CaseStep.objects.count() == before

    @rule(action=st.sampled_from(ACTIONS), who=st.sampled_from(PEOPLE))
    def take(self, action: str, who: str) -> None:
        case = self.case
        result = "helped" if action == "start_resolution" else "no_risk"
        self.attempt(
            lambda: operations.take_step(
                getattr(self.cast, who), case, action, version=case.version, result=result,
                reason="理由", evidence="材料", date=self.calendar.day,
            )
        )  # fmt: skip

    @rule(times=st.integers(4, 20), seed=st.integers(0, 999))
    def go_on(self, times: int, seed: int) -> None:
        """What would really be done next, so that the far end of the way is reached too."""
        chosen = random.Random(seed)
        for _ in range(times):
            chosen.choice(self.natural())()

    def natural(self) -> list[Callable[[], Any]]:
        case, cast, way = self.case, self.cast, self.way

        def doing(deed: Callable[[], Any]) -> Callable[[], Any]:
            return lambda: self.attempt(deed)

        def step(who: Actor, action: str, **given: Any) -> Callable[[], Any]:
            return doing(lambda: way.step(who, self.case, action, **given))

        rich = {"income": {"wage_income": 40_000}}
        answer = {"result": "natural", "reason": "好转"}
        deeds: dict[str, list[Callable[[], Any]]] = {
            "consent": [doing(lambda: way.consent(case)),
                        step(cast.village, "accept_application")],
            "checking": [doing(lambda: way.check(case)), doing(lambda: way.compare(case)),
                         doing(lambda: operations.propose_class(cast.village, case)),
                         doing(lambda: way.consent(case)), step(cast.village, "finish_check")],
            "appraisal": [doing(lambda: way.appraise(case)), step(cast.village, "pass_appraisal")],
            "notice": [doing(self.hang), self.wait, step(cast.village, "end_notice")],
            "review": [doing(self.decide), step(cast.leader, "pass_review")],
            "approval": [step(cast.approver, "approve")],
            "announcement": [doing(lambda: way.announce(case)),
                             step(cast.village, "end_announcement")],
            "filing": [step(cast.clerk, "file", date=self.calendar.day)],
            "monitored": [lambda: self.calendar.forward(200),
                          step(cast.village, "start_resolution", **answer)],
            "exit_check": [doing(lambda: way.check(case, kind="exit", **rich)),
                           step(cast.village, "finish_check")],
            "exit_appraisal": [doing(lambda: way.appraise(case)),
                               step(cast.village, "pass_appraisal")],
            "exit_notice": [doing(self.hang), self.wait, step(cast.village, "end_notice")],
            "exit_review": [step(cast.leader, "pass_review")],
            "exit_approval": [step(cast.approver, "approve")],
            "exit_announcement": [doing(lambda: way.announce(case)),
                                  step(cast.clerk, "end_announcement")],
            "resolved": [step(cast.approver, "take_back", reason="有误")],
        }  # fmt: skip
        return deeds.get(case.state, [self.wait])

    def wait(self) -> None:
        self.calendar.forward(2)

    def hang(self) -> None:
        operations.publish_notice(self.cast.village, [self.case], kind="publicity")

    def decide(self) -> None:
        case = self.case
        self.way.decide(self.cast.clerk, case, case.proposed)

    @rule(votes=st.integers(0, 24))
    def meet(self, votes: int) -> None:
        self.attempt(lambda: self.way.appraise(self.case, votes=votes, present=24))

    @rule(upheld=st.booleans())
    def object_(self, upheld: bool) -> None:
        case = self.case

        def deed() -> None:
            waiting = Objection.objects.filter(case=case, state="open").first()
            if waiting is None:
                operations.file_objection(
                    self.cast.village, case, filed_on=self.calendar.day, text="异议",
                    is_anonymous=True,
                )  # fmt: skip
            else:
                operations.handle_objection(
                    self.cast.clerk, waiting, upheld=upheld, answer="查过", version=waiting.version
                )

        self.attempt(deed)

    @rule(days=st.integers(1, 9))
    def days_pass(self, days: int) -> None:
        self.calendar.forward(days)

    # ---- the laws

    def moves(self) -> list[CaseStep]:
        return [
            step
            for step in CaseStep.objects.filter(case=self.pk)
            if step.from_state != step.to_state
        ]

    @invariant()
    def each_move_is_a_row_of_the_table_and_follows_the_one_before(self) -> None:
        if not hasattr(self, "pk"):
            return
        assert self.case.regime == self.regime, "a case keeps the regime it began under"
        table, state = table_of(self.regime), ""
        for step in self.moves():
            assert step.from_state == state
            if state:
                row = table.row(state, step.action)
                assert row is not None and row.to == step.to_state
            state = step.to_state
        assert self.case.state == state

    @invariant()
    def who_stands_in_the_register_has_come_by_every_step(self) -> None:
        if not hasattr(self, "pk"):
            return
        case = self.case
        if case.identified_on is None:
            return
        assert case.application.signed_on is not None
        checks = case.checks.filter(state="submitted", kind__in=["identification", "recheck"])
        assert any(len({each["name"] for each in check.checkers}) >= 2 for check in checks)
        assert {each.department for each in case.requests.all()} >= {"民政局", "自然资源局"}
        assert not case.requests.filter(state="open").exists()
        assert not AssetHit.objects.filter(case=case, conclusion="").exists()
        self.chain(case, "identification", "notice", "approve")
        assert case.decided

    @invariant()
    def who_left_the_register_has_come_by_every_step_too(self) -> None:
        if not hasattr(self, "pk"):
            return
        case = self.case
        if case.resolved_on is None:
            return
        made = case.checks.filter(kind="exit", state="submitted", is_void=False)
        check = made.order_by("pk").last()
        assert check.per_person > 8_800 and check.risks_gone and not check.new_risk
        self.chain(case, "exit", "exit_notice", "approve")

    def chain(self, case: Case, stage: str, notice_state: str, approved: str) -> None:
        """A meeting that passed it, one notice for five full days, two bodies, an announcement."""
        meeting = case.appraisals.filter(stage=stage, is_void=False).last()
        assert meeting is not None and meeting.votes_for * 2 > meeting.present
        assert meeting.present * 3 >= meeting.entitled * 2
        entry = case.notice_entries.get(stage=stage, kind="publicity", is_withdrawn=False)
        left = [step for step in self.moves() if step.from_state == notice_state][-1]
        assert left.on > entry.notice.published_on + FIVE_DAYS
        objections = case.objections.filter(entry=entry)
        assert all(each.state == "rejected" for each in objections)
        review = case.reviews.filter(stage=stage, passed=True).last()
        approval = case.approvals.filter(stage=stage, passed=True).last()
        assert review.account_id != approval.account_id
        assert case.notice_entries.filter(stage=stage, kind="announcement").exists()

    @invariant()
    def a_case_is_open_until_it_ends(self) -> None:
        if not hasattr(self, "pk"):
            return
        case = self.case
        world["seen"].add(case.state)
        ended = case.state in ("refused", "withdrawn", "ended", "resolved")
        assert case.is_open is not ended

    @invariant()
    def nothing_on_a_wall_is_more_than_the_whitelist(self) -> None:
        for notice in Notice.objects.all():
            assert notice.content["columns"] == ["户主", "村民小组", "人口", "类别", "主要困难"]


@pytest.mark.slow
@pytest.mark.django_db
def test_no_path_skips_a_required_step(
    cast: Cast, calendar: Calendar, household: Household
) -> None:
    world.update(cast=cast, calendar=calendar, household=household, seen=set(), regimes=set())
    run_state_machine_as_test(
        Casework,
        settings=settings(
            max_examples=14,
            stateful_step_count=25,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert world["regimes"] == set(STARTS)
    assert "monitored" in world["seen"], "the machine must come far"  # the rest: test_way.py
