"""专项检查的办理: open, record a unit's result, file it as a problem, close."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require_here
from shouwang.core.errors import Conflict, DomainError
from shouwang.core.lifecycle import Check
from shouwang.divisions.models import Division
from shouwang.workplans.operations.work import county_of
from shouwang.workplans.units import Units

from ..models import Problem, SpecialCheck, SpecialResult
from ..states import special_table
from ..terms import terms
from .registering import ProblemDraft, add_problem, register_batch

MOST_MONEY = Decimal(10) ** 13


def open_special(
    actor: Actor,
    *,
    title: str,
    kind: str,
    division: Division,
    starts_on: date,
    ends_on: date,
    items: Sequence[str] = (),
    basis: str = "",
) -> SpecialCheck:
    """Open a check; without items of its own it looks at those of its kind."""
    require_here(actor, "inspections.manage", division.path)
    known = terms().special_kinds.get(kind)
    if known is None:
        raise DomainError("没有这一种专项检查，请从列表中选择。", code="kind")
    if not title.strip():
        raise DomainError("请填写名称。", code="title")
    if ends_on < starts_on:
        raise DomainError("结束日期早于开始日期，请核对。", code="ends_on")
    asked = [one.strip()[:100] for one in items if one.strip()] or list(known.items)
    with transaction.atomic():
        made = SpecialCheck.objects.create(
            title=title.strip()[:120], kind=kind, basis=(basis.strip() or known.source)[:200],
            items=asked, division=division, starts_on=starts_on, ends_on=ends_on,
            made_at=clock.now(), made_by_label=actor.label[:120],
        )  # fmt: skip
        _audit(actor, made, "opened", f"开展专项检查：{made.title}")
    return made


def record_result(
    actor: Actor,
    check: SpecialCheck,
    *,
    unit: str,
    checked_on: date,
    text: str,
    failed_items: Sequence[str] = (),
    amount_checked: Decimal | None = None,
    amount_found: Decimal | None = None,
    amount_recovered: Decimal | None = None,
) -> SpecialResult:
    """The result of one unit, or the newer figures of it; money that nobody told stays unknown."""
    require_here(actor, "inspections.manage", check.division.path)
    if check.state != "going":
        raise Conflict("专项检查已结束，不能再登记。")
    if not unit.strip() or not text.strip():
        raise DomainError("请填写单位和检查情况。", code="unit")
    if checked_on > clock.today() or checked_on < check.starts_on:
        raise DomainError("检查日期应在开始日期和今天之间，请核对。", code="checked_on")
    if unknown := [one for one in failed_items if one not in check.items]:
        raise DomainError(f"检查项里没有“{unknown[0]}”。", code="failed_items")
    _sound_money(amount_checked, amount_found, amount_recovered)
    match = Units(county_of(check.division)).match(unit)[0]
    former = SpecialResult.objects.filter(check_of=check, unit_name=match.name[:80]).first()
    before = _figures(former)
    with transaction.atomic():
        made, _ = SpecialResult.objects.update_or_create(
            check_of=check, unit_name=match.name[:80],
            defaults={
                "department": match.department, "division": match.division,
                "checked_on": checked_on, "failed_items": list(failed_items),
                "amount_checked": amount_checked, "amount_found": amount_found,
                "amount_recovered": amount_recovered, "text": text.strip()[:1000],
                "recorded_by_label": actor.label[:120],
            },
        )  # fmt: skip
        made.refresh_from_db()  # amounts as they are kept
        after = _figures(made)
        changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
        _audit(actor, check, "recorded", f"登记专项检查结果：{made.unit_name}", changes)
    return made


def _figures(result: SpecialResult | None) -> dict[str, str]:
    """A result as it stands in the log; nothing before it was there."""
    names = ("checked_on", "failed_items", "amount_checked", "amount_found", "amount_recovered",
             "text")  # fmt: skip
    found = {}
    for name in names:
        value = getattr(result, name) if result else None
        found[name] = "、".join(value) if isinstance(value, list) else str(value or "")
    return found


def _sound_money(checked: Decimal | None, found: Decimal | None, recovered: Decimal | None) -> None:
    for value in (checked, found, recovered):
        if value is not None and not 0 <= value < MOST_MONEY:
            raise DomainError("金额应是不小于零的数，单位是元。", code="amount")
    if found is not None and checked is not None and found > checked:
        raise DomainError("问题金额大于检查金额，请核对。", code="amount_found")
    if recovered is not None and recovered > (found or Decimal(0)):
        raise DomainError("追回金额大于问题金额，请核对。", code="amount_recovered")


def file_result(actor: Actor, result: SpecialResult) -> Problem:
    """转为问题, in the batch of the check."""
    check = result.check_of
    require_here(actor, "inspections.manage", check.division.path)
    if result.problem is not None:
        raise Conflict("这个结果已经转为问题。")
    with transaction.atomic():
        batch = register_batch(
            actor, name=f"{check.title}发现的问题", source="special_check",
            received_on=check.starts_on, division=check.division, key=f"special:{check.pk}",
        )  # fmt: skip
        words = "、".join(result.failed_items)
        money = f"，问题金额 {result.amount_found:,.2f} 元" if result.amount_found else ""
        draft = ProblemDraft(
            text=f"{result.unit_name}：{words or result.text}{money}"[:1000], area="policy",
            topic="资金监管", lead=[result.unit_name],
            places=[result.division] if result.division else [],
        )  # fmt: skip
        problem = add_problem(actor, batch, draft)
        if not SpecialResult.objects.filter(pk=result.pk, problem=None).update(problem=problem):
            raise Conflict("这个结果刚由别人转为问题。")
    result.refresh_from_db()
    return problem


def _has_results(check: SpecialCheck) -> str | None:
    return None if check.results.exists() else "还没有登记检查结果。"


def _findings_filed(check: SpecialCheck) -> str | None:
    left = sum(one.is_open for one in check.results.all())
    return f"还有 {left} 个单位的问题没有转为整改问题。" if left else None


CHECKS: Mapping[str, Check] = {"has_results": _has_results, "findings_filed": _findings_filed}


def advance_special(
    actor: Actor, check: SpecialCheck, action: str, *, version: int, words: str = ""
) -> SpecialCheck:
    row = special_table().take(
        actor, check, check.state, action, check.division.path, CHECKS,
        {"note": words.strip(), "reason": words.strip()},
    )  # fmt: skip
    values: dict[str, Any] = {"state": row.to}
    if action == "close":
        values["closing_note"] = words.strip()[:1000]
    with transaction.atomic():
        found = SpecialCheck.objects.filter(pk=check.pk, version=version, state=check.state)
        if not found.update(**values, version=version + 1):
            raise Conflict("这次专项检查刚被别人改过，请刷新页面核对。")
        _audit(actor, check, action, f"{row.label}：{check.title}")
    check.refresh_from_db()
    return check


def _audit(
    actor: Actor, check: SpecialCheck, action: str, summary: str,
    changes: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    audit(
        actor, f"inspections.special.{action}", target_type="inspections.special",
        target_id=str(check.pk), division_path=check.division.path, summary=summary,
        changes=changes,
    )  # fmt: skip
