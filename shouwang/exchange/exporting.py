"""上报表 (workbooks to upload): what was identified, resolved and done here, in national columns.

Which columns there are and what stands in each is data (rulebook/exchange.yaml); this module knows
how each value is found.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from django.db.models import Q, QuerySet

from shouwang.audit.operations import record
from shouwang.cases.income import items
from shouwang.cases.models import Case
from shouwang.cases.states import Origin
from shouwang.core import clock, formats
from shouwang.core.actor import Actor, require
from shouwang.core.exports import FORMULA_STARTS
from shouwang.registry.exporting import ZERO_WIDTH
from shouwang.registry.models import Household, Member
from shouwang.registry.secrets import (
    HEAD_ID,
    HOUSEHOLD_PHONE,
    ID_NO,
    MEMBER_PHONE,
    masked,
    reveal,
)
from shouwang.support.catalogue import catalogue
from shouwang.support.models import Measure
from shouwang.support.states import HELPING

from .contract import ExportColumn, ExportKind, ExportSheet, check_values, contract
from .models import Comparison, Difference
from .own import household_values, latest_cases, month

Progress = Callable[[int, int | None, str], None]
CHUNK = 500


@dataclass
class Line:
    """One household of a workbook, with what its cells are found in."""

    case: Case
    full: bool
    measures: list[Measure] = field(default_factory=list)

    @property
    def household(self) -> Household:
        return self.case.household

    def secret(self, context: str, sealed: Any) -> str:
        return (reveal if self.full else masked)(context, sealed) or ""


def _parts(moment: str) -> Mapping[str, Callable[[Line], Any]]:
    """Values of a snapshot: `entry` when identified, `exit` when resolved."""

    def kept(line: Line) -> Mapping[str, Any]:
        found: Mapping[str, Any] = getattr(line.case, f"{moment}_snapshot") or {}
        return found

    def money(name: str) -> Callable[[Line], Any]:
        return lambda line: _decimal(kept(line).get(name))

    def group(name: str) -> Callable[[Line], Any]:
        return lambda line: _sum_of(line.case.regime, name, kept(line).get("income") or {})

    def fails(name: str) -> Callable[[Line], Any]:
        return lambda line: {True: "否", False: "是"}.get(kept(line).get(name))  # type: ignore[arg-type]

    return {
        f"{moment}_dropout": fails("education_ok"),
        f"{moment}_housing": fails("housing_ok"),
        f"{moment}_uninsured": fails("medical_ok"),
        f"{moment}_water": fails("water_ok"),
        f"{moment}_wage": group("wage"),
        f"{moment}_business": group("business"),
        f"{moment}_property": group("property"),
        f"{moment}_transfer": group("transfer"),
        f"{moment}_expense": group("expense"),
        f"{moment}_net": money("net_income"),
        f"{moment}_per_person": money("per_person"),
        f"{moment}_claims": money("claim_income"),
        f"{moment}_self_paid": money("self_paid"),
    }


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _sum_of(regime: str, group: str, income: Mapping[str, str | None]) -> Decimal | None:
    """The sum of a group; nothing where one of its lines was not asked."""
    amounts = [_decimal(income.get(item.key)) for item in items(regime) if item.group == group]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None


def _of_case(key: str) -> Callable[[Line], Any]:
    def value(line: Line) -> Any:
        found = household_values(line.case).get(key)
        return month(found) if isinstance(found, date) else found

    return value


def _development(line: Line) -> str:
    return "已实施" if any(one.is_development for one in line.measures) else "尚未实施"


HOUSEHOLD_VALUES: Final[Mapping[str, Callable[[Line], Any]]] = {
    "county": lambda line: line.household.county_name,
    "town": lambda line: line.case.village.parent.name if line.case.village.parent else "",
    "village": lambda line: line.case.village.name,
    "group": lambda line: line.household.group_name,
    "household_no": lambda line: line.household.household_no,
    "head_name": lambda line: line.household.head_name,
    "head_id": lambda line: line.secret(HEAD_ID, line.household.head_id_enc),
    "phone": lambda line: line.secret(HOUSEHOLD_PHONE, line.household.phone_enc),
    "contact_cadre": lambda line: line.household.contact_cadre,
    "development_status": _development,
    **{
        key: _of_case(key)
        for key in (
            "household_size", "household_type", "monitor_class", "identified_month", "eliminated",
            "eliminated_month", "elimination_way", "risk1", "risk2", "risk3", "risk4", "risk5",
        )
    },
    **_parts("entry"),
    **_parts("exit"),
}  # fmt: skip
_PLAIN: Final = (
    "person_no", "name", "sex", "birth_date", "id_type", "relation", "nation", "politics",
    "education", "school_status", "dropout_reason", "health", "disability_kind", "labour",
    "work_months", "employer", "job_channel", "resident_medical", "employee_medical",
    "serious_insurance", "resident_pension", "dibao", "tekun", "mandarin",
)  # fmt: skip
MEMBER_VALUES: Final = frozenset({*_PLAIN, "household_no", "id_no", "phone"})


def known_values() -> dict[str, frozenset[str]]:
    """What a column may name, by the kind of rows of its sheet."""
    return {"households": frozenset(HOUSEHOLD_VALUES), "members": MEMBER_VALUES}


def write_export(actor: Actor, path: Path, asked: Mapping[str, Any], progress: Progress) -> int:
    """Write the workbook that was asked for, audited before the first row; returns households."""
    require(actor, "exchange.export")
    kind = contract().exports[asked["kind"]]
    check_values({kind.key: kind}, known_values())
    start, end = date.fromisoformat(asked["start"]), date.fromisoformat(asked["end"])
    cases = _chosen(actor, kind, start, end, missing_only=bool(asked["missing_only"]))
    record(
        actor,
        "exchange.exported",
        target_type="exchange.Export",
        target_id=kind.key,
        summary=f"导出{kind.title}上报表 {len(cases)} 户（{start} 至 {end}），"
        + (f"含完整号码，理由：{asked['reason']}" if asked["full"] else "号码已脱敏"),
    )
    lines = [Line(case, bool(asked["full"])) for case in cases]
    if kind.key == "measures":
        _give_measures(actor, lines, start, end)
    book = xlsxwriter.Workbook(
        path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({
        "title": f"{kind.title}上报表", "author": actor.label,
        "comments": f"导出人：{actor.label}　{formats.moment(clock.now())}",
    })  # fmt: skip
    for sheet in kind.sheets:
        _write_sheet(book, sheet, lines, progress)
    book.close()
    return len(lines)


def _chosen(
    actor: Actor, kind: ExportKind, start: date, end: date, *, missing_only: bool
) -> list[Case]:
    """The last round of each household that belongs in this workbook, by place."""
    cases = Case.objects.visible_to(actor, "exchange.export")
    found = list(latest_cases(cases).values())
    if kind.key == "identified":
        worked = [case for case in found if case.origin == Origin.WORKED]
        found = [case for case in worked if _inside(case.identified_on, start, end)]
    elif kind.key == "resolved":
        found = [case for case in found if _inside(case.resolved_on, start, end)]
    else:
        helped = set(_measures(actor, start, end).values_list("household_id", flat=True))
        found = [case for case in found if case.household_id in helped]
    if missing_only:
        missing = set(_only_here(actor))
        found = [case for case in found if case.household.household_no in missing]
    return sorted(found, key=lambda case: (case.village.code, case.household.household_no))


def _inside(day: date | None, start: date, end: date) -> bool:
    return day is not None and start <= day <= end


def _only_here(actor: Actor) -> QuerySet[Difference, str]:
    """Households that the last comparison did not find in the national system."""
    last = Comparison.objects.visible_to(actor).filter(state=Comparison.State.DONE).first()
    found = Difference.objects.visible_to(actor).filter(
        comparison=last, kind=Difference.Kind.ONLY_HERE
    )
    return found.values_list("household_no", flat=True)


def _measures(actor: Actor, start: date, end: date) -> QuerySet[Measure]:
    """Measures that are carried out or were, begun in the period; noted ones count by their day."""
    begun = Q(starts_on__range=(start, end)) | Q(
        starts_on=None, created_at__date__range=(start, end)
    )
    return Measure.objects.visible_to(actor).filter(begun, state__in=HELPING)


def _give_measures(actor: Actor, lines: list[Line], start: date, end: date) -> None:
    by_household: dict[int, list[Measure]] = defaultdict(list)
    for one in _measures(actor, start, end).order_by("pk"):
        by_household[one.household_id].append(one)
    for line in lines:
        line.measures = by_household[line.case.household_id]


def _write_sheet(book: Any, sheet: ExportSheet, lines: list[Line], progress: Progress) -> None:
    drawn = book.add_worksheet(sheet.sheet)
    head = book.add_format({"bold": True, "text_wrap": True})
    quoted = book.add_format({"quote_prefix": True, "num_format": "@"})
    for at, column in enumerate(sheet.columns):
        drawn.write_string(0, at, column.header, head)
    drawn.set_column(0, len(sheet.columns) - 1, 14)
    drawn.freeze_panes(1, 0)
    rows = _households(sheet, lines) if sheet.rows == "households" else _members(sheet, lines)
    for number, row in enumerate(rows, 1):
        for at, value in enumerate(row):
            _write_cell(drawn, number, at, value, quoted)
        if number % CHUNK == 0:
            progress(number, None, f"正在写{sheet.sheet}")


def _write_cell(sheet: Any, row: int, column: int, value: Any, quoted: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, int | Decimal):
        sheet.write_number(row, column, value)
    elif isinstance(value, date):
        sheet.write_string(row, column, value.isoformat())
    elif str(value).startswith(FORMULA_STARTS):
        sheet.write_string(row, column, f"{ZERO_WIDTH}{value}", quoted)
    else:
        sheet.write_string(row, column, str(value))


def _households(sheet: ExportSheet, lines: list[Line]) -> Iterator[list[Any]]:
    for line in lines:
        yield [_cell(column, line) for column in sheet.columns]


def _cell(column: ExportColumn, line: Line) -> Any:
    if column.measure:
        named = [one.title for one in line.measures if _national(one) == column.measure]
        return "+".join(dict.fromkeys(named))
    return HOUSEHOLD_VALUES[column.value](line)


def _national(measure: Measure) -> str:
    """The national kind of a measure; one that only the national system named keeps its title."""
    item = catalogue().items.get(measure.item)
    return item.national if item else measure.title


def _members(sheet: ExportSheet, lines: list[Line]) -> Iterator[list[Any]]:
    for start in range(0, len(lines), CHUNK):
        part = {line.case.household_id: line for line in lines[start : start + CHUNK]}
        members: dict[int, list[Member]] = defaultdict(list)
        present = Member.objects.filter(household__in=list(part), absent_since=None)
        for member in present.order_by("pk"):
            members[member.household_id].append(member)
        for key, line in part.items():
            for member in members[key]:
                yield [_member_cell(column.value, member, line) for column in sheet.columns]


def _member_cell(name: str, member: Member, line: Line) -> Any:
    if name == "household_no":
        return line.household.household_no
    if name == "id_no":
        return line.secret(ID_NO, member.id_enc)
    if name == "phone":
        return line.secret(MEMBER_PHONE, member.phone_enc)
    return getattr(member, name)
