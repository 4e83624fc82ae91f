"""任务总览 (overview): papers by how their tasks stand, and deadlines along a line of time."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shouwang.core.actor import Actor
from shouwang.core.charts import Chart, ChartTable

from .lights import light
from .models import PlanPeriod, Task
from .queries import STAND, counted, light_of, tasks_visible_to

STATES = (
    ("done", "已办结", "#1d5fbf"), ("green", "绿灯", "#1b7a3d"), ("yellow", "黄灯", "#b7791f"),
    ("red", "红灯", "#b42318"), ("none", "没有时限", "#6b7280"),
)  # fmt: skip
OTHER = "没有文件来源"
WIDTH = 1000


@dataclass(frozen=True)
class PaperRow:
    """One paper with its tasks by state."""

    key: int | None
    title: str
    counts: Counter[str]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def cells(self) -> list[int]:
        return [self.counts[key] for key, _, _ in STATES]

    @property
    def told(self) -> list[tuple[str, int, str]]:
        """Each state by its name with its number, and the filter of the tasks behind it."""
        return [
            (
                label,
                self.counts[key],
                "state=done" if key == "done" else f"state=unfinished&light={key}",
            )
            for key, label, _ in STATES
        ]


def by_paper(actor: Actor, day: date, period: int | None = None) -> list[PaperRow]:
    """Papers with the most tasks first; tasks that no paper asks for are one row of their own."""
    found: dict[int | None, PaperRow] = {}
    tasks = counted(actor) if period is None else counted(actor).filter(plan_period=period)
    for key, title, *stand in tasks.values_list("paper", "paper__title", *STAND).order_by():
        row = found.setdefault(key, PaperRow(key, title or OTHER, Counter()))
        begins, ends, share, state = stand
        is_done = state == "done"
        lamp = light(begins=begins, ends=ends, on=day, done=share, is_done=is_done)
        row.counts["done" if is_done else lamp] += 1
    return sorted(found.values(), key=lambda row: (-row.total, row.title))


def by_period(actor: Actor, day: date, periods: Iterable[PlanPeriod]) -> list[PaperRow]:
    """Periods with how their tasks stand, the newest first; a period without tasks has zeros."""
    found = {one.pk: PaperRow(one.pk, str(one), Counter()) for one in periods}
    rows = counted(actor).filter(plan_period__in=found).values_list("plan_period", *STAND)
    for key, begins, ends, share, state in rows.order_by():
        is_done = state == "done"
        lamp = light(begins=begins, ends=ends, on=day, done=share, is_done=is_done)
        found[key].counts["done" if is_done else lamp] += 1
    return list(found.values())


def treemap(rows: Sequence[PaperRow]) -> Chart:
    """Papers as areas, each cut by state; the table has the same figures."""
    data = [
        {
            "name": row.title,
            "children": [
                {"name": f"{label} {row.counts[key]}", "value": row.counts[key],
                 "itemStyle": {"color": colour}}
                for key, label, colour in STATES
                if row.counts[key]
            ],
        }
        for row in rows
    ]  # fmt: skip
    worst = max(rows, key=lambda row: row.counts["red"])
    named = f"《{worst.title[:24]}》红灯最多" if worst.counts["red"] else "没有红灯任务"
    option = {
        "tooltip": {"renderMode": "richText", "confine": True},
        "series": [
            {
                "type": "treemap", "roam": False, "nodeClick": False, "data": data,
                "breadcrumb": {"show": False}, "left": 0, "right": 0, "top": 0, "bottom": 0,
                "label": {"show": True, "fontSize": 13, "color": "#fff"},
                "upperLabel": {"show": True, "height": 26, "color": "#1b2432"},
                "itemStyle": {"borderColor": "#fff", "borderWidth": 2, "gapWidth": 2},
                "levels": [
                    {"itemStyle": {"gapWidth": 4}, "upperLabel": {"show": False}},
                    {"itemStyle": {"borderColor": "#e5e9f0", "borderWidth": 3}},
                ],
            }
        ],
    }  # fmt: skip
    table = ChartTable(
        ["政策文件", "任务", *(label for _, label, _ in STATES)],
        [[row.title, row.total, *row.cells] for row in rows],
    )
    return Chart(named, "项", "任务台账", option, table, "tall")


@dataclass(frozen=True)
class Bar:
    """One task along the line of time, in thousandths of the whole span."""

    task: Task
    lamp: str
    start: int
    length: int
    done: int


@dataclass(frozen=True)
class Gantt:
    bars: Sequence[Bar]
    months: Sequence[tuple[int, str]]
    today: int
    total: int


def gantt(actor: Actor, day: date, *, paper: int | None, page: int, size: int) -> Gantt:
    """Whole tasks with a deadline, the earliest first, from the first beginning to the last end."""
    seen = tasks_visible_to(actor).exclude(state="cancelled").filter(parent=None)
    seen = seen.filter(begins_on__isnull=False, ends_on__isnull=False)
    if paper is not None:
        seen = seen.filter(paper=paper)
    total = seen.count()
    chosen = list(seen.order_by("ends_on", "number_key", "pk")[(page - 1) * size : page * size])
    if not chosen:
        return Gantt([], [], 0, total)
    first = min(task.begins_on for task in chosen if task.begins_on).replace(day=1)
    last = max(task.ends_on for task in chosen if task.ends_on)
    span = max((last - first).days, 1)

    def at(when: date) -> int:
        return max(0, min(WIDTH, (when - first).days * WIDTH // span))

    bars = []
    for task in chosen:
        assert task.begins_on is not None
        assert task.ends_on is not None
        start, length = at(task.begins_on), max(at(task.ends_on) - at(task.begins_on), 4)
        share = min(max(task.share or Decimal(0), Decimal(0)), Decimal(1))
        bars.append(Bar(task, light_of(task, day), start, length, int(length * share)))
    return Gantt(bars, _months(first, last), at(day), total)


def _months(first: date, last: date) -> list[tuple[int, str]]:
    """At most twelve marks: months, or every so many."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    step = -(-count // 12)
    span = max((last - first).days, 1)
    marks = []
    for month in range(0, count, step):
        at = first.month - 1 + month
        when = date(first.year + at // 12, at % 12 + 1, 1)
        marks.append(((when - first).days * WIDTH // span, f"{when:%Y-%m}"))
    return marks
