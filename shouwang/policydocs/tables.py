"""表格模型 (table models): a grid of cells with the meaning of each column read from its head."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from shouwang.policydocs.strand import Strand
from shouwang.policydocs.words import keys, words

YEAR = re.compile(r"(20[0-9]{2})年?")
BASE_YEAR = re.compile(r"基期|基数|现状|实际|完成(?!目标)|实绩|预计")
BRACKETS = re.compile(r"[((][^()()]{0,30}[))]|[:*]")


VALUE = re.compile(
    r"^(?:[≥≤><=〔\[(]*[-+]?[0-9][0-9.,]*(?:[-~—至][0-9.]+)?(?:%|‰|万|亿)?[\])〕]?(?:以上|以下|左右|以内)?(?:个|元|万元|亿元|人|万人|户|亩|万亩|公里|吨|头|座|项|家|倍|个百分点|名|次)*(?:以上|以下|左右|以内)?)$"
    r"|清零|全覆盖|高于|低于|不低于|不高于|不少于|不多于|至少|达到|不超过|以上|以内|持续|稳定|基本|完成|优于|保持|消除|逐年|逐步|平均|提高|下降|降低|增长|减少"
)


@dataclass(frozen=True, slots=True)
class Column:
    """列: its role, the year in its head, and the head as printed."""

    role: str
    year: int | None
    head: str


@dataclass
class Grid:
    """表: heads, rows of cells (None where nothing is left), caption and notes."""

    columns: list[Column]
    rows: list[list[Strand | None]]
    caption: Strand
    notes: list[Strand] = field(default_factory=list)
    start: int = 0

    def roles(self) -> set[str]:
        return {each.role for each in self.columns}

    def column(self, *roles: str) -> int | None:
        return next((i for i, each in enumerate(self.columns) if each.role in roles), None)

    def all_columns(self, *roles: str) -> list[int]:
        return [i for i, each in enumerate(self.columns) if each.role in roles]

    @property
    def is_indicators(self) -> bool:
        roles = self.roles()
        if "target" not in roles:
            return False
        if "name" in roles:
            return True
        return "project" in roles and bool(roles & {"unit", "kind"})

    @property
    def is_tasks(self) -> bool:
        roles = self.roles()
        return (
            not self.is_indicators
            and bool(roles & {"task", "project"})
            and bool(roles & {"responsible", "lead", "deadline", "target", "no"})
        )


@cache
def _roles() -> dict[str, str]:
    return {
        word: role
        for role in keys("columns", "tables")
        for word in words(f"columns.{role}", "tables")
    }


@cache
def _endings() -> list[tuple[str, re.Pattern[str]]]:
    return [
        (role, re.compile("|".join(words(f"endings.{role}", "tables"))))
        for role in keys("endings", "tables")
    ]


def column_of(head: str) -> Column | None:
    """The column whose (folded, blank-free) head this is; None where it is no head."""
    bare = BRACKETS.sub("", head)
    if not 1 <= len(bare) <= 16 and not YEAR.search(bare):
        return None
    role = _roles().get(bare)
    if role is not None:
        return Column(role, None, head)
    match = YEAR.search(bare)
    if match is None and 3 <= len(bare) <= 14 and not re.search("[、.。;,0-9]", bare):
        role = next((role for role, ending in _endings() if ending.fullmatch(bare)), None)
        if role is not None:
            return Column(role, None, head)
    if match is not None and len(bare) <= 16:
        rest = bare[: match.start()] + bare[match.end() :]
        if BASE_YEAR.search(rest):
            return Column("base", int(match[1]), head)
        if rest in (
            "",
            "目标",
            "目标值",
            "年",
            "底",
            "底目标",
            "指标",
            "指标值",
            "任务",
            "计划",
            "规划目标",
            "年度目标",
            "规划目标值",
            "到",
            "到目标",
            "末",
            "年目标",
            "任务数",
            "目标任务",
            "度目标",
            "度",
            "规划",
            "规划值",
            "预期",
            "预期目标",
            "及以前",
            "计划数",
            "年底目标",
            "工作目标",
            "目标数",
        ):
            return Column("target", int(match[1]), head)
        role = _roles().get(rest.removeprefix("度"))
        return Column(role, int(match[1]), head) if role else None
    for ending, role in (("年均增长", "growth"), ("累计", "growth")):
        if ending in bare and len(bare) <= 10:
            return Column(role, None, head)
    return None


def grid_of(rows: list[list[Strand | None]], caption: Strand, start: int) -> Grid | None:
    """A grid from its rows, the first one or two of which hold the heads."""
    for depth in (1, 2, 3):
        if len(rows) <= depth:
            break
        columns = _heads(rows[:depth])
        known = [each for each in columns if each.role != "other"]
        if len(known) >= 2 and 2 * len(known) >= len(columns):
            further = _more_heads(rows, depth)
            if further:
                columns = _heads(rows[: depth + further])
            body = rows[depth + further :]
            return Grid(settled(columns, body), body, caption, start=start)
    return None


def settled(columns: list[Column], rows: list[list[Strand | None]]) -> list[Column]:
    """考核内容 and 指标 without a column of targets: the later one may hold the targets."""
    roles = [each.role for each in columns]
    names = [i for i, role in enumerate(roles) if role in ("name", "task", "project")]
    if "target" in roles or len(names) < 2 or not rows:
        return columns
    if "name" not in roles and {"lead", "responsible", "deadline", "person"} & set(roles):
        return columns  # 重点任务, 具体内容, 牵头单位: a list of tasks, whatever figures it holds
    last = names[-1]
    cells = [cell for row in rows if last < len(row) and (cell := row[last]) is not None]
    values = sum(len(cell) <= 40 and VALUE.search(cell.text) is not None for cell in cells)
    if not cells or 10 * values < 6 * len(cells):
        return columns
    changed = list(columns)
    changed[last] = Column("target", None, columns[last].head)
    changed[names[0]] = Column("name", None, columns[names[0]].head)
    return changed


def _more_heads(rows: list[list[Strand | None]], depth: int) -> int:
    """A second row of heads below a merged first one: 目标值 over 2023年 and 2025年."""
    if len(rows) <= depth + 1:
        return 0
    cells = [each.text for each in rows[depth] if each is not None and each.text]
    heads = [column_of(each) for each in cells]
    return int(
        bool(cells)
        and all(head is not None for head in heads)
        and not all(c.isdigit() for c in cells)
    )


def _heads(rows: list[list[Strand | None]]) -> list[Column]:
    width = max(len(each) for each in rows)
    columns = []
    for index in range(width):
        cells = [row[index] for row in rows if index < len(row)]
        texts = list(dict.fromkeys(cell.text for cell in cells if cell is not None and cell.text))
        column = next((c for text in reversed(texts) if (c := column_of(text)) is not None), None)
        if column is not None and column.role == "target" and len(texts) > 1:
            above = "".join(texts[:-1])
            if BASE_YEAR.search(above):
                column = Column("base", column.year, column.head)
        columns.append(column or Column("other", None, "".join(texts)))
    return columns
