"""考核通报 (bulletin): the result of a published round as a paper to all who were evaluated.

Its own layout: addressed, grades by name, what went well with who led, what did not with who was
last, what follows, what is to be done; the league and every item in annexes.
"""

import io
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict
from shouwang.documents.papers import Paper
from shouwang.documents.word_charts import add_bars
from shouwang.indicators.periods import Period

from .models import Item, Round, Sheet
from .models.rounds import shown
from .operations.rounds import leaves_of
from .queries import Row, league
from .report import use_lines
from .scoring import words
from .states import ObjectKind

GOOD, NAMED, MOST_ITEMS, MOST_BARS, WIDTH = Decimal(95), 3, 8, 30, 156
ADDRESS = {
    ObjectKind.TOWN: "各乡镇人民政府：",
    ObjectKind.DEPARTMENT: "县直各有关单位：",
    ObjectKind.VILLAGE: "各乡镇人民政府、各村：",
}


@dataclass(frozen=True)
class ItemResult:
    """One item over all objects: the mean share that was got, who led and who was last."""

    item: Item
    share: Decimal
    first: list[str]
    last: list[str]


def write(actor: Actor, round_: Round) -> bytes:
    """The bulletin as Word; only what was published is told to all."""
    if not round_.is_public:
        raise Conflict("考核结果公布后才能印发通报，请先公布。")
    title = title_of(round_)
    rows = league(actor, round_)
    paper = Paper(title)
    paper.title(title)
    kind = ObjectKind(round_.scheme.object_kind)
    paper.text(ADDRESS[kind], indent=False)
    paper.text(
        f"按照{round_.scheme}，{round_.division.name}对{len(rows)}个{kind.label}"
        f"{_label(round_)}的工作进行了考核，经公示和申诉处理，结果已于"
        f"{round_.published_on:%Y年%m月%d日}公布。现通报如下。"
    )
    results = _by_item(round_)
    _grades(paper, round_, rows)
    _told_of(paper, "二、成效较好的方面", [one for one in results if one.share >= GOOD], good=True)
    line = Decimal(str(round_.scheme.grading["problem_line"]))
    weak = sorted((one for one in results if one.share < line), key=lambda one: one.share)
    _told_of(paper, "三、存在的主要问题", weak, good=False)
    _vetoes(paper, rows)
    _follows(paper, round_)
    _asked(paper, kind)
    today = clock.today()
    paper.signature(round_.division.name, f"{today.year}年{today.month}月{today.day}日")
    _annexes(paper, round_, rows)
    stream = io.BytesIO()
    paper.document.save(stream)
    return stream.getvalue()


def title_of(round_: Round) -> str:
    return f"关于{_label(round_)}{ObjectKind(round_.scheme.object_kind).label}考核结果的通报"


def _label(round_: Round) -> str:
    return Period.read(round_.period).label


def _grades(paper: Paper, round_: Round, rows: list[Row]) -> None:
    """Who is in which grade, the best first, each by place in the league."""
    paper.heading("一、考核结果")
    named: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        named[row.sheet.grade or "没有评定等次"].append(row.sheet.name)
    order = [str(grade) for grade, _ in round_.scheme.grading["lines"]]
    for grade in [*order, "没有评定等次"]:
        if grade in named:
            paper.text(f"“{grade}”{len(named[grade])}个：{'、'.join(named[grade])}。")
    told = [row for row in rows if row.sheet.total is not None]
    if told:
        paper.text(
            f"第一名{told[0].sheet.name}，{told[0].sheet.total}分；"
            f"末名{told[-1].sheet.name}，{told[-1].sheet.total}分。各家得分见附件1。"
        )
    risen = [row for row in rows if row.rise is not None and row.rise > 0]
    if risen:
        best = max(risen, key=lambda row: row.rise or 0)
        paper.text(f"名次上升最多的是{best.sheet.name}，比上一轮上升{best.rise}位。")


def _by_item(round_: Round) -> list[ItemResult]:
    """Every scored item of the base, in the order of the scheme."""
    sheets = list(round_.sheets.prefetch_related("scores"))
    found = []
    for item in leaves_of(round_.scheme):
        if not item.is_base or not item.weight:
            continue
        known = [
            (score.points, sheet.name)
            for sheet in sheets
            for score in sheet.scores.all()
            if score.item_id == item.pk and score.points is not None
        ]
        if not known:
            continue
        share = 100 * sum((points for points, _ in known), Decimal(0)) / len(known) / item.weight
        best, worst = max(known)[0], min(known)[0]
        differ = best != worst
        found.append(
            ItemResult(
                item, share,
                [name for points, name in known if points == best][:NAMED] if differ else [],
                [name for points, name in known if points == worst][:NAMED] if differ else [],
            )
        )  # fmt: skip
    return found


def _told_of(paper: Paper, heading: str, results: list[ItemResult], *, good: bool) -> None:
    paper.heading(heading)
    for at, one in enumerate(results[:MOST_ITEMS], 1):
        names = "、".join(one.first if good else one.last)
        who = f"{names}{'得分领先' if good else '得分靠后'}。" if names else ""
        paper.text(f"{at}．{one.item.name}：平均得分率{one.share:.1f}%。{who}")
    if not results:
        line = "没有平均得分率达到 95% 的项目。" if good else "没有平均得分率偏低的项目。"
        paper.text(line)


def _vetoes(paper: Paper, rows: list[Row]) -> None:
    names = [row.sheet.name for row in rows if row.sheet.has_veto]
    if names:
        paper.text(f"出现颠覆性问题的有：{'、'.join(names)}，总分已按方案限高。")


def _follows(paper: Paper, round_: Round) -> None:
    paper.heading("四、结果运用")
    by_use: dict[tuple[str, str], list[str]] = defaultdict(list)
    for sheet, label, told in use_lines(round_):
        by_use[label, told].append(sheet.name)
    for (label, told), names in by_use.items():
        paper.text(f"{label}：{'、'.join(names)}。{told}")
    if not by_use:
        paper.text("按规则没有需要单独运用的结果。")


def _asked(paper: Paper, kind: ObjectKind) -> None:
    paper.heading("五、工作要求")
    paper.text(
        f"各{kind.label}要对照本单位的得分明细逐项查找原因，得分偏低的项目列入问题整改台账，"
        "明确责任人和时限，整改完成后按程序销号；考核中的好做法要总结推广。"
    )


def _annexes(paper: Paper, round_: Round, rows: list[Row]) -> None:
    """附件1 the league with a chart, 附件2 every item of every object."""
    paper.new_page()
    paper.text("附件1", indent=False)
    paper.heading("得分和名次")
    told = [row for row in rows if row.sheet.total is not None][:MOST_BARS]
    if told:
        totals = [float(row.sheet.total or 0) for row in told]
        add_bars(paper.document, "总分", [row.sheet.name for row in told], totals, "分")
    head = ["名次", "考核对象", "总分", "等次", "比上一轮"]
    body = [
        [str(row.sheet.rank or "—"), row.sheet.name, shown(row.sheet.total),
         row.sheet.grade or "—", row.trend]
        for row in rows
    ]  # fmt: skip
    paper.table([head, *body], (16, 60, 26, 26, 28), head=1).gap()
    paper.new_page()
    paper.text("附件2", indent=False)
    paper.heading("得分明细")
    items = leaves_of(round_.scheme)
    for sheet in _sheets(round_):
        points = {score.item_id: score.points for score in sheet.scores.all()}
        paper.subheading(f"{sheet.name}（{shown(sheet.total)}分）")
        lines = [["考核内容", "分值", "得分"]]
        for item in items:
            full = "—" if item.is_veto else words(item.weight)
            lines.append([str(item), full, shown(points.get(item.pk))])
        paper.table(lines, (WIDTH - 50, 25, 25), head=1).gap()


def _sheets(round_: Round) -> list[Sheet]:
    return list(round_.sheets.prefetch_related("scores").order_by("rank", "name"))
