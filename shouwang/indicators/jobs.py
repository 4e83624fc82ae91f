"""指标后台任务 (jobs): automatic indicators are counted behind the page."""

from django.urls import reverse
from django_tasks import task

from shouwang.accounts.actors import actor_of
from shouwang.core import jobs
from shouwang.core.actor import Actor
from shouwang.core.clock import today
from shouwang.core.models import Job
from shouwang.divisions.models import Division

from .models import Reading
from .operations.computing import compute_current, compute_paper


def _actor(job_id: int) -> Actor:
    account_id = Job.objects.values_list("account_id", flat=True).get(pk=job_id)
    if account_id is None:
        raise LookupError("a job of the indicators is always somebody's")
    return actor_of(account_id, today())


@task()
def count_automatic(job_id: int, root_id: int) -> None:
    """自动计算: the county and its towns, for the present period of each rhythm."""
    with jobs.job_progress(job_id) as progress:
        done = compute_current(_actor(job_id), Division.objects.get(pk=root_id), tell=progress.step)
        progress.result(reverse("indicators:sheet"), done.words)


@task()
def count_paper(job_id: int, reading_id: int, year: int) -> None:
    """自动计算: the indicators of one paper for one of its years."""
    reading = Reading.objects.select_related("paper__division").get(pk=reading_id)
    with jobs.job_progress(job_id) as progress:
        done = compute_paper(_actor(job_id), reading, year, tell=progress.step)
        progress.result(
            f"{reverse('indicators:results', args=[reading_id])}?year={year}", done.words
        )
