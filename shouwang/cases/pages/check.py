"""入户核查的页面: the result computed while typing, and the sheet as it is read afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shouwang.core import formats
from shouwang.screening.states import risk_label

from .. import income
from ..checklists import checklists
from ..dossier import Dossier
from ..forms.check import GUARANTEES, JUDGED, LEAVING, WORDS
from ..models import HouseholdCheck
from ..states import CheckKind

GOOD_IS_NO = {"sudden_event", "new_risk"}


@dataclass(frozen=True)
class Shown:
    """What the form comes to, beside the form."""

    sentence: str
    tone: str
    net: Decimal | None
    per_person: Decimal | None
    size: int | None
    groups: Sequence[tuple[str, Decimal | None]]
    line: Decimal | None = None
    line_source: str = ""
    before: Decimal | None = None
    before_label: str = ""
    problems: Sequence[str] = ()


def shown(
    dossier: Dossier,
    amounts: Mapping[str, Decimal | None],
    size: int | None,
    day: Any,
    problems: Sequence[str] = (),
) -> Shown:
    """Per person by the one function that computes it, held against the line of the year."""
    regime = dossier.case.regime
    found = income.per_person(amounts, size, regime)
    line = income.line_on(
        day or dossier.today, dossier.county, dossier.regime.data["facts"]["line"]
    )
    before = dossier.before
    sentence, tone = found.sentence, "idle"
    if found.per_person is not None and line is not None:
        under = found.per_person <= line.amount
        tone = "near" if under else "done"
        sentence = f"{sentence}，{'不高于' if under else '高于'}监测范围线"
    return Shown(
        sentence=f"{sentence}。",
        tone=tone,
        net=found.net,
        per_person=found.per_person,
        size=size,
        groups=_groups(regime, amounts),
        line=line.amount if line else None,
        line_source=line.source if line else "",
        before=before.per_capita if before else None,
        before_label=f"{before.year} 年登记人均" if before else "",
        problems=problems,
    )


def _groups(regime: str, amounts: Mapping[str, Decimal | None]) -> list[tuple[str, Decimal | None]]:
    """The sum of each group of items; open while one of its items is not asked."""
    sums: dict[str, list[Decimal | None]] = {}
    for item in income.items(regime):
        if item.sign in "+-":
            sums.setdefault(item.group_label, []).append(amounts.get(item.key))
    return [
        (label, None if None in values else sum((v for v in values if v is not None), Decimal(0)))
        for label, values in sums.items()
    ]


def amounts_of(check: HouseholdCheck) -> dict[str, Decimal | None]:
    return {item.key: item.amount for item in check.items.all()}


@dataclass(frozen=True)
class Sheet:
    """One check as it is read: on its own tab and before it is submitted."""

    facts: list[tuple[str, Any]]
    income: list[tuple[str, Decimal | None, str]]
    sentence: str
    judgements: list[tuple[str, str, str]]
    risks: list[tuple[str, str]] = field(default_factory=list)
    words: list[tuple[str, str]] = field(default_factory=list)
    lists: list[tuple[str, list[tuple[str, str, str, bool]]]] = field(default_factory=list)


def sheet_of(dossier: Dossier, check: HouseholdCheck) -> Sheet:
    regime = dossier.case.regime
    amounts = amounts_of(check)
    notes = {item.key: item.note for item in check.items.all()}
    asked = {**GUARANTEES, **JUDGED}
    if check.kind in {CheckKind.EXIT, CheckKind.FOLLOW_UP}:
        asked |= LEAVING
    return Sheet(
        facts=_facts(check),
        income=[
            (f"减：{item.label}" if item.sign == "-" else item.label, amounts.get(item.key),
             notes.get(item.key, ""))
            for item in income.items(regime)
        ],
        sentence=income.per_person(amounts, check.size, regime).sentence,
        judgements=[_judged(check, name, label) for name, (label, _) in asked.items()],
        risks=[(risk_label(each["key"]), each.get("note", "")) for each in check.risks],
        words=[
            (label, text) for name, (label, _) in WORDS.items() if (text := getattr(check, name))
        ],
        lists=_lists(check),
    )  # fmt: skip


def _facts(check: HouseholdCheck) -> list[tuple[str, Any]]:
    people = "、".join(
        f"{each.get('name', '')}（{each['unit']}）" if each.get("unit") else each.get("name", "")
        for each in check.checkers
    )
    period = (
        f"{check.period_start:%Y-%m} 至 {check.period_end:%Y-%m}"
        if check.period_start and check.period_end else None
    )  # fmt: skip
    return [
        ("入户日期", formats.day(check.visited_on)),
        ("核查人", people),
        ("统计期间", period),
        ("共同生活人口", f"{check.size} 人" if check.size else None),
    ]


def _judged(check: HouseholdCheck, name: str, label: str) -> tuple[str, str, str]:
    value = getattr(check, name)
    if value is None:
        return label, "near", "没有核实"
    good = value is not (name in GOOD_IS_NO)
    return label, "done" if good else "late", "是" if value else "否"


def _lists(check: HouseholdCheck) -> list[tuple[str, list[tuple[str, str, str, bool]]]]:
    titles = {key: each.title for key, each in checklists(with_retired=True).items()}
    found: dict[str, list[tuple[str, str, str, bool]]] = {}
    for answer in check.answers.all():
        found.setdefault(titles.get(answer.template, "清单"), []).append(
            (answer.text, answer.value, answer.note, answer.is_failing)
        )
    return list(found.items())
