"""吹哨的办理: raise a call, take a step of one department's part, withdraw it as a whole."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from shouwang.accounts.models import Department
from shouwang.audit.operations import record
from shouwang.cases.operations.writing import moment, next_numbers
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.core.lifecycle import Check, Offer
from shouwang.divisions.models import Division

from .limits import limits
from .models import Call, CallDepartment, CallStep
from .states import OPEN, call_table, whole

WORDS = 2000
NO_DEPARTMENT = "这个步骤由本部门的经办人办理。"


def _first_time(part: CallDepartment) -> str | None:
    return "已重新办理过一次，请交县级处理。" if part.times_reopened else None


def _second_time(part: CallDepartment) -> str | None:
    return None if part.times_reopened else "先请部门重新办理一次。"


CHECKS: Mapping[str, Check] = {"first_time": _first_time, "second_time": _second_time}


def clean(words: str, length: int = WORDS) -> str:
    return words.replace("\x00", "").strip()[:length]


def raise_call(
    actor: Actor,
    division: Division,
    *,
    title: str,
    text: str,
    urgency: str,
    departments: Sequence[Department],
) -> Call:
    """吹哨: every department named gets its own part with the same limit."""
    require(actor, "calls.raise", division.path)
    if division.level not in ("village", "town") or division.valid_to is not None:
        raise DomainError("吹哨的地方应是现有的村或乡镇。", code="division")
    if urgency not in limits().urgencies:
        raise DomainError("请从列表中选择紧急程度。", code="urgency")
    if not departments:
        raise DomainError("请选择要报到的部门。", code="departments")
    if not clean(title):
        raise DomainError("请填写事项。", code="title")
    if not clean(text):
        raise DomainError("请写明情况和要解决的问题。", code="text")
    today = clock.today()
    due_on = limits().due_on(urgency, today)
    prefix = f"{division.code[:6]}-吹哨-{today.year}"
    with transaction.atomic():
        call = Call.objects.create(
            number=f"{prefix}-{next_numbers(prefix)[0]:04d}", division=division,
            title=clean(title, 80), text=clean(text), urgency=urgency, due_on=due_on,
            raised_at=clock.now(), raised_by_label=actor.label[:120],
        )  # fmt: skip
        for department in dict.fromkeys(departments):
            CallDepartment.objects.create(call=call, department=department, due_on=due_on)
        names = "、".join(one.name for one in dict.fromkeys(departments))
        _trace(actor, call, "raised", "吹哨", f"请{names}报到")
    return call


def _is_mine(actor: Actor, part: CallDepartment, right: str) -> bool:
    """Steps of a department are taken by its own people."""
    if right != "calls.answer":
        return True
    return any(
        scope.covers(part.call.division.path) and scope.department in (None, part.department.name)
        for scope in actor.scopes_with(right)
    )


def offers(actor: Actor, part: CallDepartment) -> list[Offer]:
    """The steps of this person on one part; withdrawing is offered on the call."""
    path = part.call.division.path
    return [
        offer
        for offer in call_table().offers(actor, part, part.state, path, CHECKS)
        if offer.transition.action != "withdraw" and _is_mine(actor, part, offer.transition.right)
    ]


def take_step(
    actor: Actor,
    part: CallDepartment,
    action: str,
    *,
    version: int,
    words: str = "",
    department: Department | None = None,
) -> CallDepartment:
    """One step of one department's part; `department` is whom a returned part goes to."""
    call, words = part.call, clean(words)
    with transaction.atomic():
        _claim(call, version)
        part = CallDepartment.objects.select_related("department", "call__division").get(pk=part.pk)
        if action == "withdraw":
            raise DomainError("撤回请在整个吹哨上办理。", code="action")
        row = call_table().take(
            actor, part, part.state, action, call.division.path, CHECKS,
            {"reason": words, "result": words, "department": department},
        )  # fmt: skip
        if not _is_mine(actor, part, row.right):
            raise NotAllowed(NO_DEPARTMENT)
        _apply(part, action, words)
        if department is not None and action == "reassign":
            words = "；".join(filter(None, (f"改派{department.name}", words)))
            _hand_over(call, department)
        part.state = row.to
        part.save()
        _settle(call)
        _trace(actor, call, "step", row.label, words, part.department.name)
    return part


def withdraw(actor: Actor, call: Call, *, version: int, reason: str) -> Call:
    """The caller takes the call back with a reason; what is finished stays as it is."""
    reason = clean(reason)
    with transaction.atomic():
        _claim(call, version)
        parts = list(call.parts.filter(state__in=OPEN))
        first = parts[0].state if parts else "withdrawn"
        call_table().take(
            actor, call, first, "withdraw", call.division.path, CHECKS, {"reason": reason}
        )
        call.parts.filter(state__in=OPEN).update(state="withdrawn")
        _settle(call)
        _trace(actor, call, "step", "撤回", reason)
    return call


def _apply(part: CallDepartment, action: str, words: str) -> None:
    today, urgency = clock.today(), part.call.urgency
    if action == "answer":
        part.answer, part.answered_on = words, today
        part.on_time = part.on_time is not False and today <= part.due_on
    elif action == "reopen":
        part.times_reopened += 1
        part.satisfied = False
    elif action == "escalate":
        part.satisfied = False
    elif action == "satisfy":
        part.satisfied = True
    if action in ("reopen", "keep"):
        part.due_on = limits().due_on(urgency, today)


def _hand_over(call: Call, department: Department) -> None:
    if call.parts.filter(department=department).exists():
        raise DomainError(f"{department.name}已在这次吹哨里，请选别的部门。", code="department")
    due_on = limits().due_on(call.urgency, clock.today())
    CallDepartment.objects.create(call=call, department=department, due_on=due_on)


def _claim(call: Call, version: int) -> None:
    """Only one of two people at the same time goes on; the other is told who was faster."""
    if Call.objects.filter(pk=call.pk, version=version).update(version=version + 1):
        call.refresh_from_db()
        return
    last = call.steps.last()
    told = f"{last.by_label}已在 {moment(last.at)} 办理“{last.label}”，" if last else ""
    raise Conflict(f"{told}您的操作没有保存，请刷新页面核对后再办理。")


def _settle(call: Call) -> None:
    call.state = whole(list(call.parts.values_list("state", flat=True)))
    call.save(update_fields=["state"])


def _trace(
    actor: Actor, call: Call, action: str, label: str, note: str = "", department: str = ""
) -> None:
    CallStep.objects.create(
        call=call, department_name=department, label=label, note=note, at=clock.now(),
        by_label=actor.label[:120],
    )  # fmt: skip
    record(
        actor, f"calls.{action}", target_type="calls.call", target_id=call.number,
        division_path=call.division.path, summary=f"{call}：{department}{label}",
    )  # fmt: skip
