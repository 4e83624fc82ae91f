"""分解 (splitting): a task given to units and places, with sums that are checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError

from ..models import Task
from ..models.work import plain
from ..units import Units
from .counting import start_counting
from .work import audit_task, county_of, give_units, write

AT_LEAST = ("ge", "gt", "increase", "eq", "about", "")
AT_MOST = ("le", "lt", "decrease")


@dataclass(frozen=True)
class Part:
    """分解: one unit's part of a task; amounts are in the unit of the task."""

    unit: str
    quantity: Decimal | None
    person: str = ""
    ends_on: date | None = None


def split_task(actor: Actor, task: Task, parts: Sequence[Part], *, version: int) -> list[Task]:
    """Split a task by unit or place; amounts must reach the whole, more is allowed for 不少于."""
    require(actor, "workplans.manage", task.division.path)
    if task.state in ("done", "cancelled"):
        raise Conflict(f"任务{task.state_label}，不能分解。")
    if task.parts.exclude(state="cancelled").exists():
        raise Conflict("任务已经分解，请在各部分上修改，或先取消各部分。")
    _check_parts(task, parts)
    units = Units(county_of(task.division))
    with transaction.atomic():
        write(task, version)
        made = [_part(actor, task, place, part, units) for place, part in enumerate(parts, 1)]
        start_counting(task)
        audit_task(actor, task, "split", f"分解任务 {task.number} 为 {len(made)} 部分")
    return made


def _check_parts(task: Task, parts: Sequence[Part]) -> None:
    if not parts:
        raise DomainError("请至少写一行分解。", code="parts")
    names = [part.unit.strip() for part in parts]
    if not all(names) or len(set(names)) < len(names):
        raise DomainError("每行都要有单位，同一单位只写一行。", code="parts")
    if task.quantity is None:
        return
    amounts = [part.quantity for part in parts]
    if any(amount is None or amount < 0 for amount in amounts):
        raise DomainError(
            f"任务有数量（{task.amount_words}），每行都要写分到的数量。", code="parts"
        )
    total = sum((amount for amount in amounts if amount is not None), Decimal(0))
    short = total < task.quantity
    over = total > task.quantity
    if short and task.comparator in AT_LEAST:
        raise DomainError(
            f"各部分合计 {plain(total)} {task.unit}，比任务 {task.amount_words} 少 "
            f"{plain(task.quantity - total)} {task.unit}，请补足。",
            code="sum",
        )
    if over and task.comparator in AT_MOST:
        raise DomainError(
            f"各部分合计 {plain(total)} {task.unit}，超过任务的上限 {task.amount_words}。",
            code="sum",
        )


def _part(actor: Actor, task: Task, place: int, part: Part, units: Units) -> Task:
    made = Task.objects.create(
        number=f"{task.number}.{place}"[:40],
        title=task.title,
        paper=task.paper,
        piece=task.piece,
        parent=task,
        chapter=task.chapter,
        division=task.division,
        target_name=task.target_name,
        comparator=task.comparator,
        quantity=part.quantity,
        unit=task.unit,
        place=part.unit[:120],
        person=part.person[:60],
        leader=task.leader,
        begins_on=task.begins_on,
        ends_on=part.ends_on or task.ends_on,
        rhythm=task.rhythm,
        evidence_needed=task.evidence_needed,
        tags=task.tags,
        list_kind=task.list_kind,
        state="going" if task.state == "going" else "open",
        made_at=clock.now(),
        made_by_label=actor.label[:120],
    )
    give_units(made, units, [part.unit], [])
    return made
