"""频次完成情况: how often each body did what it must, period by period."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, Q, QuerySet
from django.shortcuts import get_object_or_404

from shouwang.accounts.models import Department
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.divisions.models import Division

from . import cadence
from .cadence import CadenceRule, Period
from .models import Meeting
from .querysets import MeetingQuerySet

SHOWN = 6
TONES = {"done": "完成", "late": "未完成", "near": "本期未完成", "idle": "不计"}


def meetings_visible_to(actor: Actor) -> MeetingQuerySet:
    require(actor, "meetings.view")
    return Meeting.objects.visible_to(actor)


def meeting_visible_to(actor: Actor, pk: int) -> Meeting:
    seen = meetings_visible_to(actor).select_related("division__parent", "department")
    return get_object_or_404(seen, pk=pk)


@dataclass(frozen=True)
class Body:
    """Who must meet: a division, or a department of one."""

    division: Division
    department: Department | None = None

    @property
    def name(self) -> str:
        return self.department.name if self.department else self.division.name

    @property
    def place(self) -> str:
        """The town of a village, else nothing."""
        parent = self.division.parent
        return parent.name if parent and self.division.level == "village" else ""

    @property
    def key(self) -> tuple[int, int | None]:
        return self.division.pk, self.department.pk if self.department else None


@dataclass(frozen=True)
class Cell:
    """One body in one period: how many of how many; `left` are the days that remain."""

    period: Period
    held: int
    needed: int
    left: int
    counts: bool = True

    @property
    def tone(self) -> str:
        if not self.counts:
            return "idle"
        if self.held >= self.needed:
            return "done"
        return "late" if self.left < 0 else "near"

    @property
    def words(self) -> str:
        if not self.counts:
            return "不计"
        if self.held >= self.needed:
            return f"{self.held} 次"
        if self.left < 0:
            return f"{self.held}/{self.needed} 次"
        return f"{self.held}/{self.needed} 次，剩 {self.left + 1} 天"


@dataclass(frozen=True)
class Line:
    body: Body
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Summary:
    """One rule over all bodies of the scope: the last whole period and the running one."""

    rule: CadenceRule
    bodies: int
    before: Period
    done_before: int
    now: Period
    done_now: int

    @property
    def share(self) -> float | None:
        return self.done_before / self.bodies if self.bodies else None


def bodies_of(actor: Actor, body: str, on: date) -> list[Body]:
    """The bodies of a level in the actor's scope that exist on a day."""
    level = "county" if body == "department" else body
    condition = Q(pk__in=[])
    for scope in actor.scopes_with("meetings.view"):
        condition |= Q(path__startswith=scope.division_path)
    found = (
        Division.objects.on(on)
        .filter(condition, level=level)
        .select_related("parent")
        .order_by("code")
    )
    if body != "department":
        return [] if _only_departments(actor) else [Body(division) for division in found]
    return [Body(each, department) for each in found for department in _departments(actor)]


def _only_departments(actor: Actor) -> bool:
    return all(scope.department for scope in actor.scopes_with("meetings.view"))


def _departments(actor: Actor) -> QuerySet[Department]:
    names = {scope.department for scope in actor.scopes_with("meetings.view")}
    return Department.objects.all() if None in names else Department.objects.filter(name__in=names)


def _held(actor: Actor, rule: CadenceRule, first: date, last: date) -> QuerySet[Meeting]:
    found = meetings_visible_to(actor).counted().filter(body=rule.body, kind=rule.kind)
    return found.filter(held_on__range=(first, last))


def _counts(
    actor: Actor, rule: CadenceRule, periods: Sequence[Period]
) -> Counter[tuple[int, int | None, Period]]:
    rows = _held(actor, rule, periods[0].first, periods[-1].last)
    found: Counter[tuple[int, int | None, Period]] = Counter()
    for division, department, day in rows.values_list("division", "department", "held_on"):
        period = next(one for one in periods if one.holds(day))
        found[division, department, period] += 1
    return found


def lines_of(actor: Actor, rule: CadenceRule, today: date) -> list[Line]:
    """Every body of the scope with its last periods, the running one last."""
    periods = cadence.periods_back(rule.period, today, SHOWN)
    counts = _counts(actor, rule, periods)
    since = _since()
    return [
        Line(body, tuple(_cell(rule, body, period, counts, (since, today)) for period in periods))
        for body in bodies_of(actor, rule.body, today)
    ]


def _since() -> date:
    """The day of the first record of all: what came before was not kept here, so is not counted."""
    first = Meeting.objects.counted().aggregate(first=Min("held_on"))["first"]
    return first or clock.today()


def _cell(
    rule: CadenceRule,
    body: Body,
    period: Period,
    counts: Counter[tuple[int, int | None, Period]],
    days: tuple[date, date],
) -> Cell:
    since, today = days
    held = counts[(*body.key, period)]
    counted = rule.covers(period) and period.last >= since
    return Cell(period, held, rule.times, (period.last - today).days, counted)


def summaries(actor: Actor, today: date) -> list[Summary]:
    """Every rule that holds today and concerns a body of the scope."""
    found = []
    bodies = {body: bodies_of(actor, body, today) for body in cadence.BODIES}
    for rule in cadence.rules():
        own = bodies[rule.body]
        before, now = cadence.periods_back(rule.period, today, 2)
        if not own or not rule.covers(now):
            continue
        counts = _counts(actor, rule, [before, now])
        done = [sum(counts[(*body.key, at)] >= rule.times for body in own) for at in (before, now)]
        found.append(Summary(rule, len(own), before, done[0], now, done[1]))
    return found
