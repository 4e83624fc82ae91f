"""排查表 (sheet): one village's part of a sweep as a workbook, filled in and read back.

What is known is filled in; the people in the field write day, answers, result and a note. The first
column carries the line's number, so that rows may be sorted or left out. Reading is all or nothing
per row: each row that cannot be taken is told with its place and what to do.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter

from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError
from shouwang.core.exports import harmless
from shouwang.core.worksheets import first_rows, rows_of_text

from .models import Sweep, SweepItem
from .operations import record_result
from .states import Finding

FIXED = ("序号", "户主", "户编号", "人口", "重点原因")
LAST = ("排查日期", "结果", "说明")
WORDS = {label: value for value, label in Finding.choices if value}
MOST_ROWS = 5_000
HEAD_ROW = 2


@dataclass(frozen=True)
class Refused:
    """One row of a sheet that was not taken."""

    row: int
    reason: str


@dataclass(frozen=True)
class Taken:
    """What came of a sheet."""

    recorded: int
    blank: int
    refused: tuple[Refused, ...]


def write_sheet(sweep: Sweep, items: Sequence[SweepItem], title: str) -> bytes:
    """A workbook of these lines, with lists to choose from in the cells."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("排查表")
    head = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1, "text_wrap": True})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    own = book.add_format({"border": 1, "bg_color": "#FFFBE6", "num_format": "yyyy-mm-dd"})
    captions = [*FIXED, *[one.text for one in sweep.asked], *LAST]
    sheet.merge_range(
        0, 0, 0, len(captions) - 1, title, book.add_format({"bold": True, "size": 14})
    )
    for column, caption in enumerate(captions):
        sheet.write(HEAD_ROW - 1, column, caption, head)
    for line, item in enumerate(items, HEAD_ROW):
        home = item.household
        known = [item.pk, home.head_name, home.household_no, home.household_size, item.reasons]
        for column, value in enumerate(known):
            sheet.write(line, column, harmless(value), cell)
        for column in range(len(FIXED), len(captions)):
            sheet.write_blank(line, column, None, own)
    _choices(sheet, sweep, len(items), len(captions))
    sheet.set_column(0, 0, 7)
    sheet.set_column(1, len(captions) - 1, 14)
    sheet.freeze_panes(HEAD_ROW, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW - 1)
    book.close()
    return stream.getvalue()


def _choices(sheet: Any, sweep: Sweep, count: int, width: int) -> None:
    last = HEAD_ROW + max(count, 1) - 1
    for place, question in enumerate(sweep.asked, len(FIXED)):
        if choices := question.options:
            sheet.data_validation(
                HEAD_ROW, place, last, place, {"validate": "list", "source": list(choices)}
            )
    column = width - 2
    sheet.data_validation(
        HEAD_ROW, column, last, column, {"validate": "list", "source": list(WORDS)}
    )


def read_sheet(actor: Actor, sweep: Sweep, content: bytes, visible: Any) -> Taken:
    """Record every filled row among the lines that the actor sees; blank rows are left alone."""
    recorded = blank = 0
    refused: list[Refused] = []
    for number, cells in _rows(sweep, content):
        values = cells[len(FIXED) :]
        if not any(values):
            blank += 1
            continue
        reason = _record(actor, sweep, cells, visible)
        if reason:
            refused.append(Refused(number, reason))
        else:
            recorded += 1
    return Taken(recorded, blank, tuple(refused))


def _rows(sweep: Sweep, content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Row number and the cells as text, after the head that this sweep's sheets have."""
    rows = rows_of_text(first_rows(content, rows=MOST_ROWS + HEAD_ROW))
    captions = [*FIXED, *[one.text for one in sweep.asked], *LAST]
    head = rows[HEAD_ROW - 1] if len(rows) >= HEAD_ROW else []
    if head[: len(captions)] != captions:
        wrong = next((c for c, h in zip(captions, [*head, *[""] * 99], strict=False) if c != h), "")
        raise DomainError(
            f"表头与这次排查不一致（缺“{wrong}”一列）。请重新下载本次排查的表填写。", code="head"
        )
    for number, cells in enumerate(rows[HEAD_ROW:], HEAD_ROW + 1):
        words = cells[: len(captions)]
        yield number, [*words, *[""] * (len(captions) - len(words))]


def _record(actor: Actor, sweep: Sweep, cells: Sequence[str], visible: Any) -> str:
    """Record one row; returns why not."""
    key, day, result, note = cells[0], *cells[-3:]
    if not key.isascii() or not key.isdigit() or len(key) > 18:
        return "第1列“序号”被改动，不能对应到农户，请用下载的表。"
    item = visible.filter(pk=int(key)).select_related("household", "village", "sweep").first()
    if item is None:
        return "第1列“序号”不在您的排查名单里。"
    try:
        visited = date.fromisoformat(day)
    except ValueError:
        return f"“排查日期”写的是“{day[:20]}”，请写成 2026-06-30 的样子。"
    if result not in WORDS:
        return f"“结果”写的是“{result[:20]}”，请从单元格的下拉列表中选择。"
    answers = {}
    asked = cells[len(FIXED) : -len(LAST)]
    for question, value in zip(sweep.asked, asked, strict=True):
        choices = question.options
        if value and choices and value not in choices:
            return f"“{question.text[:12]}”写的是“{value[:20]}”，应为{'、'.join(choices)}之一。"
        if value:
            answers[question.key] = value[:200]
    try:
        record_result(
            actor, item, visited_on=visited, answers=answers, finding=WORDS[result],
            note=note[:300], version=item.version,
        )  # fmt: skip
    except DomainError as error:
        return error.message
    return ""
