"""通报的内容 (compiling): sections of a bulletin from what every room counts, nothing typed.

Each figure comes from the same function as the page that shows it, so that they agree.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from shouwang.assistance.queries import counts_by_side, counts_by_tier
from shouwang.assistance.states import Side
from shouwang.cases.queries import board, board_by_town, funnel
from shouwang.core import formats
from shouwang.core.actor import Actor
from shouwang.meetings.queries import summaries
from shouwang.screening.queries import (
    counts_by_risk,
    counts_by_town,
    newest_run,
    previous_run,
)
from shouwang.screening.states import risk_label

from . import reporting
from .models import Sweep, SweepItem
from .queries import counts_by_kind

Section = dict[str, Any]


def section(
    key: str,
    title: str,
    text: str,
    head: Sequence[str] = (),
    rows: Sequence[Sequence[Any]] = (),
    chart: Mapping[str, Any] | None = None,
    links: Sequence[tuple[str, str]] = (),
) -> Section:
    """One section: its words, the figures behind them, and the pages that these lead back to."""
    return {
        "key": key, "title": title, "text": text, "edited": False, "head": list(head),
        "rows": [list(row) for row in rows], "chart": dict(chart or {}),
        "links": [list(link) for link in links],
    }  # fmt: skip


def compile_sections(actor: Actor, today: date) -> list[Section]:
    """Every section that has something to say, in the order in which it is read."""
    made = (make(actor, today) for make in _MAKERS)
    return [section for section in made if section is not None]


def _clues(actor: Actor, today: date) -> Section | None:
    run = newest_run()
    if run is None:
        return None
    risks = counts_by_risk(actor, run)
    total = sum(clues for _, clues, _ in risks)
    before = previous_run(run)
    then = sum(clues for _, clues, _ in counts_by_risk(actor, before)) if before else None
    change = ""
    if then is not None:
        word = "增加" if total >= then else "减少"
        change = f"，比上期{word} {abs(total - then):,} 条"
    most = "、".join(risk_label(risk) for risk, _, _ in risks[:3])
    text = f"截至 {formats.day(run.as_of)}，部门数据筛查发现风险线索 {total:,} 条{change}。"
    text += f"较多的是{most}。" if most else ""
    rows = [(risk_label(risk), clues) for risk, clues, _ in risks]
    return section(
        "clues", "线索发现", text, ("风险类型", "线索（条）"), rows,
        {"title": "各类风险线索", "unit": "条", "name": 0, "value": 1},
    )  # fmt: skip


def _towns(actor: Actor, today: date) -> Section | None:
    run = newest_run()
    if run is None:
        return None
    towns = counts_by_town(actor, run)
    if len(towns) < 2:
        return None
    most, least = towns[0], towns[-1]
    text = (
        f"线索最多的是{most.name}（{most.clues:,} 条），"
        f"最少的是{least.name}（{least.clues:,} 条）。"
    )
    rows = [(town.name, town.clues) for town in towns]
    return section(
        "towns", "各地情况", text, ("单位", "线索（条）"), rows,
        {"title": "各乡镇线索", "unit": "条", "name": 0, "value": 1},
    )  # fmt: skip


def _cases(actor: Actor, today: date) -> Section | None:
    rows = funnel(actor, "all")
    if not rows:
        return None
    one = rows[0]
    text = (
        f"已登记线索 {one.clues:,} 条，涉及 {one.households:,} 户；已核实 {one.verified:,} 条，"
        f"进入认定程序 {one.cases:,} 户，认定 {one.identified:,} 户，"
        f"落实帮扶 {one.helped or 0:,} 户，风险消除 {one.resolved:,} 户。"
    )
    head = (
        "线索（条）",
        "农户（户）",
        "已核实（条）",
        "认定程序（户）",
        "认定（户）",
        "落实帮扶（户）",
        "风险消除（户）",
    )
    row = (
        one.clues, one.households, one.verified, one.cases, one.identified, one.helped or 0,
        one.resolved,
    )  # fmt: skip
    return section("cases", "核实认定", text, head, [row])


def _limits(actor: Actor, today: date) -> Section | None:
    rows = board_by_town(actor, today)
    waiting = board(actor, today)
    late = sum(row.late for row in waiting)
    count = sum(row.count for row in waiting)
    if not count:
        return None
    slow = [row for row in rows if row.late][:5]
    text = f"正在办理 {count:,} 户，其中超期 {late:,} 户。"
    text += (
        "超期较多的有" + "、".join(f"{row.label}（{row.late:,} 户）" for row in slow) + "。"
        if slow
        else ""
    )
    table = [(row.label, row.count, row.late, row.near) for row in rows]
    return section(
        "limits", "办理时限", text, ("单位", "在办（户）", "超期（户）", "临近（户）"), table
    )


def _low_income(actor: Actor, today: date) -> Section | None:
    tiers = counts_by_tier(actor)
    if not any(persons for _, persons, _ in tiers):
        return None
    sides = counts_by_side(actor)
    both, civil, own = (sides[side.value] for side in Side)
    text = (
        f"民政登记的低收入家庭与监测对象比对：两边都有 {both:,} 户，"
        f"只在民政 {civil:,} 户，只在监测 {own:,} 户。"
    )
    rows = [(tier.label, persons, homes) for tier, persons, homes in tiers if persons]
    return section("low_income", "低收入人口", text, ("困难类型", "人数（人）", "户数（户）"), rows)


def _sweeps(actor: Actor, today: date) -> Section | None:
    running = Sweep.objects.visible_to(actor).exclude(state__in=("planned", "closed")).first()
    if running is None:
        return None
    items = SweepItem.objects.visible_to(actor).filter(sweep=running)
    counts = reporting.totals(items)
    text = (
        f"{running.title}应查 {counts['total']:,} 户，已查 {counts['done']:,} 户，"
        f"发现并登记线索 {counts['clues']:,} 户。"
    )
    rows = [
        (
            f"{place.town}{place.name}",
            place.counts["total"],
            place.counts["done"],
            place.counts["clues"],
        )
        for place in reporting.by_village(items)[:20]
    ]
    return section(
        "sweeps",
        "集中排查",
        text,
        ("村（进度慢的在前）", "应查（户）", "已查（户）", "线索（户）"),
        rows,
    )


def _dossiers(actor: Actor, today: date) -> Section | None:
    kinds = counts_by_kind(actor)
    unsolved, late = sum(one.unsolved for one in kinds), sum(one.late for one in kinds)
    if not unsolved and not any(one.closed for one in kinds):
        return None
    text = f"三保障和饮水问题没有解决的 {unsolved:,} 个，其中超期 {late:,} 个。"
    rows = [(one.kind.title, one.unsolved, one.late, one.closed) for one in kinds]
    return section(
        "dossiers", "问题整改", text, ("类别", "未解决（个）", "超期（个）", "已销号（个）"), rows
    )


def _meetings(actor: Actor, today: date) -> Section | None:
    found = [one for one in summaries(actor, today) if one.bodies]
    if not found:
        return None
    missed = [one for one in found if one.done_before < one.bodies]
    text = f"按频次要求应落实 {len(found)} 项，上一期全部落实的 {len(found) - len(missed)} 项。"
    rows = [
        (one.rule.title, one.rule.words, one.before.label, one.done_before, one.bodies)
        for one in found
    ]
    return section(
        "meetings",
        "会议和走访",
        text,
        ("事项", "要求", "上一期", "完成（个）", "应完成（个）"),
        rows,
    )


_MAKERS: tuple[Callable[[Actor, date], Section | None], ...] = (
    _clues, _towns, _cases, _limits, _low_income, _sweeps, _dossiers, _meetings,
)  # fmt: skip
