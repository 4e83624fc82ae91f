"""批次的查询: what a person may see, and which batches count for screening."""

import uuid

from django.db.models import QuerySet

from shouwang.core.actor import Actor, require
from shouwang.core.errors import NotFound
from shouwang.divisions.models import Division
from shouwang.engine.rules.batches import Batch

from .. import storage
from ..models import USED, BatchState, FeedBatch, FeedFile
from .access import scope_filter


def batches_visible_to(actor: Actor, right: str = "feeds.view") -> QuerySet[FeedBatch]:
    """Batches of the actor's county and, for a department's officer, of the own department."""
    require(actor, right)
    return FeedBatch.objects.filter(scope_filter(actor, right)).select_related("file", "division")


def visible_batch(actor: Actor, number: uuid.UUID, right: str = "feeds.view") -> FeedBatch:
    batch = batches_visible_to(actor, right).filter(uuid=number).first()
    if batch is None:
        raise NotFound("没有找到这个批次，它可能不属于您的部门或辖区。")
    return batch


def staged_files(actor: Actor) -> QuerySet[FeedFile]:
    """Files that this person uploaded and has not confirmed yet."""
    require(actor, "feeds.upload")
    return (
        FeedFile.objects.filter(uploaded_by_id=actor.account_id, batches__isnull=True)
        .select_related("division")
        .order_by("uploaded_at", "pk")
    )


def versions_of(batch: FeedBatch) -> QuerySet[FeedBatch]:
    """Everything that was ever sent for the same feed and period, newest version first."""
    return (
        FeedBatch.objects.filter(
            division_id=batch.division_id,
            feed=batch.feed,
            period_start=batch.period_start,
            period_end=batch.period_end,
        )
        .select_related("file")
        .order_by("-version", "-received_at", "-pk")
    )


def effective_batches(division: Division | None = None) -> list[Batch]:
    """The batches that count: of each feed and period the highest accepted version."""
    found = FeedBatch.objects.filter(state=BatchState.ACCEPTED)
    if division is not None:
        found = found.filter(division=division)
    ordered = found.order_by("feed", "period_end", "period_start", "pk")
    return [engine_batch(batch, batch.directory) for batch in ordered]


def engine_batch(batch: FeedBatch, directory: str) -> Batch:
    return Batch(
        feed=batch.feed,
        period_start=batch.period_start,
        period_end=batch.period_end,
        version=batch.version,
        path=storage.data_dir() / directory,
        key=str(batch.uuid),
    )


def stale_batches(registry_key: str) -> QuerySet[FeedBatch]:
    """Kept batches that are not linked to this registry snapshot yet."""
    return FeedBatch.objects.filter(state__in=USED).exclude(registry_key=registry_key)


def batch_by_key(key: str) -> FeedBatch:
    """The batch of an evidence row; the caller has shown that its reader may see the row."""
    return FeedBatch.objects.select_related("file").get(uuid=key)
