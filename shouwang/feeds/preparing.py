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
from shouwang.engine.correcting import Base, CorrectionReport, correct_batch
from shouwang.engine.errors import FileRejected
from shouwang.engine.ingest import BatchReport, prepare_batch
from shouwang.engine.linking import LinkCounts
from shouwang.engine.rulebook import Rulebook

from . import storage

NOTHING_ADDED = "nothing_added"
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Takeover:
    """补正: the rows that a batch takes over, and the originals they came from, in order."""

    rows: Path
    files: tuple[str, ...]
    """SHA-256 of the originals; a row's `file_no` counts in them."""


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
    takeover: Takeover | None = None


@dataclass(frozen=True)
class Prepared:
    """The result: a finished folder under tmp/, or the reason why the file cannot be used.

    A correction that adds nothing has both: its folder holds what is still wrong.
    """

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
        if task.source is not None:
            read = _read_clear(task, task.source, work, progress)
        else:
            with storage.opened_original(task.sha256) as source:
                read = _read_clear(task, source, work, progress)
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
    report, correction = read
    counts = counts_of(report) | (correction_counts(correction) if correction else {})
    nothing = correction is not None and correction.added == 0
    return Prepared(
        work=work,
        registry_key=task.registry_key,
        rulebook_version=rulebook().version,
        seconds=time.perf_counter() - started,
        reason=NOTHING_ADDED if nothing else "",
        message=_nothing_sentence(report, correction) if nothing and correction else "",
        counts=counts,
        mapping=mapping_of(report),
    )


def _read_clear(
    task: Preparation, source: Path, work: Path, progress: Progress | None
) -> tuple[BatchReport, CorrectionReport | None]:
    said: dict[str, Any] = {
        "rulebook": rulebook(),
        "period_end": task.period_end,
        "registry": task.registry,
        "hasher": provider(),
        "out": work,
        "progress": progress,
    }
    contract = rulebook().feeds[task.feed]
    if task.takeover is None:
        return prepare_batch(source, contract, **said), None
    files = task.takeover.files
    base = Base(
        task.takeover.rows, len(files), lambda number: storage.opened_original(files[number])
    )
    correction = correct_batch(source, contract, base=base, **said)
    return correction.batch, correction


def correction_counts(correction: CorrectionReport) -> dict[str, Any]:
    """What a correction took over, added and left out; `by_file` counts the rows of each file."""
    return {
        "correction": {
            "kept": correction.kept,
            "added": correction.added,
            "repeated": correction.repeated,
            "by_file": correction.by_file,
        }
    }


def _nothing_sentence(report: BatchReport, correction: CorrectionReport) -> str:
    parts = []
    if correction.repeated:
        parts.append(f"{correction.repeated}行与已采用的行完全相同")
    if report.rejected:
        parts.append(f"{report.rejected}行仍有错误，请按退回行的说明改正后再补正")
    return f"没有可以补入的行：{'；'.join(parts) or '工作簿里没有数据行'}。数据没有变化。"


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
