"""部门数据的后台任务: import one confirmed file; ids only, safe to run twice."""

from django.urls import reverse
from django_tasks import task

from shouwang.accounts.actors import actor_for
from shouwang.accounts.models import Account
from shouwang.core import clock, export_files, jobs
from shouwang.core.actor import Actor
from shouwang.core.models import Export

from . import exports, proposals, storage
from .models import BatchState, FeedBatch, FeedFile
from .operations import complete_proposal, import_batch, sweep
from .operations.receiving import brief, title_of
from .periods import Period
from .queries.completeness import contracts_for


@task()
def import_feed_batch(job_id: int, batch_id: int, account_id: int) -> None:
    """Read, link and accept one batch on behalf of the person who confirmed it."""
    with jobs.job_progress(job_id) as progress:
        batch = FeedBatch.objects.select_related("file", "division").get(pk=batch_id)
        actor = actor_for(Account.objects.get(pk=account_id), clock.today())
        done = import_batch(actor, batch, progress=progress.step)
        progress.result(reverse("feeds:batch", args=[done.uuid]), outcome(done))
    sweep()  # what an earlier crash left is tidied whenever somebody imports


@task()
def recognise_feed_file(job_id: int, file_id: int, account_id: int) -> None:
    """Open a large upload and complete what is proposed for it."""
    with jobs.job_progress(job_id) as progress:
        progress.step(0, 1, "打开文件")
        actor = actor_for(Account.objects.get(pk=account_id), clock.today())
        file = FeedFile.objects.filter(pk=file_id, batches__isnull=True).first()
        if file is not None:
            allowed = [contract.key for contract in contracts_for(actor, "feeds.upload")]
            with storage.opened_original(file.sha256) as original:
                proposal = proposals.propose(original, file.file_name, allowed)
            complete_proposal(file, proposal)
        progress.step(1, 1, "识别完毕")
        progress.result(reverse("feeds:upload"), "识别完毕，请核对后导入")


@task()
def make_reject_workbook(job_id: int, export_id: int) -> None:
    """退回工作簿 of a large file, for the one who asked, with the scope of that moment."""
    with jobs.job_progress(job_id) as progress:
        progress.step(0, 1, "读取原始文件")
        export = Export.objects.get(pk=export_id)
        batch = FeedBatch.objects.select_related("division").get(pk=export.details["batch"])
        path = export_files.draft()
        try:
            with exports.rejected_rows_workbook(export_files.asker(export), batch) as made:
                made.replace(path)
            export_files.keep(export, path)
        finally:
            path.unlink(missing_ok=True)
        progress.result(export.get_absolute_url(), f"“{export.name}”已生成，3 天内可以下载")


def start_recognising(actor: Actor, file: FeedFile) -> None:
    """Queue the recognition of a large upload; the upload page shows when it is done."""
    if actor.account_id is None:
        return
    jobs.start(
        actor,
        f"识别{brief(file.file_name)}",
        recognise_feed_file,
        file_id=file.pk,
        account_id=actor.account_id,
    )


def start_import(actor: Actor, batch: FeedBatch) -> None:
    """Queue the import of a batch that waits; its page shows the progress."""
    if batch.state != BatchState.RECEIVED or actor.account_id is None:
        return
    period = Period(batch.period_start, batch.period_end)
    job = jobs.start(
        actor,
        f"导入{title_of(batch.feed)}（{period.label}）",
        import_feed_batch,
        batch_id=batch.pk,
        account_id=actor.account_id,
    )
    FeedBatch.objects.filter(pk=batch.pk).update(job_id=job.pk)


def outcome(batch: FeedBatch) -> str:
    """What an import came to, in a few words."""
    if batch.state == BatchState.REJECTED:
        return f"整份退回：{batch.message}"
    return (
        f"采用{batch.row_count or 0:,}行，退回{batch.rejected_count or 0:,}行，"
        f"关联{batch.linked_count or 0:,}行"
    )
