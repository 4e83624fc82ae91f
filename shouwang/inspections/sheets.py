"""问题清单的表格: a batch from a workbook or from a pasted table, read with the place of mistakes.

All or nothing: while one row is wrong nothing is registered, so that the corrected list is simply
given again.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shouwang.core.errors import DomainError
from shouwang.core.worksheets import lines_of, read_worksheets, rows_of_text
from shouwang.divisions.models import Division
from shouwang.registry.models import Household
from shouwang.workplans.forms import names

from .operations.registering import ProblemDraft, check_draft
from .states import Mode, Rhythm, Severity, Spread
from .terms import terms

CAPTIONS = {
    "number": ("序号", "编号", "问题编号"),
    "text": ("问题", "问题描述", "存在问题", "反馈问题", "具体问题"),
    "spread": ("共性个性", "问题类型", "类型"),
    "area": ("领域", "方面", "问题领域"),
    "topic": ("主题", "类别"),
    "severity": ("轻重", "严重程度"),
    "lead": ("牵头单位", "牵头部门"),
    "responsible": ("责任单位", "配合单位"),
    "places": ("涉及镇村", "涉及乡镇", "涉及村"),
    "households": ("涉及农户", "户编号"),
    "leader": ("责任领导",),
    "person": ("责任人",),
    "goal": ("整改目标",),
    "measures": ("整改措施",),
    "standard": ("销号标准", "整改标准"),
    "mode": ("整改类型",),
    "rhythm": ("报告频次",),
    "due_on": ("整改时限", "完成时限", "时限"),
}
CHOICES = {
    "spread": {label: key for key, label in Spread.choices} | {"共性": "common", "个性": "single"},
    "severity": {label: key for key, label in Severity.choices},
    "mode": {label: key for key, label in Mode.choices} | {"限期": "limited", "长期": "lasting"},
    "rhythm": {label: key for key, label in Rhythm.choices if key},
}
MOST_ROWS = 2_000


@dataclass(frozen=True)
class Refused:
    """One mistake: where it is and how it is put right."""

    sheet: str
    row: int
    column: str
    reason: str


@dataclass(frozen=True)
class Reading:
    drafts: tuple[ProblemDraft, ...]
    refused: tuple[Refused, ...]


def read_workbook(content: bytes, division: Division, received_on: date) -> Reading:
    sheets = [
        (sheet.title, rows_of_text(sheet.rows))
        for sheet in read_worksheets(content, rows=MOST_ROWS)
    ]
    return _read(sheets, division, received_on)


def read_pasted(text: str, division: Division, received_on: date) -> Reading:
    """A table as it comes from a spreadsheet (tabs), or with commas."""
    text = text.replace("\x00", "").strip("\r\n")
    if not text.strip():
        raise DomainError("没有粘贴内容，请连表头一起粘贴。", code="pasted")
    mark = "\t" if "\t" in text else ","
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error as error:
        raise DomainError(
            "粘贴的表格读不出来，请从表格软件里复制整块区域。", code="pasted"
        ) from error
    if len(lines) > MOST_ROWS:
        raise DomainError(f"超过 {MOST_ROWS:,} 行，请分批登记。", code="pasted")
    return _read(
        [("粘贴", [[cell.strip() for cell in line] for line in lines])], division, received_on
    )


def _read(
    sheets: Sequence[tuple[str, list[list[str]]]], division: Division, received_on: date
) -> Reading:
    drafts: list[ProblemDraft] = []
    refused: list[Refused] = []
    places = {
        one.name: one
        for one in Division.objects.on(received_on).filter(
            path__startswith=division.path, level__in=("county", "town", "village")
        )
    }
    numbers: set[str] = set()
    for title, rows in sheets:
        lines = lines_of(title, rows, CAPTIONS, {"text"})
        if lines is None and any(any(row) for row in rows):
            refused.append(Refused(title, 1, "", "前 10 行里没有找到表头，至少要有“问题”一列。"))
        for line in lines or []:
            draft, wrong = _draft(line.values, places, division, received_on)
            if draft.number and draft.number in numbers:
                wrong.append(("number", f"编号“{draft.number}”在表里出现了两次。"))
            numbers.add(draft.number)
            refused += [
                Refused(title, line.row, CAPTIONS[key][0] if key in CAPTIONS else key, reason)
                for key, reason in wrong
            ]
            drafts.append(draft)
    return Reading(() if refused else tuple(drafts), tuple(refused))


Wrong = list[tuple[str, str]]


def _draft(
    values: dict[str, str], places: dict[str, Division], division: Division, received_on: date
) -> tuple[ProblemDraft, Wrong]:
    wrong: Wrong = []
    chosen = {key: _choice(key, values.get(key, ""), wrong) for key in CHOICES}
    areas = {label: key for key, label in terms().areas.items()}
    area = values.get("area", "")
    if area and area not in areas:
        wrong.append(("area", f"写的是“{area[:20]}”，应为{'、'.join(areas)}之一。"))
    named = []
    for name in names(values.get("places", "")):
        if name in places:
            named.append(places[name])
        else:
            wrong.append(("places", f"辖区里没有“{name[:20]}”，请写全称。"))
    draft = ProblemDraft(
        text=values.get("text", ""), number=values.get("number", ""),
        spread=chosen["spread"] or Spread.SINGLE.value, area=areas.get(area, ""),
        topic=values.get("topic", ""), severity=chosen["severity"] or Severity.NORMAL.value,
        lead=names(values.get("lead", "")), responsible=names(values.get("responsible", "")),
        places=named, households=_households(values.get("households", ""), division, wrong),
        leader=values.get("leader", ""), person=values.get("person", ""),
        goal=values.get("goal", ""), measures=values.get("measures", ""),
        standard=values.get("standard", ""), mode=chosen["mode"] or Mode.LIMITED.value,
        rhythm=chosen["rhythm"], due_on=_day(values.get("due_on", ""), wrong),
    )  # fmt: skip
    try:
        check_draft(draft, received_on)
    except DomainError as error:
        wrong.append((error.code, error.message))
    return draft, wrong


def _choice(key: str, text: str, wrong: Wrong) -> str:
    if not text:
        return ""
    if text not in CHOICES[key]:
        wrong.append((key, f"写的是“{text[:20]}”，应为{'、'.join(CHOICES[key])}之一。"))
        return ""
    return CHOICES[key][text]


def _households(text: str, division: Division, wrong: Wrong) -> list[Household]:
    asked = names(text)
    if not asked:
        return []
    found = {
        one.household_no: one
        for one in Household.objects.filter(
            household_no__in=asked, village__path__startswith=division.path
        ).select_related("village")
    }
    if any(number not in found for number in asked):
        wrong.append(("households", "有户编号在辖区的档案里没有找到，请核对；这里只写户编号。"))
    return list(found.values())


def _day(text: str, wrong: Wrong) -> date | None:
    if not text:
        return None
    bare = text.replace("年", "-").replace("月", "-").replace("日", "")
    try:
        parts = bare.replace("/", "-").replace(".", "-").split("-")
        return date(*(int(part) for part in parts))
    except (ValueError, TypeError, OverflowError):
        wrong.append(("due_on", f"写的是“{text[:20]}”，请写成 2026-06-30 的样子。"))
        return None
