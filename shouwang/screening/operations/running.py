"""筛查: evaluate all rules as of one or several dates and keep what was found.

The files are written apart and renamed, the records appear in one transaction: whoever looks sees
the run with all its hits and clues, or does not see it.
"""

import shutil
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import DomainError
from shouwang.engine import Rulebook, ScreeningResult, screen_many
from shouwang.feeds.operations import relink_all
from shouwang.feeds.queries import effective_batches, stale_batches
from shouwang.registry import snapshots

from ..models import Run, RunBatch
from . import freezing, hit_files, merging
from .freezing import Frozen

Progress = Callable[[int, int, str], None]
ORPHAN_SECONDS = 24 * 3600


def run(
    actor: Actor, as_of_dates: Sequence[date], *, progress: Progress | None = None
) -> list[Run]:
    """Screen the county as of each date; the new runs replace the valid ones of those dates."""
    require(actor, "screening.run")
    dates = sorted(set(as_of_dates))
    if not dates:
        raise DomainError("请至少选择一个筛查日期。", code="no_date")
    say = progress or (lambda done, total, message: None)
    steps = len(dates) + 2
    _sweep()
    say(0, steps, "冻结档案、部门数据和规则库")
    started = clock.now()
    _link_again(actor)
    frozen = freeze()
    folder = freezing.working_folder()
    try:
        results = _evaluate(frozen, dates, folder, say, steps)
        say(len(dates) + 1, steps, "归并为线索")
        runs = _keep(actor, frozen, results, folder, started)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    say(steps, steps, "完成")
    return runs


def freeze() -> Frozen:
    """Take the registry, the batches and the rulebook as they are now."""
    snapshot = snapshots.current()
    if snapshot is None:
        raise DomainError("还没有农户档案，请先导入档案再筛查。", code="no_registry")
    rulebook = Rulebook.load()
    freezing.keep_rulebook(rulebook, rulebook.path)
    return Frozen(
        registry_key=snapshot.key,
        registry=snapshot.path,
        batches=tuple(effective_batches()),
        rulebook=rulebook,
        county=settings.SHOUWANG_COUNTY,
    )


def _link_again(actor: Actor) -> None:
    """Batches that are still linked to an older registry would name the wrong people."""
    snapshot = snapshots.current()
    if snapshot is not None and stale_batches(snapshot.key).exists():
        relink_all(actor, snapshot)


def _sweep() -> None:
    known = [str(uuid) for uuid in Run.objects.values_list("uuid", flat=True)]
    freezing.sweep(known, older_than=time.time() - ORPHAN_SECONDS)


def _evaluate(
    frozen: Frozen, dates: Sequence[date], folder: Path, say: Progress, steps: int
) -> list[ScreeningResult]:
    say(1, steps, f"评估 {len(frozen.rulebook.rules)} 条规则，共 {len(dates)} 期")
    results: list[ScreeningResult] = screen_many(
        frozen.rulebook,
        frozen.inputs(),
        dates,
        out=folder / "hits",
        threads=settings.SHOUWANG_THREADS,
    )
    return results


def _keep(
    actor: Actor,
    frozen: Frozen,
    results: Sequence[ScreeningResult],
    folder: Path,
    started: datetime,
) -> list[Run]:
    """Name the folders and write the records, all of them or none."""
    uuids = [uuid4() for _ in results]
    for uuid, result in zip(uuids, results, strict=True):
        draft = folder / str(uuid)
        draft.mkdir()
        result.hits.rename(draft / "hits.parquet")
        freezing.keep_inputs(frozen, result.as_of, draft)
    digests = [hit_files.digest(folder / str(uuid) / "hits.parquet") for uuid in uuids]
    placed: list[Path] = []
    try:
        with transaction.atomic():
            merging.lock_clues()
            dates = [result.as_of for result in results]
            replaced = list(
                Run.objects.valid().filter(as_of__in=dates).values_list("pk", flat=True)
            )
            Run.objects.filter(pk__in=replaced).update(state=Run.State.SUPERSEDED)
            runs = []
            for uuid, result, digest in zip(uuids, results, digests, strict=True):
                target = freezing.run_folder(uuid)
                target.parent.mkdir(parents=True, exist_ok=True)
                (folder / str(uuid)).rename(target)
                placed.append(target)
                runs.append(_record_run(actor, frozen, result, uuid, digest, started))
            _merge(runs, frozen, replaced)
            for made in runs:
                _finish(actor, made)
    except BaseException:
        for target in placed:
            shutil.rmtree(target, ignore_errors=True)
        raise
    return runs


def _record_run(
    actor: Actor,
    frozen: Frozen,
    result: ScreeningResult,
    uuid: UUID,
    digest: str,
    started: datetime,
) -> Run:
    numbers = Run.objects.filter(as_of=result.as_of).aggregate(last=Max("number"))
    made = Run.objects.create(
        uuid=uuid,
        as_of=result.as_of,
        number=(numbers["last"] or 0) + 1,
        county=frozen.county,
        registry_key=frozen.registry_key,
        rulebook_version=frozen.rulebook.version,
        started_at=started,
        finished_at=clock.now(),
        started_by_id=actor.account_id,
        started_by_label=actor.label,
        hit_count=sum(result.counts.values()),
        counts=dict(sorted(result.counts.items())),
        seconds={stage: round(each, 3) for stage, each in result.seconds.items()},
        not_evaluated=dict(sorted(result.not_evaluated.items())),
        hits_digest=digest,
    )
    RunBatch.objects.bulk_create(
        RunBatch(
            run=made,
            feed=batch.feed,
            key=batch.key,
            period_start=batch.period_start,
            period_end=batch.period_end,
            version=batch.version,
        )
        for batch in frozen.visible_at(result.as_of)
    )
    return made


def _merge(runs: Sequence[Run], frozen: Frozen, replaced: Sequence[int]) -> None:
    began = time.perf_counter()
    found = [
        merging.Found(
            run=made,
            hits=freezing.run_folder(made.uuid) / "hits.parquet",
            registry=frozen.registry,
            batches=frozen.visible_at(made.as_of),
        )
        for made in runs
    ]
    merging.merge(found, replaced, frozen.rulebook)
    seconds = (time.perf_counter() - began) / max(len(runs), 1)
    for made in runs:
        made.seconds["merge"] = round(seconds, 3)


def _finish(actor: Actor, made: Run) -> None:
    """Write the counts that are known only after merging, and the audit entry."""
    made.clue_count, made.new_clue_count = merging.counted(made, made.as_of)
    made.finished_at = clock.now()
    Run.objects.filter(pk=made.pk).update(
        clue_count=made.clue_count,
        new_clue_count=made.new_clue_count,
        seconds=made.seconds,
        finished_at=made.finished_at,
    )
    record(
        actor,
        "screening.run.completed",
        target_type="screening.run",
        target_id=str(made.uuid),
        summary=f"{made.name}：命中 {made.hit_count} 条，线索 {made.clue_count} 条",
        source={"rulebook": made.rulebook_version, "registry": made.registry_key},
    )
