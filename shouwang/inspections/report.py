"""整改报告和督查文书 (Word): the rectification report, feedback letters, closing reports."""

import io
from datetime import date
from decimal import Decimal

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.documents import personal
from shouwang.documents.papers import Paper
from shouwang.documents.word_charts import add_bars

from . import queries
from .coverage import Covered
from .models import Inspection, Problem, SpecialCheck, Visit

MOST_ROWS = 200
RATE_WIDTHS = (64, 24, 24, 20, 24)
LIST_WIDTHS = (14, 62, 34, 22, 24)


def rectification(actor: Actor, place: str) -> bytes:
    """问题整改情况报告: rates by source and unit with charts, what is late, the open list."""
    today = clock.today()
    paper = Paper(f"{place}问题整改情况报告")
    paper.title(f"{place}问题整改情况报告")
    sources, units = queries.rates_by_source(actor), queries.rates_by_unit(actor)
    total, signed = sum(one.total for one in sources), sum(one.signed for one in sources)
    late = sum(one.late for one in sources)
    share = f"，销号率 {signed / total:.1%}" if total else ""
    paper.text(
        f"截至{_day(today)}，共登记问题 {total:,} 个，已销号 {signed:,} 个{share}，"
        f"超期未销号 {late:,} 个。"
    )
    for number, title, rates in (("一", "按来源", sources), ("二", "按牵头单位", units)):
        paper.heading(f"{number}、{title}")
        _rates(paper, title, rates)
    paper.heading("三、未销号问题")
    opened = queries.problems_visible_to(actor).unsolved().prefetch_related("units")
    rows = [
        _row(one, today) for one in opened.select_related("batch").order_by("due_on")[:MOST_ROWS]
    ]
    if rows:
        head = ["序号", "问题", "牵头单位", "时限", "进展"]
        body = [[str(at), *row] for at, row in enumerate(rows, 1)]
        paper.table([head, *body], LIST_WIDTHS, head=1).gap()
    else:
        paper.text("没有未销号的问题。")
    return _saved(paper, place, today)


def _rates(paper: Paper, title: str, rates: list[queries.Rate]) -> None:
    if not rates:
        paper.text("还没有登记问题。")
        return
    values = [round(one.share * 100, 1) for one in rates]
    add_bars(paper.document, f"{title}的销号率", [one.name for one in rates], values, "%")
    head = [title.removeprefix("按"), "问题（个）", "已销号（个）", "超期", "销号率"]
    body = [
        [one.name, f"{one.total:,}", f"{one.signed:,}", f"{one.late:,}", f"{one.share:.1%}"]
        for one in rates
    ]
    paper.table([head, *body], RATE_WIDTHS, head=1).gap()


def _row(one: Problem, today: date) -> list[str]:
    lead = "、".join(unit.name for unit in one.units.all() if unit.duty == "lead")
    due = f"{one.due_on:%Y-%m-%d}" if one.due_on else "—"
    state = f"{one.state_label}（超期）" if one.is_late(today) else one.state_label
    return [_clean(one.text)[:120], lead or "—", due, state]


def _clean(text: str) -> str:
    """Free text goes into a public paper without numbers that look personal."""
    return "（原文含个人信息，见系统）" if personal.found_in(text) else text


def feedback(inspection: Inspection, visits: list[Visit]) -> bytes:
    """督查反馈意见: what was visited and found, unit by unit."""
    paper = Paper(f"{inspection.title}反馈意见")
    paper.title(f"关于{inspection.title}的反馈意见")
    paper.text(
        f"{_day(inspection.starts_on)}至{_day(inspection.ends_on)}，督查组（{inspection.team}）"
        f"走访 {len(visits)} 个单位。{inspection.theme}"
    )
    paper.heading("一、走访情况")
    for visit in visits:
        paper.text(f"{visit.unit}（{visit.visited_on:%Y-%m-%d}）：{_clean(visit.summary)}")
    paper.heading("二、发现的问题")
    found = [(visit, one) for visit in visits for one in visit.findings.all()]
    if found:
        rows = [
            [
                str(at), str(visit.unit), _clean(one.text),
                "当场解决" if one.is_settled else "列入整改" if one.problem_id else "待处理",
            ]
            for at, (visit, one) in enumerate(found, 1)
        ]  # fmt: skip
        paper.table([["序号", "单位", "问题", "处理"], *rows], (14, 36, 80, 26), head=1).gap()
        paper.heading("三、整改要求")
        paper.text("请各有关单位对照问题制定整改方案，明确责任人和时限，按期整改，申请销号。")
    else:
        paper.text("没有发现需要整改的问题。")
    return _saved(paper, inspection.division.name, inspection.fed_back_on or clock.today())


def coverage_report(place: str, rules: list[Covered]) -> bytes:
    """督查情况报告: coverage by rule, and who is missing."""
    paper = Paper(f"{place}督查情况报告")
    paper.title(f"{place}督查情况报告")
    names = [one.rule.title for one in rules if one.share is not None]
    values = [round((one.share or 0) * 100, 1) for one in rules if one.share is not None]
    add_bars(paper.document, "督查覆盖率", names, values, "%")
    for one in rules:
        paper.heading(f"{one.rule.title}（{one.period.label}）")
        if not one.bodies:
            paper.text("名单里没有要督查的对象。")
            continue
        missing = "、".join(body.name for body in one.missing)
        tail = f"还没有督查的：{missing}。" if missing else "已全部覆盖。"
        paper.text(f"应督查 {len(one.bodies)} 个，已督查 {one.done} 个。{tail}")
        paper.text(f"依据：{one.rule.source}。")
    return _saved(paper, place, clock.today())


def closing(check: SpecialCheck) -> bytes:
    """专项检查报告: units, money found and recovered, problems."""
    results = list(check.results.all())
    paper = Paper(f"{check.title}情况报告")
    paper.title(f"{check.title}情况报告")
    found = sum((one.amount_found or Decimal(0) for one in results), Decimal(0))
    recovered = sum((one.amount_recovered or Decimal(0) for one in results), Decimal(0))
    problems = sum(one.problem_id is not None for one in results)
    paper.text(
        f"根据{check.basis}，共检查 {len(results)} 个单位，发现问题金额 {found:,.2f} 元，"
        f"已追回 {recovered:,.2f} 元，列入整改的问题 {problems} 个。"
    )
    paper.heading("一、各单位情况")
    bad = [one for one in results if one.amount_found]
    add_bars(
        paper.document, "问题金额", [one.unit_name for one in bad],
        [one.amount_found or Decimal(0) for one in bad], "元",
    )  # fmt: skip
    rows = [
        [
            one.unit_name, _money(one.amount_checked), _money(one.amount_found),
            _money(one.amount_recovered), "、".join(one.failed_items) or "无",
        ]
        for one in results
    ]  # fmt: skip
    head = ["单位", "检查金额（元）", "问题金额（元）", "追回（元）", "不合格项"]
    if rows:
        paper.table([head, *rows], (34, 30, 30, 28, 34), head=1).gap()
    if check.closing_note:
        paper.heading("二、结论").text(_clean(check.closing_note))
    return _saved(paper, check.division.name, clock.today())


def _money(value: Decimal | None) -> str:
    return "未登记" if value is None else f"{value:,.2f}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _saved(paper: Paper, place: str, day: date) -> bytes:
    paper.signature(place, _day(day))
    stream = io.BytesIO()
    paper.document.save(stream)
    return stream.getvalue()
