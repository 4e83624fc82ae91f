"""图表 (charts): one message per chart, said in its title, with the table behind it.

Builders give an ECharts option and the table of the same figures; colours can be told apart by the
colour-blind and on paper. `core/chart.js` draws them; nothing here is script.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .formats import number

PALETTE = ("#1d5fbf", "#c2570c", "#0f766e", "#8a5a9e", "#6b7280", "#a16207", "#334e7a", "#b03a5b")
"""Each at least 3:1 on white, and apart from its neighbours in lightness as well as in hue."""

Series = Mapping[str, Sequence[int | float | None]]


@dataclass(frozen=True)
class ChartTable:
    """The figures behind a chart."""

    head: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Chart:
    """What `{% chart %}` draws."""

    title: str
    unit: str
    source: str
    option: dict[str, Any]
    table: ChartTable
    height: str = "medium"


def bars(
    *,
    title: str,
    unit: str,
    source: str,
    categories: Sequence[str],
    series: Series,
    stacked: bool = False,
    horizontal: bool | None = None,
    head: str = "类别",
) -> Chart:
    """Bars; lying where the names are long or many, so that they can be read."""
    if horizontal is None:
        horizontal = len(categories) > 8 or any(len(name) > 6 for name in categories)
    names, order = list(categories), slice(None, None, -1 if horizontal else 1)
    option = _axes(names[order], horizontal=horizontal)
    option["series"] = [
        {
            "type": "bar",
            "name": name,
            "data": list(values)[order],
            "barMaxWidth": 28,
            **({"stack": "all"} if stacked else {}),
            **({"label": _label(horizontal)} if len(series) == 1 and len(names) <= 24 else {}),
        }
        for name, values in series.items()
    ]
    height = "tall" if horizontal and len(names) > 12 else "medium"
    return Chart(title, unit, source, _finish(option, series), _table(head, names, series), height)


@dataclass(frozen=True)
class Region:
    """One area of a map: its key and name, MultiPolygon coordinates, the value, where it leads."""

    key: str
    name: str
    coordinates: Sequence[Any]
    value: int
    url: str = ""


MAP_STEPS = ("#e8eef7", "#f6d9b8", "#e9a15b", "#c2570c", "#7c2d12")
"""From none to most; each darker than the one before, so that they are apart on paper too."""


def regions(
    *, title: str, unit: str, source: str, areas: Sequence[Region], head: str = "区划"
) -> Chart:
    """A map of areas coloured by a value; an area leads to its list."""
    most = max((area.value for area in areas), default=0)
    features = [
        {
            "type": "Feature",
            "properties": {"name": area.key},
            "geometry": {"type": "MultiPolygon", "coordinates": area.coordinates},
        }
        for area in areas
    ]
    option: dict[str, Any] = {
        "mapData": {"type": "FeatureCollection", "features": features},
        "tooltip": {"trigger": "item", "renderMode": "richText", "confine": True},
        "visualMap": {
            "type": "piecewise", "left": 0, "bottom": 0, "pieces": _map_pieces(most),
            "inRange": {"color": list(MAP_STEPS)},
        },
        "series": [
            {
                "type": "map", "map": "areas", "name": unit, "roam": False,
                "nameProperty": "name",
                "itemStyle": {"borderColor": "#fff", "borderWidth": 1},
                "emphasis": {"label": {"show": False}},
                "select": {"disabled": True},
                "data": [
                    {"name": area.key, "value": area.value, "label": _map_label(area, len(areas)),
                     "tooltip": {"formatter": f"{area.name}：{number(area.value)} {unit}"},
                     "url": area.url}
                    for area in areas
                ],
            }
        ],
    }  # fmt: skip
    rows = [[area.name, area.value] for area in sorted(areas, key=lambda each: -each.value)]
    return Chart(title, unit, source, option, ChartTable([head, unit], rows), "tall")


MOST_NAMED = 24


def _map_label(area: Region, count: int) -> dict[str, Any]:
    """The name on the area where there is room; on a white edge, since areas may be dark."""
    return {
        "show": count <= MOST_NAMED, "formatter": area.name, "color": "#1b2432",
        "textBorderColor": "#fff", "textBorderWidth": 3,
    }  # fmt: skip


def _map_pieces(most: int) -> list[dict[str, Any]]:
    """None, then up to four classes of about the same width."""
    pieces: list[dict[str, Any]] = [{"min": 0, "max": 0, "label": "没有", "color": MAP_STEPS[0]}]
    steps = len(MAP_STEPS) - 1
    for step in range(steps):
        low, high = step * most // steps + 1, (step + 1) * most // steps
        if low <= high:
            label = f"{low}" if low == high else f"{low}—{high}"
            pieces.append({"min": low, "max": high, "label": label, "color": MAP_STEPS[step + 1]})
    return pieces


FAR_FROM_ZERO = 0.6
"""The smallest value as a share of the largest from which a line would run flat along the top."""


def lines(
    *,
    title: str,
    unit: str,
    source: str,
    categories: Sequence[str],
    series: Series,
    head: str = "时间",
) -> Chart:
    """Lines over time; a missing value is a gap, never zero.

    Where all values lie close together far from zero the axis begins near them, and says so.
    """
    names = list(categories)
    option = _axes(names, horizontal=False)
    known = [value for values in series.values() for value in values if value is not None]
    is_far = bool(known) and min(known) > FAR_FROM_ZERO * max(known)
    if is_far:
        option["yAxis"] |= {
            "scale": True,
            "name": "纵轴不从 0 起",
            "nameTextStyle": {"align": "left"},
        }
    symbols = ("circle", "rect", "triangle", "diamond", "roundRect", "arrow", "pin", "circle")
    option["series"] = [
        {
            "type": "line",
            "name": name,
            "data": list(values),
            "symbol": symbols[index % len(symbols)],
            "symbolSize": 7,
            "connectNulls": False,
        }
        for index, (name, values) in enumerate(series.items())
    ]
    option = _finish(option, series)
    if is_far:
        option["grid"]["top"] += 20  # room for the words above the axis
    return Chart(title, unit, source, option, _table(head, names, series))


def shares(
    *, title: str, unit: str, source: str, categories: Sequence[str], values: Sequence[int | float]
) -> Chart:
    """Parts of a whole: a ring up to five parts, bars beyond."""
    if len(categories) > 5:
        return bars(
            title=title, unit=unit, source=source, categories=categories, series={unit: values}
        )
    option: dict[str, Any] = {
        "color": list(PALETTE),
        "tooltip": {"trigger": "item", "renderMode": "richText", "confine": True},
        "series": [
            {
                "type": "pie",
                "radius": ["42%", "64%"],
                "data": [
                    {"name": name, "value": value}
                    for name, value in zip(categories, values, strict=True)
                ],
                "label": {"formatter": "{b}\n{d}%", "lineHeight": 18, "overflow": "none"},
                "labelLine": {"length": 8, "length2": 8},
                "itemStyle": {"borderColor": "#fff", "borderWidth": 2},
            }
        ],
    }
    return Chart(title, unit, source, option, _table("类别", list(categories), {unit: values}))


def _axes(names: list[str], *, horizontal: bool) -> dict[str, Any]:
    category = {"type": "category", "data": names, "axisTick": {"show": False}}
    value = {"type": "value", "splitNumber": 4, "splitLine": {"lineStyle": {"color": "#e5e9f0"}}}
    return {
        "xAxis": value if horizontal else category,
        "yAxis": category if horizontal else value,
        "tooltip": {
            "trigger": "axis",
            "renderMode": "richText",
            "confine": True,
            "axisPointer": {"type": "shadow"},
        },
    }


def _label(horizontal: bool) -> dict[str, Any]:
    return {"show": True, "position": "right" if horizontal else "top", "color": "#1f2937"}


def _finish(option: dict[str, Any], series: Series) -> dict[str, Any]:
    several = len(series) > 1
    if all(isinstance(one, int | None) for values in series.values() for one in values):
        for axis in ("xAxis", "yAxis"):  # of things that are counted there is no half
            if option[axis]["type"] == "value":
                option[axis]["minInterval"] = 1
    option["color"] = list(PALETTE)
    option["grid"] = {"left": 8, "right": 24, "top": 40 if several else 24, "bottom": 8}
    option["grid"] |= {"outerBoundsMode": "same", "outerBoundsContain": "axisLabel"}
    if several:
        option["legend"] = {"top": 0, "left": 0, "type": "scroll", "icon": "roundRect"}
    return option


def _table(head: str, names: Sequence[str], series: Series) -> ChartTable:
    columns = [list(values) for values in series.values()]
    rows = [
        [name, *(number(column[index]) for column in columns)] for index, name in enumerate(names)
    ]
    return ChartTable([head, *series], rows)
