"""村级问题的导入表: the columns of a kind's workbook, and its rows read through the very forms of
the pages, so that a file is refused for the same reasons as a page."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django import forms

from shouwang.accounts.models import Department
from shouwang.core.errors import DomainError
from shouwang.core.worksheets import Line, lines_of, read_worksheets, rows_of_text
from shouwang.divisions.models import Division
from shouwang.support.sheets import Column, Fault, Sheet

from .models import Disaster
from .place_forms import MeasureForm, ProblemForm
from .place_kinds import Kind, book

MOST_ROWS = 2000
DAYS = re.compile(r"(\d{4})[-年/.](\d{1,2})[-月/.](\d{1,2})日?")


def _reverse(labels: Any) -> dict[str, str]:
    return {label: key for key, label in labels.items()}


def sheet_of(kind: Kind) -> Sheet:
    """The workbook of a register."""
    day, subjects = "date", _reverse(kind.subject_labels)
    columns = [
        Column("village", "行政村", required=True, aliases=("村", "村名")),
        Column("subject", "问题类型", "choice", required=True, choices=subjects),
        Column("name", kind.name_label, required=True, aliases=("名称",)),
        Column("place", kind.place_label, aliases=("位置", "路段")),
        Column("found_on", kind.found_label, day, required=True, aliases=("发现日期",)),
        Column("channel", "发现渠道", "choice", choices=_reverse(book().channels)),
        Column("found_by", "发现人"),
        Column("quantity", kind.quantity_label, aliases=("数量",)),
        Column("unit", "单位", "choice", choices={one: one for one in kind.units}),
        Column("households", kind.households_label),
        *([Column("loss", kind.loss_label, aliases=("损失",))] if kind.loss_label else []),
        *(
            Column(one.key, one.label, "choice" if one.choices else "text",
                   choices={word: word for word in one.choices})
            for one in kind.details
        ),
        Column("text", "情况", aliases=("备注",)),
        Column("measure", "措施", "choice", choices=_reverse(kind.measures)),
        Column("plan", "计划状态", "choice", choices=_reverse(book().plans)),
        Column("plan_year", "计划年度"),
        Column("department", "责任部门"),
        Column("responsible", "责任人"),
        Column("money", kind.money_label, aliases=("资金",)),
        Column("due_on", "完成期限", day, aliases=("期限",)),
    ]  # fmt: skip
    if kind.has_event:
        columns.insert(1, Column("disaster", "灾害事件", required=True, aliases=("事件",)))
    return Sheet(f"place-{kind.key}", kind.title, tuple(columns))


@dataclass
class Names:
    """What the words of a file may mean to this person."""

    villages: dict[str, list[Division]] = field(default_factory=dict)
    disasters: dict[str, list[Disaster]] = field(default_factory=dict)
    departments: dict[str, list[Department]] = field(default_factory=dict)

    @staticmethod
    def of(rows: Iterable[Any], *keys: str) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for row in rows:
            for key in keys:
                name = str(getattr(row, key))
                if row not in found.setdefault(name, []):
                    found[name].append(row)
        return found


class _Wrong(Exception):
    """A cell that cannot be read: its column and what is wrong."""


def read_lines(path: Path, sheet: Sheet) -> list[Line]:
    """The rows of the first worksheet that has the heads; DomainError where none has."""
    captions = {column.key: (column.header, *column.aliases) for column in sheet.columns}
    bare = {key: tuple("".join(one.split()) for one in words) for key, words in captions.items()}
    needed = [column.key for column in sheet.columns if column.required]
    for page in read_worksheets(path, megabytes=30, rows=MOST_ROWS):
        lines = lines_of(page.title, rows_of_text(page.rows), bare, needed)
        if lines:
            return lines
    heads = "、".join(column.header for column in sheet.columns if column.required)
    raise DomainError(f"没有找到表头或数据行，表头应有：{heads}。可先下载空表填写。", "no_header")


def row_forms(kind: Kind) -> list[forms.Form]:
    """The forms of the pages, made once: each row is put into them in turn."""
    measure = MeasureForm({}, kind=kind)
    del measure.fields["department"]
    return [ProblemForm({}, kind=kind), measure]


def row_values(
    filled: list[forms.Form], sheet: Sheet, line: Line, names: Names
) -> tuple[dict[str, Any], list[Fault]]:
    """The values of a row as the operation takes them, or every fault with its column."""
    faults: list[Fault] = []
    data: dict[str, Any] = {"channel": "patrol", "plan": "unlisted"}
    found: dict[str, Any] = {}
    heads = {column.key: column.header for column in sheet.columns}
    for column in sheet.columns:
        words = line.values.get(column.key, "")
        try:
            if not words:
                if column.required:
                    raise _Wrong("没有填写")
            elif column.key in _LOOKED_UP:
                found[column.key] = _one(_LOOKED_UP[column.key](names), words)
            else:
                data[column.key] = _plain(column, words)
        except _Wrong as wrong:
            faults.append(Fault(line.row, column.header, str(wrong)))
    told = {fault.column for fault in faults}
    for form in filled:
        form.data = data
        form.full_clean()
        for key, errors in form.errors.items():
            if heads.get(key) not in told:
                faults.append(Fault(line.row, heads.get(key, ""), " ".join(map(str, errors))))
        found = form.cleaned_data | found
    found.pop("version", None)
    return found, faults


_LOOKED_UP: dict[str, Callable[[Names], dict[str, list[Any]]]] = {
    "village": lambda names: names.villages,
    "disaster": lambda names: names.disasters,
    "department": lambda names: names.departments,
}


def _one(rows: dict[str, list[Any]], words: str) -> Any:
    match = rows.get(words, [])
    if len(match) == 1:
        return match[0]
    short = words[:20]
    if match:
        raise _Wrong(f"有几个“{short}”，村请写区划代码，事件请写全称")
    raise _Wrong(f"没有“{short}”，请核对是否写对、是否在您的辖区")


def _plain(column: Column, words: str) -> str:
    if column.type == "choice":
        if words not in column.choices:
            raise _Wrong(f"“{words[:20]}”不在可选范围：{'、'.join(column.choices)}")
        return column.choices[words]
    if column.type == "date":
        match = DAYS.fullmatch(words)
        return "-".join(match.groups()) if match else words
    if column.key in ("quantity", "households", "loss", "money", "plan_year", "width"):
        return words.replace(",", "").replace("，", "").removesuffix("年").removesuffix("元")
    return words
