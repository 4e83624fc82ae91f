"""调度单 (dispatch sheet): how units stand in a month, as figures and as Word."""

import io
from dataclasses import dataclass
from datetime import date

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.documents.papers import Paper
from shouwang.documents.word_charts import add_bars

from .lights import light
from .models import Task
from .queries import STAND, UnitRow, board, counted
from .states import Light

MOST_LATE = 50
WIDTHS = (50, 22, 22, 20, 20, 22)
LATE_WIDTHS = (20, 66, 34, 20, 16)


@dataclass(frozen=True)
class Sheet:
    """What a dispatch meeting looks at."""

    on: date
    rows: list[UnitRow]
    late: list[Task]
    total: int
    done: int
    red: int
    yellow: int

    @property
    def share(self) -> float:
        return self.done / self.total if self.total else 0.0

    @property
    def text(self) -> str:
        words = (
            f"截至 {self.on:%Y-%m-%d}，共有任务 {self.total:,} 项，已办结 {self.done:,} 项，"
            f"红灯 {self.red:,} 项，黄灯 {self.yellow:,} 项。"
        )
        slow = [row for row in self.rows if row.red][:3]
        if slow:
            names = "、".join(f"{row.name}（{row.red} 项）" for row in slow)
            words += f"红灯较多的是{names}。"
        return words


def compile_sheet(actor: Actor, on: date | None = None) -> Sheet:
    day = on or clock.today()
    rows = board(actor, day)
    seen = counted(actor)
    lights = [
        light(begins=begins, ends=ends, on=day, done=share, is_done=state == "done")
        for begins, ends, share, state in seen.values_list(*STAND).order_by()
    ]
    late = seen.late(day).prefetch_related("units").order_by("ends_on", "number_key")[:MOST_LATE]
    return Sheet(
        day, rows, list(late), len(lights), seen.filter(state="done").count(),
        lights.count(Light.RED.value), lights.count(Light.YELLOW.value),
    )  # fmt: skip


def write(sheet: Sheet, place: str) -> bytes:
    """The sheet as an official paper: text, ranking with a chart, tasks that are late."""
    month = f"{sheet.on.year}年{sheet.on.month}月"
    paper = Paper(f"{place}重点任务调度单（{month}）")
    paper.title(f"{place}重点任务调度单（{month}）").text(sheet.text)
    paper.heading("一、各单位进展")
    slow = [row for row in sheet.rows if row.red]
    add_bars(
        paper.document, "红灯任务", [row.name for row in slow], [row.red for row in slow], "项"
    )
    head = ["单位", "任务（项）", "办结（项）", "绿灯", "黄灯", "红灯"]
    body = [
        [
            row.name, str(row.total), str(row.done), str(row.lights["green"]),
            str(row.lights["yellow"]), str(row.lights["red"]),
        ]
        for row in sheet.rows
    ]  # fmt: skip
    if body:
        paper.table([head, *body], WIDTHS, head=1).gap()
    paper.heading("二、超期任务")
    if sheet.late:
        rows = [
            [
                task.number, task.title[:80],
                "、".join(unit.name for unit in task.units.all() if unit.duty == "lead"),
                f"{task.ends_on:%Y-%m-%d}",
                f"{task.share:.0%}" if task.share is not None else "未报送",
            ]
            for task in sheet.late
        ]  # fmt: skip
        paper.table(
            [["编号", "任务", "牵头单位", "时限", "进展"], *rows], (20, 66, 34, 20, 16), head=1
        )
    else:
        paper.text("没有超期任务。")
    paper.signature(place, f"{sheet.on.year}年{sheet.on.month}月{sheet.on.day}日")
    stream = io.BytesIO()
    paper.document.save(stream)
    return stream.getvalue()
