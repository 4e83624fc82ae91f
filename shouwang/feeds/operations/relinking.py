"""重新关联: after the registry changed, every kept batch is linked again to its people.

All batches are prepared beside the old ones and swapped in one transaction, so that nobody sees
some batches linked to the old registry and some to the new.
"""

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.engine.ingest import relink_batch
from shouwang.registry.models import RegistrySnapshot

from .. import storage
from ..models import USED, FeedBatch, LinkRevision
from ..preparing import Progress, link_counts, rulebook

Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


@dataclass(frozen=True)
class Relinking:
    """One batch to link again; picklable, without the database."""

    batch_id: int
    directory: str
    registry: Path


@dataclass(frozen=True)
class Relinked:
    batch_id: int
    old_directory: str
    work: Path
    counts: dict[str, Any]


def relink(task: Relinking) -> Relinked:
    """Link the rows of one batch again, into a folder under tmp/."""
    old = storage.data_dir() / task.directory
    work = storage.work_path("relink")
    work.mkdir(parents=True)
    try:
        links = relink_batch(
            old / "rows.parquet",
            registry=task.registry,
            out=work / "rows.parquet",
            rulebook=rulebook(),
        )
        _keep(old / "rejects.parquet", work / "rejects.parquet")
        return Relinked(task.batch_id, task.directory, work, link_counts(links))
    except BaseException:
        storage.discard(work)
        raise


def _keep(source: Path, target: Path) -> None:
    """The same rejected rows stand in the new folder, without taking room twice where possible."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def relink_all(
    actor: Actor,
    snapshot: RegistrySnapshot,
    *,
    progress: Progress | None = None,
    mapper: Mapper = map,
) -> int:
    """Link every kept batch to this snapshot; `mapper` may be a process pool's. How many."""
    tasks = [
        Relinking(pk, directory, snapshot.path)
        for pk, directory in FeedBatch.objects.filter(state__in=USED)
        .exclude(registry_key=snapshot.key)
        .order_by("pk")
        .values_list("pk", "directory")
    ]
    done: list[Relinked] = []
    published: list[tuple[Relinked, str]] = []
    try:
        for relinked in mapper(relink, tasks):
            done.append(relinked)
            if progress:
                progress(len(done), len(tasks), "重新关联部门数据")
        with transaction.atomic():
            for relinked in done:
                _swap(relinked, snapshot.key, published)
            if done:
                _note(actor, snapshot, published)
    except BaseException:
        for relinked in done:
            storage.discard(relinked.work)
        for _, directory in published:
            storage.discard(storage.data_dir() / directory)
        raise
    return len(done)


def _swap(relinked: Relinked, key: str, published: list[tuple[Relinked, str]]) -> None:
    batch = FeedBatch.objects.select_for_update().get(pk=relinked.batch_id)
    if batch.directory != relinked.old_directory:
        storage.discard(relinked.work)  # somebody was faster; theirs stands
        return
    directory = storage.new_directory(batch.feed, batch.uuid)
    storage.publish(relinked.work, directory)
    published.append((relinked, directory))
    counts = {**batch.counts, **relinked.counts}
    FeedBatch.objects.filter(pk=batch.pk).update(
        directory=directory,
        registry_key=key,
        linked_count=counts["linked"],
        counts=counts,
    )
    LinkRevision.objects.create(
        batch=batch,
        registry_key=key,
        directory=directory,
        counts=counts,
        made_at=clock.now(),
    )


def _note(actor: Actor, snapshot: RegistrySnapshot, published: list[tuple[Relinked, str]]) -> None:
    record(
        actor,
        "feeds.relinked",
        target_type="feeds.FeedBatch",
        target_id="",
        summary=f"档案更新后，{len(published)}个批次的数据已重新关联到农户（快照{snapshot.key}）",
        changes={"batches": [None, len(published)]},
    )
