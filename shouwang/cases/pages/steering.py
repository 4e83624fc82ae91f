"""看板的内容: the counts of the queries, each with the list that holds exactly those rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from shouwang.core import charts, clock
from shouwang.core.actor import Actor
from shouwang.core.charts import Chart
from shouwang.core.components import Figure
from shouwang.screening.queries import rulebook_in_force

from .. import queries
from ..filters import NONE
from ..queries import BoardRow, FunnelRow
from .timing import Timing, timing

LEVELS = 4
SHOWN = 20
GROUPINGS = {"channel": "渠道", "department": "部门", "rule": "规则", "town": "乡镇"}


def cases_url(**conditions: Any) -> str:
    """The list of cases under conditions."""
    return f"{reverse('cases:list')}?{urlencode({k: v for k, v in conditions.items() if v})}"


def clues_url(**conditions: Any) -> str:
    return f"{reverse('cases:clues')}?{urlencode({k: v for k, v in conditions.items() if v})}"


@dataclass(frozen=True)
class Cell:
    """A count and the list behind it."""

    count: int
    url: str


@dataclass(frozen=True)
class Line:
    """One step or one town of the board."""

    label: str
    who: str
    all: Cell
    late: Cell
    near: Cell
    first: Timing | None
    level: int = 0


def _line(row: BoardRow, name: str, today: date, most: int = 0) -> Line:
    own = {name: row.key, "phase": "open"}
    level = 0
    if most and row.late:
        level = min(LEVELS, 1 + (row.late * LEVELS - 1) // most)
    return Line(
        row.label, row.who,
        Cell(row.count, cases_url(**own)),
        Cell(row.late, cases_url(**own, timing="late")),
        Cell(row.near, cases_url(**own, timing="near")),
        timing(row.first_due, today), level,
    )  # fmt: skip


def board(actor: Actor) -> dict[str, Any]:
    """Deadlines by step and by town."""
    today = clock.today()
    steps, towns = queries.board(actor, today), queries.board_by_town(actor, today)
    most = max((row.late for row in towns), default=0)
    totals = {name: sum(getattr(row, name) for row in steps) for name in ("count", "late", "near")}
    return {
        "steps": [_line(row, "state", today) for row in steps],
        "towns": [_line(row, "town", today, most) for row in towns],
        "legend": _legend(most),
        "figures": [
            Figure("在办和监测中", totals["count"], "户", cases_url(phase="open")),
            Figure("超期", totals["late"], "户", cases_url(phase="open", timing="late")),
            Figure("即将到期", totals["near"], "户", cases_url(phase="open", timing="near")),
            Figure("待核实线索", queries.clues_visible_to(actor).waiting().count(), "条",
                   clues_url(state="received")),
        ],
        "charts": [found for found in (_late_chart(towns),) if found],
    }  # fmt: skip


def _legend(most: int) -> list[tuple[int, str]]:
    """The classes of the tiles with their counts."""
    found = [(0, "没有超期")]
    for level in range(1, LEVELS + 1):
        low, high = (level - 1) * most // LEVELS + 1, level * most // LEVELS
        if low <= high:
            found.append((level, f"{low} 户" if low == high else f"{low}—{high} 户"))
    return found


def _late_chart(towns: Sequence[BoardRow]) -> Chart | None:
    late = [row for row in towns if row.late or row.near][:SHOWN]
    if not late or not any(row.late for row in late):
        return None
    first, total = late[0], sum(row.late for row in towns)
    return charts.bars(
        title=f"{first.label}超期最多，{first.late} 户，占 {first.late / total:.0%}",
        unit="户",
        source="在办个案的期限",
        categories=[row.label for row in late],
        series={"超期": [row.late for row in late], "即将到期": [row.near for row in late]},
        stacked=True,
        head="乡镇",
    )


STAGES = (
    ("clues", "登记线索"),
    ("verified", "已核实"),
    ("cases", "建立个案"),
    ("identified", "纳入监测"),
    ("helped", "落实帮扶"),
    ("resolved", "风险消除"),
)


def funnel(actor: Actor, by: str, since: date | None, until: date | None) -> dict[str, Any]:
    """From warnings to households helped, as a whole and by group."""
    by = by if by in GROUPINGS else "channel"
    whole = queries.funnel(actor, since=since, until=until)[0]
    rows = queries.funnel(actor, by, since=since, until=until)
    period = {"received_on_min": since, "received_on_max": until}
    return {
        "by": by,
        "groupings": GROUPINGS.items(),
        "whole": _stages(whole),
        "rows": [
            (_label(row, by), clues_url(**_condition(row, by), **period), row) for row in rows
        ],
        "has_help": whole.helped is not None,
        "total": whole,
        "chart": _funnel_chart(whole),
    }


def _stages(whole: FunnelRow) -> list[tuple[str, int, float]]:
    """Stage, count, and its share of the clues."""
    found = []
    for key, label in STAGES:
        count = getattr(whole, key)
        if count is not None:
            found.append((label, count, count / whole.clues if whole.clues else 0.0))
    return found


def _label(row: FunnelRow, by: str) -> str:
    if by == "rule" and row.key:
        rule = rulebook_in_force().rules.get(row.key)
        return rule.title if rule else row.key
    return row.label


def _condition(row: FunnelRow, by: str) -> dict[str, str]:
    """The conditions of the list that hold exactly the clues of a group."""
    if by in {"rule", "department"}:
        return {by: row.key or NONE}
    return {by: row.key}


def _funnel_chart(whole: FunnelRow) -> Chart | None:
    if not whole.clues:
        return None
    stages = _stages(whole)
    identified = whole.identified
    per = f"每 {round(whole.clues / identified)} 条线索识别 1 户" if identified else "还没有识别"
    return charts.bars(
        title=f"{whole.clues:,} 条线索纳入监测 {identified:,} 户，{per}",
        unit="条、户",
        source="线索登记簿和个案",
        categories=[label for label, _, _ in stages],
        series={"数量": [count for _, count, _ in stages]},
        horizontal=True,
        head="环节",
    )


def load(actor: Actor) -> dict[str, Any]:
    """What lies on each village worker, with the lists of the village."""
    rows = queries.load_per_worker(actor)
    lines = []
    for row in rows:
        own = {"village": row.village_code}
        lines.append(
            {
                "row": row,
                "open": Cell(row.open_cases, cases_url(**own, phase="open")),
                "waiting": Cell(row.waiting, cases_url(**own, turn="village")),
                "late": Cell(row.late, cases_url(**own, turn="village", timing="late")),
                "clues": Cell(row.clues, clues_url(**own, state="received")),
            }
        )
    busiest = max(rows, key=lambda each: each.waiting + each.clues, default=None)
    return {"lines": lines, "chart": _load_chart(rows) if busiest else None}


def _load_chart(rows: Sequence[queries.Load]) -> Chart | None:
    shown = sorted(rows, key=lambda each: -(each.waiting + each.clues))[:SHOWN]
    if not shown or not (shown[0].waiting + shown[0].clues):
        return None
    first = shown[0]
    return charts.bars(
        title=f"{first.village}{first.name}手上最多，{first.waiting + first.clues} 件",
        unit="件",
        source="在办个案和待核实线索",
        categories=[f"{each.village} {each.name}" for each in shown],
        series={
            "待办个案": [each.waiting for each in shown],
            "待核实线索": [each.clues for each in shown],
        },
        stacked=True,
        horizontal=True,
        head="村级工作人员",
    )
