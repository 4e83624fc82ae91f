"""撤回: undo a file that should not have been sent; the version before it counts again."""

from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.models import Division

from ..models import FeedBatch
from ..queries.access import permit
from ..states import may, transition
from .receiving import title_of

REASON_LENGTH = 500


def withdraw_batch(actor: Actor, batch: FeedBatch, *, reason: str) -> FeedBatch | None:
    """Withdraw a batch with a reason; returns the earlier version that counts again, if any.

    Rows and original stay on disk: what was decided on them must remain provable.
    """
    permit(actor, "feeds.upload", batch.division, batch.department)
    reason = reason.strip()
    if not reason:
        raise DomainError("请写明撤回理由，例如“报错了月份”。", code="reason_missing")
    step = transition("withdraw")
    with transaction.atomic():
        Division.objects.select_for_update().get(pk=batch.division_id)
        current = FeedBatch.objects.get(pk=batch.pk)
        if not may("withdraw", current.state):
            raise Conflict(f"这一批次现在是“{current.get_state_display()}”，不能撤回。")
        FeedBatch.objects.filter(pk=batch.pk).update(
            state=step.target,
            withdrawn_at=clock.now(),
            withdrawn_reason=reason[:REASON_LENGTH],
        )
        record(
            actor,
            "feeds.batch_withdrawn",
            target_type="feeds.FeedBatch",
            target_id=str(batch.uuid),
            division_path=batch.division.path,
            summary=f"撤回{title_of(batch.feed)}（{batch.period_start}至{batch.period_end}，"
            f"第{batch.version}版）：{reason[:REASON_LENGTH]}",
            changes={"state": [current.get_state_display(), str(step.target.label)]},
        )
        earlier = _reinstate(actor, current) if may("supersede", current.state) else None
    batch.refresh_from_db()
    return earlier


def _reinstate(actor: Actor, batch: FeedBatch) -> FeedBatch | None:
    step = transition("reinstate")
    earlier = (
        FeedBatch.objects.filter(
            division_id=batch.division_id,
            feed=batch.feed,
            period_start=batch.period_start,
            period_end=batch.period_end,
            state__in=step.sources,
        )
        .order_by("-version")
        .first()
    )
    if earlier is None:
        return None
    FeedBatch.objects.filter(pk=earlier.pk).update(state=step.target, message="")
    record(
        actor,
        "feeds.batch_reinstated",
        target_type="feeds.FeedBatch",
        target_id=str(earlier.uuid),
        division_path=batch.division.path,
        summary=f"第{batch.version}版撤回后，第{earlier.version}版恢复采用",
        changes={"state": [earlier.get_state_display(), str(step.target.label)]},
    )
    earlier.refresh_from_db()
    return earlier
