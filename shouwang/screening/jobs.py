"""Background work of the screening room: load by id, call one operation."""

from datetime import date

from django.urls import reverse
from django_tasks import task

from shouwang.accounts.actors import actor_of
from shouwang.core import clock, jobs
from shouwang.core.actor import Actor
from shouwang.core.models import Job

from .models import Run
from .operations import replay, run


def _actor(job_id: int) -> Actor:
    """Who started the job, with the posts held now: a post that ended meanwhile gives no right."""
    job = Job.objects.get(pk=job_id)
    return actor_of(job.account_id or 0, clock.today())


@task()
def run_screening(job_id: int, dates: str) -> None:
    """Screen the dates (YYYY-MM-DD, comma between) that were chosen on the start page."""
    with jobs.job_progress(job_id) as progress:
        chosen = [date.fromisoformat(day) for day in dates.split(",")]
        made = run(_actor(job_id), chosen, progress=progress.step)
        newest = made[-1]
        progress.result(
            reverse("screening:run", args=[newest.uuid]),
            f"筛查 {len(made)} 期，最近一期线索 {newest.clue_count:,} 条",
        )


@task()
def replay_run(job_id: int, run_uuid: str) -> None:
    """Repeat one run from its frozen inputs."""
    with jobs.job_progress(job_id) as progress:
        made = replay(_actor(job_id), Run.objects.get(uuid=run_uuid))
        outcome = "结果一致" if made.identical else "结果不一致"
        progress.result(reverse("screening:run-inputs", args=[run_uuid]), f"重放完成，{outcome}")
