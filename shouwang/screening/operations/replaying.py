"""重放: a run again from its frozen inputs, with the rulebook of that day."""

import shutil
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import DomainError
from shouwang.engine import Batch, ScreeningInput, screen

from ..models import Replay, Run
from . import freezing, hit_files

SHOWN_DIFFERENCES = 100


def frozen_inputs(run: Run) -> ScreeningInput:
    """The registry and the batches from the run's own folder."""
    folder = freezing.run_folder(run.uuid) / "inputs"
    if not folder.is_dir():
        raise DomainError(
            f"数据目录中没有{run.name}的冻结数据，请先从备份恢复 runs 目录。", code="inputs_missing"
        )
    batches = [
        Batch(
            feed=batch.feed,
            period_start=batch.period_start,
            period_end=batch.period_end,
            version=batch.version,
            path=folder / "batches" / batch.key,
            key=batch.key,
        )
        for batch in run.batches.all()
    ]
    return ScreeningInput(registry=folder / "registry", batches=batches, county=run.county)


def hits_path(run: Run) -> Path:
    return freezing.run_folder(run.uuid) / "hits.parquet"


def replay(actor: Actor, run: Run) -> Replay:
    """Evaluate a run's frozen inputs again and say whether the hits are identical."""
    require(actor, "screening.run")
    rulebook = freezing.kept_rulebook(run.rulebook_version)
    folder = freezing.working_folder()
    try:
        result = screen(
            rulebook,
            frozen_inputs(run),
            run.as_of,
            out=folder / "hits",
            threads=settings.SHOUWANG_THREADS,
        )
        identical = hit_files.digest(result.hits) == run.hits_digest
        missing, extra, found = (
            (0, 0, [])
            if identical
            else hit_files.differences(hits_path(run), result.hits, limit=SHOWN_DIFFERENCES)
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    with transaction.atomic():
        made = Replay.objects.create(
            run=run,
            replayed_at=clock.now(),
            replayed_by_label=actor.label,
            identical=identical,
            missing_count=missing,
            extra_count=extra,
            differences=[asdict(each) for each in found],
        )
        record(
            actor,
            "screening.run.replayed",
            target_type="screening.run",
            target_id=str(run.uuid),
            summary=f"重放{run.name}：" + ("结果一致" if identical else "结果不一致"),
        )
    return made
