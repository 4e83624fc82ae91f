"""任务清单的表格: task lists as governments exchange them, read with the place of every mistake."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError
from shouwang.core.worksheets import lines_of, read_worksheets, rows_of_text
from shouwang.divisions.models import Division

from .forms import names
from .operations import make_task

CAPTIONS = {
    "number": ("序号", "编号"),
    "title": ("任务", "工作任务", "任务内容", "重点任务", "主要任务"),
    "lead": ("牵头单位", "牵头", "牵头部门"),
    "responsible": ("责任单位", "责任", "配合单位", "责任部门"),
    "person": ("责任人", "责任领导"),
    "quantity": ("数量", "目标数量", "目标值"),
    "unit": ("单位", "计量单位"),
    "ends_on": ("完成时限", "时限", "完成时间"),
    "place": ("地点",),
}
MOST_ROWS = 5_000


@dataclass(frozen=True)
class Refused:
    sheet: str
    row: int
    reason: str


@dataclass(frozen=True)
class Taken:
    made: int
    refused: tuple[Refused, ...]


def read_tasks(actor: Actor, content: bytes, division: Division) -> Taken:
    """Make a task of every row that can be read; the others are told with place and reason."""
    made = 0
    refused: list[Refused] = []
    for worksheet in read_worksheets(content, rows=MOST_ROWS):
        sheet, rows = worksheet.title, rows_of_text(worksheet.rows)
        lines = lines_of(sheet, rows, CAPTIONS, {"title"})
        if lines is None and any(any(row) for row in rows):
            refused.append(Refused(sheet, 1, "前 10 行里没有找到表头，至少要有“任务”一列。"))
        for line in lines or []:
            blank = "" if line.values.get("title") else "“任务”一列是空的。"
            reason = blank or _make(actor, line.values, division, line.row)
            if reason:
                refused.append(Refused(sheet, line.row, reason))
            else:
                made += 1
    return Taken(made, tuple(refused))


def _make(actor: Actor, values: dict[str, str], division: Division, row: int) -> str:
    """Make one task; returns why not."""
    quantity: Decimal | None = None
    if text := values.get("quantity", "").replace(",", ""):
        try:
            quantity = Decimal(text)
        except InvalidOperation:
            return f"“数量”写的是“{text[:20]}”，应是数字，单位另写一列。"
        if not quantity.is_finite() or abs(quantity) >= Decimal(10) ** 15:
            return f"“数量”写的是“{text[:20]}”，太大了，请核对。"
    ends: date | None = None
    if text := values.get("ends_on", ""):
        try:
            ends = date.fromisoformat(text.replace("/", "-").replace(".", "-"))
        except ValueError:
            return f"“完成时限”写的是“{text[:20]}”，请写成 2026-06-30 的样子。"
    try:
        make_task(
            actor,
            number=values.get("number", "") or str(row),
            title=values["title"],
            division=division,
            lead=names(values.get("lead", "")),
            responsible=names(values.get("responsible", "")),
            quantity=quantity,
            unit=values.get("unit", "")[:20],
            person=values.get("person", "")[:60],
            place=values.get("place", "")[:120],
            ends_on=ends,
        )
    except DomainError as error:
        return error.message
    return ""
