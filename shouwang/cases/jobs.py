"""个案的后台任务: load by key, call one operation, show the result page."""

from django_tasks import task

from shouwang.accounts.actors import actor_of
from shouwang.core import clock, jobs

from .models import BulkWork
from .operations.bulk import run_bulk


@task()
def run_bulk_work(job_id: int, work_id: int) -> None:
    """成批办理 for the one who started it, with the rights of this moment."""
    with jobs.job_progress(job_id) as progress:
        work = BulkWork.objects.get(pk=work_id)
        done = run_bulk(actor_of(work.account_id, clock.today()), work, progress.step)
        words = "，".join(f"{label} {value}" for label, value, _ in done.facts)
        progress.result(done.get_absolute_url(), words)
