"""指标表的办理: proposed from a paper, looked at row by row, confirmed by a second person."""

from collections.abc import Mapping
from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require_here
from shouwang.core.errors import Conflict, DomainError
from shouwang.core.lifecycle import Check
from shouwang.workplans.models import Paper
from shouwang.workplans.units import Units

from ..formulas import FormulaError, read
from ..models import Definition, Proposal, Reading, Target
from ..naming import CountyNames, checked, codes_in
from ..proposing import rows_of, shared_values
from ..querysets import keys_of
from ..states import TAKEN, Comparison, Decision, Source, ValueType, reading_table

EDITABLE = (
    "name", "unit", "attribute", "direction", "comparison", "upper_level", "base_year",
    "rule_below", "rule_above", "level", "place_class", "rhythm", "source", "formula",
    "department", "spread", "is_red_line", "targets", "requirement", "note",
)  # fmt: skip
COPIED = (
    "number", "table", "name", "unit", "attribute", "direction", "comparison", "upper_level",
    "base_year", "rule_below", "rule_above", "level", "place_class", "scope_words", "rhythm",
    "source", "formula", "department", "spread", "is_red_line", "requirement", "span_start",
    "span_end",
)  # fmt: skip


def read_paper(actor: Actor, paper: Paper) -> Reading:
    """Propose a definition for each row of each indicator table of the paper."""
    require_here(actor, "indicators.manage", paper.division.path)
    if not paper.indicators:
        raise DomainError("这份文件里没有读出指标表。", code="paper")
    if Reading.objects.filter(paper=paper).exists():
        raise Conflict("这份文件的指标表已经在核对，请打开原来那份。")
    with transaction.atomic():
        made = Reading.objects.create(
            paper=paper, made_at=clock.now(), made_by_label=actor.label[:120]
        )
        units = Units(paper.division)
        there = _measured(paper)
        proposals: list[Proposal] = []
        for place, row in enumerate(rows_of(paper.indicators), 1):
            raw = paper.indicators[place - 1]
            department = next(
                (
                    match.department
                    for match in units.match_all(raw.get("responsible_units") or [])
                    if match.department
                ),
                None,
            )
            values = {**row.values, **shared_values(row.values, there)}
            there.setdefault((values["name"], values["unit"]), code_of(paper, place))
            proposals.append(
                Proposal.objects.create(
                    reading=made, place=place, department=department,
                    parent=proposals[row.parent] if row.parent is not None else None,
                    **values,
                )
            )  # fmt: skip
        _audit(actor, made, "read", f"读出指标表 {len(proposals)} 行：{paper.title[:60]}")
    return made


def code_of(paper: Paper, place: int) -> str:
    """The code that a row of the paper's tables has as an indicator."""
    return f"文件{paper.pk}_{place}"


def proposed_names(reading: Reading, *, taken: bool = False) -> dict[str, tuple[str, str]]:
    """What formulas of the table may name besides the county's indicators: its own rows."""
    rows = reading.proposals.all()
    if taken:
        rows = rows.filter(state__in=TAKEN)
    return {code_of(reading.paper, one.place): (one.name, one.unit) for one in rows}


def _measured(paper: Paper) -> dict[tuple[str, str], str]:
    """Codes of the numbers that the county has by name and unit, the oldest first."""
    rows = (
        Definition.objects.on(clock.today())
        .filter(division__in=keys_of(paper.division.path), level=paper.division.level)
        .exclude(comparison=Comparison.TEXT)
        .order_by("-pk")
    )
    return {(one.name, one.unit): one.code for one in rows}


def decide_proposal(
    actor: Actor, proposal: Proposal, *, decision: str, version: int, **values: Any
) -> Proposal:
    """Accept, correct or refuse one row."""
    reading = proposal.reading
    require_here(actor, "indicators.manage", reading.paper.division.path)
    if reading.state != "reading":
        raise Conflict(f"这份指标表现在是“{reading.state_label}”，不能再改。")
    if decision not in Decision.values:
        raise DomainError("请选择采用、改正或不采用。", code="decision")
    if unknown := set(values) - set(EDITABLE):
        raise DomainError(f"不能修改{'、'.join(sorted(unknown))}。", code="field")
    if decision in TAKEN:
        draft = copy(proposal)
        for key, value in values.items():
            setattr(draft, key, value)
        _sound(draft)
    with transaction.atomic():
        found = Proposal.objects.filter(pk=proposal.pk, version=version)
        changed = found.update(
            **values, state=decision, decided_at=clock.now(), version=version + 1,
            decided_by_label=actor.label[:120],
        )  # fmt: skip
        if not changed:
            raise Conflict("这一行刚被别人核对过，请刷新页面看新的结果。")
        _audit(actor, reading, "decided", f"核对第 {proposal.place} 行：{proposal.name[:40]}")
    proposal.refresh_from_db()
    return proposal


def _sound(proposal: Proposal) -> None:
    if not proposal.name.strip():
        raise DomainError("请填写指标名称。", code="name")
    if proposal.source == Source.FORMULA:
        reading = proposal.reading
        names = proposed_names(reading)
        tree = checked(proposal.formula, reading.paper.division.path, proposal.unit, names)
        if code_of(reading.paper, proposal.place) in codes_in(tree):
            raise DomainError("公式不能用到这一行自己，请改用别的数。", code="formula")
    is_conditional = proposal.comparison == Comparison.CONDITIONAL
    if is_conditional and not (proposal.base_year and proposal.rule_below and proposal.rule_above):
        raise DomainError("按基期分档的要写明基期年和两档要求。", code="base_year")


def _all_seen(reading: Reading) -> str | None:
    left = reading.proposals.filter(state=Decision.PENDING).count()
    return f"还有 {left} 行没有核对。" if left else None


def _something_taken(reading: Reading) -> str | None:
    taken = reading.proposals.filter(state__in=TAKEN).exists()
    return None if taken else "没有采用任何一行。"


def _formulas_stand(reading: Reading) -> str | None:
    """A row that rests on another one of the table needs that one taken as well."""
    names = CountyNames(reading.paper.division.path, proposed_names(reading, taken=True))
    for one in reading.proposals.filter(state__in=TAKEN, source=Source.FORMULA):
        try:
            read(one.formula, names)
        except FormulaError:
            return f"第 {one.place} 行的公式用到没有采用的行，请改公式或采用那一行。"
    return None


CHECKS: Mapping[str, Check] = {
    "all_seen": _all_seen, "something_taken": _something_taken, "formulas_stand": _formulas_stand,
}  # fmt: skip


def advance_reading(
    actor: Actor, reading: Reading, action: str, *, version: int, reason: str = ""
) -> Reading:
    """Take a step of the table; confirming makes the taken rows indicators with their targets."""
    path = reading.paper.division.path
    given = {"reason": reason.strip()}
    row = reading_table().take(actor, reading, reading.state, action, path, CHECKS, given)
    if action == "confirm" and reading.sent_by_label == actor.label[:120]:
        raise DomainError("确认要由核对人以外的第二个人进行。", code="same_person")
    values: dict[str, Any] = {"state": row.to, "note": given["reason"][:300]}
    if action == "send":
        values["sent_by_label"] = actor.label[:120]
    if action == "confirm":
        values |= {"confirmed_at": clock.now(), "confirmed_by_label": actor.label[:120]}
    with transaction.atomic():
        found = Reading.objects.filter(pk=reading.pk, version=version, state=reading.state)
        if not found.update(**values, version=version + 1):
            raise Conflict("这份指标表刚被别人办理过，请刷新页面核对。")
        if action == "confirm":
            _define(actor, reading)
        _audit(actor, reading, action, f"{row.label}：{reading.paper.title[:60]}")
    reading.refresh_from_db()
    return reading


def _define(actor: Actor, reading: Reading) -> None:
    """The taken rows become definitions of the paper's place, with their targets."""
    made: dict[int, Definition] = {}
    paper = reading.paper
    for proposal in reading.proposals.filter(state__in=TAKEN).select_related("department"):
        definition = Definition.objects.create(
            code=code_of(paper, proposal.place),
            division=paper.division,
            paper=paper,
            parent=made.get(proposal.parent_id or 0),
            value_type=_value_type(proposal),
            valid_from=date(_first_year(paper.period), 1, 1),
            made_at=clock.now(),
            made_by_label=f"{reading.sent_by_label}、{actor.label}"[:120],
            **{key: getattr(proposal, key) for key in COPIED},
        )
        made[proposal.pk] = definition
        for year, value in proposal.targets.items():
            if not year.isdecimal():
                continue
            above = proposal.targets.get(f"{year}至")
            Target.objects.create(
                definition=definition, division=paper.division, year=int(year),
                value=Decimal(value), value2=None if above is None else Decimal(above),
                made_at=clock.now(), made_by_label=actor.label[:120],
            )  # fmt: skip


def _value_type(proposal: Proposal) -> str:
    if proposal.comparison == Comparison.TEXT:
        return ValueType.TEXT
    if proposal.unit == "%":
        return ValueType.PERCENT
    return ValueType.AMOUNT if proposal.unit == "元" else ValueType.NUMBER


def _first_year(period: str) -> int:
    """2021-2025 begins in 2021; a paper without a year begins this year."""
    first = period[:4]
    return int(first) if first.isdecimal() and 1990 <= int(first) <= 2100 else clock.today().year


def _audit(actor: Actor, reading: Reading, action: str, summary: str) -> None:
    audit(
        actor,
        f"indicators.reading.{action}",
        target_type="indicators.reading",
        target_id=str(reading.pk),
        division_path=reading.paper.division.path,
        summary=summary,
    )
