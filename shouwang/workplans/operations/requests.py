"""请示的办理: a unit asks for more time or for help, the level above answers."""

from datetime import date

from django.db import IntegrityError, transaction

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.divisions.models import Division

from ..models import Task, TaskRequest
from ..states import RequestKind, RequestState
from .paths import path_for
from .progress import report_right


def ask(
    actor: Actor, task: Task, *, kind: str, reason: str, new_date: date | None = None
) -> TaskRequest:
    """Ask the level above the task's unit; one open request of a kind at a time."""
    require(actor, "workplans.report", path_for(actor, task, "workplans.report"))
    report_right(actor, task)
    if kind not in RequestKind.values:
        raise DomainError("没有这种请示，请从按钮中选择。", code="kind")
    if task.state in ("done", "cancelled"):
        raise Conflict(f"任务{task.state_label}，不需要请示。")
    if not reason.strip():
        raise DomainError("请写明理由：遇到什么困难、需要什么。", code="reason")
    if kind == RequestKind.EXTENSION:
        _check_date(task, new_date)
    try:
        with transaction.atomic():
            made = TaskRequest.objects.create(
                task=task, kind=kind, reason=reason.strip()[:500], old_date=task.ends_on,
                new_date=new_date if kind == RequestKind.EXTENSION else None,
                approver=level_above(task), asked_at=clock.now(), asked_by_id=actor.account_id,
                asked_by_label=actor.label[:120],
            )  # fmt: skip
            _audit(actor, made, "asked", f"{RequestKind(kind).label}：{task.number}")
    except IntegrityError as clash:
        raise Conflict("已有一件同样的申请在等答复，请等答复后再申请。") from clash
    return made


def _check_date(task: Task, new_date: date | None) -> None:
    if task.ends_on is None:
        raise DomainError("任务没有完成时限，不需要申请延期。", code="new_date")
    if new_date is None or new_date <= task.ends_on:
        raise DomainError(f"新的时限应在原时限 {task.ends_on:%Y-%m-%d} 以后。", code="new_date")
    if new_date < clock.today():
        raise DomainError("新的时限已经过去，请核对。", code="new_date")
    above = task.parent.ends_on if task.parent is not None else None
    if above is not None and new_date > above:
        raise DomainError(
            f"新的时限晚于上级任务的时限 {above:%Y-%m-%d}，请先由上级任务申请延期。",
            code="new_date",
        )


def level_above(task: Task) -> Division:
    """Who answers: the place above the leading unit; the county for a department and for itself."""
    places = [unit.division for unit in task.units.select_related("division__parent")]
    at = next((place for place in places if place is not None), None)
    if at is not None and at.parent is not None and at.path.startswith(task.division.path):
        return at.parent if at.pk != task.division_id else at
    return task.division


def answer(actor: Actor, request: TaskRequest, *, grant: bool, note: str = "") -> TaskRequest:
    """Grant or refuse; a granted extension moves the deadline of the task."""
    if not actor.can_at("workplans.extend", request.approver.path):
        raise NotAllowed(f"这件申请由{request.approver.name}一级答复。")
    if actor.account_id is not None and actor.account_id == request.asked_by_id:
        raise NotAllowed("不能答复自己提出的申请，请由上一级的另一人答复。")
    if not note.strip() and (not grant or request.kind == RequestKind.HELP):
        raise DomainError("请写明答复的意见。", code="note")
    state = RequestState.GRANTED if grant else RequestState.REFUSED
    with transaction.atomic():
        waiting = TaskRequest.objects.filter(pk=request.pk, state=RequestState.WAITING)
        changed = waiting.update(
            state=state, answer=note.strip()[:500], answered_at=clock.now(),
            answered_by_label=actor.label[:120],
        )  # fmt: skip
        if not changed:
            request.refresh_from_db()
            raise Conflict(f"这件申请已由{request.answered_by_label}答复，请刷新页面查看。")
        if grant and request.kind == RequestKind.EXTENSION:
            _extend(request)
        words = f"{RequestKind(request.kind).label}{state.label}：{request.task.number}"
        _audit(actor, request, str(state), words)
    request.refresh_from_db()
    return request


def _extend(request: TaskRequest) -> None:
    task = Task.objects.get(pk=request.task_id)
    if task.state in ("done", "cancelled"):
        raise Conflict(f"任务{task.state_label}，不再延期。")
    if task.ends_on != request.old_date:
        raise Conflict("申请以后时限已经改过，请退回，由单位按新的时限再申请。")
    task.ends_on = request.new_date
    task.version += 1
    task.save(update_fields=["ends_on", "version"])


def _audit(actor: Actor, request: TaskRequest, action: str, summary: str) -> None:
    audit(
        actor,
        f"workplans.request.{action}",
        target_type="workplans.task",
        target_id=str(request.task_id),
        division_path=request.task.division.path,
        summary=summary,
        changes={"ends_on": [str(request.old_date), str(request.new_date)]},
    )
