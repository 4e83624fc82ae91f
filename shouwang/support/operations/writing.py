"""What every write of support shares: reaching the record, locks, versions, checked values."""

from datetime import date
from decimal import Decimal
from typing import Any

from shouwang.audit.operations import record
from shouwang.cases.operations.writing import moment
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.registry.models import Household, Member

from ..models import Industry, Measure, MeasureStep

MOST_MONEY = Decimal("99999999.99")


def reach(actor: Actor, household: Household, right: str) -> None:
    """Outside the actor's places there is no such household; inside, the right is asked for."""
    require(actor, right, household.village.path)


def audited(actor: Actor, action: str, household: Household, summary: str, **more: Any) -> None:
    record(
        actor,
        f"support.{action}",
        target_type="registry.household",
        target_id=household.household_no,
        division_path=household.village.path,
        summary=summary,
        **more,
    )


def locked(actor: Actor, pk: int) -> Measure:
    """The measure as it stands, locked until the transaction ends; unseen means not there."""
    found = (
        Measure.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("household__village", "village", "case", "member")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound("没有找到这项措施，它可能不存在，或不归您的辖区、部门办理。")
    return found


def same_version(record: Any, version: int) -> None:
    """Refuse what was decided on an older state of the record, and say who was faster."""
    if record.version != version:
        raise Conflict(f"{faster(record) or '这条记录刚被他人办理过'}，您的操作没有保存。")


def faster(record: Any) -> str:
    """Who did what last, of a record that keeps its steps or its corrections."""
    for name, label in (("steps", "label"), ("changes", "reason")):
        last = getattr(record, name).order_by("-pk").first() if hasattr(record, name) else None
        if last is not None:
            return f"{last.actor_label}已在 {moment(last.at)} 办理“{getattr(last, label)}”"
    return ""


def own_industry(household: Household, industry: Industry | None) -> None:
    """A measure helps what the same household does now."""
    if industry is None:
        return
    industry.refresh_from_db(fields=["household", "ended_on"])
    if industry.household_id != household.pk:
        raise DomainError("这项产业不是这一户的，请重新选择。", code="industry")
    if industry.ended_on is not None:
        raise DomainError("这项产业已经结束，请选择还在经营的。", code="industry")


def trace(
    actor: Actor,
    measure: Measure,
    action: str,
    label: str,
    *,
    before: str,
    note: str = "",
    was_late: bool = False,
) -> MeasureStep:
    """The line in the measure's own record, and the entry in the log."""
    step = MeasureStep.objects.create(
        measure=measure,
        action=action,
        label=label,
        from_state=before,
        to_state=measure.state,
        at=clock.now(),
        actor_label=actor.label[:120],
        note=note[:500],
        was_late=was_late,
    )
    audited(
        actor,
        f"measure.{action}",
        measure.household,
        f"{label}：{measure.title}",
        changes={"state": [before, measure.state]} if before != measure.state else None,
    )
    return step


def save(record: Any, *fields: str) -> None:
    record.version += 1
    record.save(update_fields=[*fields, "version"])


def money_or_none(value: Decimal | None, what: str = "金额") -> Decimal | None:
    return None if value is None else money(value, what)


def money(value: Decimal, what: str = "金额") -> Decimal:
    """A sum that may be written down: positive, to the cent, not absurd."""
    if not value.is_finite() or value <= 0:
        raise DomainError(f"{what}应当大于零，请核对。", code="amount")
    if value > MOST_MONEY:
        raise DomainError(f"{what}过大，请核对单位是否为元。", code="amount")
    if value != value.quantize(Decimal("0.01")):
        raise DomainError(f"{what}最多写到分，请核对。", code="amount")
    return value


def not_future(day: date, what: str) -> date:
    if day > clock.today():
        raise DomainError(f"{what}不能晚于今天。", code="date")
    return day


def own_member(household: Household, member: Member | None) -> Member | None:
    if member is not None and member.household_id != household.pk:
        raise DomainError("这名成员不在这一户，请重新选择。", code="member")
    return member


def text(value: str, what: str, most: int, *, required: bool = False) -> str:
    """Words as they may be stored: trimmed, no control characters, not too long."""
    cleaned = "".join(mark for mark in value if mark >= " " or mark == "\n").strip()
    if required and not cleaned:
        raise DomainError(f"请填写{what}。", code="required")
    if len(cleaned) > most:
        raise DomainError(f"{what}最多 {most} 个字，现在 {len(cleaned)} 个。", code="too_long")
    return cleaned
