"""个案页头: whose case it is, where, in which round; the same on every page of a case."""

from dataclasses import dataclass, field
from typing import Any

from shouwang.core import formats
from shouwang.registry.secrets import HEAD_ID, masked

from ..models import Case
from ..regimes import regime


@dataclass(frozen=True)
class Head:
    """Name and place of the household of a case, with what a clerk wants to see at once."""

    name: str
    place: str
    round: str = ""
    is_emergency: bool = False
    facts: list[tuple[str, Any]] = field(default_factory=list)


def head_of(case: Case) -> Head:
    household = case.household
    town = case.village.parent.name if case.village.parent else ""
    return Head(
        name=str(household),
        place=f"{town}{case.village.name}{household.group_name or ''}",
        round=f"第 {case.round} 轮" if case.round > 1 else "",
        is_emergency=case.is_green,
        facts=_facts(case),
    )


def _facts(case: Case) -> list[tuple[str, Any]]:
    household = case.household
    risks = "、".join(risk.label for risk in case.risks.all())
    facts: list[tuple[str, Any]] = [
        ("户编号", household.household_no),
        ("户主证件号码", masked(HEAD_ID, household.head_id_enc)),
        ("户类型", household.household_type),
        ("类别", case.class_label),
        ("风险", risks),
        ("线索日期", formats.day(case.clock_started_on)),
        ("全程应办日期", formats.day(case.deadline_on if case.identified_on is None else None)),
        ("识别日期", formats.day(case.identified_on)),
        ("制度", regime(case.regime).title),
    ]
    if case.resolved_on:
        facts.append(("消除日期", f"{case.resolved_on} {case.get_resolution_way_display()}"))
    if case.papers_due_on:
        facts.append(("补齐手续期限", formats.day(case.papers_due_on)))
    return [fact for fact in facts if fact[1] not in (None, "", formats.DASH)]
