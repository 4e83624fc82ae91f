"""What the pages of the workplans room show, in one's own scope."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from shouwang.core import clock
from shouwang.core.actor import Actor, require

from .leading import LeadingUnit, Place, village_columns
from .lights import light
from .models import Paper, Piece, Plan, Policy, Task, TaskUnit
from .querysets import PaperQuerySet, PlanQuerySet, PolicyQuerySet, TaskQuerySet
from .states import Duty, Light

STAND = ("begins_on", "ends_on", "share", "state")
Stand = tuple[date | None, date | None, Decimal | None, str]


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


def policies_visible_to(actor: Actor) -> PolicyQuerySet:
    require(actor, "workplans.view")
    return Policy.objects.visible_to(actor)


def plans_visible_to(actor: Actor) -> PlanQuerySet:
    require(actor, "workplans.view")
    return Plan.objects.visible_to(actor).select_related("division")


def plan_visible_to(actor: Actor, pk: int) -> Plan:
    return get_object_or_404(plans_visible_to(actor).select_related("division__parent"), pk=pk)


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
    """One leading unit (or one initiative) with its tasks by light and their mean progress."""

    name: str
    total: int
    done: int
    lights: Counter[str]
    mean: Decimal
    level: str = ""
    """Of the place that leads; empty for a department and for an initiative."""
    key: str = ""
    """What the list of tasks is filtered by; see `LeadingUnit.key`."""

    @property
    def red(self) -> int:
        return self.lights[Light.RED.value]


class _Tally:
    """Counts of one row while it is being added up."""

    def __init__(self) -> None:
        self.total, self.done, self.sum = 0, 0, Decimal(0)
        self.lights: Counter[str] = Counter()
        self.level = ""

    def add(self, stand: Stand, day: date) -> None:
        begins, ends, share, state = stand
        is_done = state == "done"
        self.total += 1
        self.done += is_done
        self.sum += Decimal(1) if is_done else min(max(share or Decimal(0), Decimal(0)), Decimal(1))
        self.lights[light(begins=begins, ends=ends, on=day, done=share, is_done=is_done)] += 1

    def row(self, name: str, key: str = "") -> UnitRow:
        mean = self.sum / self.total
        return UnitRow(name, self.total, self.done, self.lights, mean, self.level, key or name)


def counted(actor: Actor) -> TaskQuerySet:
    """What boards count: tasks that are not cancelled; a whole with parts is left out."""
    return tasks_visible_to(actor).exclude(state="cancelled").filter(parts=None)


def board(actor: Actor, on: date | None = None) -> list[UnitRow]:
    """Leading units with how their tasks stand, most red first."""
    day = on or clock.today()
    rows = TaskUnit.objects.filter(duty=Duty.LEAD, task__in=counted(actor).values("pk"))
    tallies: dict[Place, _Tally] = defaultdict(_Tally)
    towns: dict[Place, str | None] = {}
    for name, level, code, town, *stand in rows.values_list(
        "name", "division__level", *village_columns(), *(f"task__{column}" for column in STAND)
    ).order_by():
        place = (name, code or "")
        tallies[place].add((stand[0], stand[1], stand[2], stand[3]), day)
        tallies[place].level = level or ""
        towns[place] = town
    units = LeadingUnit.named((name, code, town) for (name, code), town in towns.items())
    found = [tally.row(units[place].name, units[place].key) for place, tally in tallies.items()]
    return sorted(found, key=lambda row: (-row.red, -row.total, row.name))


def initiatives(actor: Actor, on: date | None = None) -> list[UnitRow]:
    """Initiatives that tasks carry as tags, with how these tasks stand; most tasks first."""
    day = on or clock.today()
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    for tags, *stand in counted(actor).exclude(tags=[]).values_list("tags", *STAND).order_by():
        for tag in tags:
            tallies[str(tag)].add((stand[0], stand[1], stand[2], stand[3]), day)
    found = [tally.row(name) for name, tally in tallies.items()]
    return sorted(found, key=lambda row: (-row.total, row.name))


def light_counts(tasks: Iterable[Task], on: date) -> Counter[str]:
    return Counter(light_of(task, on) for task in tasks)
