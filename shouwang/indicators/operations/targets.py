"""目标的办理: set by year and place with checked sums, changed only with a second person's word."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require_here
from shouwang.core.errors import Conflict, DomainError
from shouwang.core.formats import number
from shouwang.divisions.models import Division

from ..models import Adjustment, Base, Definition, Target, UpperValue
from ..periods import Period
from ..states import AdjustmentState, Comparison, Spread

MOST = Decimal(10) ** 15
YEARS = range(2000, 2101)


@dataclass(frozen=True)
class Goal:
    """分解: one cell of the matrix."""

    division: Division
    year: int
    value: Decimal
    value2: Decimal | None = None


def set_targets(actor: Actor, definition: Definition, goals: Sequence[Goal]) -> list[Target]:
    """Set targets that are not there yet; a cell that is there and equal is left as it is."""
    require_here(actor, "indicators.manage", definition.division.path)
    if not goals:
        raise DomainError("没有要保存的目标，请至少填写一格。", code="goals")
    existing = {
        (one.division_id, one.year): one for one in definition.targets.select_related("division")
    }
    fresh = []
    for goal in goals:
        _sound(definition, goal)
        there = existing.get((goal.division.pk, goal.year))
        if there is None:
            fresh.append(goal)
        elif (there.value, there.value2) != (goal.value, goal.value2):
            raise DomainError(
                f"{goal.division.name}{goal.year}年已有目标 {number(there.value)}，"
                "要改请提出目标调整，由另一人审批。",
                code="existing",
            )
    _check_sums(definition, fresh, existing)
    with transaction.atomic():
        try:
            made = Target.objects.bulk_create(
                [
                    Target(
                        definition=definition, division=goal.division, year=goal.year,
                        value=goal.value, value2=goal.value2, made_at=clock.now(),
                        made_by_label=actor.label[:120],
                    )
                    for goal in fresh
                ]
            )  # fmt: skip
        except IntegrityError as error:
            raise Conflict("有的目标刚由别人填写，请刷新页面核对。") from error
        _audit(actor, definition, "targets", f"确定目标 {definition.name}：{len(made)} 个")
    return made


def _sound(definition: Definition, goal: Goal) -> None:
    if not goal.division.path.startswith(definition.division.path):
        raise DomainError(f"{goal.division.name}不在{definition.division.name}里。", code="place")
    if goal.year not in YEARS:
        raise DomainError(f"年度“{goal.year}”不对，请写四位年份。", code="year")
    for value in (goal.value, goal.value2):
        if value is not None and (not value.is_finite() or abs(value) >= MOST):
            raise DomainError(f"{goal.division.name}的目标太大，请核对单位。", code="value")
    if goal.value2 is not None and goal.value2 < goal.value:
        raise DomainError(f"{goal.division.name}的区间上限小于下限。", code="value2")


def _check_sums(
    definition: Definition, fresh: Sequence[Goal], existing: dict[tuple[int, int], Target]
) -> None:
    """Where parts add up, the places below must together reach the place above."""
    if definition.spread != Spread.SUM:
        return
    known: dict[tuple[int, int], tuple[Division, Decimal]] = {
        key: (one.division, one.value) for key, one in existing.items() if one.value is not None
    }
    known |= {(goal.division.pk, goal.year): (goal.division, goal.value) for goal in fresh}
    for (key, year), (place, whole) in known.items():
        parts = [
            value
            for (_, of), (part, value) in known.items()
            if of == year and part.parent_id == key
        ]
        if not parts:
            continue
        total = sum(parts, Decimal(0))
        if definition.comparison == Comparison.AT_MOST:
            if total > whole:
                raise DomainError(
                    f"{place.name}{year}年各地合计 {number(total)}，超过上限 {number(whole)}。",
                    code="sum",
                )
        elif total < whole:
            raise DomainError(
                f"{place.name}{year}年各地合计 {number(total)}，比目标 {number(whole)} "
                f"少 {number(whole - total)}，请补足。",
                code="sum",
            )


def propose_adjustment(
    actor: Actor,
    definition: Definition,
    division: Division,
    *,
    year: int,
    value: Decimal,
    reason: str,
    value2: Decimal | None = None,
) -> Adjustment:
    """Ask for another target, with the reason; nothing changes before a second person agrees."""
    require_here(actor, "indicators.manage", division.path)
    _sound(definition, Goal(division, year, value, value2))
    there = definition.targets.filter(division=division, year=year).first()
    if there is None:
        raise DomainError("这里还没有目标，请直接在分解表里填写。", code="target")
    if (there.value, there.value2) == (value, value2):
        raise DomainError("新目标和原来的一样，不用调整。", code="value")
    if not reason.strip():
        raise DomainError("请写明为什么调整。", code="reason")
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = Adjustment.objects.create(
                    definition=definition, division=division, year=year, old=there.value,
                    new=value, old2=there.value2, new2=value2, reason=reason.strip()[:500],
                    proposed_at=clock.now(), proposed_by_label=actor.label[:120],
                )  # fmt: skip
        except IntegrityError as error:
            raise Conflict("这个目标已有一份调整在审批，请等它办完。") from error
        _audit(
            actor, definition, "adjustment_proposed",
            f"提出调整 {division.name}{year}年目标：{number(there.value)} → {number(value)}",
        )  # fmt: skip
    return made


def decide_adjustment(
    actor: Actor, adjustment: Adjustment, *, approve: bool, note: str = ""
) -> Adjustment:
    """Allow or refuse; by somebody else than who proposed."""
    definition = adjustment.definition
    require_here(actor, "indicators.approve", adjustment.division.path)
    if adjustment.proposed_by_label == actor.label[:120]:
        raise DomainError("审批要由提出人以外的第二个人进行。", code="same_person")
    if not approve and not note.strip():
        raise DomainError("不批准时请写明理由。", code="note")
    state = AdjustmentState.APPROVED if approve else AdjustmentState.REFUSED
    with transaction.atomic():
        found = Adjustment.objects.filter(pk=adjustment.pk, state=AdjustmentState.PROPOSED)
        changed = found.update(
            state=state, decided_at=clock.now(), decided_by_label=actor.label[:120],
            decision_note=note.strip()[:300],
        )  # fmt: skip
        if not changed:
            raise Conflict("这份调整已经审批过，请刷新页面。")
        if approve:
            kept = definition.targets.filter(
                division=adjustment.division, year=adjustment.year, value=adjustment.old
            )
            if not kept.update(value=adjustment.new, value2=adjustment.new2):
                raise Conflict("原目标已经变了，请退回后重新提出。")
        _audit(
            actor, definition, f"adjustment_{state}",
            f"{state.label}：{adjustment.division.name}{adjustment.year}年目标 "
            f"{number(adjustment.old)} → {number(adjustment.new)}",
        )  # fmt: skip
    adjustment.refresh_from_db()
    return adjustment


def set_base(
    actor: Actor,
    definition: Definition,
    division: Division,
    *,
    year: int,
    value: Decimal | None,
    upper: Decimal | None,
    origin: str,
) -> Base:
    """Where a place and the level above stood in the base year, with where that is from."""
    require_here(actor, "indicators.manage", division.path)
    if not origin.strip():
        raise DomainError("请写明基期数据的来源。", code="origin")
    with transaction.atomic():
        made, _ = Base.objects.update_or_create(
            definition=definition, division=division,
            defaults={
                "year": year, "value": value, "upper": upper, "origin": origin.strip()[:200],
                "made_by_label": actor.label[:120],
            },
        )  # fmt: skip
        _audit(actor, definition, "base", f"登记基期值 {division.name}{year}年")
    return made


def set_upper(
    actor: Actor,
    definition: Definition,
    division: Division,
    *,
    period: Period,
    value: Decimal,
    origin: str,
) -> UpperValue:
    """The average of the province or prefecture in a period, with where it is published."""
    require_here(actor, "indicators.manage", definition.division.path)
    if not definition.division.path.startswith(division.path):
        raise DomainError(f"{division.name}不是{definition.division.name}的上级。", code="place")
    if not origin.strip():
        raise DomainError("请写明上级数据的来源，例如公报名称。", code="origin")
    if not value.is_finite() or abs(value) >= MOST:
        raise DomainError("数值太大，请核对单位。", code="value")
    with transaction.atomic():
        made, _ = UpperValue.objects.update_or_create(
            definition=definition, division=division, period=period.key,
            defaults={
                "period_end": period.ends, "value": value, "origin": origin.strip()[:200],
                "made_at": clock.now(), "made_by_label": actor.label[:120],
            },
        )  # fmt: skip
        _audit(
            actor, definition, "upper",
            f"登记{division.name}{period.label}平均：{number(value)}",
        )  # fmt: skip
    return made


def _audit(actor: Actor, definition: Definition, action: str, summary: str, **more: Any) -> None:
    audit(
        actor,
        f"indicators.target.{action}",
        target_type="indicators.definition",
        target_id=str(definition.pk),
        division_path=definition.division.path,
        summary=summary,
        **more,
    )
