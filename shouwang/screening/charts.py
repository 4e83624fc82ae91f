"""图表 of runs and rules: one message each, said in the title."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from shouwang.core import charts
from shouwang.core.charts import Chart
from shouwang.engine.rules.parameters import Entry, Parameter

from .explanations import parameter_value
from .models import Run
from .queries import TownCount
from .states import risk_label

SHOWN_TOWNS = 20


def _source(run: Run) -> str:
    return f"{run.name}，规则库 {run.rulebook_version[:12]}"


def by_risk(run: Run, counts: Sequence[tuple[str, int, int]]) -> Chart | None:
    if not counts:
        return None
    total = sum(clues for _, clues, _ in counts)
    first, most, _ = counts[0]
    return charts.bars(
        title=f"“{risk_label(first)}”线索最多，{most:,} 条，占 {most / total:.1%}",
        unit="条",
        source=_source(run),
        categories=[risk_label(risk) for risk, _, _ in counts],
        series={"线索": [clues for _, clues, _ in counts]},
    )


def by_town(run: Run, counts: Sequence[TownCount]) -> Chart | None:
    if not counts:
        return None
    shown = counts[:SHOWN_TOWNS]
    share = shown[0].clues / max(sum(each.clues for each in counts), 1)
    rest = f"（前 {SHOWN_TOWNS} 名）" if len(counts) > SHOWN_TOWNS else ""
    return charts.bars(
        title=f"{shown[0].name}线索最多，{shown[0].clues:,} 条，占 {share:.1%}{rest}",
        unit="条",
        source=_source(run),
        categories=[each.name for each in shown],
        series={"线索": [each.clues for each in shown]},
    )


def by_month(counts: Sequence[tuple[date, int, int]], upto: date) -> Chart | None:
    """Clues and hits by date; the title says how the last step went."""
    counts = [each for each in counts if each[0] <= upto]
    if len(counts) < 2:
        return None
    before, now = counts[-2][1], counts[-1][1]
    step = now - before
    moved = f"比上期{'增加' if step > 0 else '减少'} {abs(step):,} 条" if step else "与上期持平"
    return charts.lines(
        title=f"{counts[-1][0]:%Y年%-m月}线索 {now:,} 条，{moved}",
        unit="条",
        source="各期有效批次",
        categories=[f"{day:%Y-%m}" for day, _, _ in counts],
        series={
            "线索": [clues for _, clues, _ in counts],
            "命中": [hits for _, _, hits in counts],
        },
    )


def rule_by_month(title: str, counts: Sequence[tuple[date, int, int]]) -> Chart | None:
    if not counts:
        return None
    most = max(counts, key=lambda each: each[2])
    message = f"{most[0]:%Y年%-m月}命中最多，{most[2]:,} 条" if most[2] else "各期都没有命中"
    return charts.bars(
        title=message,
        unit="条",
        source=f"规则“{title}”，各期有效批次",
        categories=[f"{day:%Y-%m}" for day, _, _ in counts],
        series={"命中": [hits for _, _, hits in counts]},
        horizontal=False,
    )


def parameter(parameter: Parameter, regions: tuple[str, ...]) -> Chart | None:
    """The value that counts in the county over time; none where it never changed."""
    steps = parameter.steps(regions)
    values = [
        _shown_value(parameter, entry)
        for day, _, _ in steps
        if (entry := parameter.entry(day, regions))
    ]
    if len(set(values)) < 2:
        return None
    now = parameter.entry(steps[-1][0], regions)
    assert now is not None
    chart = charts.lines(
        title=f"{now.valid_from:%Y年%-m月%-d日}起为 {parameter_value(parameter, now)}",
        unit="%" if parameter.type.kind == "ratio" else parameter.unit,
        source=parameter.basis,
        categories=[*(day.isoformat() for day, _, _ in steps), "至今"],
        series={"本县适用的值": [*values, values[-1]]},
        head="起始日期",
    )
    for line in chart.option["series"]:
        line["step"] = "end"  # a value holds until the day of the next
    return replace(chart, height="small")


def _shown_value(parameter: Parameter, entry: Entry) -> float:
    scale = 100 if parameter.type.kind == "ratio" else 1
    return float(entry.value * scale)
