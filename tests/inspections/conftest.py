"""Problems of a made-up county, and the people who have to do with them."""

from datetime import timedelta

import pytest

from shouwang.accounts.departments import USUAL
from shouwang.accounts.models import Department
from shouwang.cases.checklists import checklists
from shouwang.core.actor import Actor, system_actor
from shouwang.core.clock import now, today
from shouwang.inspections.models import Inspection, Problem
from shouwang.inspections.operations import (
    ProblemDraft,
    advance_problem,
    edit_problem,
    plan_inspection,
    record_work,
    register_batch,
)
from shouwang.registry.models import Household, RegistryFile, RegistryImport


@pytest.fixture
def officer() -> Actor:
    return system_actor("县业务员")


@pytest.fixture
def departments(db) -> None:
    """The usual offices, where the first migration has not seeded them already."""
    for code, name, short_name in USUAL:
        Department.objects.get_or_create(
            name=name, defaults={"code": code, "short_name": short_name}
        )


@pytest.fixture
def water(db) -> Department:
    return Department.objects.get_or_create(name="水利局", defaults={"code": "water"})[0]


@pytest.fixture
def problem(places, officer, water) -> Problem:
    """One problem: 水利局 leads, 青禾镇 is responsible."""
    batch = register_batch(
        officer, name="省级反馈", source="province", level="省",
        received_on=today() - timedelta(days=30), division=places.county,
        problems=[ProblemDraft(text="供水不足", lead=["县水利局"], responsible=["青禾镇"])],
    )  # fmt: skip
    return batch.problems.get()


PLAN = {
    "goal": "供水正常", "measures": "维修水池", "standard": "连续三个月不断水", "leader": "甲",
    "person": "乙",
}  # fmt: skip
STEPS = ("assign", "plan", "approve", "work", "self_check", "verify", "check", "apply", "sign")
PEOPLE = {"verify": "核验人", "check": "核查人", "sign": "批准人", "assign": "县", "approve": "县"}


@pytest.fixture
def advanced():
    """Bring a problem up to a step, each check by somebody else."""

    def bring(problem: Problem, until: str) -> Problem:
        for step in STEPS[: STEPS.index(until) + 1]:
            person = system_actor(PEOPLE.get(step, "办理人"))
            if step == "plan":
                due = today() + timedelta(days=20)
                problem = edit_problem(person, problem, version=problem.version, due_on=due, **PLAN)
            if step == "work":
                problem = record_work(
                    person, problem, text="已修好", done_on=today(), version=problem.version
                )
            else:
                problem = advance_problem(
                    person, problem, step, version=problem.version, words="已核对"
                )
        return problem

    return bring


@pytest.fixture
def homes(places) -> list[Household]:
    """Twelve households of one village: 2 monitored, 4 out of poverty, 6 others."""
    received = RegistryImport.objects.create(
        export_date=today(), received_at=now(), state="applied"
    )
    file = RegistryFile.objects.create(
        registry_import=received, name="档案.xlsx", sha256="", size=1
    )
    return [
        Household.objects.create(
            household_no=f"H{at:02}",
            village=places.village,
            village_code=places.village.code,
            head_name=f"户主{at}",
            household_type="脱贫户" if at < 6 else "一般农户",
            monitor_class="边缘易致贫户" if at < 2 else "",
            source_file=file,
            source_row=at + 1,
        )
        for at in range(12)
    ]


@pytest.fixture
def inspected(places, officer):
    def make(**changes) -> Inspection:
        values = {
            "title": "季度督查", "division": places.county,
            "starts_on": today() - timedelta(days=3), "ends_on": today() + timedelta(days=3),
            "team": "督查组", "checklist": checklists()["six_looks_six_checks"],
            "places": [places.village], "seed": 1,
        }  # fmt: skip
        return plan_inspection(officer, **(values | changes))

    return make
