"""What the pages of the workplans room show, in one's own scope."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import NotAllowed

from .lights import light
from .models import Paper, Piece, Plan, Task, TaskUnit
from .operations.splitting import split_right
from .querysets import PaperQuerySet, PlanQuerySet, TaskQuerySet
from .states import Duty, Light

SHOWN_COLUMNS = (
    "begins_on", "ends_on", "share", "state", "rhythm", "reported_on",
)  # fmt: skip


def papers_visible_to(actor: Actor) -> PaperQuerySet:
    require(actor, "workplans.view")
    return Paper.objects.visible_to(actor)


def paper_visible_to(actor: Actor, pk: int) -> Paper:
    return get_object_or_404(papers_visible_to(actor).select_related("division", "former"), pk=pk)


def piece_visible_to(actor: Actor, paper: Paper, pk: int) -> Piece:
    return get_object_or_404(paper.pieces.select_related("paper"), pk=pk)


def tasks_visible_to(actor: Actor) -> TaskQuerySet:
    require(actor, "workplans.view")
    return Task.objects.visible_to(actor)


def task_visible_to(actor: Actor, pk: int) -> Task:
    seen = tasks_visible_to(actor).select_related("paper", "piece", "parent", "division")
    return get_object_or_404(seen, pk=pk)


def plans_visible_to(actor: Actor) -> PlanQuerySet:
    require(actor, "workplans.view")
    return Plan.objects.visible_to(actor).select_related("division")


def plan_visible_to(actor: Actor, pk: int) -> Plan:
    return get_object_or_404(plans_visible_to(actor).select_related("division__parent"), pk=pk)


def may_split(actor: Actor, task: Task) -> bool:
    try:
        split_right(actor, task)
    except NotAllowed:
        return False
    return True


def light_of(task: Task, on: date) -> str:
    return light(
        begins=task.begins_on, ends=task.ends_on, on=on, done=task.share,
        is_done=task.state == "done",
    )  # fmt: skip


def mine(actor: Actor) -> QuerySet[Task]:
    """Unfinished tasks that the actor's own department or town leads or shares."""
    require(actor, "workplans.view")
    keys = TaskUnit.objects.none()
    for scope in actor.scopes_with("workplans.view"):
        if scope.department is not None:
            keys = keys | TaskUnit.objects.filter(department__name=scope.department)
        else:
            keys = keys | TaskUnit.objects.filter(division__path__startswith=scope.division_path)
    return tasks_visible_to(actor).unfinished().filter(pk__in=keys.values("task"))


@dataclass(frozen=True)
class UnitRow:
    """One leading unit with its tasks by light."""

    name: str
    key: str
    total: int
    done: int
    lights: Counter[str]

    @property
    def red(self) -> int:
        return self.lights[Light.RED.value]


def board(actor: Actor, on: date | None = None) -> list[UnitRow]:
    """Leading units with how their tasks stand, most red first; a whole with parts is left out."""
    day = on or clock.today()
    seen = tasks_visible_to(actor).exclude(state="cancelled").filter(parts=None)
    rows = (
        TaskUnit.objects.filter(duty=Duty.LEAD, task__in=seen.values("pk"))
        .select_related("task")
        .only("name", "task__state", "task__begins_on", "task__ends_on", "task__share")
    )
    found: dict[str, list[Task]] = {}
    for unit in rows.iterator(chunk_size=2000):
        found.setdefault(unit.name, []).append(unit.task)
    board_rows = [
        UnitRow(
            name, name, len(tasks), sum(task.state == "done" for task in tasks),
            Counter(light_of(task, day) for task in tasks),
        )
        for name, tasks in found.items()
    ]  # fmt: skip
    return sorted(board_rows, key=lambda row: (-row.red, -row.total, row.name))


def light_counts(tasks: Iterable[Task], on: date) -> Counter[str]:
    return Counter(light_of(task, on) for task in tasks)
