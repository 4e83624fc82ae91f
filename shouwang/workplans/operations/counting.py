"""系统计数 (counting): the done value of a task from what the rooms count, by place."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.core.figures import UnknownFigure, get_figure
from shouwang.divisions.models import Division

from ..models import Progress, Task
from ..states import ReportState
from .progress import report_share, settle

OPEN = ("open", "going", "finishing")


def place_of(task: Task) -> Division:
    """Where a task is counted: the town or village that leads it, else the task's own place."""
    for unit in task.units.all():
        if unit.duty == "lead" and unit.division is not None:
            return unit.division
    return task.division


def tie_figure(
    actor: Actor, task: Task, *, figure: str, base_day: date | None, version: int
) -> Task:
    """Let the system count a task and its parts; an empty key ends it and reports are typed again.

    With a base day only what came after it counts: the value of that day is taken off.
    """
    require(actor, "workplans.manage", task.division.path)
    _check_tie(task, figure, base_day)
    parts = task.parts.exclude(state="cancelled").prefetch_related("units__division")
    family = [task, *parts]
    bases = _bases(family, figure, base_day)
    with transaction.atomic():
        if not Task.objects.filter(pk=task.pk, version=version).update(version=version + 1):
            raise Conflict("这个任务刚被别人改过，请刷新页面核对后再办理。")
        for each in family:
            each.figure, each.figure_from = figure, base_day if figure else None
            each.figure_base, each.counted_on = bases.get(each.pk), None
            each.save(update_fields=["figure", "figure_from", "figure_base", "counted_on"])
        words = f"由系统计数（{get_figure(figure).title}）" if figure else "不再由系统计数"
        audit(
            actor,
            "workplans.task.figure",
            target_type="workplans.task",
            target_id=str(task.pk),
            division_path=task.division.path,
            summary=f"{task.number} {words}",
        )
        if figure:
            _count(family, clock.today())
        else:
            settle(task)
    task.refresh_from_db()
    return task


def _check_tie(task: Task, figure: str, base_day: date | None) -> None:
    if task.state not in OPEN:
        raise Conflict(f"任务{task.state_label}，不能改计数办法。")
    if not figure:
        return
    try:
        known = get_figure(figure)
    except UnknownFigure as error:
        raise DomainError("没有这个自动数，请从列表中选择。", code="figure") from error
    if task.quantity is None:
        raise DomainError("任务还没有目标数量，先细化再连自动数。", code="quantity")
    if task.unit and known.unit != task.unit:
        raise DomainError(
            f"任务的单位是“{task.unit}”，这个自动数的单位是“{known.unit}”，不能比较。", code="unit"
        )
    if base_day is not None and base_day > clock.today():
        raise DomainError("起计日期在今天以后，请核对。", code="base_day")


def _bases(family: Iterable[Task], figure: str, base_day: date | None) -> dict[int, Decimal]:
    if not figure or base_day is None:
        return {}
    places = {task.pk: place_of(task).path for task in family}
    values = get_figure(figure).count(sorted(set(places.values())), base_day)
    return {pk: values[path] for pk, path in places.items() if path in values}


def start_counting(task: Task) -> None:
    """Parts of a task that is counted are counted too, each at its place."""
    if not task.figure:
        return
    parts = list(task.parts.exclude(state="cancelled").prefetch_related("units__division"))
    bases = _bases(parts, task.figure, task.figure_from)
    for part in parts:
        part.figure, part.figure_from = task.figure, task.figure_from
        part.figure_base = bases.get(part.pk)
        part.save(update_fields=["figure", "figure_from", "figure_base"])
    _count(parts, clock.today())


def recount(actor: Actor, tasks: Iterable[Task] | None = None) -> int:
    """Count again what the system counts: the given tasks, or all open ones of the actor's place.

    Gives how many tasks have a new value.
    """
    if tasks is None:
        seen = Task.objects.visible_to(actor).filter(state__in=OPEN).exclude(figure="")
        tasks = seen.select_related("division").prefetch_related("units__division")
    chosen = [task for task in tasks if task.figure and task.state in OPEN]
    for task in chosen:
        require(actor, "workplans.manage", task.division.path)
    with transaction.atomic():
        changed = _count(chosen, clock.today())
        audit(
            actor,
            "workplans.task.recounted",
            target_type="workplans.task",
            summary=f"系统计数：{len(chosen)} 项，{changed} 项有新数",
        )
    return changed


def _count(tasks: Iterable[Task], day: date) -> int:
    by_figure: dict[str, list[tuple[Task, str]]] = defaultdict(list)
    for task in tasks:
        by_figure[task.figure].append((task, place_of(task).path))
    changed = 0
    for key, rows in by_figure.items():
        try:
            figure = get_figure(key)
        except UnknownFigure:
            continue  # a room that was taken out: the last value stays, with its day
        values = figure.count(sorted({path for _, path in rows}), day)
        for task, path in rows:
            changed += _take(task, values.get(path), day, figure.title)
    return changed


def _take(task: Task, value: Decimal | None, day: date, title: str) -> bool:
    """The newest value into the task; a line of history only where it changed."""
    if value is None:
        Task.objects.filter(pk=task.pk).update(counted_on=day)
        return False
    done = value - (task.figure_base or Decimal(0))
    is_new = done != task.done
    task.done, task.counted_on, task.reported_on = done, day, day
    task.share = report_share(task, max(done, Decimal(0)), None)
    task.save(update_fields=["done", "share", "counted_on", "reported_on"])
    if is_new:
        Progress.objects.filter(task=task, as_of=day, is_counted=True).delete()
        Progress.objects.create(
            task=task, as_of=day, value=done, share=task.share, text=f"系统计数：{title}",
            is_counted=True, state=ReportState.ACCEPTED, reported_at=clock.now(),
            reported_by_label="系统计数",
        )  # fmt: skip
    if task.parent is not None:
        settle(task.parent)
    return is_new
