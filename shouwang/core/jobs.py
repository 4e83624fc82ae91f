"""后台任务 (jobs): start long work, show its progress, cancel it, try it again.

`start` records the job and queues its task; inside the task `job_progress` keeps the record true
whatever happens. Task arguments are ids only. A task must be safe to run twice.
"""

import errno
import logging
import threading
import time
import traceback
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.utils.module_loading import import_string
from django_tasks import default_task_backend
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import Task, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from . import clock, job_files
from .actor import Actor
from .errors import Conflict, DomainError, NotFound
from .models import Job, JobState
from .waiting import not_waiting

log = logging.getLogger(__name__)

ACTIVE = (JobState.QUEUED, JobState.RUNNING)
BEAT_SECONDS = 5.0
WRITE_SECONDS = 0.2
WAITS_LONG = timedelta(minutes=1)
INTERRUPTED_TEXT = "处理这个任务的后台进程中断了，没有完成的部分不会生效。可以重试。"


class Cancelled(Exception):
    """The person asked to stop; raised inside the job so that its transaction rolls back."""


class Progress:
    """What a running job says about itself; `step` is cheap enough to call for every batch."""

    def __init__(self, job_id: int) -> None:
        self.job_id = job_id
        self.live = job_files.LiveProgress()
        self.result_url = ""
        self._written = 0.0
        self._lock = threading.Lock()

    def step(self, done: int, total: int | None = None, message: str = "") -> None:
        """Say how far the work is; raises Cancelled when the person asked to stop."""
        self.live.done = max(0, int(done))
        self.live.total = self.live.total if total is None else max(0, int(total))
        self.live.message = message[:300] or self.live.message
        if time.monotonic() - self._written >= WRITE_SECONDS:
            self.write()
            self.raise_if_cancelled()

    def raise_if_cancelled(self) -> None:
        if job_files.is_cancel_asked(self.job_id):
            raise Cancelled

    def result(self, url: str, message: str = "") -> None:
        """Where the finished work can be seen, and what it came to in a few words."""
        self.result_url = url[:300]
        self.live.message = message[:300] or self.live.message

    def write(self) -> None:
        with self._lock:
            self._written = time.monotonic()
            try:
                job_files.write(self.job_id, self.live)
            except OSError:  # a full disk must not end the work that could still succeed
                log.warning("progress of job %s could not be written", self.job_id)


def visible_to(actor: Actor) -> QuerySet[Job]:
    """A person sees the jobs that they started."""
    if actor.account_id is None:
        return Job.objects.none()
    return Job.objects.filter(account_id=actor.account_id)


def start(actor: Actor, title: str, task: Task[..., Any], **ids: int | str) -> Job:
    """Record a job and queue its task, which is called with `job_id` and the ids."""
    job = Job(
        account_id=actor.account_id,
        title=title[:200],
        task_path=task.module_path,
        arguments=dict(ids),
        created_at=clock.now(),
    )
    with _together(task):
        job.save()
        result = task.enqueue(job_id=job.pk, **ids)
        Job.objects.filter(pk=job.pk).update(task_result_id=str(result.id))
    job.refresh_from_db()
    return job


def _together(task: Task[..., Any]) -> AbstractContextManager[Any]:
    """Job and queue entry appear in one step; work that runs at once must not run inside it."""
    if isinstance(task.get_backend(), ImmediateBackend):
        return nullcontext()
    return transaction.atomic()


@contextmanager
def job_progress(job_id: int) -> Iterator[Progress]:
    """Inside a task: keeps the job's record true from start to end, whatever happens between."""
    progress = Progress(job_id)
    progress.write()  # before the state says "running", or a reader would take it for interrupted
    begun = Job.objects.filter(pk=job_id, state__in=ACTIVE).update(
        state=JobState.RUNNING, started_at=clock.now(), message="", error=""
    )
    if not begun:
        job_files.clear(job_id)
        raise Conflict("这个任务已经取消或已经处理过。", "job_not_active")
    stop = threading.Event()
    beat = threading.Thread(target=_beat, args=(progress, stop), daemon=True)
    beat.start()
    try:
        progress.raise_if_cancelled()
        yield progress
        _finish(progress, JobState.DONE)
    except Cancelled:
        _finish(progress, JobState.CANCELLED, "已按您的要求停止，没有完成的部分不会生效。")
    except Exception as problem:
        _finish(progress, JobState.FAILED, plain_words(problem))
    except BaseException:
        _finish(progress, JobState.INTERRUPTED, INTERRUPTED_TEXT)
        raise
    finally:
        stop.set()
        beat.join(timeout=BEAT_SECONDS)
        job_files.clear(job_id)


def _beat(progress: Progress, stop: threading.Event) -> None:
    while not stop.wait(BEAT_SECONDS):
        progress.write()


def _finish(progress: Progress, state: JobState, error: str = "") -> None:
    Job.objects.filter(pk=progress.job_id, state__in=ACTIVE).update(
        state=state,
        error=error[:500],
        done=progress.live.done,
        total=progress.live.total,
        message=progress.live.message,
        result_url=progress.result_url,
        finished_at=clock.now(),
    )


def plain_words(problem: Exception) -> str:
    """Why the work did not succeed, for the person who started it.

    Only our own sentences are shown, and the log gets the place but not the text of the error:
    the text of a foreign error may quote what stood in a file.
    """
    if isinstance(problem, DomainError):
        return str(problem)
    number = uuid.uuid4().hex[:8]
    place = "".join(traceback.format_tb(problem.__traceback__))
    log.error("job failed, number %s: %s\n%s", number, type(problem).__name__, place)
    if isinstance(problem, OSError) and problem.errno == errno.ENOSPC:
        return "服务器磁盘空间不足，任务没有完成。请联系系统管理员清理磁盘后重试。"
    if isinstance(problem, MemoryError):
        return "服务器内存不足，任务没有完成。请稍后重试，或联系系统管理员。"
    return (
        "处理时出现没有预料到的问题，任务没有完成。"
        f"请重试；仍不成功请把编号 {number} 告诉系统管理员。"
    )


def current(job: Job) -> Job:
    """The job as it stands now: live progress filled in, a dead worker recognised."""
    if job.state == JobState.QUEUED:
        _follow_queue(job)
    elif job.state == JobState.RUNNING:
        live = job_files.read(job.pk)
        if live is not None and live.is_alive():
            job.done, job.total, job.message = live.done, live.total, live.message
            job.cancel_requested = job.cancel_requested or job_files.is_cancel_asked(job.pk)
        else:
            _close(job, JobState.INTERRUPTED, INTERRUPTED_TEXT)
    return job


def _follow_queue(job: Job) -> None:
    """A queued job whose task ended without ever reporting is not queued any more."""
    if not job.task_result_id:
        return
    try:
        status = default_task_backend.get_result(job.task_result_id).status
    except (TaskResultDoesNotExist, NotImplementedError):
        return
    if status == TaskResultStatus.FAILED:
        _close(job, JobState.FAILED, "任务没有能够开始。请重试；仍不成功请联系系统管理员。")
    elif status == TaskResultStatus.SUCCESSFUL:
        _close(job, JobState.DONE, "")
    elif clock.now() - job.created_at > WAITS_LONG:
        job.message = "还没有轮到这个任务。如果长时间没有变化，请联系系统管理员确认后台进程已启动。"


def _close(job: Job, state: JobState, error: str) -> None:
    """Record an end that nobody else could record; while another job holds SQLite's write lock
    it is only shown, and recorded by whoever looks later."""
    try:
        with not_waiting(), transaction.atomic():
            Job.objects.filter(pk=job.pk, state=job.state).update(
                state=state, error=error, finished_at=clock.now()
            )
    except OperationalError:
        job.state, job.error = state, error
        return
    job.refresh_from_db()
    if not job.is_active:
        job_files.clear(job.pk)


def active(actor: Actor) -> list[Job]:
    """The person's jobs that are queued or running, newest first."""
    jobs = [current(job) for job in visible_to(actor).filter(state__in=ACTIVE)[:20]]
    return [job for job in jobs if job.is_active]


def get(actor: Actor, job_id: int) -> Job:
    """One job of this person; somebody else's does not exist for them."""
    job = visible_to(actor).filter(pk=job_id).first()
    if job is None:
        raise NotFound("没有找到这个任务，或者它不是您发起的。", "job_not_found")
    return current(job)


def cancel(actor: Actor, job_id: int) -> Job:
    """Ask a job to stop; one that has not begun is cancelled at once."""
    job = get(actor, job_id)
    if not job.is_active:
        raise Conflict("这个任务已经结束，不能再取消。", "job_ended")
    job_files.ask_to_cancel(job.pk)
    if job.state == JobState.QUEUED:
        _close(job, JobState.CANCELLED, "在开始之前取消。")
    return current(job)


def retry(actor: Actor, job_id: int) -> Job:
    """Start the same work again as a new job."""
    job = get(actor, job_id)
    if not job.can_retry:
        raise Conflict("只有没有成功的任务可以重试。", "job_not_failed")
    return start(actor, job.title, import_string(job.task_path), **job.arguments)
