"""What every write of casework shares: the lock, the version, the number, the trace."""

from collections.abc import Callable
from typing import Any

from django.db.models import F
from django.utils import timezone

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict, NotFound
from shouwang.core.together import add

from ..models import Case, CaseStep, NumberSeries

Step = Callable[[int, int, str], None]
"""Hears how far long work is: done, total, what is being done; may raise to stop it."""


def quiet(done: int, total: int, words: str) -> None:
    """Nobody listens."""


def locked(actor: Actor, pk: int, *, right: str = "cases.view") -> Case:
    """The case as it stands, locked until the transaction ends; outside the scope there is none."""
    found = (
        Case.objects.visible_to(actor, right)
        .select_for_update(of=("self",))
        .select_related("household", "village")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def same_version(case: Case, version: int) -> None:
    """Refuse what was decided on an older state of the case, and say who was faster."""
    if case.version != version:
        raise too_late(case, version)


def too_late(case: Case, version: int) -> Conflict:
    """The first who changed the case since it was shown with this version."""
    step = case.steps.filter(version__gt=version).order_by("pk").first()
    if step is None:
        return Conflict()
    return Conflict(
        f"{step.actor_label}已在 {moment(step.at)} 办理“{step.label}”，您的操作没有保存，"
        "请刷新页面核对后再办理。"
    )


def moment(at: Any) -> str:
    """10:32 today; with the day if it was another one."""
    local = timezone.localtime(at)
    return f"{local:%H:%M}" if local.date() == clock.today() else f"{local:%m-%d %H:%M}"


def next_numbers(prefix: str, count: int = 1) -> range:
    """So many numbers in a row under a prefix; the row of the prefix stays locked meanwhile."""
    NumberSeries.objects.get_or_create(prefix=prefix)
    NumberSeries.objects.filter(prefix=prefix).update(last=F("last") + count)
    last = NumberSeries.objects.get(prefix=prefix).last
    return range(last - count + 1, last + 1)


def acting_as(actor: Actor) -> str:
    return "、".join(scope.label for scope in actor.scopes if scope.label)[:300]


def trace(
    actor: Actor,
    case: Case,
    action: str,
    label: str,
    *,
    from_state: str | None = None,
    note: str = "",
    reason: str = "",
    is_back: bool = False,
    was_late: bool = False,
    due_on: Any = None,
    changes: dict[str, Any] | None = None,
) -> CaseStep:
    """The line in the case's own record and the entry in the log."""
    step = CaseStep(
        case=case,
        action=action,
        label=label,
        from_state=case.state if from_state is None else from_state,
        to_state=case.state,
        at=clock.now(),
        on=clock.today(),
        account_id=actor.account_id,
        actor_label=actor.label[:120],
        acting_as=acting_as(actor),
        note=note[:1000],
        reason=reason[:500],
        is_back=is_back,
        due_on=due_on,
        was_late=was_late,
        version=case.version,
    )
    add(step)
    record(
        actor,
        f"cases.case.{action}",
        target_type="cases.case",
        target_id=case.number,
        division_path=case.village.path,
        summary=f"{label}{'：' + reason if reason else ''}",
        changes=changes,
    )
    return step


def save_case(case: Case, *fields: str) -> None:
    """Store what was changed and count the version up; the case is locked, so nobody is between."""
    case.version += 1
    case.save(update_fields=[*fields, "version"])
