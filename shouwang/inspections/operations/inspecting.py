"""督查的办理: plan, settle, draw households, record visits and findings, file problems."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from shouwang.accounts.models import Department
from shouwang.audit.operations import record as audit
from shouwang.cases.checklists import Checklist
from shouwang.core import clock
from shouwang.core.actor import Actor, require_here
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.core.lifecycle import Check
from shouwang.divisions.models import Division
from shouwang.registry.models import Household

from ..models import Finding, Inspection, InspectionUnit, Problem, SampledHousehold, Visit
from ..states import inspection_table
from ..terms import terms
from .drawing import draw_households
from .registering import ProblemDraft, add_problem, register_batch

MOST_PER_VILLAGE = 100
SEEDS = 2**31


@dataclass(frozen=True)
class Conflicting:
    """A village that would be inspected again too soon: by which plan, on which day."""

    village: Division
    title: str
    on: date

    @property
    def words(self) -> str:
        return f"{self.village.name}：{self.on:%Y-%m-%d}“{self.title}”"


def plan_inspection(
    actor: Actor,
    *,
    title: str,
    division: Division,
    starts_on: date,
    ends_on: date,
    team: str,
    checklist: Checklist,
    places: Sequence[Division] = (),
    departments: Sequence[Department] = (),
    theme: str = "",
    is_announced: bool = True,
    per_village: int = 5,
    double_reason: str = "",
    seed: int | None = None,
) -> Inspection:
    """Make a plan; settling it is a step of its own, which refuses a double inspection."""
    require_here(actor, "inspections.inspect", division.path)
    if not title.strip() or not team.strip():
        raise DomainError("请填写督查名称和督查组。", code="title")
    if ends_on < starts_on:
        raise DomainError("结束日期早于开始日期，请核对。", code="ends_on")
    if not 0 < per_village <= MOST_PER_VILLAGE:
        raise DomainError(f"每村抽户应在 1 到 {MOST_PER_VILLAGE} 之间。", code="per_village")
    for place in places:
        if place.level not in ("town", "village") or not place.path.startswith(division.path):
            raise DomainError(f"{place.name}不是辖区内的镇村，请重新选择。", code="places")
    with transaction.atomic():
        made = Inspection.objects.create(
            title=title.strip()[:120], theme=theme.strip()[:300], division=division,
            starts_on=starts_on, ends_on=ends_on, team=team.strip()[:300],
            is_announced=is_announced, checklist_title=checklist.title[:80],
            questions=[asdict(one) for one in checklist.questions], per_village=per_village,
            seed=random.SystemRandom().randrange(SEEDS) if seed is None else seed,
            double_reason=double_reason.strip()[:300], made_at=clock.now(),
            made_by_label=actor.label[:120],
        )  # fmt: skip
        InspectionUnit.objects.bulk_create(
            [InspectionUnit(inspection=made, division=place) for place in places]
            + [InspectionUnit(inspection=made, department=one) for one in departments]
        )
        _audit(actor, made, "planned", "制定督查方案")
    return made


def conflicts(actor: Actor, inspection: Inspection) -> list[Conflicting]:
    """Villages of the plan that somebody inspects within the days of the limit.

    Visits that happened count whoever made them; plans only as far as this actor may see them, so
    that an unannounced one is not given away.
    """
    days = terms().number("double", "days", inspection.starts_on)
    villages = {unit.division_id: unit.division for unit in _villages(inspection)}
    if days is None or not villages:
        return []
    first = inspection.starts_on - timedelta(days=days)
    last = inspection.ends_on + timedelta(days=days)
    others = InspectionUnit.objects.filter(division__in=villages).exclude(inspection=inspection)
    others = others.exclude(inspection__state="cancelled")
    seen = Inspection.objects.visible_to(actor).values("pk")
    happened = Q(visit__visited_on__gte=first, visit__visited_on__lte=last)
    planned = Q(
        visit=None, inspection__in=seen, inspection__ends_on__gte=first,
        inspection__starts_on__lte=last, inspection__state__in=("draft", "ready", "going"),
    )  # fmt: skip
    found = others.filter(happened | planned).select_related("inspection", "visit", "division")
    told = []
    for unit in found.order_by("division__code", "pk"):
        visit = getattr(unit, "visit", None)
        assert unit.division is not None
        on = visit.visited_on if visit else unit.inspection.starts_on
        hidden = not Inspection.objects.visible_to(actor).filter(pk=unit.inspection_id).exists()
        told.append(Conflicting(unit.division, "其他督查" if hidden else unit.inspection.title, on))
    return told


def _villages(inspection: Inspection) -> Any:
    return inspection.units.filter(division__level="village").select_related("division")


def _has_units(inspection: Inspection) -> str | None:
    return None if inspection.units.exists() else "还没有选择督查对象。"


def _has_questions(inspection: Inspection) -> str | None:
    return None if inspection.questions else "还没有检查表。"


def _has_begun(inspection: Inspection) -> str | None:
    begun = inspection.starts_on <= clock.today()
    return None if begun else f"开始日期是 {inspection.starts_on:%Y-%m-%d}，到时再开始。"


def _all_visited(inspection: Inspection) -> str | None:
    left = inspection.units.filter(visit=None).count()
    return f"还有 {left} 个督查对象没有登记走访。" if left else None


def _findings_filed(inspection: Inspection) -> str | None:
    left = Finding.objects.filter(
        visit__inspection=inspection, problem=None, is_settled=False
    ).count()
    return f"还有 {left} 条发现没有转为问题，也没有标明当场解决。" if left else None


def checks_for(actor: Actor) -> Mapping[str, Check]:
    """The checks of a plan; whether it doubles another depends on what the actor may know."""

    def no_double(inspection: Inspection) -> str | None:
        if inspection.double_reason:
            return None
        found = conflicts(actor, inspection)
        if not found:
            return None
        words = "；".join(one.words for one in found[:3])
        return f"{len(found)} 处会重复督查（{words}）。请去掉这些村、换时间，或写明重复督查的理由。"

    return {
        "has_units": _has_units, "has_questions": _has_questions, "has_begun": _has_begun,
        "all_visited": _all_visited, "findings_filed": _findings_filed, "no_double": no_double,
    }  # fmt: skip


def advance_inspection(
    actor: Actor, inspection: Inspection, action: str, *, version: int, reason: str = ""
) -> Inspection:
    """Take a step of the inspection's table; settling draws the households."""
    row = inspection_table().take(
        actor, inspection, inspection.state, action, inspection.division.path, checks_for(actor),
        {"reason": reason.strip()},
    )  # fmt: skip
    values: dict[str, Any] = {"state": row.to}
    if action == "feed_back":
        values["fed_back_on"] = clock.today()
    with transaction.atomic():
        found = Inspection.objects.filter(pk=inspection.pk, version=version, state=inspection.state)
        if not found.update(**values, version=version + 1):
            raise Conflict("这次督查刚被别人改过，请刷新页面核对。")
        if action == "settle":
            draw_households(actor, inspection)
        changes = {"state": [inspection.state_label, inspection_table().state(row.to).label]}
        _audit(actor, inspection, action, row.label, changes)
    inspection.refresh_from_db()
    return inspection


def explain_double(actor: Actor, inspection: Inspection, reason: str, *, version: int) -> None:
    """写明重复督查的理由, which stays with the plan and in the log."""
    require_here(actor, "inspections.inspect", inspection.division.path)
    if inspection.state != "draft" or not reason.strip():
        raise DomainError("请在方案确定之前写明理由。", code="reason")
    found = Inspection.objects.filter(pk=inspection.pk, version=version, state="draft")
    if not found.update(double_reason=reason.strip()[:300], version=version + 1):
        raise Conflict("这次督查刚被别人改过，请刷新页面核对。")
    changes = {"double_reason": [inspection.double_reason, reason.strip()[:300]]}
    _audit(actor, inspection, "double", "写明重复督查的理由", changes)
    inspection.refresh_from_db()


def record_visit(
    actor: Actor,
    unit: InspectionUnit,
    *,
    visited_on: date,
    visitors: str,
    summary: str,
) -> Visit:
    """登记走访 of one unit; once each."""
    inspection = unit.inspection
    _may_record(actor, inspection)
    if visited_on > clock.today() or visited_on < inspection.starts_on:
        raise DomainError("走访日期应在督查开始日期和今天之间，请核对。", code="visited_on")
    if not visitors.strip() or not summary.strip():
        raise DomainError("请填写走访人和走访情况。", code="summary")
    if Visit.objects.filter(unit=unit).exists():
        raise Conflict("这个督查对象已经登记过走访。")
    with transaction.atomic():
        made = Visit.objects.create(
            inspection=inspection, unit=unit, visited_on=visited_on,
            visitors=visitors.strip()[:200], summary=summary.strip(), recorded_at=clock.now(),
            recorded_by_label=actor.label[:120],
        )  # fmt: skip
        _audit(actor, inspection, "visited", "登记督查走访", {"unit": ["", str(unit)]})
    return made


def _may_record(actor: Actor, inspection: Inspection) -> None:
    require_here(actor, "inspections.inspect", inspection.division.path)
    if inspection.state not in ("going", "fed_back"):
        raise Conflict(f"督查{inspection.state_label}，不能登记走访和发现。")


def record_answers(
    actor: Actor, sampled: SampledHousehold, visit: Visit, answers: Mapping[str, str]
) -> list[Finding]:
    """Fill the form at one drawn household; each failing item becomes a finding."""
    _may_record(actor, visit.inspection)
    if sampled.unit_id != visit.unit_id:
        raise NotFound
    if sampled.is_seen:
        raise Conflict("这一户已经登记过。")
    questions = visit.inspection.asked
    for one in questions:
        value = answers.get(one.key, "")
        if one.options and value and value not in one.options:
            raise DomainError(f"“{one.text}”的答案不在可选的项目里。", code=one.key)
    kept = {one.key: answers[one.key][:300] for one in questions if answers.get(one.key)}
    with transaction.atomic():
        found = SampledHousehold.objects.filter(pk=sampled.pk, is_seen=False)
        if not found.update(is_seen=True, answers=kept):
            raise Conflict("这一户刚由别人登记过。")
        return [
            record_finding(
                actor, visit, item=one.text, text=f"{one.text}：{kept[one.key]}",
                household=sampled.household,
            )
            for one in questions
            if one.is_failing(kept.get(one.key, ""))
        ]  # fmt: skip


def record_finding(
    actor: Actor, visit: Visit, *, item: str, text: str, household: Household | None = None,
    is_settled: bool = False,
) -> Finding:  # fmt: skip
    _may_record(actor, visit.inspection)
    if not text.strip():
        raise DomainError("请写明发现了什么。", code="text")
    return Finding.objects.create(
        visit=visit, item=item.strip()[:200], text=text.strip()[:500], household=household,
        is_settled=is_settled, found_by_label=actor.label[:120],
    )  # fmt: skip


def file_finding(actor: Actor, finding: Finding) -> Problem:
    """转为问题: the finding becomes a problem of the inspection's own batch."""
    inspection, unit = finding.visit.inspection, finding.visit.unit
    require_here(actor, "inspections.inspect", inspection.division.path)
    if finding.problem is not None:
        raise Conflict("这条发现已经转为问题。")
    with transaction.atomic():
        batch = register_batch(
            actor, name=f"{inspection.title}发现的问题", source="supervision",
            received_on=finding.visit.visited_on, division=inspection.division,
            key=f"inspection:{inspection.pk}",
        )  # fmt: skip
        place = unit.division
        lead = unit.department.name if unit.department else place.name if place else ""
        if place is not None and place.level == "village" and place.parent is not None:
            lead = place.parent.name
        draft = ProblemDraft(
            text=finding.text,
            topic=finding.item[:60],
            lead=[lead],
            places=[place] if place else [],
            households=[finding.household] if finding.household else [],
        )
        problem = add_problem(actor, batch, draft)
        taken = Finding.objects.filter(pk=finding.pk, problem=None).update(problem=problem)
        if not taken:
            raise Conflict("这条发现刚由别人转为问题。")
    finding.refresh_from_db()
    return problem


def settle_finding(actor: Actor, finding: Finding) -> None:
    """当场解决: nothing is left to rectify."""
    _may_record(actor, finding.visit.inspection)
    if finding.problem is not None:
        raise Conflict("这条发现已经转为问题。")
    Finding.objects.filter(pk=finding.pk, problem=None).update(is_settled=True)


def _audit(
    actor: Actor,
    inspection: Inspection,
    action: str,
    label: str,
    changes: dict[str, Any] | None = None,
) -> None:
    """An unannounced plan is in the log by its number: its title and places would give it away to
    those who read the log but may not foresee it.
    """
    is_secret = not inspection.is_announced
    words = f"不打招呼的督查（第 {inspection.pk} 号）" if is_secret else inspection.title
    audit(
        actor, f"inspections.inspection.{action}", target_type="inspections.inspection",
        target_id=str(inspection.pk), division_path=inspection.division.path,
        summary=f"{label}：{words}",
        changes=None if is_secret and action == "visited" else changes,
    )  # fmt: skip
