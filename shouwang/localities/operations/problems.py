"""饮水工程问题的办理: plan, apply for sign-off after a test that passed, sign off by another."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from shouwang.campaigns.states import dossier_table
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.core.lifecycle import Check

from ..models import WaterProblem
from .water import audited


def _has_plan(problem: WaterProblem) -> str | None:
    return None if problem.plan else "还没有写解决方案。"


def _has_people(problem: WaterProblem) -> str | None:
    missing = [duty for duty, name in problem.works.persons if not name]
    return f"工程还没有落实{'、'.join(missing)}。" if missing else None


def _retested(problem: WaterProblem) -> str | None:
    later = problem.works.tests.filter(passed=True, tested_on__gte=problem.found_on)
    newest = problem.works.tests.first()
    if later.exists() and newest is not None and newest.passed:
        return None
    return "还没有登记发现问题以后合格的水质复测。"


def _other_person(problem: WaterProblem) -> str | None:
    return None if problem.applied_by_label else "没有销号申请人的记录。"


CHECKS: Mapping[str, Check] = {
    "has_plan": _has_plan,
    "has_people": _has_people,
    "steps_done": _retested,
    "has_outcome": lambda problem: None,
    "no_double": lambda problem: None,
    "other_person": _other_person,
}


def save_plan(
    actor: Actor, problem: WaterProblem, *, plan: str, due_on: date, version: int
) -> WaterProblem:
    require(actor, "localities.water", problem.works.division.path)
    if problem.state not in ("open", "working"):
        raise Conflict(f"现在是“{problem.state_label}”，不能修改方案。")
    if not plan.strip():
        raise DomainError("请写解决方案。", code="plan")
    if due_on < problem.found_on:
        raise DomainError("解决期限早于发现日期，请核对。", code="due_on")
    return _write(actor, problem, version, "修改方案", "", plan=plan.strip()[:2000], due_on=due_on)


def take_step(
    actor: Actor, problem: WaterProblem, action: str, *, version: int, given: str = ""
) -> WaterProblem:
    """Take a step of the dossiers' table."""
    words = given.strip()[:300]
    path = problem.works.division.path
    row = dossier_table().take(
        actor, problem, problem.state, action, path, CHECKS, {"reason": words, "evidence": words}
    )
    if action == "approve" and problem.applied_by_label == actor.label[:120]:
        raise DomainError("销号要由申请人以外的人审核。", code="same_person")
    changes: dict[str, object] = {"state": row.to}
    if action == "apply":
        changes |= {"evidence": words, "applied_by_label": actor.label[:120]}
    if action == "approve":
        changes["closed_on"] = clock.today()
    if action == "reopen":
        changes["closed_on"] = None
    return _write(actor, problem, version, row.label, words, **changes)


def _write(
    actor: Actor, problem: WaterProblem, version: int, label: str, note: str, **values: object
) -> WaterProblem:
    line = [clock.today().isoformat(), label, actor.label[:120], note]
    with transaction.atomic():
        found = WaterProblem.objects.filter(pk=problem.pk, version=version, state=problem.state)
        history = [*problem.history, line]
        if not found.update(**values, history=history, version=version + 1):
            raise Conflict("这个问题刚由别人办理过，请刷新页面核对。")
        audited(actor, "problem.step", problem.works.division, f"{problem.works}：{label}")
    problem.refresh_from_db()
    return problem
