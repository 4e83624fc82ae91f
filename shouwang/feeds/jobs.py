"""部门数据的后台任务: import one confirmed file; ids only, safe to run twice."""

from django.urls import reverse
from django_tasks import task

from shouwang.accounts.actors import actor_for
from shouwang.accounts.models import Account
from shouwang.core import clock, jobs
from shouwang.core.actor import Actor

from .models import BatchState, FeedBatch
from .operations import import_batch, sweep
from .operations.receiving import title_of
from .periods import Period


@task()
def import_feed_batch(job_id: int, batch_id: int, account_id: int) -> None:
    """Read, link and accept one batch on behalf of the person who confirmed it."""
    with jobs.job_progress(job_id) as progress:
        batch = FeedBatch.objects.select_related("file", "division").get(pk=batch_id)
        actor = actor_for(Account.objects.get(pk=account_id), clock.today())
        done = import_batch(actor, batch, progress=progress.step)
        progress.result(reverse("feeds:batch", args=[done.uuid]), outcome(done))
    sweep()  # what an earlier crash left is tidied whenever somebody imports


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
