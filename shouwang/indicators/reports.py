"""评估报告 (reports): mid-term or final evaluation of a plan as Word: how far, why, what now."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.formats import number
from shouwang.divisions.models import Division
from shouwang.documents.papers import Paper
from shouwang.documents.word_charts import add_bars

from .book import Book
from .models import Adjustment, Definition
from .overview import Line, compile_sheet
from .periods import Period
from .queries import adjustments_visible_to, for_place
from .states import Attribute, Standing

WIDTHS = (12, 46, 30, 26, 18, 24)
SUGGESTIONS = {
    Standing.MISSED: "逐项查明原因，明确责任单位和整改时限；"
    "确因客观变化无法完成的，按程序提出目标调整。",
    Standing.BEHIND: "列入月调度，责任部门提出追赶计划，落实到乡镇和村，每月通报进度。",
    Standing.UNKNOWN: "补齐数据：催报没有报的数，登记上级平均水平和基期值，"
    "能自动计算的改为自动计算。",
    Standing.ON_WAY: "保持进度，防止年底扎堆；对推算不能达到的提前安排。",
}


@dataclass(frozen=True)
class Report:
    """What the report says."""

    place: Division
    is_final: bool
    lines: list[Line]
    adjustments: list[Adjustment]
    outlook: dict[int, str]

    @property
    def title(self) -> str:
        kind = "总结" if self.is_final else "中期"
        return f"{self.place.name}规划指标实施情况{kind}评估报告"

    def count(self, standing: str, attribute: str = "") -> int:
        return sum(
            line.standing == standing and (not attribute or line.definition.attribute == attribute)
            for line in self.lines
        )

    @property
    def share(self) -> Decimal | None:
        """Percent of the indicators that can be judged and that are met."""
        judged = [
            line for line in self.lines
            if line.standing not in (Standing.UNKNOWN, Standing.NOT_ASKED)
        ]  # fmt: skip
        if not judged:
            return None
        met = sum(line.standing == Standing.MET for line in judged)
        return (Decimal(100) * met / len(judged)).quantize(Decimal("0.1"))

    @property
    def text(self) -> str:
        words = (
            f"截至{clock.today():%Y年%m月%d日}，{self.place.name}共有指标 {len(self.lines)} 个，"
            f"其中约束性 {self.of(Attribute.BINDING)} 个、预期性 {self.of(Attribute.EXPECTED)} 个。"
            f"已达标 {self.count('met')} 个，正常推进 {self.count('on_way')} 个，"
            f"进度滞后 {self.count('behind')} 个，未达标 {self.count('missed')} 个，"
            f"无法判断 {self.count('unknown')} 个。"
        )
        if self.share is not None:
            words += f"能判断的指标达标率 {number(self.share)}%。"
        bad = self.count("missed", Attribute.BINDING) + self.count("behind", Attribute.BINDING)
        return words + (f"约束性指标有 {bad} 个没有达到要求。" if bad else "")

    def of(self, attribute: str) -> int:
        return sum(line.definition.attribute == attribute for line in self.lines)


def compile_report(
    actor: Actor, place: Division, *, is_final: bool, paper: int | None = None
) -> Report:
    """The report of a place, of all its indicators or of those of one paper."""
    definitions: Sequence[Definition] = for_place(actor, place)
    if paper is not None:
        definitions = [one for one in definitions if one.paper_id == paper]
    found = compile_sheet(actor, place, definitions=definitions)
    keys = [one.pk for one in definitions]
    changed = adjustments_visible_to(actor).filter(
        definition__in=keys, state="approved", division__path__startswith=place.path
    )
    lines = [line for line in found.lines if line.standing != Standing.NOT_ASKED]
    book = Book([line.definition for line in lines], [place])
    year = Period.of_year(clock.today().year)
    outlook = {}
    for line in lines:
        forecast = book.forecast(line.definition, place, year)
        if forecast is not None:
            outlook[line.definition.pk] = (
                f"推算年底约 {number(forecast.value)} {line.definition.unit}"
                f"（最近 {forecast.points} 期最小二乘法）"
            )
    adjustments = list(changed.select_related("definition", "division"))
    return Report(place, is_final, lines, adjustments, outlook)


def write(report: Report) -> bytes:
    """The report as an official paper."""
    paper = Paper(report.title)
    paper.title(report.title)
    paper.heading("一、总体情况").text(report.text)
    known = [line for line in report.lines if line.result and line.result.attainment is not None]
    known.sort(key=lambda line: (line.result and line.result.attainment) or Decimal(0))
    if known:
        add_bars(
            paper.document, "完成率较低的指标", [line.definition.name[:18] for line in known[:12]],
            [(line.result and line.result.attainment) or Decimal(0) for line in known[:12]], "%",
        )  # fmt: skip
    paper.heading("二、各项指标完成情况")
    head = ["序号", "指标", "要求", "最新值", "完成率", "状态"]
    rows = [_row(at, line) for at, line in enumerate(report.lines, 1)]
    if rows:
        paper.table([head, *rows], WIDTHS, head=1).gap()
    else:
        paper.text("没有适用的指标。")
    _reasons(paper, report)
    _suggestions(paper, report)
    _changes(paper, report)
    today = clock.today()
    paper.signature(report.place.name, f"{today.year}年{today.month}月{today.day}日")
    stream = io.BytesIO()
    paper.document.save(stream)
    return stream.getvalue()


def _row(at: int, line: Line) -> list[str]:
    one, result = line.definition, line.result
    newest = f"{line.newest.words}\n（{line.newest.period.label}）" if line.newest else "—"
    if line.below is not None:
        newest = f"{line.below.met}/{line.below.asked} 个达标"
    attainment = result.attainment if result else None
    return [
        str(at), f"其中：{one.name}" if one.parent_id else one.name, line.asked_words[:60], newest,
        "—" if attainment is None else f"{number(attainment)}%", line.standing_label,
    ]  # fmt: skip


def _reasons(paper: Paper, report: Report) -> None:
    paper.heading("三、差距和原因")
    behind = [line for line in report.lines if line.standing in (Standing.MISSED, Standing.BEHIND)]
    if not behind:
        paper.text("能判断的指标没有滞后或未达标的。")
        return
    for at, line in enumerate(behind, 1):
        words = line.result.words if line.result else line.asked_words
        if line.below is not None:
            words = f"应考核 {line.below.asked} 个，{line.below.met} 个达标。"
        told = line.newest.text if line.newest and line.newest.text else ""
        told = f"报送单位说明：{told}" if told else "报送单位没有说明原因。"
        unit = line.definition.department.name if line.definition.department else "未定责任部门"
        outlook = report.outlook.get(line.definition.pk, "")
        paper.text(
            f"{at}. {line.definition.name}（{unit}）：{words}{told}"
            + (f"{outlook}。" if outlook else "")
        )


def _suggestions(paper: Paper, report: Report) -> None:
    paper.heading("四、建议")
    given = 0
    for standing, words in SUGGESTIONS.items():
        names = [line.definition.name for line in report.lines if line.standing == standing]
        if names:
            given += 1
            shown = "、".join(names[:6]) + ("等" if len(names) > 6 else "")
            paper.text(f"{given}. {Standing(standing).label}的 {len(names)} 个（{shown}）：{words}")
    if not given:
        paper.text("继续保持，按期报送和复核数据。")


def _changes(paper: Paper, report: Report) -> None:
    paper.heading("五、目标调整")
    if not report.adjustments:
        paper.text("规划实施以来没有批准过目标调整。")
    for one in report.adjustments:
        paper.text(
            f"{one.definition.name}（{one.division.name}{one.year}年）："
            f"由 {number(one.old)} 调整为 {number(one.new)}，"
            f"理由：{one.reason}（{one.decided_by_label}批准）。"
        )
