"""提醒阶段 (stages): what a task's deadline or period calls for on a day.

    soon     the deadline or the end of the period is near
    late     the deadline has passed, or a whole period went by without a report
    up, top  late for so many days, or so many periods in a row: one level up, then the county

How many days and periods are dated data (`rulebook/lights.yaml`). `stage_of` says it of one task,
`at` as a condition for the database; both agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from shouwang.meetings.cadence import Period, period_of

from .lights import Lines, lines_on
from .models import Task
from .states import ReminderKind, Rhythm

RHYTHMS = tuple(one.value for one in Rhythm if one.value)
MOST_PERIODS = 12
"""How far back missed periods are counted."""


@dataclass(frozen=True)
class Stage:
    """The reminder that is called for, the day that it speaks of, and the periods missed."""

    kind: ReminderKind
    ends_on: date
    is_period: bool = False
    missed: int = 0


def stage_of(task: Task, day: date) -> Stage | None:
    """The stage of an unfinished task on the day; None while nothing is to be told."""
    lines = lines_on(day)
    if task.ends_on is not None and task.ends_on <= day + timedelta(days=lines.remind_days):
        return Stage(_of_days((day - task.ends_on).days, lines), task.ends_on)
    if not task.rhythm:
        return None
    missed = missed_periods(task, day)
    if missed:
        kind = _of_periods(len(missed), lines)
        return Stage(kind, missed[0].last, is_period=True, missed=len(missed))
    period = period_of(task.rhythm, day)
    begun = task.begins_on is None or task.begins_on <= day
    if begun and day >= _told_from(period, lines) and not _is_kept(task, period):
        return Stage(ReminderKind.SOON, period.last, is_period=True)
    return None


def missed_periods(task: Task, day: date) -> Sequence[Period]:
    """Whole periods in a row, the last one first, that went by without a report."""
    begun = _begun_on(task)
    found: list[Period] = []
    period = _before(task.rhythm, period_of(task.rhythm, day))
    while (
        begun is not None
        and len(found) < MOST_PERIODS
        and begun <= period.first
        and not _is_kept(task, period)
    ):
        found.append(period)
        period = _before(task.rhythm, period)
    return found


def at(kind: ReminderKind, day: date) -> Q:
    """Tasks that are at this stage on the day, as a condition."""
    lines = lines_on(day)
    return _deadline_at(kind, day, lines) | (
        _no_deadline_near(day, lines) & _period_at(kind, day, lines)
    )


def called(day: date) -> Q:
    """Tasks of which something is to be told on the day."""
    lines = lines_on(day)
    periods = Q(pk__in=[])
    for rhythm in RHYTHMS:
        periods |= _missed(rhythm, day, 1) | _soon(rhythm, day, lines)
    near = Q(ends_on__lte=day + timedelta(days=lines.remind_days))
    return near | (_no_deadline_near(day, lines) & periods)


def period_ends(rhythm: str, day: date) -> tuple[date, date]:
    """The last days of the period before and of the present one."""
    now = period_of(rhythm, day)
    return _before(rhythm, now).last, now.last


def _of_days(late: int, lines: Lines) -> ReminderKind:
    if late >= lines.top.days:
        return ReminderKind.TOP
    if late >= lines.up.days:
        return ReminderKind.UP
    return ReminderKind.LATE if late > 0 else ReminderKind.SOON


def _of_periods(missed: int, lines: Lines) -> ReminderKind:
    if missed >= lines.top.missed:
        return ReminderKind.TOP
    return ReminderKind.UP if missed >= lines.up.missed else ReminderKind.LATE


def _before(rhythm: str, period: Period) -> Period:
    return period_of(rhythm, period.first - timedelta(days=1))


def _told_from(period: Period, lines: Lines) -> date:
    """The first day of reminding: as many days before as for deadlines, at most half a period."""
    half = ((period.last - period.first).days + 1) // 2
    return period.last - timedelta(days=min(lines.remind_days, half))


def _is_kept(task: Task, period: Period) -> bool:
    return task.reported_on is not None and task.reported_on >= period.first


def _begun_on(task: Task) -> date | None:
    if task.begins_on is not None:
        return task.begins_on
    return timezone.localtime(task.made_at).date() if task.made_at else None


def _deadline_at(kind: ReminderKind, day: date, lines: Lines) -> Q:
    up, top = (day - timedelta(days=each.days) for each in (lines.up, lines.top))
    if kind == ReminderKind.TOP:
        return Q(ends_on__lte=top)
    if kind == ReminderKind.UP:
        return Q(ends_on__lte=up, ends_on__gt=top)
    if kind == ReminderKind.LATE:
        return Q(ends_on__lt=day, ends_on__gt=up)
    return Q(ends_on__gte=day, ends_on__lte=day + timedelta(days=lines.remind_days))


def _no_deadline_near(day: date, lines: Lines) -> Q:
    return Q(ends_on=None) | Q(ends_on__gt=day + timedelta(days=lines.remind_days))


def _period_at(kind: ReminderKind, day: date, lines: Lines) -> Q:
    found = Q(pk__in=[])
    for rhythm in RHYTHMS:
        if kind == ReminderKind.SOON:
            found |= _soon(rhythm, day, lines) & _kept(rhythm, day, 1)
            continue
        least, below = {
            ReminderKind.LATE: (1, lines.up.missed),
            ReminderKind.UP: (lines.up.missed, lines.top.missed),
            ReminderKind.TOP: (lines.top.missed, None),
        }[kind]
        one = _missed(rhythm, day, least)
        found |= one if below is None else one & _kept(rhythm, day, below)
    return found


def _back(rhythm: str, day: date, periods: int) -> Period:
    period = period_of(rhythm, day)
    for _ in range(periods):
        period = _before(rhythm, period)
    return period


def _missed(rhythm: str, day: date, periods: int) -> Q:
    """At least so many periods in a row without a report."""
    first = _back(rhythm, day, periods).first
    begun = Q(begins_on__lte=first) | Q(begins_on=None, made_at__date__lte=first)
    return Q(rhythm=rhythm) & (Q(reported_on=None) | Q(reported_on__lt=first)) & begun


def _kept(rhythm: str, day: date, periods: int) -> Q:
    """Fewer than so many periods in a row: reported since, or begun later."""
    first = _back(rhythm, day, periods).first
    later = Q(begins_on__gt=first) | Q(begins_on=None, made_at__date__gt=first)
    return Q(rhythm=rhythm) & (Q(reported_on__gte=first) | later)


def _soon(rhythm: str, day: date, lines: Lines) -> Q:
    period = period_of(rhythm, day)
    if day < _told_from(period, lines):
        return Q(pk__in=[])
    unreported = Q(reported_on=None) | Q(reported_on__lt=period.first)
    return Q(rhythm=rhythm) & unreported & (Q(begins_on=None) | Q(begins_on__lte=day))
