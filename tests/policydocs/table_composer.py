"""Indicator tables from drawn rows, laid out as files and crawls lay them out."""

from __future__ import annotations

import html
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

from shouwang.policydocs import Source, source_of_text
from shouwang.policydocs.readers.html import read_html
from tests.policydocs.composer import BODIES

NAMES = (
    ("粮食播种面积", "万亩", "亩", 10**4),
    ("生猪出栏量", "万头", "头", 10**4),
    ("自来水普及率", "%", "%", 1),
    ("卫生厕所普及率", "%", "%", 1),
    ("村集体经济收入", "万元", "元", 10**4),
    ("脱贫劳动力务工人数", "万人", "人", 10**4),
    ("家庭农场数量", "家", "家", 1),
    ("农村公路养护里程", "公里", "公里", 1),
    ("监测对象帮扶率", "%", "%", 1),
    ("高标准农田面积", "万亩", "亩", 10**4),
)
CELLS = (("{}", "eq"), ("≥{}", "ge"), ("{}以上", "ge"), ("≤{}", "le"), ("{}左右", "about"))
LAYOUTS = ("flat", "flat with blank lines", "tabs", "bars", "bars on lines", "html")


@dataclass(frozen=True)
class Row:
    no: str
    name: str
    cell: str
    comparator: str
    value: Decimal
    unit: str
    kind: str
    body: str
    printed: tuple[str, ...]


@dataclass(frozen=True)
class ComposedTable:
    source: Source
    rows: tuple[Row, ...]
    layout: str
    with_bodies: bool


@st.composite
def rows(draw: st.DrawFn, number: int, bodies: bool, place: int) -> Row:
    name, unit, base, factor = NAMES[place]
    value = draw(st.integers(11, 95))
    form, comparator = draw(st.sampled_from(CELLS))
    kind = draw(st.sampled_from(("约束性", "预期性")))
    body = draw(st.sampled_from(BODIES[:6]))
    cell = form.format(value)
    printed = (str(number), name, unit, cell, kind, *([body] if bodies else []))
    return Row(
        str(number), name, cell, comparator, Decimal(value) * factor, base, kind, body, printed
    )


def laid_out(layout: str, heads: tuple[str, ...], printed: list[tuple[str, ...]]) -> Source:
    lines = [heads, *printed]
    before = "青禾县“十四五”规划\n\n一、发展目标\n\n表1 主要指标\n"
    after = "\n二、保障措施\n加强组织领导,压实各级责任,确保规划目标如期实现。\n"
    if layout == "html":
        cells = "".join(
            "<tr>" + "".join(f"<td><p>&nbsp;{html.escape(c)}</p></td>" for c in row) + "</tr>"
            for row in lines
        )
        page = (
            "<html><body><h1>青禾县“十四五”规划</h1><div><p>一、发展目标</p><p>表1 主要指标</p>"
            f"<table border=1>{cells}</table><p>二、保障措施</p><p>加强组织领导。</p></div>"
            "</body></html>"
        )
        return read_html(page, "规划.html")
    joined = {
        "flat": "\n".join(each for row in lines for each in row),
        "flat with blank lines": "\n\n".join(each for row in lines for each in row),
        "tabs": "\n".join("\t".join(row) for row in lines),
        "bars": "\n".join("| " + " | ".join(row) + " |" for row in lines),
        "bars on lines": "\n|\n".join(each for row in lines for each in row) + "\n|",
    }[layout]
    return source_of_text(before + joined + after)


@st.composite
def tables(draw: st.DrawFn) -> ComposedTable:
    bodies = draw(st.booleans())
    places = draw(st.lists(st.integers(0, len(NAMES) - 1), min_size=2, max_size=8, unique=True))
    made = [draw(rows(n, bodies, place)) for n, place in enumerate(places, 1)]
    heads = (
        draw(st.sampled_from(("序号", "编号"))),
        draw(st.sampled_from(("指标", "指标名称", "主要指标", "考核指标名称"))),
        "单位",
        draw(st.sampled_from(("2025年目标值", "2025年", "2025年规划目标"))),
        draw(st.sampled_from(("属性", "指标属性"))),
        *([draw(st.sampled_from(("责任单位", "牵头责任单位", "责任部门")))] if bodies else []),
    )
    layout = draw(st.sampled_from(LAYOUTS))
    source = laid_out(layout, heads, [each.printed for each in made])
    return ComposedTable(source, tuple(made), layout, bodies)
