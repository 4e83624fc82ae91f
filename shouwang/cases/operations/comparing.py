"""数据比对: ask departments, take their answers, judge what was found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from shouwang.audit.operations import digest_of, record_bulk
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.registry.models import Member

from ..answer_sheet import AnswerRow, AnswerSheet, Reject, read_answers
from ..deadlines import county_of, due
from ..models import AssetHit, Case, ComparisonAnswer, ComparisonRequest, Supporter
from ..regimes import Item, regime
from ..states import HitConclusion, HitSource, RequestState
from .writing import locked, trace

Person = tuple[int | None, int | None]
"""A member's key, or the key of a supporter outside the household."""


@dataclass(frozen=True)
class Finding:
    """What a department has of a person: the member (or the supporter outside the household),
    the item, and what it is."""

    member_id: int | None
    item: str
    detail: str = ""
    row: int | None = None
    supporter_id: int | None = None


def request_comparison(
    actor: Actor, case: Case, *, departments: Sequence[str] | None = None
) -> list[ComparisonRequest]:
    """Ask the departments that must be asked, or those named; who was asked is not asked twice.

    Departments may only be asked on the ground of the signed consent; on the green way it comes
    before the papers are complete.
    """
    with transaction.atomic():
        current = locked(actor, case.pk)
        require(actor, "cases.compare", current.village.path)
        if current.state not in ("consent", "checking"):
            raise Conflict(f"现在是“{current.state_label}”，不能发起比对。")
        signed = getattr(current, "application", None)
        if signed is None or not signed.is_signed:
            raise DomainError("农户签署授权后才能向部门发起比对。", code="consent")
        if not signed.covers_supporters and current.supporters.exists():
            raise DomainError(
                "登记了家庭外赡养抚养人，但授权书没有包含他们，请先补签。", code="consent"
            )
        rules = regime(current.regime)
        wanted = list(departments) if departments else list(rules.departments)
        known = {item.department for item in rules.items}
        if unknown := [name for name in wanted if name not in known]:
            raise DomainError(f"{unknown[0]}没有比对项目。", code="departments")
        asked = set(
            current.requests.filter(stage=current.stage).values_list("department", flat=True)
        )
        limit = due(current.regime, "comparison", clock.today(), county_of(current.village.code))
        made = ComparisonRequest.objects.bulk_create(
            ComparisonRequest(
                case=current,
                stage=current.stage,
                department=name,
                items=[item.key for item in rules.items_of(name)],
                requested_at=clock.now(),
                requested_by_label=actor.label[:120],
                due_on=limit,
            )
            for name in wanted
            if name not in asked
        )
        if made:
            names = "、".join(each.department for each in made)
            trace(actor, current, "compare", "发起数据比对", note=names)
    return made


def answer_comparison(
    actor: Actor,
    request: ComparisonRequest,
    *,
    findings: Iterable[Finding] = (),
    note: str = "",
    version: int,
    source_name: str = "",
) -> ComparisonRequest:
    """A department's answer: what it found; nothing found is an answer too."""
    with transaction.atomic():
        current = _locked(actor, request, version)
        _answer(actor, current, list(findings), note, source_name)
        found = current.answers.filter(found=True).count()
        trace(
            actor, current.case, "answer", f"{current.department}答复比对", note=f"发现 {found} 条"
        )
    return current


def _locked(actor: Actor, request: ComparisonRequest, version: int) -> ComparisonRequest:
    current = (
        ComparisonRequest.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("case__village", "case__household")
        .filter(pk=request.pk)
        .first()
    )
    if current is None:
        raise NotFound
    _may_answer(actor, current)
    if current.version != version or current.state != RequestState.OPEN:
        who = current.answered_by_label or "他人"
        raise Conflict(f"这项比对已由{who}答复，请刷新页面核对。")
    return current


def _may_answer(actor: Actor, request: ComparisonRequest) -> None:
    """The department itself, or the county on its behalf (答复 came on paper)."""
    path = request.case.village.path
    own = any(
        scope.covers(path) and scope.department in (None, request.department)
        for scope in actor.scopes_with("cases.answer")
    )
    if not own:
        require(actor, "cases.compare", path)


def _answer(
    actor: Actor,
    request: ComparisonRequest,
    findings: Sequence[Finding],
    note: str,
    source_name: str,
) -> None:
    allowed = {item.key: item for item in regime(request.case.regime).items_of(request.department)}
    members = {each.pk: each for each in request.case.household.members.all()}
    supporters = {each.pk: each for each in request.case.supporters.all()}
    for each in findings:
        if each.item not in allowed:
            raise DomainError("请从本部门的比对项目里选择。", code="item")
        if each.member_id is not None and each.member_id not in members:
            raise DomainError("这个人不是这户的成员，请核对。", code="member")
        if each.supporter_id is not None and each.supporter_id not in supporters:
            raise DomainError("这个人不在比对范围内，请核对。", code="member")
    _store(request, findings, allowed, _labels(members, supporters))
    request.state = RequestState.ANSWERED
    request.answered_at = clock.now()
    request.answered_by_label = actor.label[:120]
    request.note = note.strip()[:500]
    request.source_name = source_name[:300]
    request.version += 1
    request.save()


def _store(
    request: ComparisonRequest,
    findings: Sequence[Finding],
    items: dict[str, Item],
    labels: dict[Person, str],
) -> None:
    """The answers, and a hit for each thing that was found; items without one are answered no.

    Who answers again replaces his first answer; what is known and judged already stays as it is.
    """
    request.answers.all().delete()
    known = {
        (each.member_id, each.supporter_id, each.item, each.detail)
        for each in AssetHit.objects.filter(
            case=request.case, stage=request.stage, department=request.department
        )
    }
    seen = {each.item for each in findings}
    answers = [
        ComparisonAnswer(
            request=request, member_id=each.member_id, supporter_id=each.supporter_id,
            item=each.item, found=True,
            detail=each.detail.strip()[:300], source_row=each.row,
        )
        for each in findings
    ]  # fmt: skip
    answers += [
        ComparisonAnswer(request=request, item=key, found=False) for key in items if key not in seen
    ]
    made = ComparisonAnswer.objects.bulk_create(answers)
    AssetHit.objects.bulk_create(
        AssetHit(
            case=request.case,
            stage=request.stage,
            member_id=each.member_id,
            supporter_id=each.supporter_id,
            person_label=labels.get((each.member_id, each.supporter_id), "家庭成员")[:80],
            item=each.item,
            source=HitSource.DEPARTMENT,
            department=request.department,
            answer=each,
            found_on=clock.today(),
            detail=each.detail,
        )
        for each in made
        if each.found and (each.member_id, each.supporter_id, each.item, each.detail) not in known
    )


def _labels(members: dict[int, Member], supporters: dict[int, Supporter]) -> dict[Person, str]:
    found: dict[Person, str] = {(key, None): each.name for key, each in members.items()}
    return found | {(None, key): str(each) for key, each in supporters.items()}


def waive_comparison(
    actor: Actor, request: ComparisonRequest, *, reason: str, version: int
) -> ComparisonRequest:
    """Do without an answer, for a reason: compared already for social assistance, and the like."""
    if not reason.strip():
        raise DomainError("请写明免于比对的理由，例如低保户已由民政核对。", code="reason")
    with transaction.atomic():
        current = _locked(actor, request, version)
        require(actor, "cases.compare", current.case.village.path)
        current.state = RequestState.WAIVED
        current.answered_at, current.answered_by_label = clock.now(), actor.label[:120]
        current.note = reason.strip()[:500]
        current.version += 1
        current.save()
        trace(actor, current.case, "waive", f"{current.department}免于比对", reason=reason.strip())
    return current


def judge_hit(
    actor: Actor,
    hit: AssetHit,
    *,
    conclusion: str,
    explanation: str,
    reason: str = "",
    version: int,
) -> AssetHit:
    """Judge a hit after the household's explanation; to exclude needs a reason too."""
    if conclusion not in HitConclusion.values or not conclusion:
        raise DomainError("请选择核定结论。", code="conclusion")
    if not explanation.strip():
        raise DomainError("请写明农户对这项资产的说明。", code="explanation")
    if conclusion == HitConclusion.EXCLUDES and not reason.strip():
        raise DomainError("核定为不纳入时，请写明理由。", code="reason")
    with transaction.atomic():
        current = (
            AssetHit.objects.visible_to(actor)
            .select_for_update(of=("self",))
            .select_related("case__village")
            .filter(pk=hit.pk)
            .first()
        )
        if current is None:
            raise NotFound
        path = current.case.village.path
        if not actor.can_at("cases.review", path):
            require(actor, "cases.compare", path)
        if current.version != version:
            raise Conflict(f"这条资产线索刚由{current.reviewed_by_label}核定过，请刷新页面核对。")
        current.conclusion, current.explanation = conclusion, explanation.strip()[:500]
        current.conclusion_reason = reason.strip()[:500]
        current.reviewed_at, current.reviewed_by_label = clock.now(), actor.label[:120]
        current.version += 1
        current.save()
        label = f"核定资产：{current.item_label}，{current.get_conclusion_display()}"
        trace(actor, current.case, "hit", label[:60], reason=reason.strip())
    return current


@dataclass
class AnswersImported:
    """What a file of answers came to."""

    answered: int = 0
    found: int = 0
    rejects: list[Reject] = field(default_factory=list)


def import_answers(actor: Actor, path: Path, *, department: str, name: str) -> AnswersImported:
    """Answers of one department as a workbook: the request list filled in and sent back.

    Every bad cell is reported with its place and leaves its own request open; the others count.
    """
    if not any(
        scope.department in (None, department) for scope in actor.scopes_with("cases.answer")
    ):
        require(actor, "cases.compare")
    items = {item.label: item.key for rules in _rules() for item in rules.items_of(department)}
    sheet = read_answers(path, items)
    outcome = AnswersImported()
    with transaction.atomic():
        by_case: dict[str, list[AnswerRow]] = {}
        for row in sheet.rows:
            by_case.setdefault(row.case_number, []).append(row)
        for number, lines in by_case.items():
            _answer_from_file(actor, department, number, lines, name, sheet, outcome)
        outcome.rejects = sorted(sheet.rejects, key=lambda each: each.row)
        lines_ = (f"{row.case_number} {row.item} {row.found}" for row in sheet.rows)
        record_bulk(
            actor, "cases.answers.imported", count=outcome.answered, digest=digest_of(lines_),
            what="个案编号 项目 有无", target_type="cases.department", target_id=department,
            summary=f"{department}比对答复：{outcome.answered} 户", source=name,
        )  # fmt: skip
    return outcome


def _rules() -> Iterable[Any]:
    from ..regimes import regimes

    return regimes().values()


def _answer_from_file(
    actor: Actor,
    department: str,
    number: str,
    lines: Sequence[AnswerRow],
    name: str,
    sheet: AnswerSheet,
    outcome: AnswersImported,
) -> None:
    """All answers of one case, or none: where any of its cells is wrong, each of them is named."""
    request = (
        ComparisonRequest.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("case__village", "case__household")
        .filter(case__number=number, department=department, state=RequestState.OPEN)
        .first()
    )
    if request is None:
        for line in lines:
            sheet.refuse(line.row, "个案编号", f"没有等待{department}答复的个案", number)
        return
    _may_answer(actor, request)
    members = {each.person_no: each.pk for each in request.case.household.members.all()}
    outside = {each.number: each.pk for each in request.case.supporters.all()}
    known = {"", *members, *outside}
    for line in lines:
        if line.found and line.person_no not in known:
            reason = "不是这户的成员，也不是要比对的赡养人"
            sheet.refuse(line.row, "人编号", reason, number)
    if any(reject.case_number == number for reject in sheet.rejects):
        return
    findings = [
        Finding(
            members.get(line.person_no), line.item, line.detail, line.row,
            outside.get(line.person_no),
        )
        for line in lines
        if line.found
    ]  # fmt: skip
    _answer(actor, request, findings, "", name)
    label = f"{department}答复比对"
    trace(actor, request.case, "answer", label, note=f"文件 {name}，发现 {len(findings)} 条")
    outcome.answered += 1
    outcome.found += len(findings)
