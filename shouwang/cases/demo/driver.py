"""演示的办理: plays one story day by day, each step by whom it belongs to."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.registry.models import Household

from .. import income, operations
from ..models import Case, HouseholdCheck
from ..regimes import regime
from ..states import Mark, NoticeKind
from .people import Cast, department
from .stories import AfterStory, Story

Deed = tuple[int, str, Callable[[], Any]]
"""On which day of the story, to which state it leads, what is done."""


class Driver:
    """One case and the day on which its next step is taken."""

    def __init__(self, cast: Cast, now: datetime) -> None:
        self.cast = cast
        self.now = now
        self.case: Case
        self._departments: dict[str, Actor] = {}

    def play(self, household: Household, story: Story) -> None:
        self.cast = self.cast.near(household.village)
        first = story.on or timezone.localtime(self.now).date() - timedelta(days=story.began)
        self._run(first, story.until, self._entering(household, story))

    def leave(self, case: Case, after: AfterStory) -> None:
        self.cast = self.cast.near(case.village)
        self.case = case
        first = timezone.localtime(self.now).date() - timedelta(days=after.began)
        self._run(first, after.until, self._leaving(after))

    def _run(self, first: date, until: str, deeds: Iterator[Deed]) -> None:
        """Deed after deed until the state is reached; none is later than now."""
        for offset, state, deed in deeds:
            day = first + timedelta(days=offset)
            moment = self.now.replace(hour=2, minute=30) + (
                day - timezone.localtime(self.now).date()
            )
            with clock.telling(min(moment, self.now)):
                deed()
            if state == until:
                return

    def step(self, actor: Actor, action: str, **given: Any) -> None:
        self.case = operations.take_step(
            actor, self._fresh(), action, version=self.case.version, **given
        )

    def _fresh(self) -> Case:
        self.case = Case.objects.select_related("household", "village").get(pk=self.case.pk)
        return self.case

    # ---- the way in

    def _entering(self, household: Household, story: Story) -> Iterator[Deed]:
        cast = self.cast
        yield 0, "consent", lambda: self._open(household, story)
        if story.twist == "green":
            yield (
                0,
                "",
                lambda: self.step(cast.village, "check_first", reason="先安置救助、后补手续"),
            )
            yield 1, "checking", lambda: self._check(story)
            yield 3, "", self._consent
        else:
            yield 1, "", self._consent
            yield (
                1,
                "checking" if story.twist != "asked" and story.until == "checking" else "",
                (lambda: self.step(cast.village, "accept_application")),
            )
            yield 2, "", lambda: self._check(story)
        if story.until == "withdrawn":
            yield (
                3,
                "withdrawn",
                lambda: self.step(cast.village, "withdraw", reason="农户表示困难已自行解决"),
            )
        if story.twist == "no_risk":
            yield (
                3,
                "refused",
                lambda: self.step(
                    cast.village, "refuse", result="no_risk", reason="收入稳定，没有返贫致贫风险"
                ),
            )
        yield 2, "checking", lambda: self._ask(story)
        yield 4, "", lambda: self._answer(story)
        yield 5, "appraisal", lambda: self._propose_and_finish(story)
        yield 6, "notice" if story.twist != "objection" else "", self._appraise_and_hang
        if story.twist == "objection":
            yield 8, "notice", self._object
        yield 12, "review", lambda: self.step(cast.village, "end_notice")
        yield 13, "approval", self._review
        if story.twist == "county":
            yield (
                15,
                "refused",
                lambda: self.step(
                    cast.approver,
                    "refuse",
                    result="resolved_by_help",
                    reason="已有帮扶可以化解，暂不纳入",
                ),
            )
        yield 15, "announcement", lambda: self.step(cast.approver, "approve", note="同意纳入")
        yield 16, "", self._announce
        yield 17, "filing", lambda: self.step(cast.village, "end_announcement")
        yield 18, "monitored", lambda: self.step(cast.clerk, "file", date=clock.today())

    def _open(self, household: Household, story: Story) -> None:
        clue = operations.register_clue(
            self.cast.village,
            channel=story.channel,
            village=household.village,
            household=household,
            risks=story.risks,
            text=story.text,
            received_on=clock.today(),
            emergency=story.emergency,
        )
        self.case = operations.open_case(self.cast.village, clues=[clue])

    def _consent(self) -> None:
        name = self.case.household.head_name or "户主"
        odd = bool(self.case.household_id % 5)
        operations.record_application(
            self.cast.village,
            self.case,
            applied_on=clock.today(),
            applicant_name=name,
            signed_on=clock.today(),
            mark=Mark.SIGNED if odd else Mark.FINGERPRINT,
            writer_name="" if odd else "村民小组长",
            writer_relation="" if odd else "村民小组长",
            read_aloud=not odd,
        )

    def _check(self, story: Story) -> None:
        risks = [] if story.twist == "no_risk" else list(story.risks)
        per_person = 16_000 if story.twist == "no_risk" else story.per_person
        self._visit(
            "identification", per_person, story.spending, risks=risks,
            sudden_event=bool(story.emergency) or "accident" in risks,
            difficulties=story.text,
            wishes="希望得到就业、医疗等方面的帮助",
        )  # fmt: skip

    def _visit(self, kind: str, per_person: int, spending: int, **fields: Any) -> HouseholdCheck:
        check = operations.start_check(self.cast.village, kind=kind, case=self._fresh())
        size = check.size or 1
        amounts = {item.key: Decimal(0) for item in income.items(self.case.regime)}
        pension = Decimal(1_560)
        wages = Decimal(per_person * size) - pension
        amounts |= {"wage_income": wages, "pension": pension, "self_paid": Decimal(spending)}
        values: dict[str, Any] = {
            "visited_on": clock.today(),
            "checkers": [{"name": "村网格员", "unit": "村民委员会"},
                         {"name": "驻村工作队员", "unit": "驻村工作队"}],
            "education_ok": True, "medical_ok": True, "housing_ok": True, "water_ok": True,
            "sudden_event": False, "can_cope": False,
        }  # fmt: skip
        check = operations.save_check(
            self.cast.village, check, version=check.version, income=amounts, **values | fields
        )
        return operations.submit_check(self.cast.village, check, version=check.version)

    def _ask(self, story: Story) -> None:
        names = list(regime(self.case.regime).departments)
        if story.twist == "asked":
            names.append("医疗保障局")
        operations.request_comparison(self.cast.officer, self.case, departments=names)

    def _answer(self, story: Story) -> None:
        """All answer; in one story a vehicle is found, explained and judged."""
        for request in self.case.requests.filter(state="open").order_by("pk"):
            found = []
            if story.twist == "hit" and request.department == "公安交警车辆管理所":
                member = self.case.household.members.filter(absent_since=None).first()
                found = [operations.Finding(member.pk if member else None, "vehicle", "两轮摩托车")]
            operations.answer_comparison(
                self._department(request.department), request, findings=found,
                version=request.version,
            )  # fmt: skip
        for hit in self.case.hits.filter(conclusion=""):
            operations.judge_hit(
                self.cast.clerk, hit, conclusion="no_effect", version=hit.version,
                explanation="用于日常代步和务工，价值较低",
            )  # fmt: skip

    def _department(self, name: str) -> Actor:
        if name not in self._departments:
            self._departments[name] = department(name)
        return self._departments[name]

    def _propose_and_finish(self, story: Story) -> None:
        self.case = operations.propose_class(self.cast.village, self.case)
        chosen, reason = dict(self.case.proposed), ""
        if story.twist == "departs" and "difficulty" in chosen:
            chosen["difficulty"] = "severe"
            reason = "家中有长期照护支出，核查认为困难程度更高"
        if chosen:
            self.case = operations.decide(
                self.cast.village, self.case, decided=chosen, reason=reason,
                version=self.case.version,
            )  # fmt: skip
        self.step(self.cast.village, "finish_check")

    def _appraise_and_hang(self) -> None:
        operations.record_appraisal(
            self.cast.village,
            self.case,
            held_on=clock.today(),
            entitled=28,
            present=25,
            votes_for=24,
            abstained=1,
            host="村党支部书记",
            recorder="村文书",
            place="村委会会议室",
            participants=["村民代表", "驻村第一书记", "村“两委”成员"],
            minutes="与会代表听取入户核查情况，逐户讨论后表决。",
        )
        self.step(self.cast.village, "pass_appraisal")
        operations.publish_notice(self.cast.village, [self.case], kind=NoticeKind.PUBLICITY)

    def _object(self) -> None:
        operations.file_objection(
            self.cast.village, self.case, filed_on=clock.today(), way="电话",
            text="认为该户有外出务工收入，请核实", is_anonymous=True,
        )  # fmt: skip

    def _review(self) -> None:
        self.step(self.cast.leader, "pass_review", note="材料齐全，同意上报")

    def _announce(self) -> None:
        operations.publish_notice(self.cast.village, [self.case], kind=NoticeKind.ANNOUNCEMENT)

    # ---- the way out

    def _leaving(self, after: AfterStory) -> Iterator[Deed]:
        cast = self.cast
        if after.twist == "judged":
            yield 0, "monitored", self._judge
        if after.twist == "ended":
            yield (
                0,
                "ended",
                lambda: self.step(
                    cast.approver, "end_monitoring", reason="整户迁出本县", evidence="户籍迁移证明"
                ),
            )
        reason = "收入稳定，风险已消除"
        yield (
            0,
            "exit_check",
            lambda: self.step(cast.village, "start_resolution", result=after.way, reason=reason),
        )
        if after.twist == "refused":
            yield (
                2,
                "monitored",
                lambda: self.step(cast.village, "refuse_exit", reason="收入来源还不稳定，继续帮扶"),
            )
        yield (
            1,
            "",
            lambda: self._visit(
                "exit", 15_600, 500, income_stable=True, risks_gone=True, new_risk=False
            ),
        )
        yield 2, "exit_appraisal", lambda: self.step(cast.village, "finish_check")
        yield 3, "exit_notice", self._appraise_and_hang
        yield 9, "exit_review", lambda: self.step(cast.village, "end_notice")
        yield 10, "exit_approval", self._review
        yield 12, "exit_announcement", lambda: self.step(cast.approver, "approve", note="同意消除")
        yield 13, "", self._announce
        resolved = "resolved" if not after.twist else ""
        yield 13, resolved, lambda: self.step(cast.clerk, "end_announcement")
        if after.twist == "follow_up":
            yield 103, "resolved", self._follow_up
        if after.twist == "again":
            yield 60, "resolved", self._again
        yield (
            30,
            "monitored",
            lambda: self.step(
                cast.approver, "take_back", reason="复查发现收入核算有误，没有达到消除条件"
            ),
        )

    def _judge(self) -> None:
        operations.record_judgement(
            self.cast.leader, self.case, judged_on=clock.today(), conclusion="adjust",
            reason="劳动力不足，务工不稳定，建议增加公益性岗位", participants="镇村两级研判组",
        )  # fmt: skip

    def _follow_up(self) -> None:
        operations.record_follow_up(
            self.cast.village, self.case, visited_on=clock.today(), visitors="村网格员",
            conclusion="stable", income_ok=True, guarantees_ok=True,
        )  # fmt: skip

    def _again(self) -> None:
        """After a true resolution a new risk: the second round of the same household."""
        household = self.case.household
        clue = operations.register_clue(
            self.cast.village, channel="cadre_visit", village=household.village,
            household=household, risks=["accident"], text="家庭成员发生意外，再次出现困难",
            received_on=clock.today(),
        )  # fmt: skip
        operations.open_case(self.cast.village, clues=[clue])
