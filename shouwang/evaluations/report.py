"""评估报告: mid-term or final, as an official paper with charts; figures of one round."""

import io
from collections import Counter
from decimal import Decimal
from statistics import mean

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.documents.papers import Paper
from shouwang.documents.word_charts import add_bars

from .models import Round, Score, Sheet, Survey
from .models.rounds import shown
from .operations.rounds import leaves_of
from .operations.surveys import measures_of
from .queries import Row, league

MOST_BARS, MOST_WEAK = 30, 10
KINDS = {"midterm": "中期评估报告", "final": "总结评估报告"}


def write(actor: Actor, round_: Round, kind: str) -> bytes:
    """The report as Word; whoever asks may see the whole round."""
    title = f"{round_.title}{KINDS[kind]}"
    paper = Paper(title)
    paper.title(title)
    rows = league(actor, round_)
    _overview(paper, round_, rows)
    _ranking(paper, round_, rows)
    _weak(paper, round_)
    _mind(paper, round_)
    _surveys(paper, round_)
    _uses(paper, round_)
    paper.heading("六、建议")
    paper.text(
        "对得分偏低的项目逐项查明原因，列入问题台账限期整改；"
        + ("据评估结果提出下半期目标调整意见，按程序报批。" if kind == "midterm" else
           "经验做法转入下一周期方案，目标调整按程序报批。")
    )  # fmt: skip
    today = clock.today()
    paper.signature(round_.division.name, f"{today.year}年{today.month}月{today.day}日")
    stream = io.BytesIO()
    paper.document.save(stream)
    return stream.getvalue()


def _overview(paper: Paper, round_: Round, rows: list[Row]) -> None:
    told = [row.sheet.total for row in rows if row.sheet.total is not None]
    grades = Counter(row.sheet.grade for row in rows if row.sheet.grade)
    paper.heading("一、总体情况")
    paper.text(
        f"考核期为 {round_.begins_on:%Y-%m-%d} 至 {round_.ends_on:%Y-%m-%d}，依据{round_.scheme}，"
        f"考核对象 {len(rows)} 个，状态：{round_.state_label}。"
    )
    if told:
        words = "、".join(f"“{grade}”{count} 个" for grade, count in grades.items())
        paper.text(
            f"平均 {mean(told):.2f} 分，最高 {max(told)} 分，最低 {min(told)} 分；等次：{words}。"
        )


def _ranking(paper: Paper, round_: Round, rows: list[Row]) -> None:
    paper.heading("二、得分和名次")
    told = [row for row in rows if row.sheet.total is not None][:MOST_BARS]
    if told:
        totals = [float(row.sheet.total or 0) for row in told]
        add_bars(paper.document, "总分", [row.sheet.name for row in told], totals, "分")
    parts = list(round_.scheme.weights)
    head = ["名次", "对象", *parts, "总分", "等次", "比上一轮"]
    body = [
        [
            str(row.sheet.rank or "—"), row.sheet.name,
            *[str(row.sheet.parts.get(part) or "—") for part in parts],
            shown(row.sheet.total), row.sheet.grade or "—", row.trend,
        ]
        for row in rows
    ]  # fmt: skip
    if body:
        rest = 156 - 14 - 40
        widths = (14, 40, *[rest // (len(head) - 2)] * (len(head) - 2))
        paper.table([head, *body], widths, head=1).gap()


def _weak(paper: Paper, round_: Round) -> None:
    """Items of which least was got."""
    paper.heading("三、得分偏低的项目")
    weak = weak_items(round_)
    if not weak:
        paper.text(f"没有得分率低于 {round_.scheme.grading['problem_line']}% 的项目。")
    for name, share, many, unknown in weak[:MOST_WEAK]:
        gap = f"，另有 {unknown} 个缺数据" if unknown else ""
        paper.text(f"{name}：{many} 个对象平均得分率 {share:.1f}%{gap}。")


def weak_items(round_: Round) -> list[tuple[str, Decimal, int, int]]:
    """(item, mean share got, how many known, how many unknown), least first."""
    found = []
    line = Decimal(str(round_.scheme.grading["problem_line"]))
    sheets = list(round_.sheets.prefetch_related("scores"))
    for item in leaves_of(round_.scheme):
        if not item.is_base or not item.weight:
            continue
        all_ = [s.points for sheet in sheets for s in sheet.scores.all() if s.item_id == item.pk]
        known = [points for points in all_ if points is not None]
        if not known:
            continue
        share = 100 * sum(known, Decimal(0)) / len(known) / item.weight
        if share < line:
            found.append((str(item), share, len(known), len(all_) - len(known)))
    return sorted(found, key=lambda one: one[1])


def _mind(paper: Paper, round_: Round) -> None:
    """Figures that were not those of the last day of the period."""
    scores = Score.objects.filter(sheet__round=round_).select_related("item")
    told = dict.fromkeys(
        f"{one.item}：{one.told['note']}" for one in scores if one.told.get("note")
    )
    if told:
        paper.text("数据口径说明：")
    for line in told:
        paper.text(line)


def _surveys(paper: Paper, round_: Round) -> None:
    paper.heading("四、入户调查")
    surveys = Survey.objects.filter(division=round_.division, drawn_at__date__gte=round_.begins_on)
    told = False
    for survey in surveys[:3]:
        paper.text(f"{survey.title}（抽样种子 {survey.seed}）：")
        for one in measures_of(survey):
            if one.percent is not None:
                paper.text(f"{one.name}：{one.words}；参照线 {one.line.normalize():f}%。")
                told = True
    if not told:
        paper.text("本期没有入户调查的答卷。")


def _uses(paper: Paper, round_: Round) -> None:
    paper.heading("五、结果运用")
    lines = use_lines(round_)
    for sheet, label, words in lines:
        paper.text(f"{sheet.name}：{label}。{words}")
    if not lines:
        paper.text("结果公布后按规则列出。" if not round_.is_public else "没有需要运用的结果。")


def use_lines(round_: Round) -> list[tuple[Sheet, str, str]]:
    sheets = round_.sheets.prefetch_related("uses")
    return [(sheet, use.label, use.words) for sheet in sheets for use in sheet.uses.all()]


def score_rows(actor: Actor, round_: Round) -> list[list[object]]:
    """考核得分表: every object with every item, as a spreadsheet."""
    items = leaves_of(round_.scheme)
    parts = list(round_.scheme.weights)
    head: list[object] = ["名次", "考核对象", "分类", *[str(item) for item in items], *parts]
    rows: list[list[object]] = [[*head, "总分", "等次", "颜色", "比上一轮"]]
    scores: dict[int, dict[int, Decimal | None]] = {}
    for sheet in round_.sheets.prefetch_related("scores"):
        scores[sheet.pk] = {score.item_id: score.points for score in sheet.scores.all()}
    for row in league(actor, round_):
        sheet = row.sheet
        points = scores.get(sheet.pk, {})
        got = [Decimal(sheet.parts[part]) if sheet.parts.get(part) else None for part in parts]
        rows.append(
            [
                sheet.rank, sheet.name, sheet.place_class,
                *[points.get(item.pk) for item in items], *got, sheet.total, sheet.grade,
                sheet.get_colour_display(), row.trend,
            ]
        )  # fmt: skip
    return rows
