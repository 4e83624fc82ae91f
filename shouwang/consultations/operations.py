"""征求意见的办理: start it, change the draft, take its steps; who may answer for which unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from shouwang.accounts.models import Department
from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.core.lifecycle import Check, Offer
from shouwang.divisions.models import Division
from shouwang.documents import personal

from .models import Consultation, ConsultedUnit
from .states import MOST_DAYS, Audience, Decision, State, consultation_table

MOST_TEXT = 200_000
DRAFT_FIELDS = (
    "title", "drafter", "explanation", "text", "file_name", "audience", "opens_on", "closes_on",
    "contact",
)  # fmt: skip


def clean(words: str, most: int) -> str:
    return words.replace("\x00", "").strip()[:most]


def _is_ahead(found: Consultation) -> str | None:
    if found.closes_on < clock.today():
        return "截止日期已过，请先改日期。"
    is_asked = found.audience == Audience.PUBLIC or found.units.exists()
    return None if is_asked else "请选择要征求意见的单位。"


def _is_over(found: Consultation) -> str | None:
    if clock.today() > found.closes_on:
        return None
    return f"征集到 {found.closes_on:%Y-%m-%d} 截止，到期后再结束。"


def _all_decided(found: Consultation) -> str | None:
    left = found.comments.filter(decision=Decision.PENDING, same_as=None).count()
    return f"还有 {left} 条意见没有研究。" if left else None


CHECKS: Mapping[str, Check] = {
    "is_ahead": _is_ahead, "is_over": _is_over, "all_decided": _all_decided,
}  # fmt: skip


def make_consultation(
    actor: Actor,
    division: Division,
    *,
    departments: Sequence[Department] = (),
    towns: Sequence[Division] = (),
    **draft: object,
) -> Consultation:
    """A draft; nobody else sees it before it is opened."""
    require(actor, "consultations.manage", division.path)
    found = Consultation(
        division=division, made_at=clock.now(), made_by_id=actor.account_id,
        made_by_label=actor.label[:120],
    )  # fmt: skip
    _fill(found, draft)
    with transaction.atomic():
        found.save()
        _ask(found, departments, towns)
        _trace(actor, found, "made", f"发起征求意见：{found}")
    return found


def change_draft(
    actor: Actor,
    found: Consultation,
    *,
    version: int,
    departments: Sequence[Department] = (),
    towns: Sequence[Division] = (),
    **draft: object,
) -> Consultation:
    """The draft may be changed until it is opened; after that only the last day, to a later one."""
    require(actor, "consultations.manage", found.division.path)
    with transaction.atomic():
        _claim(found, version)
        if found.state == State.DRAFT:
            _fill(found, draft)
            found.units.all().delete()
            _ask(found, departments, towns)
        elif found.state == State.OPEN:
            last = draft.get("closes_on")
            if not isinstance(last, date) or last < found.closes_on:
                raise DomainError("征求意见期间只能推迟截止日期。", code="closes_on")
            _check_days(found.opens_on, last)
            found.closes_on = last
        else:
            raise Conflict("征集已经结束，稿子不能再改。")
        found.save()
        _trace(actor, found, "changed", f"修改征求意见：{found}")
    return found


def _fill(found: Consultation, draft: Mapping[str, object]) -> None:
    for name in DRAFT_FIELDS:
        if name in draft:
            value = draft[name]
            most = MOST_TEXT if name == "text" else 4000
            setattr(found, name, clean(value, most) if isinstance(value, str) else value)
    for name, label in (
        ("title", "标题"), ("drafter", "起草单位"), ("text", "征求意见稿"), ("contact", "联系方式")
    ):  # fmt: skip
        if not getattr(found, name):
            raise DomainError(f"请填写{label}。", code=name)
    personal.refuse(
        [("稿子", found.text), ("起草说明", found.explanation), ("标题", found.title),
         ("联系方式", found.contact)]
    )  # fmt: skip
    _check_days(found.opens_on, found.closes_on)


def _check_days(first: date, last: date) -> None:
    if last < first:
        raise DomainError("截止日期不能早于开始日期。", code="closes_on")
    if (last - first).days > MOST_DAYS:
        raise DomainError("征求意见的时间不能超过一年，请核对日期。", code="closes_on")


def _ask(found: Consultation, departments: Sequence[Department], towns: Sequence[Division]) -> None:
    asked = [ConsultedUnit(consultation=found, department=one, name=one.name)
             for one in departments]  # fmt: skip
    asked += [ConsultedUnit(consultation=found, division=one, name=one.name) for one in towns]
    ConsultedUnit.objects.bulk_create(asked)


def offers(actor: Actor, found: Consultation) -> list[Offer]:
    return consultation_table().offers(actor, found, found.state, found.division.path, CHECKS)


def take_step(
    actor: Actor, found: Consultation, action: str, *, version: int, reason: str = ""
) -> Consultation:
    """One step of the table; the result is published by somebody else than who started it."""
    reason = clean(reason, 500)
    personal.refuse([("理由", reason)])
    with transaction.atomic():
        _claim(found, version)
        row = consultation_table().take(
            actor, found, found.state, action, found.division.path, CHECKS, {"reason": reason}
        )
        if action == "publish":
            if actor.account_id is not None and actor.account_id == found.made_by_id:
                raise NotAllowed("采纳情况要由发起人以外的人核对后公布。")
            found.published_on = clock.today()
        if reason:
            found.reason = reason
        found.state = row.to
        found.save()
        _trace(actor, found, "step", f"{row.label}：{found}")
    return found


def unit_of(actor: Actor, found: Consultation) -> ConsultedUnit | None:
    """The asked unit for which this person may answer."""
    mine = Q(pk__in=[])
    for scope in actor.scopes_with("consultations.answer"):
        if scope.department:
            if scope.covers(found.division.path):
                mine |= Q(department__name=scope.department)
        else:
            mine |= Q(division__path=scope.division_path)
    return found.units.filter(mine).first()


@dataclass(frozen=True)
class Desk:
    """Who wrote a comment down for the public: the county, a department or a town."""

    department: Department | None = None
    division: Division | None = None


def receiving_desk(actor: Actor, found: Consultation) -> Desk | None:
    """The county itself, or a town or department that is asked."""
    if actor.can_at("consultations.manage", found.division.path):
        return Desk()
    unit = unit_of(actor, found)
    return Desk(unit.department, unit.division) if unit else None


def receives_at(actor: Actor, found: Consultation) -> Desk:
    desk = receiving_desk(actor, found)
    if desk is None:
        raise NotAllowed("只有发起的县和被征求意见的单位可以登记收到的意见。")
    return desk


def _claim(found: Consultation, version: int) -> None:
    """Only one of two people at the same time goes on."""
    rows = Consultation.objects.filter(pk=found.pk, version=version)
    if not rows.update(version=version + 1):
        raise Conflict("有人先办理了，您的操作没有保存，请刷新页面核对后再办理。")
    found.refresh_from_db()


def _trace(actor: Actor, found: Consultation, action: str, summary: str) -> None:
    record(
        actor, f"consultations.{action}", target_type="consultations.consultation",
        target_id=str(found.pk), division_path=found.division.path, summary=summary[:200],
    )  # fmt: skip
