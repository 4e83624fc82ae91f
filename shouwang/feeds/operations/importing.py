"""导入: a prepared folder becomes a batch in one transaction, or the file is rejected whole.

Prepare (no database, may run in another process) and commit are apart; a crash between them leaves
a folder that nobody names, never half a batch.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict
from shouwang.divisions.models import Division
from shouwang.registry import snapshots

from .. import storage
from ..models import USED, BatchState, FeedBatch, LinkRevision
from ..preparing import Preparation, Prepared, Progress, Takeover, prepare
from ..queries.access import permit
from ..queries.provenance import files_of
from ..states import transition
from .receiving import brief, title_of
from .relinking import relink_all


def import_batch(
    actor: Actor,
    batch: FeedBatch,
    *,
    source: Path | None = None,
    progress: Progress | None = None,
) -> FeedBatch:
    """Claim, prepare and commit in this process; what is already imported is returned as it is."""
    if batch.state not in transition("claim").sources:
        return batch
    task = preparation_of(actor, batch, source=source)
    try:
        prepared = prepare(task, progress)
    except BaseException:
        release_batch(batch)
        raise
    return commit_batch(actor, batch, prepared)


def preparation_of(actor: Actor, batch: FeedBatch, *, source: Path | None = None) -> Preparation:
    """Claim the batch and say what a worker needs in order to prepare it."""
    permit(actor, "feeds.upload", batch.division, batch.department)
    step = transition("claim")
    claimed = FeedBatch.objects.filter(pk=batch.pk, state__in=step.sources).update(
        state=step.target, claimed_at=clock.now(), message=""
    )
    if not claimed:
        raise Conflict("这份文件已经处理完毕，请刷新页面查看结果。")
    snapshot = snapshots.current()
    base = batch.corrects
    key = snapshot.key if snapshot else ""
    return Preparation(
        feed=batch.feed,
        sha256=batch.file.sha256,
        period_end=batch.period_end,
        registry=snapshot.path if snapshot else None,
        # rows taken over may still be linked to an older registry: then all are linked again
        registry_key=base.registry_key if base else key,
        source=source,
        takeover=_takeover(base) if base else None,
    )


def _takeover(base: FeedBatch) -> Takeover:
    rows = storage.data_dir() / base.directory / "rows.parquet"
    return Takeover(rows, tuple(file.sha256 for file in files_of(base)))


def release_batch(batch: FeedBatch) -> None:
    """An import that broke off: the batch waits to be imported again."""
    step = transition("release")
    FeedBatch.objects.filter(pk=batch.pk, state__in=step.sources).update(
        state=step.target, claimed_at=None, message="导入中断，数据没有变化，可以重新导入。"
    )


def commit_batch(actor: Actor, batch: FeedBatch, prepared: Prepared) -> FeedBatch:
    """Make a prepared batch count: all of it becomes visible in one transaction."""
    if prepared.work is None or prepared.reason:
        return _reject(actor, batch, prepared)
    directory = storage.new_directory(batch.feed, batch.uuid)
    try:
        storage.publish(prepared.work, directory)
        with transaction.atomic():
            _accept(actor, batch, prepared, directory)
    except BaseException as problem:
        storage.discard(prepared.work)
        storage.discard(storage.data_dir() / directory)
        if isinstance(problem, _BaseChanged):
            return _reject(actor, batch, _refused(batch, prepared))
        raise
    snapshot = snapshots.current()
    if snapshot is not None and snapshot.key != prepared.registry_key:
        relink_all(actor, snapshot)  # the registry changed while the file was being read
    batch.refresh_from_db()
    return batch


class _BaseChanged(Exception):
    """The version that was to be corrected does not count any more."""


def _refused(batch: FeedBatch, prepared: Prepared) -> Prepared:
    base = batch.corrects.version if batch.corrects else 0
    return replace(
        prepared,
        work=None,
        reason="base_changed",
        message=f"补正期间第{base}版已被撤回或更正，没有补入，数据没有变化。"
        "请打开现在采用的版本，下载它的退回工作簿再补正。",
    )


def _accept(actor: Actor, batch: FeedBatch, prepared: Prepared, directory: str) -> None:
    Division.objects.select_for_update().get(pk=batch.division_id)
    others = _same_period(batch).filter(state__in=USED)
    base = batch.corrects_id
    if base and not others.filter(pk=base, state=BatchState.ACCEPTED).exists():
        raise _BaseChanged
    late = others.filter(version__gt=batch.version).exists()
    step = transition("arrive_late" if late else "accept")
    if not late:
        _supersede(actor, batch)
    counts, now = prepared.counts, clock.now()
    moved = FeedBatch.objects.filter(pk=batch.pk, state__in=step.sources).update(
        state=step.target,
        reason="",
        message="已有更高版本，本版只作历史保存。" if late else "",
        row_count=counts["rows"],
        rejected_count=counts["rejected"],
        linked_count=counts["linked"],
        counts=counts,
        mapping=prepared.mapping,
        rulebook_version=prepared.rulebook_version,
        registry_key=prepared.registry_key,
        directory=directory,
        seconds=prepared.seconds,
        imported_at=now,
    )
    if not moved:
        raise Conflict("这份文件已由另一处导入完毕，本次没有改变任何数据。")
    LinkRevision.objects.create(
        batch=batch,
        registry_key=prepared.registry_key,
        directory=directory,
        counts=counts,
        made_at=now,
    )
    record(
        actor,
        "feeds.batch_corrected" if base else "feeds.batch_imported",
        target_type="feeds.FeedBatch",
        target_id=str(batch.uuid),
        division_path=batch.division.path,
        summary=f"{'补正' if base else '导入'}{title_of(batch.feed)}"
        f"（{batch.period_start}至{batch.period_end}，第{batch.version}版）："
        f"{_added(batch, counts)}采用{counts['rows']}行，退回{counts['rejected']}行，"
        f"关联{counts['linked']}行",
        changes={"state": [batch.get_state_display(), str(step.target.label)]},
        source=brief(batch.file.file_name),
    )


def _added(batch: FeedBatch, counts: dict[str, Any]) -> str:
    """What a correction took over, added and left out, in words."""
    done = counts.get("correction")
    if not done or batch.corrects is None:
        return ""
    return (
        f"沿用第{batch.corrects.version}版{done['kept']}行，补入{done['added']}行，"
        f"重复未补{done['repeated']}行；共"
    )


def _same_period(batch: FeedBatch) -> QuerySet[FeedBatch]:
    return FeedBatch.objects.filter(
        division_id=batch.division_id,
        feed=batch.feed,
        period_start=batch.period_start,
        period_end=batch.period_end,
    ).exclude(pk=batch.pk)


def _supersede(actor: Actor, batch: FeedBatch) -> None:
    """The earlier version leaves; it stays in history with its rows."""
    step = transition("supersede")
    for older in _same_period(batch).filter(state__in=step.sources):
        FeedBatch.objects.filter(pk=older.pk).update(state=step.target)
        record(
            actor,
            "feeds.batch_superseded",
            target_type="feeds.FeedBatch",
            target_id=str(older.uuid),
            division_path=batch.division.path,
            summary=f"第{older.version}版被第{batch.version}版取代",
            changes={"state": [older.get_state_display(), str(step.target.label)]},
        )


def _reject(actor: Actor, batch: FeedBatch, prepared: Prepared) -> FeedBatch:
    """Nothing changes; what a correction found still wrong is kept to be corrected once more."""
    directory = storage.new_directory(batch.feed, batch.uuid) if prepared.work else ""
    try:
        if prepared.work is not None:
            storage.publish(prepared.work, directory)
        with transaction.atomic():
            _note_rejection(actor, batch, prepared, directory)
    except BaseException:
        if prepared.work is not None:
            storage.discard(prepared.work)
            storage.discard(storage.data_dir() / directory)
        raise
    batch.refresh_from_db()
    return batch


def _note_rejection(actor: Actor, batch: FeedBatch, prepared: Prepared, directory: str) -> None:
    step = transition("reject")
    kept = {}
    if directory:
        rejected = {key: prepared.counts[key] for key in ("read", "rejected", "ignored", "reasons")}
        kept = {
            "directory": directory,
            "row_count": 0,
            "rejected_count": rejected["rejected"],
            "linked_count": 0,
            "counts": rejected | {"correction": prepared.counts["correction"]},
            "mapping": prepared.mapping,
        }
    moved = FeedBatch.objects.filter(pk=batch.pk, state__in=step.sources).update(
        state=step.target,
        reason=prepared.reason,
        message=prepared.message,
        rulebook_version=prepared.rulebook_version,
        seconds=prepared.seconds,
        imported_at=clock.now(),
        **kept,
    )
    if not moved:
        raise Conflict("这份文件已由另一处处理完毕，本次没有改变任何数据。")
    # a copy of a file that nobody can read is itself unreadable before it is a duplicate
    _same_period(batch).filter(
        file__sha256=batch.file.sha256,
        state=BatchState.REJECTED,
        reason="duplicate_file",
    ).update(reason=prepared.reason, message=prepared.message)
    record(
        actor,
        "feeds.batch_rejected",
        target_type="feeds.FeedBatch",
        target_id=str(batch.uuid),
        division_path=batch.division.path,
        summary=f"{title_of(batch.feed)}整份退回：{prepared.message}",
        changes={"state": [batch.get_state_display(), str(step.target.label)]},
        source=brief(batch.file.file_name),
    )
