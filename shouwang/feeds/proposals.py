"""识别来文: what an uploaded file probably is; a person confirms or corrects every part of it."""

import unicodedata
from collections.abc import Collection
from pathlib import Path
from typing import Any

from shouwang.engine.errors import FileRejected
from shouwang.engine.guess import REGISTRY, guess_feed
from shouwang.engine.reading import open_file
from shouwang.engine.reject_workbook import CAPTION

from . import periods
from .preparing import rulebook

SHOWN = 3
LARGEST_RETURNED = 5 * 1024 * 1024


def propose(path: Path, file_name: str, allowed: Collection[str]) -> dict[str, Any]:
    """Feed by captions and name, period by name; `problem` if the file cannot be used here."""
    scores: dict[str, float] = {}
    problem = ""
    try:
        scores = dict(guess_feed(path, rulebook()))
        if REGISTRY in scores:
            problem = "这是农户档案的导出工作簿，请移除后到“档案导入”上传。"
        elif _is_reject_workbook(path):
            problem = (
                "这是退回工作簿，只有改正的行。新版整体取代旧版，请先把改正的行并回完整的表格，"
                "再上传那份完整的表格。"
            )
    except FileRejected as refusal:
        problem = refusal.message
    scores = {key: scores.get(key, 0.0) + _named(file_name, key) for key in allowed}
    likely = sorted((key for key in scores if scores[key] > 0), key=lambda key: -scores[key])
    rhythm = rulebook().feeds[likely[0]].rhythm if likely else ""
    period = periods.propose(file_name, rhythm)
    return {
        "feeds": likely[:SHOWN],
        "period_start": period.start.isoformat() if period else "",
        "period_end": period.end.isoformat() if period else "",
        "problem": problem,
    }


def _is_reject_workbook(path: Path) -> bool:
    """Our own workbook of rejected rows sent back: as a new version it would drop all others."""
    if path.stat().st_size > LARGEST_RETURNED:
        return False  # opening a large workbook a second time would only make its sender wait
    opened = open_file(path, rulebook().conventions.limits)
    return opened.format == "xlsx" and any(CAPTION in row for row in opened.first().top)


def _named(file_name: str, feed: str) -> float:
    """How much of the feed's title stands in the file's name: decides between similar captions."""
    name = unicodedata.normalize("NFKC", file_name)
    title = rulebook().feeds[feed].title
    pairs = [title[at : at + 2] for at in range(len(title) - 1)]
    return 0.5 * sum(pair in name for pair in pairs) / max(1, len(pairs))
