"""等我办的 (waiting): reminders, what goes up, reports to check and requests to answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from shouwang.accounts.models import Post
from shouwang.core import clock
from shouwang.core.actor import Actor

from .lights import lines_on
from .models import Progress, Reminder, ReminderSeen, Task, TaskRequest, TaskUnit
from .queries import mine, tasks_visible_to
from .querysets import OPEN
from .rhythms import due_of, is_told, unreported
from .states import Duty, ReminderKind, ReportState

MOST = 50
LEADERS = {"town": "town_leader", "county": "county_leader"}


@dataclass(frozen=True)
class Notice:
    """A task that needs somebody's eye: soon due, or late for so long that it goes up."""

    task: Task
    days: int
    is_escalated: bool
    leader: str = ""
    reminder: int | None = None
    """Key of the reminder of this stage, once it was made."""
    is_period: bool = False
    """Told because a period ends of which nothing was reported."""

    @property
    def words(self) -> str:
        if self.is_period:
            left = "今天" if self.days == 0 else f"{self.days} 天后"
            return f"{self.task.get_rhythm_display()}的任务，本期{left}截止，还没有报送"
        if self.days >= 0:
            return "今天到期" if self.days == 0 else f"还有 {self.days} 天"
        late = f"已超期 {-self.days} 天"
        if not self.is_escalated:
            return late
        return f"{late}，提请{self.leader or '上一级领导'}督办"


@dataclass(frozen=True)
class Waiting:
    """Everything that waits for one person; of each kind the first, and how many in all."""

    notices: Sequence[Notice]
    reports: Sequence[Progress]
    requests: Sequence[TaskRequest]
    seen: Sequence[Notice] = ()
    """Due as well, but noted already at this stage."""
    total: int = 0

    @property
    def hidden(self) -> int:
        return self.total - len(self.notices) - len(self.reports) - len(self.requests)


def waiting_for(actor: Actor, on: date | None = None) -> Waiting:
    day = on or clock.today()
    reports = reports_to_check(actor).select_related("task").order_by("reported_at")
    requests = TaskRequest.objects.waiting_for(actor).select_related("task").order_by("asked_at")
    due = (
        due_tasks(actor, day)
        .select_related("parent")
        .order_by(F("ends_on").asc(nulls_last=True), "number_key")
    )
    noted = _noted(actor, day)
    fresh = due.exclude(pk__in=noted)
    return Waiting(
        notices_of(list(fresh[:MOST]), day),
        list(reports[:MOST]),
        list(requests[:MOST]),
        notices_of(list(due.filter(pk__in=noted)[:MOST]), day),
        fresh.count() + reports.count() + requests.count(),
    )


def badge(actor: Actor) -> int:
    """How much waits: for the number at the entry of the navigation."""
    if not actor.can("workplans.view"):
        return 0
    return (
        due_tasks(actor, clock.today()).exclude(pk__in=_noted(actor, clock.today())).count()
        + reports_to_check(actor).count()
        + TaskRequest.objects.waiting_for(actor).count()
    )


def due_tasks(actor: Actor, day: date) -> QuerySet[Task]:
    """Own tasks due soon or late; who stands above sees those late for so long that they go up.

    Nothing waits for those who only look on.
    """
    if not any(actor.can(right) for right in ("workplans.report", "workplans.extend")):
        return Task.objects.none()
    lines = lines_on(day)
    if any(scope.department is None for scope in actor.scopes_with("workplans.extend")):
        line = day - timedelta(days=lines.escalate_days)
        return tasks_visible_to(actor).filter(state__in=OPEN, parts=None, ends_on__lte=line)
    return mine(actor).filter(called(day), parts=None)


def called(day: date) -> Q:
    """Deadlines that are near or past, and periods that end soon without a report."""
    line = day + timedelta(days=lines_on(day).remind_days)
    return Q(ends_on__lte=line) | unreported(day)


def stage(task: Task, day: date) -> str:
    """Which reminder the task's deadline calls for on the day."""
    ends_on = due_of(task, day)
    assert ends_on is not None
    late = (day - ends_on).days
    if late >= lines_on(day).escalate_days:
        return ReminderKind.UP
    return ReminderKind.LATE if late > 0 else ReminderKind.SOON


def _noted(actor: Actor, day: date) -> QuerySet[Any]:
    """Keys of the tasks whose reminder of the present stage this person has noted."""
    up = day - timedelta(days=lines_on(day).escalate_days)
    now = (
        Q(reminder__kind=ReminderKind.SOON, reminder__ends_on__gte=day)
        | Q(reminder__kind=ReminderKind.LATE, reminder__ends_on__lt=day, reminder__ends_on__gt=up)
        | Q(reminder__kind=ReminderKind.UP, reminder__ends_on__lte=up)
    )
    seen = ReminderSeen.objects.filter(now, account=actor.account_id)
    periodic = Q(reminder__kind=ReminderKind.SOON, reminder__task__rhythm__gt="")
    same = Q(reminder__task__ends_on=F("reminder__ends_on"))
    return seen.filter(same | periodic).values("reminder__task")


def reports_to_check(actor: Actor) -> QuerySet[Progress]:
    """Reports that nobody has looked at, of the own place or of parts that the own unit leads."""
    may = Q(pk__in=[])
    for scope in actor.scopes_with("workplans.manage"):
        own = Task.objects.filter(division__path__startswith=scope.division_path)
        may |= Q(task__in=own.values("pk"))
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


def notice_of(task: Task, day: date) -> Notice | None:
    """The notice of one task, if it has one."""
    line = day + timedelta(days=lines_on(day).remind_days)
    is_near = task.ends_on is not None and task.ends_on <= line
    if task.state not in OPEN or not (is_near or is_told(task, day)):
        return None
    return notices_of([task], day)[0]


def notices_of(tasks: Sequence[Task], day: date) -> list[Notice]:
    """Each with the leader who answers for it: written at the task, else by post at its place."""
    lines = lines_on(day)
    leaders = _leaders(tasks, day)
    told = {
        (task, kind, ends_on): pk
        for pk, task, kind, ends_on in Reminder.objects.filter(task__in=tasks).values_list(
            "pk", "task", "kind", "ends_on"
        )
    }
    found = []
    for task in tasks:
        ends_on = due_of(task, day)
        if ends_on is None:
            continue
        left = (ends_on - day).days
        is_up = -left >= lines.escalate_days
        reminder = told.get((task.pk, stage(task, day), ends_on))
        leader = leaders.get(task.pk, "") if is_up else ""
        is_period = ends_on != task.ends_on
        found.append(Notice(task, left, is_up, leader, reminder, is_period))
    return found


def _leaders(tasks: Iterable[Task], day: date) -> dict[int, str]:
    named, places = {}, {}
    chosen = list(tasks)
    units = TaskUnit.objects.filter(task__in=chosen, duty=Duty.LEAD, division__isnull=False)
    towns = dict(units.values_list("task", "division"))
    for task in chosen:
        above = task.parent.leader if task.parent is not None else ""
        if task.leader or above:
            named[task.pk] = f"责任领导{task.leader or above}"
        else:
            places[task.pk] = towns.get(task.pk, task.division_id)
    posts = (
        Post.objects.on(day)
        .filter(division__in=set(places.values()), role__in=LEADERS.values())
        .select_related("account", "division")
    )
    by_place = {
        post.division_id: f"{post.division.name}分管领导{post.account.name}"
        for post in posts
        if post.division is not None
    }
    return named | {pk: by_place[place] for pk, place in places.items() if place in by_place}
