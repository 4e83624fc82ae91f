"""The casework tests' little county: households with people, and everybody who takes a step."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from shouwang.accounts.actors import actor_for
from shouwang.accounts.models import Account, Department
from shouwang.cases import income, operations
from shouwang.cases.models import Case, HouseholdCheck
from shouwang.cases.states import Channel
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.divisions.models import Division
from shouwang.registry.models import (
    Household,
    IncomeStatement,
    Member,
    RegistryFile,
    RegistryImport,
)
from tests.four_people import Places, make_account, make_post

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = date(2026, 4, 1)
DEPARTMENTS = ("自然资源局", "公安交警车辆管理所", "市场监督管理局", "民政局")


class Calendar:
    """What day it is in a test."""

    def __init__(self) -> None:
        self.day = START
        self._stack = ExitStack()

    def set(self, day: date, hour: int = 10, minute: int = 0) -> None:
        self.close()
        self.day = day
        moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)
        self._stack.enter_context(clock.telling(moment))

    def forward(self, days: int) -> date:
        self.set(self.day + timedelta(days=days))
        return self.day

    def close(self) -> None:
        self._stack.close()
        self._stack = ExitStack()


@pytest.fixture
def calendar() -> Iterator[Calendar]:
    made = Calendar()
    made.set(START)
    yield made
    made.close()


@dataclass
class Cast:
    """Who works on a case, by duty."""

    village: Actor
    clerk: Actor
    leader: Actor
    officer: Actor
    approver: Actor
    departments: dict[str, Actor] = field(default_factory=dict)


def actor_at(name: str, role: str, place: Division, department: Department | None = None) -> Actor:
    account = make_account(name, name)
    make_post(account, role, place, department)
    return actor_for(account, clock.today())


def make_cast(places: Places) -> Cast:
    cast = Cast(
        village=actor_at("村干部", "village_worker", places.village),
        clerk=actor_at("乡镇干事", "town_clerk", places.town),
        leader=actor_at("乡镇领导", "town_leader", places.town),
        officer=actor_at("县业务员", "county_officer", places.county),
        approver=actor_at("县领导", "county_leader", places.county),
    )
    for name in DEPARTMENTS:
        department, _ = Department.objects.get_or_create(name=name, defaults={"code": name})
        cast.departments[name] = actor_at(
            f"{name}联络员", "department_officer", places.county, department
        )
    return cast


@pytest.fixture
def cast(places: Places, calendar: Calendar) -> Cast:
    return make_cast(places)


@dataclass
class Maker:
    """Makes households of a village."""

    file: RegistryFile
    count: int = 0

    def __call__(
        self,
        village: Division,
        *,
        labour: tuple[str | None, ...] = ("普通劳动力", "无劳动力"),
        household_type: str | None = "一般农户",
        per_capita: int | None = 9_000,
        head: str = "",
        **more: object,
    ) -> Household:
        self.count += 1
        made = Household.objects.create(
            household_no=f"H{self.count:04d}", village=village, village_code=village.code,
            village_name=village.name, group_name="一组", head_name=head or f"户主{self.count}",
            head_key=head or f"户主{self.count}", household_type=household_type,
            household_size=len(labour), danger_house="否", water_ok="是",
            source_file=self.file, source_row=self.count, **more,
        )  # fmt: skip
        for place, each in enumerate(labour):
            name = made.head_name if place == 0 else f"成员{self.count}{place}"
            Member.objects.create(
                person_no=f"P{self.count:04d}{place}", household=made, name=name, name_norm=name,
                name_key=name, labour=each, resident_medical="是", source_file=self.file,
                source_row=self.count * 10 + place,
            )  # fmt: skip
        if per_capita is not None:
            IncomeStatement.objects.create(
                household=made, year=2025, kind="annual", per_capita=per_capita,
                source_file=self.file, source_row=self.count,
            )  # fmt: skip
        return made


@pytest.fixture
def maker(places: Places, calendar: Calendar) -> Maker:
    received = RegistryImport.objects.create(
        export_date=START, received_at=clock.now(), state="applied"
    )
    return Maker(
        RegistryFile.objects.create(registry_import=received, name="档案.xlsx", sha256="", size=1)
    )


@dataclass
class Way:
    """Takes a case along its way as the cast would, day by day."""

    cast: Cast
    calendar: Calendar

    def clue(self, household: Household, **more: object) -> object:
        given = {"risks": ["illness"], "received_on": self.calendar.day, **more}
        return operations.register_clue(
            self.cast.village, channel=Channel.CADRE_VISIT, village=household.village,
            household=household, **given,
        )  # fmt: skip

    def opened(self, household: Household, **more: object) -> Case:
        clue = self.clue(household, **more)
        return operations.open_case(self.cast.village, clues=[clue])

    def step(self, actor: Actor, case: Case, action: str, **given: object) -> Case:
        case.refresh_from_db()
        return operations.take_step(actor, case, action, version=case.version, **given)

    def consent(self, case: Case) -> None:
        operations.record_application(
            self.cast.village, case, applied_on=self.calendar.day, applicant_name="本人",
            signed_on=self.calendar.day,
        )  # fmt: skip

    def check(self, case: Case, kind: str = "identification", **more: object) -> HouseholdCheck:
        given: dict[str, object] = {"wage_income": 12_000, "self_paid": 0, "claim_income": 0}
        given |= more.pop("income", {})  # type: ignore[arg-type,assignment]
        amounts = {item.key: Decimal(str(given.get(item.key, 0))) for item in income.items()}
        values: dict[str, object] = {
            "visited_on": self.calendar.day,
            "checkers": [{"name": "甲"}, {"name": "乙"}],
            "education_ok": True, "medical_ok": True, "housing_ok": True, "water_ok": True,
            "sudden_event": False, "income_stable": True, "risks_gone": True, "new_risk": False,
            "risks": ["illness"], **more,
        }  # fmt: skip
        check = operations.start_check(self.cast.village, kind=kind, case=case)
        check = operations.save_check(
            self.cast.village, check, version=check.version, income=amounts, **values
        )
        return operations.submit_check(self.cast.village, check, version=check.version)

    def compare(
        self, case: Case, findings: dict[str, list[operations.Finding]] | None = None
    ) -> None:
        asked = operations.request_comparison(self.cast.officer, case)
        for request in asked:
            operations.answer_comparison(
                self.cast.departments[request.department], request,
                findings=(findings or {}).get(request.department, ()), version=request.version,
            )  # fmt: skip

    def checked(self, case: Case, **more: object) -> Case:
        """To the appraisal."""
        self.consent(case)
        self.step(self.cast.village, case, "accept_application")
        self.check(case, **more)
        self.compare(case)
        operations.propose_class(self.cast.village, case)
        return self.step(self.cast.village, case, "finish_check")

    def appraise(self, case: Case, votes: int = 20, present: int = 20) -> None:
        operations.record_appraisal(
            self.cast.village, case, held_on=self.calendar.day, entitled=24, present=present,
            votes_for=votes, votes_against=present - votes,
        )  # fmt: skip

    def noticed(self, case: Case) -> Case:
        """The meeting has passed it and the notice hangs."""
        self.appraise(case)
        case = self.step(self.cast.village, case, "pass_appraisal")
        operations.publish_notice(self.cast.village, [case], kind="publicity")
        return case

    def to_review(self, case: Case, **more: object) -> Case:
        self.checked(case, **more)
        self.noticed(case)
        self.calendar.forward(6)
        return self.step(self.cast.village, case, "end_notice")

    def decide(self, actor: Actor, case: Case, decided: dict[str, str], reason: str = "") -> Case:
        case.refresh_from_db()
        return operations.decide(actor, case, decided=decided, reason=reason, version=case.version)

    def to_approval(self, case: Case, **more: object) -> Case:
        case = self.to_review(case, **more)
        case = self.decide(self.cast.clerk, case, case.proposed)
        return self.step(self.cast.leader, case, "pass_review", note="同意")

    def announce(self, case: Case) -> None:
        case.refresh_from_db()
        operations.publish_notice(self.cast.village, [case], kind="announcement")

    def monitored(self, case: Case, **more: object) -> Case:
        """All nine steps."""
        case = self.to_approval(case, **more)
        case = self.step(self.cast.approver, case, "approve")
        self.announce(case)
        case = self.step(self.cast.village, case, "end_announcement")
        return self.step(self.cast.clerk, case, "file", date=self.calendar.day)

    def to_exit_approval(self, case: Case, **more: object) -> Case:
        self.step(self.cast.village, case, "start_resolution", result="natural", reason="收入稳定")
        rich = {"income": {"wage_income": 40_000}, **more}
        self.check(case, kind="exit", **rich)
        self.step(self.cast.village, case, "finish_check")
        self.noticed(case)
        self.calendar.forward(6)
        self.step(self.cast.village, case, "end_notice")
        return self.step(self.cast.leader, case, "pass_review", note="同意")

    def resolved(self, case: Case) -> Case:
        case = self.to_exit_approval(case)
        case = self.step(self.cast.approver, case, "approve")
        self.announce(case)
        return self.step(self.cast.clerk, case, "end_announcement")


@pytest.fixture
def way(cast: Cast, calendar: Calendar) -> Way:
    return Way(cast, calendar)


@pytest.fixture
def household(maker: Maker, places: Places) -> Household:
    return maker(places.village)


@pytest.fixture
def account_of() -> Callable[[Actor], Account]:
    return lambda actor: Account.objects.get(pk=actor.account_id)
