"""办理措施: the single way in which the state of a measure changes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import DomainError, NotAllowed
from shouwang.core.lifecycle import Check, Offer, Transition
from shouwang.core.workdays import WORKING, workdays

from ..facts import law
from ..models import Measure
from ..states import HELPING, measure_table
from .planning import may_be_helped
from .writing import locked, money, not_future, same_version, save, text, trace

Given = Mapping[str, Any]


def has_department(measure: Measure) -> str | None:
    return None if measure.department else "还没有确定责任部门，请先修改内容、选好部门。"


def household_gets_help(measure: Measure) -> str | None:
    """Help begins with the identification; on the green way it begins before."""
    case = measure.case
    if case is None:
        return None if may_be_helped(measure.household, None) else "这一户不是监测对象或脱贫户。"
    if case.may_get_help or not case.is_open:
        return None
    return "这一户还没有识别认定；因灾因意外的，先在个案里开绿色通道。"


def contract_over(measure: Measure) -> str | None:
    """What was signed is carried out to its end, also after the risk is resolved."""
    end = measure.contract_end
    if measure.continues and end is not None and end > clock.today():
        return f"{measure.get_ends_display()}，到 {end:%Y-%m-%d}；风险消除后也继续执行。"
    return None


def help_remains(measure: Measure) -> str | None:
    """风险不消除，帮扶责任不脱钩: what helps against an open risk ends only beside other help."""
    case = measure.case
    if case is None or not case.is_open:
        return None
    risks = case.risks.filter(resolved_on=None)
    if measure.risk:
        risks = risks.filter(key=measure.risk)
    if not risks.exists():
        return None
    others = Measure.objects.filter(case=case, state__in=HELPING).exclude(pk=measure.pk)
    if measure.risk:
        others = others.filter(risk__in=[measure.risk, ""])
    if others.exists():
        return None
    names = "、".join(risk.label for risk in risks)
    return f"风险（{names}）还没有消除，也没有别的措施接上，不能停止帮扶。"


CHECKS: Mapping[str, Check] = {
    "has_department": has_department,
    "household_gets_help": household_gets_help,
    "contract_over": contract_over,
    "help_remains": help_remains,
}


def offers(actor: Actor, measure: Measure) -> list[Offer]:
    """The steps that the actor's posts allow on this measure, greyed with the reason."""
    found = measure_table().offers(actor, measure, measure.state, measure.village.path, CHECKS)
    return [
        offer for offer in found
        if offer.transition.right != "support.answer" or is_own_work(actor, measure)
    ]  # fmt: skip


def is_own_work(actor: Actor, measure: Measure) -> bool:
    """Whether a post of the actor belongs to the department that the measure is assigned to."""
    return any(
        scope.covers(measure.village.path) and scope.department in (None, measure.department)
        for scope in actor.scopes_with("support.answer")
    )


def take_measure_step(
    actor: Actor, measure: Measure, action: str, *, version: int, **given: Any
) -> Measure:
    """Take one step of the table, as the page with `version` showed it.

    `given` holds what the step asks for: note, reason, result, date; on accepting also amount and
    due_on, on starting contract_end.
    """
    with transaction.atomic():
        current = locked(actor, measure.pk)
        same_version(current, version)
        cleaned = {key: text(value, "说明", 500) if isinstance(value, str) else value
                   for key, value in given.items()}  # fmt: skip
        row = measure_table().take(
            actor, current, current.state, action, current.village.path, CHECKS, cleaned
        )
        if row.right == "support.answer" and not is_own_work(actor, current):
            raise NotAllowed(f"这项措施交办给{current.department}，由该部门办理。")
        _move(actor, current, row, cleaned)
    return current


def _move(actor: Actor, measure: Measure, row: Transition, given: Given) -> None:
    before = measure.state
    limit = measure.limit_on
    was_late = isinstance(limit, date) and limit < clock.today()
    effect = EFFECTS.get(row.action)
    if effect is not None:
        effect(measure, given)
    measure.state = row.to
    save(
        measure, "state", "answer_due_on", "answered_on", "due_on", "starts_on", "contract_end",
        "ended_on", "result", "amount",
    )  # fmt: skip
    note = given.get("reason") or given.get("note") or given.get("result") or ""
    trace(actor, measure, row.action, row.label, before=before, note=note, was_late=was_late)


def _assign(measure: Measure, given: Given) -> None:
    """The department has its days to answer; then the carrying out has its own."""
    today, known = clock.today(), law()
    measure.answer_due_on = workdays().add(today, known.days("answer_days"), WORKING)
    if measure.due_on is None:
        measure.due_on = today + timedelta(days=known.days("development_days"))


def _recall(measure: Measure, given: Given) -> None:
    measure.answer_due_on = None


def _accept(measure: Measure, given: Given) -> None:
    today = clock.today()
    measure.answered_on = today
    due: date | None = given.get("due_on")
    if due is not None:
        if due < today:
            raise DomainError("计划落实的日期不能早于今天。", code="date")
        measure.due_on = due
    amount: Decimal | None = given.get("amount")
    if amount is not None:
        measure.amount = money(amount, "计划金额")


def _refuse(measure: Measure, given: Given) -> None:
    measure.answered_on = clock.today()
    measure.result = str(given["reason"])


def _revise(measure: Measure, given: Given) -> None:
    measure.answer_due_on = measure.answered_on = None
    measure.result = ""


def _start(measure: Measure, given: Given) -> None:
    begins = not_future(given["date"], "开始日期")
    end: date | None = given.get("contract_end")
    if end is not None and end < begins:
        raise DomainError("到期日期不能早于开始日期。", code="contract_end")
    if measure.continues and end is None:
        raise DomainError(f"这项措施{measure.get_ends_display()}，请填写到期日期。", code="end")
    measure.starts_on, measure.contract_end = begins, end


def _finish(measure: Measure, given: Given) -> None:
    measure.ended_on = clock.today()
    measure.result = str(given["result"])


def _stop(measure: Measure, given: Given) -> None:
    measure.ended_on = clock.today()
    measure.result = str(given["reason"])


EFFECTS: dict[str, Callable[[Measure, Given], None]] = {
    "assign": _assign,
    "recall": _recall,
    "accept": _accept,
    "refuse": _refuse,
    "revise": _revise,
    "start": _start,
    "finish": _finish,
    "stop": _stop,
    "drop": _stop,
}


@dataclass
class Assigned:
    """What came of assigning many: how many went out, and why others did not."""

    done: int = 0
    refused: dict[str, str] = field(default_factory=dict)


MOST_AT_ONCE = 500


def assign_many(actor: Actor, measures: Iterable[Measure]) -> Assigned:
    """Assign each planned measure that can be, and say why of the others."""
    require(actor, "support.assign")
    chosen = list(measures)
    if not chosen:
        raise DomainError("请先勾选要交办的措施。", code="nothing_chosen")
    if len(chosen) > MOST_AT_ONCE:
        raise DomainError(f"一次最多交办 {MOST_AT_ONCE} 项，请分批办理。", code="too_many")
    outcome = Assigned()
    for measure in chosen:
        try:
            take_measure_step(actor, measure, "assign", version=measure.version)
        except DomainError as error:
            outcome.refused[f"{measure.household} {measure.title}"] = error.message
        else:
            outcome.done += 1
    return outcome
