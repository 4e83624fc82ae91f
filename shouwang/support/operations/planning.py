"""拟定措施: from the system's proposals or by hand; nothing is asked of a department yet."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from shouwang.audit.operations import record
from shouwang.cases.models import Case
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.bulk import copy_rows
from shouwang.core.errors import Conflict, DomainError
from shouwang.registry.models import Household, Member

from ..catalogue import Item, catalogue
from ..facts import POOR, household_facts, law, open_case, present_members
from ..models import Industry, Measure
from ..proposals import Proposal, propose
from ..states import OPEN, Origin
from .writing import (
    locked,
    money_or_none,
    own_industry,
    own_member,
    reach,
    same_version,
    save,
    text,
    trace,
)

NATIONAL = {
    "measure_industry": ("industry", "产业帮扶", True, "农业农村局"),
    "measure_job": ("employment", "就业帮扶", True, "人力资源和社会保障局"),
    "measure_post": ("employment", "公益岗位帮扶", True, "人力资源和社会保障局"),
    "measure_finance": ("industry", "金融帮扶", True, "乡村振兴局"),
    "measure_housing": ("housing", "住房安全保障", False, "住房和城乡建设局"),
    "measure_health": ("health", "健康帮扶", False, "医疗保障局"),
    "measure_education": ("education", "教育帮扶", False, "教育体育局"),
    "measure_water": ("water", "饮水安全保障", False, "水利局"),
    "measure_general": ("security", "综合保障", False, "民政局"),
    "measure_social": ("aspiration", "社会帮扶", False, "乡村振兴局"),
}
"""Columns of the national export: kind, name, development, department that usually does it."""
NONE_WORDS = ("无", "否", "未", "没有")


def may_be_helped(household: Household, case: Case | None) -> bool:
    """Policies are for monitored households and for 脱贫户."""
    return case is not None or household.household_type == POOR


def plan_measure(
    actor: Actor,
    household: Household,
    *,
    item: str,
    risk: str = "",
    member: Member | None = None,
    industry: Industry | None = None,
    note: str = "",
    amount: Decimal | None = None,
    due_on: date | None = None,
    reasons: Sequence[str] = (),
    origin: str = Origin.DESK,
) -> Measure:
    """Put one measure of the catalogue into the household's plan."""
    reach(actor, household, "support.plan")
    found = catalogue().item(item)
    today = clock.today()
    if found is None or not found.valid_on(today):
        raise DomainError("目录里没有这项措施，或它已不再执行，请重新选择。", code="item")
    case = open_case(household)
    if not may_be_helped(household, case):
        raise DomainError(
            "这一户不是监测对象，也不是脱贫户。有困难的，请先登记线索。", code="not_helped"
        )
    own_member(household, member)
    own_industry(household, industry)
    if found.is_personal and member is None:
        raise DomainError(f"“{found.label}”是给个人的，请选择成员。", code="member")
    with transaction.atomic():
        return _create(
            actor, household, case, found, risk=risk, member=member, industry=industry,
            note=text(note, "具体内容", 500), amount=money_or_none(amount, "计划金额"),
            due_on=_due(due_on, today), reasons=list(reasons), origin=origin,
        )  # fmt: skip


def _due(due_on: date | None, today: date) -> date | None:
    if due_on is not None and due_on < today:
        raise DomainError("落实期限不能早于今天。", code="date")
    return due_on


def _create(
    actor: Actor, household: Household, case: Case | None, item: Item, **values: Any
) -> Measure:
    amount = values.pop("amount")
    if amount is None and item.parameter and item.parameter in law().lines:
        line = law().lines[item.parameter]
        amount = line.value if line.unit != "元/人年" or item.is_personal else None
    try:
        with transaction.atomic():
            made = Measure.objects.create(
                household=household, village=household.village, case=case, item=item.key,
                kind=item.kind, title=item.label, is_development=item.is_development,
                ends=item.ends, department=item.department, amount=amount,
                created_at=clock.now(), created_by_label=actor.label[:120], **values,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(f"“{item.label}”已经在这一户的帮扶计划里，请勿重复拟定。") from None
    trace(actor, made, "plan", "拟定措施", before="")
    return made


def proposals_for(household: Household) -> list[Proposal]:
    """What the catalogue proposes now, without what is planned or runs already."""
    case = open_case(household)
    facts = household_facts(household, case, present_members(household))
    standing = Measure.objects.filter(household=household, state__in=OPEN)
    return propose(
        catalogue(), facts, clock.today(), set(standing.values_list("item", "member_id"))
    )


def plan_proposals(actor: Actor, household: Household, keys: Iterable[str]) -> list[Measure]:
    """Take the ticked proposals into the plan; what is no longer proposed is refused."""
    reach(actor, household, "support.plan")
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        raise DomainError("请先勾选要采用的措施。", code="nothing_chosen")
    offered = {proposal.key: proposal for proposal in proposals_for(household)}
    if unknown := [key for key in wanted if key not in offered]:
        raise Conflict(f"有 {len(unknown)} 项建议已变化，可能他人刚办理过，请刷新后重新勾选。")
    members = {member.pk: member for member in present_members(household)}
    made = []
    with transaction.atomic():
        for key in wanted:
            one = offered[key]
            who = one.fit.member
            made.append(
                plan_measure(
                    actor, household, item=one.item.key, risk=one.risk,
                    member=members[who.key] if who else None, reasons=one.reasons,
                    origin=Origin.PROPOSED,
                )
            )  # fmt: skip
    return made


def change_measure(
    actor: Actor,
    measure: Measure,
    *,
    version: int,
    department: str,
    note: str = "",
    amount: Decimal | None = None,
    due_on: date | None = None,
) -> Measure:
    """Change what is planned while nobody works on it yet."""
    from shouwang.accounts.models import Department

    with transaction.atomic():
        current = locked(actor, measure.pk)
        require(actor, "support.plan", current.village.path)
        same_version(current, version)
        if current.state != "proposed":
            raise Conflict("措施已经交办，要改内容请先撤回交办。")
        if department and not Department.objects.filter(name=department).exists():
            raise DomainError("没有这个部门，请从列表中选择。", code="department")
        current.department = department
        current.note = text(note, "具体内容", 500)
        current.amount = money_or_none(amount, "计划金额")
        current.due_on = _due(due_on, clock.today())
        save(current, "department", "note", "amount", "due_on")
        trace(actor, current, "change", "修改内容", before=current.state)
    return current


def name_industry(
    actor: Actor, measure: Measure, *, industry: Industry | None, version: int
) -> Measure:
    """Say which industry of the household a measure helps, or that it helps none of them."""
    with transaction.atomic():
        current = locked(actor, measure.pk)
        require(actor, "support.plan", current.village.path)
        same_version(current, version)
        if current.state not in OPEN:
            raise DomainError("这项措施已经结束，不能再改对应的产业。", code="industry")
        if industry is not None and industry.pk == current.industry_id:
            raise DomainError("对应的产业没有变化。", code="industry")
        own_industry(current.household, industry)
        current.industry = industry
        save(current, "industry")
        words = f"对应产业：{industry.what}" if industry else "不对应某项产业"
        trace(actor, current, "industry", words, before=current.state)
    return current


def adopt_measures(actor: Actor, cases: Iterable[Case]) -> int:
    """Take over what the national register notes for monitored households; returns how many.

    Each household is taken over once: where any measure stands already, nothing is added.
    """
    require(actor, "support.assign")
    wanted = [case for case in cases if case.may_get_help]
    for case in wanted:
        require(actor, "support.assign", case.village.path)
    known = set(
        Measure.objects.filter(case__in=[case.pk for case in wanted]).values_list(
            "case_id", flat=True
        )
    )
    rows, moment = [], clock.now()
    for case in wanted:
        if case.pk not in known:
            rows += [_adopted(case, column, actor.label, moment) for column in _noted(case)]
    with transaction.atomic():
        copy_rows(Measure, ADOPTED_COLUMNS, rows)
        if rows:
            record(
                actor, "support.measures.adopted", target_type="support.measure",
                summary=f"接收国家系统已有的帮扶措施 {len(rows)} 项",
            )  # fmt: skip
    return len(rows)


def _noted(case: Case) -> list[str]:
    return [
        column
        for column in NATIONAL
        if (value := (getattr(case.household, column) or "").strip())
        and not value.startswith(NONE_WORDS)
    ]


ADOPTED_COLUMNS = (
    "household", "village", "case", "kind", "title", "is_development", "department", "note",
    "state", "origin", "starts_on", "created_at", "created_by_label", "item", "risk", "reasons",
    "ends", "result", "version",
)  # fmt: skip


def _adopted(case: Case, column: str, label: str, moment: Any) -> tuple[Any, ...]:
    kind, title, development, department = NATIONAL[column]
    words = str(getattr(case.household, column))[:200]
    return (
        case.household_id, case.village_id, case.pk, kind, title, development, department,
        f"国家系统登记：{words}", "under_way", Origin.ADOPTED, case.identified_on, moment,
        label[:120], "", "", ["国家系统已有"], "while_needed", "", 1,
    )  # fmt: skip
