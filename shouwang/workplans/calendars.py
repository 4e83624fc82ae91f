"""时限日历 (calendar): a month of deadlines and of the ends of periodic duties, week by week."""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from shouwang.core.actor import Actor
from shouwang.meetings.cadence import Period, period_of

from . import queries
from .models import Progress, Task
from .querysets import OPEN
from .stages import RHYTHMS
from .states import LIGHT_TONES, Light

MOST = 500
IN_CELL = 3


@dataclass(frozen=True)
class Entry:
    """A deadline, or the end of a period with whether its report came."""

    task: Task
    on: date
    tone: str
    word: str
    units: str
    period: str = ""


@dataclass(frozen=True)
class Cell:
    """A day of the calendar; `more` counts what does not fit into it."""

    day: date
    is_inside: bool
    is_today: bool
    entries: Sequence[Entry]
    more: int


@dataclass(frozen=True)
class Kept:
    """How a unit kept the periods that ended in the month: due, reported in time for it."""

    unit: str
    due: int
    kept: int

    @property
    def missing(self) -> int:
        return self.due - self.kept


@dataclass(frozen=True)
class Month:
    first: date
    last: date
    weeks: Sequence[Sequence[Cell]]
    entries: Sequence[Entry]
    kept: Sequence[Kept]
    is_cut: bool


def month_of(actor: Actor, first: date, today: date) -> Month:
    """What the actor sees of the month that begins on `first`."""
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    tasks = list(
        queries.counted(actor).filter(ends_on__range=(first, last)).prefetch_related("units")
        .order_by("ends_on", "number_key")[:MOST]
    )  # fmt: skip
    periodic = _periodic(actor, first, last, today)
    entries = sorted(
        [*(_deadline(task, today) for task in tasks), *periodic], key=lambda one: one.on
    )
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for one in entries:
        by_day[one.on].append(one)
    weeks = [
        [
            Cell(day, first <= day <= last, day == today, by_day[day][:IN_CELL],
                 max(0, len(by_day[day]) - IN_CELL))
            for day in week
        ]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]  # fmt: skip
    return Month(first, last, weeks, entries, _kept(periodic), len(tasks) == MOST)


def _deadline(task: Task, today: date) -> Entry:
    assert task.ends_on is not None
    lamp = Light(queries.light_of(task, today))
    word = "已办结" if task.state == "done" else str(lamp.label)
    return Entry(task, task.ends_on, LIGHT_TONES[lamp.value], word, _units(task))


def _units(task: Task) -> str:
    names = [unit.name for unit in task.units.all() if unit.duty == "lead"]
    return "、".join(names)


def _periodic(actor: Actor, first: date, last: date, today: date) -> list[Entry]:
    tasks = (
        queries.counted(actor).filter(state__in=OPEN, rhythm__in=RHYTHMS)
        .filter(Q(begins_on=None) | Q(begins_on__lte=last))
        .filter(Q(ends_on=None) | Q(ends_on__gte=first))
        .prefetch_related("units").order_by("number_key")[:MOST]
    )  # fmt: skip
    periods = {rhythm: _ending(rhythm, first, last) for rhythm in RHYTHMS}
    begin = min((one.first for rows in periods.values() for one in rows), default=first)
    reports: dict[int, list[date]] = defaultdict(list)
    rows = Progress.objects.counted().filter(task__in=[task.pk for task in tasks])
    for key, on in rows.filter(as_of__range=(begin, last)).values_list("task", "as_of"):
        reports[key].append(on)
    return [
        _period_entry(task, period, reports[task.pk], today)
        for task in tasks
        for period in periods[task.rhythm]
        if (task.begins_on is None or task.begins_on <= period.last)
        and (task.ends_on is None or period.first <= task.ends_on)
    ]


def _ending(rhythm: str, first: date, last: date) -> list[Period]:
    """The periods that end within the month."""
    found, period = [], period_of(rhythm, first)
    while period.last <= last:
        found.append(period)
        period = period_of(rhythm, period.last + timedelta(days=1))
    return found


def _period_entry(task: Task, period: Period, reports: Iterable[date], today: date) -> Entry:
    if any(period.holds(on) for on in reports):
        tone, word = "done", "本期已报"
    elif period.last < today:
        tone, word = "late", "本期没有报"
    elif period.first > today:
        tone, word = "idle", "还没到期"
    else:
        tone, word = "near", "本期待报"
    return Entry(task, period.last, tone, word, _units(task), period.label)


def _kept(entries: Iterable[Entry]) -> list[Kept]:
    due: dict[str, int] = defaultdict(int)
    kept: dict[str, int] = defaultdict(int)
    for one in entries:
        if one.tone != "idle":
            due[one.units or "没有单位"] += 1
            kept[one.units or "没有单位"] += one.tone == "done"
    found = [Kept(unit, count, kept[unit]) for unit, count in due.items()]
    return sorted(found, key=lambda row: (row.kept - row.due, row.unit))
