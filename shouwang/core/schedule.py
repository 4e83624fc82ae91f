"""定时任务 (schedule): work that is due on certain days, done by the worker without anybody asking.

A room declares in its schedules.py what it does: `SCHEDULES`. The worker asks now and then what is
due (`queue_due`); each due day becomes one row and one task, so that two workers never do it twice.
A day can be done again by hand: the work must give the same when it is done twice.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import IntegrityError, transaction
from django_tasks import task

from . import clock
from .actor import Actor, require
from .errors import Conflict, DomainError, NotFound
from .models import RunState, ScheduledRun

log = logging.getLogger(__name__)
LOST_HOURS = 6
"""A run that has not ended after so long died with its worker."""
EVERY = {"day": "每天", "month": "每月 1 日", "quarter": "每季度第一天"}


@dataclass(frozen=True)
class Schedule:
    """定时任务: what is done, how often, by which function of the due day; who may look at it."""

    key: str
    title: str
    every: str
    right: str
    run: Callable[[date], str]
    """Does the work of a due day and says in a sentence what it came to."""

    @property
    def every_label(self) -> str:
        return EVERY[self.every]

    def last_due(self, day: date) -> date:
        """The newest due day that is not after the day."""
        if self.every == "day":
            return day
        if self.every == "month":
            return day.replace(day=1)
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)

    def next_due(self, day: date) -> date:
        """The first due day after the day."""
        found = day + timedelta(days=1)
        while self.last_due(found) != found:
            found += timedelta(days=1)
        return found


def _declared() -> Iterator[Schedule]:
    for app in apps.get_app_configs():
        if app.name.startswith("shouwang.") and find_spec(f"{app.name}.schedules"):
            yield from getattr(import_module(f"{app.name}.schedules"), "SCHEDULES", ())


@cache
def all_schedules() -> dict[str, Schedule]:
    found: dict[str, Schedule] = {}
    for one in _declared():
        if one.key in found or one.every not in EVERY:
            raise ValueError(f"the schedule {one.key} is declared twice or wrongly")
        found[one.key] = one
    return found


def get_schedule(key: str) -> Schedule:
    try:
        return all_schedules()[key]
    except KeyError:
        raise NotFound from None


def visible_to(actor: Actor) -> list[Schedule]:
    """The schedules of the rooms in which the actor decides."""
    return [one for one in all_schedules().values() if actor.can(one.right)]


def queue_due(day: date | None = None) -> list[ScheduledRun]:
    """Note and queue what is due and was not queued yet; what broke off is queued again."""
    today = day or clock.today()
    lost = clock.now() - timedelta(hours=LOST_HOURS)
    ScheduledRun.objects.filter(state=RunState.RUNNING, started_at__lt=lost).update(
        state=RunState.FAILED, error="处理它的后台进程中断了。", finished_at=clock.now()
    )
    made = []
    for one in all_schedules().values():
        due = one.last_due(today)
        if ScheduledRun.objects.filter(key=one.key, due_on=due).exists():
            continue
        try:
            made.append(_queue(one, due, "自动"))
        except IntegrityError:
            continue  # another worker was faster
    return made


def run_again(actor: Actor, key: str, due_on: date) -> ScheduledRun:
    """再运行一次: the work of a due day once more; the former run stays in the list."""
    schedule = get_schedule(key)
    require(actor, schedule.right)
    rows = ScheduledRun.objects.filter(key=key, due_on=due_on)
    if not rows.exists():
        raise DomainError("这一天没有运行过这项定时任务。", code="due_on")
    if rows.filter(state__in=(RunState.QUEUED, RunState.RUNNING)).exists():
        raise Conflict("这项定时任务正在运行，请等它结束。")
    return _queue(schedule, due_on, actor.label)


def _queue(schedule: Schedule, due_on: date, by: str) -> ScheduledRun:
    with transaction.atomic():
        again = ScheduledRun.objects.filter(key=schedule.key, due_on=due_on).count()
        made = ScheduledRun.objects.create(
            key=schedule.key, due_on=due_on, attempt=again + 1, queued_at=clock.now(),
            asked_by_label=by[:120],
        )  # fmt: skip
    run_scheduled.enqueue(run_id=made.pk)
    made.refresh_from_db()
    return made


@task()
def run_scheduled(run_id: int) -> None:
    """Do the work of one due day and keep what it came to."""
    taken = ScheduledRun.objects.filter(pk=run_id, state=RunState.QUEUED)
    if not taken.update(state=RunState.RUNNING, started_at=clock.now()):
        return
    found = ScheduledRun.objects.get(pk=run_id)
    try:
        with transaction.atomic():
            words = get_schedule(found.key).run(found.due_on)
    except DomainError as error:
        _end(found, RunState.FAILED, error=error.message)
    except Exception:
        log.exception("scheduled work %s of %s failed", found.key, found.due_on)
        _end(found, RunState.FAILED, error="程序出错，已记入日志。请联系系统管理员。")
    else:
        _end(found, RunState.DONE, message=words)


def _end(found: ScheduledRun, state: str, *, message: str = "", error: str = "") -> None:
    ScheduledRun.objects.filter(pk=found.pk).update(
        state=state, message=message[:300], error=error[:300], finished_at=clock.now()
    )
