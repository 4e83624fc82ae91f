"""批次的查询: what a person may see, and which batches count for screening."""

import uuid
from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from shouwang.core.actor import Actor, require
from shouwang.core.errors import NotFound
from shouwang.divisions.models import Division
from shouwang.engine.rules.batches import Batch

from .. import storage
from ..models import USED, BatchState, FeedBatch, FeedFile, LinkRevision
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


def engine_batches(keys: Iterable[str], *, registry_key: str) -> list[Batch]:
    """Named batches as they were linked to a named registry snapshot: what a replay needs."""
    batches = {str(batch.uuid): batch for batch in FeedBatch.objects.filter(uuid__in=list(keys))}
    directories = _directories(batches, registry_key)
    missing = [key for key in batches if key not in directories]
    if missing:
        raise NotFound("有批次没有按这一份档案关联过，无法按当时的样子重算。")
    return [engine_batch(batch, directories[key]) for key, batch in batches.items()]


def _directories(batches: Mapping[str, FeedBatch], registry_key: str) -> dict[str, str]:
    revisions = LinkRevision.objects.filter(
        batch__in=list(batches.values()), registry_key=registry_key
    ).order_by("made_at", "pk")
    return {
        str(number): directory
        for number, directory in revisions.values_list("batch__uuid", "directory")
    }


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
