"""等我办的 (waiting): reminders, what goes up, reports to check or to make anew, requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from shouwang.accounts.models import Post
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.divisions.levels import Level

from .models import Progress, Reminder, ReminderSeen, Task, TaskRequest, TaskUnit
from .queries import mine, tasks_visible_to
from .querysets import OPEN
from .stages import RHYTHMS, Stage, at, called, period_ends, stage_of
from .states import Duty, ReminderKind, ReportState

MOST = 50
TOWN_LEADER = "town_leader"
UP, TOP = ReminderKind.UP, ReminderKind.TOP
TOWN_AND_BELOW = (Level.TOWN, Level.VILLAGE, Level.GROUP)


@dataclass(frozen=True)
class Notice:
    """A task that needs somebody's eye: soon due, or late for so long that it goes up."""

    task: Task
    days: int
    """Until the deadline or the end of the period; below zero when it has passed."""
    kind: ReminderKind
    leader: str = ""
    reminder: int | None = None
    """Key of the reminder of this stage, once it was made."""
    is_period: bool = False
    """Told because of a period of which nothing was reported."""
    missed: int = 0
    """Whole periods in a row that went by without a report."""

    @property
    def is_escalated(self) -> bool:
        return self.kind in (UP, TOP)

    @property
    def words(self) -> str:
        if not self.is_escalated:
            return self._state
        leader = self.leader or ("县级领导" if self.kind == TOP else "上一级领导")
        return f"{self._state}，提请{leader}督办"

    @property
    def _state(self) -> str:
        rhythm = self.task.get_rhythm_display()
        if self.missed:
            many = "上一期" if self.missed == 1 else f"连续 {self.missed} 期"
            return f"{rhythm}的任务，{many}没有报送"
        if self.is_period:
            left = "今天" if self.days == 0 else f"{self.days} 天后"
            return f"{rhythm}的任务，本期{left}截止，还没有报送"
        if self.days >= 0:
            return "今天到期" if self.days == 0 else f"还有 {self.days} 天"
        return f"已超期 {-self.days} 天"


@dataclass(frozen=True)
class Waiting:
    """Everything that waits for one person; of each kind the first, and how many in all."""

    notices: Sequence[Notice]
    reports: Sequence[Progress]
    requests: Sequence[TaskRequest]
    seen: Sequence[Notice] = ()
    """Due as well, but noted already at this stage."""
    total: int = 0
    returned: Sequence[Progress] = ()
    """Own reports that were sent back and not yet made anew."""

    @property
    def hidden(self) -> int:
        listed = (self.notices, self.reports, self.requests, self.returned)
        return self.total - sum(len(rows) for rows in listed)


def waiting_for(actor: Actor, on: date | None = None) -> Waiting:
    day = on or clock.today()
    reports = _with_units(reports_to_check(actor)).order_by("reported_at")
    returned = _with_units(returned_to(actor)).order_by("checked_at")
    requests = _with_units(TaskRequest.objects.waiting_for(actor)).order_by("asked_at")
    due = (
        due_tasks(actor, day)
        .select_related("parent", "division")
        .prefetch_related("units")
        .order_by(F("ends_on").asc(nulls_last=True), "number_key")
    )
    noted = _noted(actor, day)
    fresh = due.exclude(pk__in=noted)
    first, total = _first(fresh)
    to_check, checks = _first(reports)
    to_answer, answers = _first(requests)
    to_redo, redone = _first(returned)
    return Waiting(
        notices_of(first, day), to_check, to_answer,
        notices_of(list(due.filter(pk__in=noted)[:MOST]), day), total + checks + answers + redone,
        to_redo,
    )  # fmt: skip


def _with_units(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With the task and its units: parts of one task read alike but for who does them."""
    return rows.select_related("task").prefetch_related("task__units")


def _first(rows: QuerySet[Any]) -> tuple[list[Any], int]:
    """The first rows and how many there are; asked a second time only where there are more."""
    found = list(rows[:MOST])
    return found, len(found) if len(found) < MOST else rows.count()


def badge(actor: Actor) -> int:
    """How much waits: for the number at the entry of the navigation."""
    if not actor.can("workplans.view"):
        return 0
    return (
        due_tasks(actor, clock.today()).exclude(pk__in=_noted(actor, clock.today())).count()
        + reports_to_check(actor).count()
        + returned_to(actor).count()
        + TaskRequest.objects.waiting_for(actor).count()
    )


def due_tasks(actor: Actor, day: date) -> QuerySet[Task]:
    """Own tasks due soon or late; who stands above sees those late for so long that they go up.

    Nothing waits for those who only look on.
    """
    if not any(actor.can(right) for right in ("workplans.report", "workplans.extend")):
        return Task.objects.none()
    above = [scope for scope in actor.scopes_with("workplans.extend") if scope.department is None]
    if above:
        found = Q(pk__in=[])
        for is_of_a_town in {scope.role == TOWN_LEADER for scope in above}:
            found |= _gone_up_to(day, is_of_a_town=is_of_a_town)
        return tasks_visible_to(actor).filter(found, state__in=OPEN, parts=None)
    return mine(actor).filter(called(day), parts=None)


def _gone_up_to(day: date, *, is_of_a_town: bool) -> Q:
    """A town's leader answers for the town; to the county its own come first, a town's later."""
    if is_of_a_town:
        return at(UP, day) | at(TOP, day)
    led = TaskUnit.objects.filter(duty=Duty.LEAD, division__level__in=TOWN_AND_BELOW)
    of_towns = Q(division__level__in=TOWN_AND_BELOW) | Q(pk__in=led.values("task"))
    return at(TOP, day) | (at(UP, day) & ~of_towns)


def _noted(actor: Actor, day: date) -> QuerySet[Any]:
    """Keys of the tasks whose reminder of the present stage this person has noted."""
    now = Q(pk__in=[])
    for kind in ReminderKind:
        at_stage = Task.objects.filter(at(kind, day)).values("pk")
        now |= Q(reminder__kind=kind, reminder__task__in=at_stage)
    same = Q(reminder__task__ends_on=F("reminder__ends_on"))
    for rhythm in RHYTHMS:
        same |= Q(reminder__task__rhythm=rhythm, reminder__ends_on__in=period_ends(rhythm, day))
    seen = ReminderSeen.objects.filter(now, same, account=actor.account_id)
    return seen.values("reminder__task")


def reports_to_check(actor: Actor, *, with_lower: bool = False) -> QuerySet[Progress]:
    """Reports that nobody has looked at, of the own place or of parts that the own unit leads.

    Parts that a town leads are checked by the town; `with_lower` also gives these to the county.
    """
    may = Q(pk__in=[])
    for scope in actor.scopes_with("workplans.manage"):
        own = Q(task__division__path__startswith=scope.division_path)
        if not with_lower:
            lower = TaskUnit.objects.filter(
                task=OuterRef("task__parent"), duty=Duty.LEAD,
                division__path__startswith=scope.division_path,
            ).exclude(division__path=scope.division_path)  # fmt: skip
            own &= ~Q(Exists(lower))
        may |= own
    for scope in actor.scopes_with("workplans.check"):
        lead = TaskUnit.objects.filter(duty=Duty.LEAD)
        if scope.department is not None:
            lead = lead.filter(department__name=scope.department)
        else:
            lead = lead.filter(division__path=scope.division_path)
        led = lead.values("task")
        parts = Task.objects.filter(parent__in=led).exclude(pk__in=led)
        may |= Q(task__in=parts.values("pk"))
    return Progress.objects.filter(may, state=ReportState.SUBMITTED)


def returned_to(actor: Actor) -> QuerySet[Progress]:
    """Reports of the own unit that were sent back, until a newer one stands in their place."""
    own = TaskUnit.objects.none()
    for scope in actor.scopes_with("workplans.report"):
        if scope.department is not None:
            own = own | TaskUnit.objects.filter(department__name=scope.department)
        else:
            own = own | TaskUnit.objects.filter(division__path=scope.division_path)
    newer = Progress.objects.filter(task=OuterRef("task"), pk__gt=OuterRef("pk"))
    tasks = tasks_visible_to(actor).filter(
        pk__in=own.values("task"), state__in=("going", "finishing"), parts=None, figure=""
    )
    return Progress.objects.filter(~Exists(newer), state=ReportState.RETURNED, task__in=tasks)


def notice_of(task: Task, day: date) -> Notice | None:
    """The notice of one task, if it has one."""
    if task.state not in OPEN:
        return None
    return next(iter(notices_of([task], day)), None)


def notices_of(tasks: Sequence[Task], day: date) -> list[Notice]:
    """Each with the leader who answers for it: written at the task, else by post at its place."""
    stages = {task.pk: stage for task in tasks if (stage := stage_of(task, day)) is not None}
    leaders = _leaders([task for task in tasks if task.pk in stages], stages, day)
    told = {
        (task, kind, ends_on): pk
        for pk, task, kind, ends_on in Reminder.objects.filter(task__in=tasks).values_list(
            "pk", "task", "kind", "ends_on"
        )
    }
    return [
        Notice(
            task, (stage.ends_on - day).days, stage.kind, leaders.get(task.pk, ""),
            told.get((task.pk, stage.kind, stage.ends_on)), stage.is_period, stage.missed,
        )
        for task in tasks
        if (stage := stages.get(task.pk)) is not None
    ]  # fmt: skip


def _leaders(tasks: Sequence[Task], stages: dict[int, Stage], day: date) -> dict[int, str]:
    """Who is asked to look after each task that has gone up."""
    up = [task for task in tasks if stages[task.pk].kind == UP]
    top = [task for task in tasks if stages[task.pk].kind == TOP]
    named, places = {}, {}
    units = TaskUnit.objects.filter(task__in=up, duty=Duty.LEAD, division__isnull=False)
    towns = dict(units.values_list("task", "division"))
    for task in up:
        above = task.parent.leader if task.parent is not None else ""
        if task.leader or above:
            named[task.pk] = f"责任领导{task.leader or above}"
        else:
            places[task.pk] = [towns.get(task.pk, task.division_id)]
    places |= {task.pk: _keys(task.division.path) for task in top}
    by_place = _posts({key for keys in places.values() for key in keys}, day)
    for pk, keys in places.items():
        roles = ("county_leader",) if stages[pk].kind == TOP else (TOWN_LEADER, "county_leader")
        found = [by_place[key, role] for key in keys for role in roles if (key, role) in by_place]
        named |= {pk: found[0]} if found else {}
    return named


def _keys(path: str) -> list[int]:
    return [int(part) for part in path.split("/") if part]


def _posts(places: set[int], day: date) -> dict[tuple[int, str], str]:
    """The leaders by post, by place and role."""
    posts = (
        Post.objects.on(day)
        .filter(division__in=places, role__in=(TOWN_LEADER, "county_leader"))
        .select_related("account", "division")
    )
    return {
        (post.division_id, post.role): f"{post.division.name}分管领导{post.account.name}"
        for post in posts
        if post.division is not None and post.division_id is not None
    }
