"""整改经过 and audit of a problem; a write that somebody else was faster with is refused."""

from datetime import date
from typing import Any

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict

from ..models import Problem, ProblemEntry


def note(
    actor: Actor,
    problem: Problem,
    action: str,
    label: str,
    words: str = "",
    on: date | None = None,
    changes: dict[str, Any] | None = None,
) -> None:
    """Keep a step on the timeline of the problem and in the log, with old and new values."""
    ProblemEntry.objects.create(
        problem=problem, round=problem.times, action=action, label=label,
        done_on=on or clock.today(),
        note=words.strip()[:1000], at=clock.now(), by_account=actor.account_id,
        by_label=actor.label[:120],
    )  # fmt: skip
    audit(
        actor, f"inspections.problem.{action}", target_type="inspections.problem",
        target_id=str(problem.pk), division_path=problem.division.path,
        summary=f"{label}：{problem.batch.name} {problem.number}",
        changes=changes,
    )  # fmt: skip


def write(problem: Problem, version: int, **values: Any) -> None:
    found = Problem.objects.filter(pk=problem.pk, version=version, state=problem.state)
    if not found.update(**values, version=version + 1):
        raise Conflict("这个问题刚被别人办理过，请刷新页面核对。")
    problem.refresh_from_db()
