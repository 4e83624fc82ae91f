"""对接的后台任务: load by key, call one operation, show the result page."""

from django_tasks import task

from shouwang.accounts.actors import actor_of
from shouwang.core import clock, export_files, jobs
from shouwang.core.actor import Actor
from shouwang.core.models import Export, Job

from .exporting import write_export
from .models import Comparison
from .operations import compare_export


def _actor(job_id: int) -> Actor:
    account_id = Job.objects.values_list("account_id", flat=True).get(pk=job_id)
    if account_id is None:
        raise LookupError("a job of the exchange is always somebody's")
    return actor_of(account_id, clock.today())


@task()
def run_comparison(job_id: int, comparison_id: int) -> None:
    """比对: read the workbooks and write down the differences."""
    with jobs.job_progress(job_id) as progress:
        comparison = Comparison.objects.get(pk=comparison_id)
        done = compare_export(_actor(job_id), comparison, progress.step)
        words = done.error or f"差异涉及 {done.counts['disagreeing']:,} 户"
        progress.result(done.get_absolute_url(), words)


@task()
def make_workbook(job_id: int, export_id: int) -> None:
    """上报表 for the one who asked, with the scope of that moment."""
    with jobs.job_progress(job_id) as progress:
        export = Export.objects.get(pk=export_id)
        path = export_files.draft()
        try:
            asker = export_files.asker(export)
            count = write_export(asker, path, export.details, progress.step)
            export_files.keep(export, path)
        finally:
            path.unlink(missing_ok=True)
        progress.result(
            export.get_absolute_url(), f"“{export.name}”已生成，共 {count:,} 户，3 天内可以下载"
        )
