"""定期任务 (rhythms): what is to be done every week, month or quarter is due at the period's end.

A period is kept when a report of it came; a period that ends soon without one is told like a
deadline.
"""

from datetime import date, timedelta

from django.db.models import Q

from shouwang.meetings.cadence import Period, period_of

from .lights import lines_on
from .models import Task
from .states import Rhythm

RHYTHMS = tuple(one.value for one in Rhythm if one.value)


def unreported(day: date) -> Q:
    """Periodic tasks whose period ends soon and of which no report came; no deadline is nearer."""
    line = day + timedelta(days=lines_on(day).remind_days)
    found = Q(pk__in=[])
    for rhythm in RHYTHMS:
        period = period_of(rhythm, day)
        if day >= _told_from(period, day):
            found |= Q(rhythm=rhythm) & (Q(reported_on=None) | Q(reported_on__lt=period.first))
    return found & (Q(ends_on=None) | Q(ends_on__gt=line)) & _begun(day)


def _begun(day: date) -> Q:
    return Q(begins_on=None) | Q(begins_on__lte=day)


def _told_from(period: Period, day: date) -> date:
    """The first day of reminding: as many days before as for deadlines, at most half a period."""
    half = ((period.last - period.first).days + 1) // 2
    return period.last - timedelta(days=min(lines_on(day).remind_days, half))


def due_of(task: Task, day: date) -> date | None:
    """The day by which something is to be done next: a near or past deadline, else the period."""
    line = day + timedelta(days=lines_on(day).remind_days)
    if task.ends_on is not None and (task.ends_on <= line or not task.rhythm):
        return task.ends_on
    return period_of(task.rhythm, day).last if task.rhythm else None


def is_told(task: Task, day: date) -> bool:
    """Whether the task's period calls for a reminder on the day."""
    if not task.rhythm or (task.begins_on is not None and task.begins_on > day):
        return False
    period = period_of(task.rhythm, day)
    is_kept = task.reported_on is not None and task.reported_on >= period.first
    return not is_kept and day >= _told_from(period, day)
