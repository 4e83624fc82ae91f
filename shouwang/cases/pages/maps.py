"""地图的内容: villages coloured by open cases or by late ones; every area leads to its list."""

from collections.abc import Sequence
from typing import Any

from shouwang.core import charts
from shouwang.core.actor import Actor
from shouwang.core.charts import Chart, Region

from .. import queries
from ..queries import VillageRow
from .steering import Cell, cases_url

SHOWS = {"late": "超期", "count": "在办和监测中"}


def villages(actor: Actor, shows: str) -> dict[str, Any]:
    """The map where villages have an area, and a tile for each village that has none."""
    shows = shows if shows in SHOWS else "late"
    rows = queries.board_by_village(actor)
    drawn = [row for row in rows if hasattr(row.village, "boundary")]
    return {
        "shows": shows,
        "choices": SHOWS.items(),
        "chart": _map(drawn, shows) if drawn else None,
        "tiles": [_line(row) for row in rows if not hasattr(row.village, "boundary")],
        "rows": [_line(row) for row in sorted(rows, key=lambda each: -getattr(each, shows))],
    }


def _line(row: VillageRow) -> dict[str, Any]:
    own = {"village": row.village.code, "phase": "open"}
    town = row.village.parent.name if row.village.parent else ""
    return {
        "label": f"{town}{row.village.name}",
        "all": Cell(row.count, cases_url(**own)),
        "late": Cell(row.late, cases_url(**own, timing="late")),
    }


def _map(rows: Sequence[VillageRow], shows: str) -> Chart:
    total = sum(getattr(row, shows) for row in rows)
    first = max(rows, key=lambda row: getattr(row, shows))
    most = getattr(first, shows)
    title = f"{SHOWS[shows]} {total:,} 户" + (
        f"，{first.village.name}最多，{most} 户" if most else ""
    )
    return charts.regions(
        title=title, unit="户", source="在办个案的期限；边界仅作示意", head="村",
        areas=[_region(row, shows) for row in rows],
    )  # fmt: skip


def _region(row: VillageRow, shows: str) -> Region:
    line = _line(row)
    cell: Cell = line["late"] if shows == "late" else line["all"]
    return Region(
        row.village.code, line["label"], row.village.boundary.coordinates, cell.count, cell.url
    )
