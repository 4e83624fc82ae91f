"""识别来文: what an uploaded file probably is; a person confirms or corrects every part of it.

A large file is not opened while its sender waits: `propose_by_name` answers at once, a background
job completes it with `propose`.
"""

import unicodedata
from collections.abc import Collection
from pathlib import Path
from typing import Any

from shouwang.engine.errors import FileRejected
from shouwang.engine.guess import REGISTRY, guess_feed
from shouwang.engine.reading import open_file
from shouwang.engine.reject_workbook import CAPTION
from shouwang.engine.workbook_mark import read_mark

from . import periods
from .preparing import rulebook
from .queries.corrections import marked_batch

SHOWN = 3
LARGEST_AT_ONCE = 20 * 1024 * 1024
LARGEST_RETURNED = 5 * 1024 * 1024
UNMARKED = (
    "这是退回工作簿，只有改正的行，但已看不出属于哪一批次。请打开那一批次，选“补正退回的行”再上传；"
    "如果已把改正的行并回完整的表格，请核对后作为新版导入。"
)


def propose(path: Path, file_name: str, allowed: Collection[str]) -> dict[str, Any]:
    """Feed by captions and name, period by name; `problem` if the file cannot be used here.

    `corrects` is the batch whose rejected rows the file holds, by the mark hidden in it.
    """
    scores: dict[str, float] = {}
    problem = corrects = ""
    try:
        scores = dict(guess_feed(path, rulebook()))
        if REGISTRY in scores:
            problem = "这是农户档案的导出工作簿，请移除后到“档案导入”上传。"
        else:
            corrects, is_returned = _returned(path)
            problem = UNMARKED if is_returned and not corrects else ""
    except FileRejected as refusal:
        problem = refusal.message
    return _proposal(scores, file_name, allowed, problem=problem, corrects=corrects)


def propose_by_name(path: Path, file_name: str, allowed: Collection[str]) -> dict[str, Any]:
    """What a large file's name and its properties tell; the rest is pending."""
    corrects = marked_batch(read_mark(path))
    return _proposal({}, file_name, allowed, corrects=corrects) | {"pending": not corrects}


def is_large(path: Path) -> bool:
    return path.stat().st_size > LARGEST_AT_ONCE


def _proposal(
    scores: dict[str, float],
    file_name: str,
    allowed: Collection[str],
    *,
    problem: str = "",
    corrects: str = "",
) -> dict[str, Any]:
    scores = {key: scores.get(key, 0.0) + _named(file_name, key) for key in allowed}
    likely = sorted((key for key in scores if scores[key] > 0), key=lambda key: -scores[key])
    rhythm = rulebook().feeds[likely[0]].rhythm if likely else ""
    period = periods.propose(file_name, rhythm)
    return {
        "feeds": likely[:SHOWN],
        "period_start": period.start.isoformat() if period else "",
        "period_end": period.end.isoformat() if period else "",
        "problem": problem,
        "corrects": corrects,
    }


def _returned(path: Path) -> tuple[str, bool]:
    """The batch that our own workbook of rejected rows belongs to, and whether it is one."""
    number = marked_batch(read_mark(path))
    if number or path.stat().st_size > LARGEST_RETURNED:
        return number, bool(number)  # opening it a second time would only make its sender wait
    opened = open_file(path, rulebook().conventions.limits)
    number = marked_batch(read_mark(path, opened))
    has_column = opened.format != "csv" and any(CAPTION in row for row in opened.first().top)
    return number, bool(number) or has_column


def _named(file_name: str, feed: str) -> float:
    """How much of the feed's title stands in the file's name: decides between similar captions."""
    name = unicodedata.normalize("NFKC", file_name)
    title = rulebook().feeds[feed].title
    pairs = [title[at : at + 2] for at in range(len(title) - 1)]
    return 0.5 * sum(pair in name for pair in pairs) / max(1, len(pairs))
