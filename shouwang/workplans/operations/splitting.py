"""分解 (splitting): a task given to units and places, with sums that are checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict, DomainError, NotAllowed

from ..models import Task
from ..models.work import plain
from ..units import Match, Units
from .counting import place_of, start_counting
from .work import add_units, audit_task, county_of, write

AT_LEAST = ("ge", "gt", "increase", "eq", "about", "")
AT_MOST = ("le", "lt", "decrease")


@dataclass(frozen=True)
class Part:
    """分解: one unit's part of a task; amounts are in the unit of the task."""

    unit: str
    quantity: Decimal | None
    person: str = ""
    ends_on: date | None = None


def split_right(actor: Actor, task: Task) -> None:
    """Who may split: the county; a town or village its own part, down to villages and operators."""
    if actor.can_at("workplans.manage", task.division.path):
        return
    place = place_of(task)
    if place.pk == task.division_id or not actor.can_at("workplans.plan", place.path):
        raise NotAllowed("分解任务由县里办理；乡镇和村只分解自己的那一份。")


def may_split(actor: Actor, task: Task) -> bool:
    try:
        split_right(actor, task)
    except NotAllowed:
        return False
    return True


def split_task(actor: Actor, task: Task, parts: Sequence[Part], *, version: int) -> list[Task]:
    """Split a task by unit or place; amounts must reach the whole, more is allowed for 不少于."""
    split_right(actor, task)
    if task.state in ("done", "cancelled"):
        raise Conflict(f"任务{task.state_label}，不能分解。")
    if task.parts.exclude(state="cancelled").exists():
        raise Conflict("任务已经分解，请在各部分上修改，或先取消各部分。")
    _check_parts(task, parts)
    town = task.units.filter(division__level="town").select_related("division").first()
    under = town.division.path if town is not None and town.division is not None else ""
    units = Units(county_of(task.division), under)
    with transaction.atomic():
        write(task, version)
        made = [
            make_part(actor, task, place, part, units.match(part.unit))
            for place, part in enumerate(parts, 1)
        ]
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


def make_part(
    actor: Actor, task: Task, place: int, part: Part, match: Sequence[Match] | None
) -> Task:
    """One part of a task with its unit; no match where the part is no unit's."""
    made = Task.objects.create(
        number=f"{task.number}.{place}"[:40],
        title=task.title,
        paper=task.paper,
        piece=task.piece,
        plan_period=task.plan_period,
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
    add_units(made, match or [])
    return made
