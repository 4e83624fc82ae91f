"""问题的内容: its text, plan and units, while it may still be changed."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from shouwang.core.actor import Actor, require_here
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.divisions.models import Division
from shouwang.registry.models import Household
from shouwang.workplans.operations.work import county_of
from shouwang.workplans.units import Units

from ..models import Problem
from ..states import EDITABLE, Mode
from .notes import note, write
from .reach import reaches
from .registering import ProblemDraft, check_draft, give_units

PLAN_FIELDS = (
    "leader", "person", "goal", "measures", "standard", "mode", "rhythm", "due_on",
)  # fmt: skip
OWN_FIELDS = ("text", "spread", "area", "topic", "severity", "is_public")


def may_edit(actor: Actor, problem: Problem) -> bool:
    """The county changes everything; a unit writes its plan until it is approved."""
    if problem.state not in EDITABLE:
        return False
    if actor.can_at("inspections.manage", problem.division.path):
        return True
    return problem.state == "assigned" and reaches(actor, problem, "inspections.rectify")


def edit_problem(
    actor: Actor,
    problem: Problem,
    *,
    version: int,
    places: Sequence[Division] | None = None,
    households: Sequence[Household] | None = None,
    **values: Any,
) -> Problem:
    """Change the problem or its plan; what a unit may not change is refused."""
    if problem.state not in EDITABLE:
        raise Conflict(f"现在是“{problem.state_label}”，不能修改。")
    if not may_edit(actor, problem):
        raise NotAllowed("整改方案由责任单位在审定前填写，审定后由县里修改。")
    is_county = actor.can_at("inspections.manage", problem.division.path)
    allowed = PLAN_FIELDS + (OWN_FIELDS if is_county else ())
    if unknown := set(values) - set(allowed):
        raise DomainError(f"不能修改{'、'.join(sorted(unknown))}。", code="field")
    known = {name: getattr(problem, name) for name in PLAN_FIELDS + OWN_FIELDS}
    check_draft(ProblemDraft(**(known | values)), problem.batch.received_on)
    before = _told(problem)
    with transaction.atomic():
        write(problem, version, **values)
        if is_county and places is not None:
            inside = [one for one in places if one.path.startswith(problem.division.path)]
            problem.places.set(inside)
        if is_county and households is not None:
            problem.households.set(households)
        after = _told(problem)
        changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
        note(actor, problem, "edit", "修改问题或方案", changes=changes or None)
    return problem


def _told(problem: Problem) -> dict[str, str]:
    """The content as it stands in the log."""
    found = {name: _words(getattr(problem, name)) for name in PLAN_FIELDS + OWN_FIELDS}
    found["places"] = "、".join(one.name for one in problem.places.all())
    found["households"] = "、".join(one.household_no for one in problem.households.all())
    return found


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


def set_units(
    actor: Actor, problem: Problem, *, lead: Sequence[str], responsible: Sequence[str], version: int
) -> Problem:
    """Replace the units by these names, matched to departments and towns."""
    require_here(actor, "inspections.manage", problem.division.path)
    if problem.state not in EDITABLE:
        raise Conflict(f"现在是“{problem.state_label}”，不能调整单位。")
    with transaction.atomic():
        write(problem, version)
        before = "、".join(problem.units.values_list("name", flat=True))
        problem.units.all().delete()
        give_units(problem, Units(county_of(problem.division)), lead, responsible)
        after = "、".join(problem.units.values_list("name", flat=True))
        changes = {"units": [before, after]}
        note(actor, problem, "units", "调整单位", "、".join([*lead, *responsible]), changes=changes)
    return problem


def missing_of_plan(problem: Problem) -> list[str]:
    """What the three lists (问题、责任、整改) still lack."""
    lacking = [
        label
        for label, value in (
            ("整改目标", problem.goal), ("整改措施", problem.measures),
            ("销号标准", problem.standard), ("责任领导", problem.leader),
            ("责任人", problem.person), ("整改时限", problem.due_on),
        )
        if not value
    ]  # fmt: skip
    if problem.mode == Mode.LASTING and not problem.rhythm:
        lacking.append("长期坚持的报告频次")
    return lacking
