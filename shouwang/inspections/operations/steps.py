"""问题的办理: steps of the table, reports of work; who checks is never who did it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.core.lifecycle import Check, Offer
from shouwang.core.rights import get_right

from ..models import Problem, ProblemEntry
from ..states import Duty, problem_table
from ..terms import terms
from .notes import note, write
from .problems import missing_of_plan
from .reach import done_before, path_for


def _has_lead(problem: Problem) -> str | None:
    known = problem.units.filter(duty=Duty.LEAD).exclude(department=None, division=None)
    return None if known.exists() else "还没有对应到部门或乡镇的牵头单位。"


def _has_plan(problem: Problem) -> str | None:
    lacking = missing_of_plan(problem)
    return f"整改方案还缺{'、'.join(lacking)}。" if lacking else None


def _has_work(problem: Problem) -> str | None:
    worked = problem.entries.filter(round=problem.times, action="work").exists()
    return None if worked else "还没有登记整改情况。"


def _kept_up(problem: Problem) -> str | None:
    due = problem.next_report_on
    if due is None or due >= clock.today():
        return None
    return f"长期坚持的问题应在 {due:%Y-%m-%d} 前报告，请先补报整改情况。"


def _needs_notice(problem: Problem) -> str | None:
    return None if problem.is_public else "这个问题不需要公示，可以直接申请销号。"


def _notice_done(problem: Problem) -> str | None:
    waits = problem.is_public and problem.state != "published"
    return "需要公示的问题，登记公示后再申请销号。" if waits else None


CHECKS: Mapping[str, Check] = {
    "has_lead": _has_lead,
    "has_plan": _has_plan,
    "has_work": _has_work,
    "kept_up": _kept_up,
    "needs_notice": _needs_notice,
    "notice_done": _notice_done,
}


def offers_for(actor: Actor, problem: Problem) -> list[Offer]:
    """The steps that this person may take now; greyed where he did the work himself."""
    found = []
    for row in problem_table().from_state(problem.state):
        path = path_for(actor, problem, row.right)
        if path is None:
            continue
        offers = problem_table().offers(actor, problem, problem.state, path, CHECKS)
        for offer in offers:
            if offer.transition is row:
                own = done_before(actor, problem, row.action)
                found.append(replace(offer, reason=_same_words(own.label)) if own else offer)
    return found


def _same_words(label: str) -> str:
    return f"您办理过“{label}”，这一步要由另外的人来办。"


def advance_problem(
    actor: Actor, problem: Problem, action: str, *, version: int, words: str = ""
) -> Problem:
    """Take a step of the problem's table."""
    table = problem_table()
    given = {key: words.strip() for key in ("reason", "result", "note", "evidence")}
    row = next((one for one in table.transitions if one.action == action), None)
    path = path_for(actor, problem, row.right) if row else problem.division.path
    if path is None:
        assert row is not None
        raise _refusal(actor, row.right)
    row = table.take(actor, problem, problem.state, action, path, CHECKS, given)
    if own := done_before(actor, problem, action):
        raise DomainError(_same_words(own.label), code="same_person")
    today = clock.today()
    values: dict[str, Any] = {"state": row.to}
    if action == "sign":
        values["signed_on"] = today
    if action == "reopen":
        days = terms().number("reopen_days", "days", today)
        due = today + timedelta(days=days) if days is not None else None
        values |= {"signed_on": None, "times": problem.times + 1, "due_on": due,
                   "reported_on": today}  # fmt: skip
    changes = {"state": [problem.state_label, table.state(row.to).label]}
    with transaction.atomic():
        write(problem, version, **values)
        note(actor, problem, action, row.label, words, changes=changes)
    return problem


SIGNING = ("work", "self_check", "verify", "check", "apply", "sign")


def signatures(problem: Problem) -> list[ProblemEntry]:
    """销号签署: who did the work of this round and who certified each step after it."""
    newest: dict[str, ProblemEntry] = {}
    for entry in problem.entries.filter(round=problem.times, action__in=SIGNING).order_by("pk"):
        newest[entry.action] = entry
    return [newest[action] for action in SIGNING if action in newest]


def _refusal(actor: Actor, right: str) -> Exception:
    """No such right at all is 403; the right, but for other problems, is as if there were none."""
    if actor.can(right):
        return NotFound()
    return NotAllowed(f"您的岗位没有“{get_right(right).label}”的权限，如工作需要请联系系统管理员。")


def record_work(
    actor: Actor, problem: Problem, *, text: str, done_on: date, version: int
) -> Problem:
    """登记整改情况: what was done by a day; for lasting problems this is the periodic report."""
    if path_for(actor, problem, "inspections.rectify") is None:
        raise _refusal(actor, "inspections.rectify")
    if problem.state != "rectifying":
        raise Conflict(f"现在是“{problem.state_label}”，不能登记整改情况。")
    if not text.strip():
        raise DomainError("请写明做了什么、有什么结果。", code="text")
    if done_on > clock.today() or done_on < problem.batch.received_on:
        raise DomainError("日期应在反馈日期和今天之间，请核对。", code="done_on")
    with transaction.atomic():
        newest = max(done_on, problem.reported_on) if problem.reported_on else done_on
        write(problem, version, reported_on=newest)
        note(actor, problem, "work", "登记整改情况", text, done_on)
    return problem
