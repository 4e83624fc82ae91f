"""通报的文本 (Word): the bulletin as an official paper with its tables and charts."""

import io
from typing import Any

from shouwang.documents import personal
from shouwang.documents.papers import Paper
from shouwang.documents.word_charts import add_bars

from .models import Bulletin

NUMERALS = "一二三四五六七八九十"
TEXT_WIDTH = 156
MOST_ROWS = 60


def write(bulletin: Bulletin) -> bytes:
    """The file, from what is stored; a bulletin that was issued is always the same."""
    texts = [(one["title"], one["text"]) for one in bulletin.sections]
    personal.refuse([("标题", bulletin.title), *texts])
    paper = Paper(bulletin.title)
    if bulletin.number:
        paper.text(bulletin.number, align=1, indent=False)
    paper.title(bulletin.title)
    if bulletin.distribution:
        paper.text(f"{bulletin.distribution}：", indent=False)
    for place, section in enumerate(bulletin.sections):
        numeral = NUMERALS[place] if place < len(NUMERALS) else str(place + 1)
        paper.heading(f"{numeral}、{section['title']}").text(section["text"])
        _figures(paper, section)
    paper.signature(f"{bulletin.division.name}农业农村局", _day(bulletin))
    stream = io.BytesIO()
    paper.document.save(stream)
    return stream.getvalue()


def _figures(paper: Paper, section: dict[str, Any]) -> None:
    head, rows = section["head"], section["rows"][:MOST_ROWS]
    if not rows:
        return
    if chart := section["chart"]:
        names = [str(row[chart["name"]]) for row in rows]
        values = [row[chart["value"]] for row in rows]
        add_bars(paper.document, chart["title"], names, values, chart["unit"])
    first = min(70, TEXT_WIDTH // len(head) * 2) if len(head) > 1 else TEXT_WIDTH
    other = (TEXT_WIDTH - first) // max(len(head) - 1, 1)
    widths = [first, *[other] * (len(head) - 1)]
    words = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    paper.table([head, *words], widths, head=1)
    paper.gap()


def _day(bulletin: Bulletin) -> str:
    day = bulletin.issued_on or bulletin.made_on
    return f"{day.year}年{day.month}月{day.day}日"
