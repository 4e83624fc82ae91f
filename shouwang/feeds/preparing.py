"""准备批次: from an original to Parquet files, without the database: a process pool can do it.

What comes back is small and picklable; only `operations.importing.commit_batch` makes it count.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from shouwang.core.crypto import provider
from shouwang.engine.errors import FileRejected
from shouwang.engine.ingest import BatchReport, prepare_batch
from shouwang.engine.linking import LinkCounts
from shouwang.engine.rulebook import Rulebook

from . import storage

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Preparation:
    """What a worker needs to know: no names of people, no clear personal data."""

    feed: str
    sha256: str
    period_end: date
    registry: Path | None
    registry_key: str
    source: Path | None = None
    """The file in clear where the caller still has it; else the original is opened."""


@dataclass(frozen=True)
class Prepared:
    """The result: a finished folder under tmp/, or the reason why the file cannot be used."""

    work: Path | None
    registry_key: str
    rulebook_version: str
    seconds: float
    reason: str = ""
    message: str = ""
    counts: dict[str, Any] = field(default_factory=dict)
    mapping: dict[str, Any] = field(default_factory=dict)


@cache
def rulebook() -> Rulebook:
    """The rulebook that comes with the program, read once per process."""
    return Rulebook.load()


def prepare(task: Preparation, progress: Progress | None = None) -> Prepared:
    """Read, clean, link and write one file into a folder of its own under tmp/."""
    started = time.perf_counter()
    work = storage.work_path("batch")
    work.mkdir(parents=True)
    try:
        report = _read(task, work, progress)
    except FileRejected as refusal:
        storage.discard(work)
        return Prepared(
            work=None,
            registry_key="",
            rulebook_version=rulebook().version,
            seconds=time.perf_counter() - started,
            reason=refusal.reason,
            message=refusal.message,
        )
    except BaseException:
        storage.discard(work)
        raise
    return Prepared(
        work=work,
        registry_key=task.registry_key,
        rulebook_version=rulebook().version,
        seconds=time.perf_counter() - started,
        counts=counts_of(report),
        mapping=mapping_of(report),
    )


def _read(task: Preparation, work: Path, progress: Progress | None) -> BatchReport:
    if task.source is not None:
        return _read_clear(task, task.source, work, progress)
    with storage.opened_original(task.sha256) as source:
        return _read_clear(task, source, work, progress)


def _read_clear(
    task: Preparation, source: Path, work: Path, progress: Progress | None
) -> BatchReport:
    return prepare_batch(
        source,
        rulebook().feeds[task.feed],
        rulebook=rulebook(),
        period_end=task.period_end,
        registry=task.registry,
        hasher=provider(),
        out=work,
        progress=progress,
    )


def counts_of(report: BatchReport) -> dict[str, Any]:
    """How many rows, rejected by reason, linked by method, not linked by reason."""
    return {
        "read": report.rows,
        "rows": report.accepted,
        "rejected": report.rejected,
        "ignored": report.ignored,
        "reasons": report.reasons,
        **link_counts(report.links),
    }


def link_counts(links: LinkCounts) -> dict[str, Any]:
    return {
        "linked": links.linked,
        "methods": {key: number for key, number in links.methods.items() if number},
        "unlinked": {key: number for key, number in links.reasons.items() if number},
    }


def mapping_of(report: BatchReport) -> dict[str, Any]:
    """Which caption was read as which column, and which captions nobody knows."""
    return {
        "columns": [{"key": key, "caption": text} for key, text in report.captions.items()],
        "unknown": report.unknown_columns,
        "format": report.format,
        "encoding": report.encoding,
        "header_row": report.header_row,
        "notes": report.notes,
    }
