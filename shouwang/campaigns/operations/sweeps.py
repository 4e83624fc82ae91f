"""集中排查的办理: plan, assign, record, sample, close."""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from shouwang.accounts.models import Account
from shouwang.audit.operations import record as audit
from shouwang.cases.checklists import Checklist
from shouwang.cases.operations import register_clue
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.bulk import copy_rows, update_rows
from shouwang.core.errors import Conflict, DomainError
from shouwang.core.lifecycle import Check
from shouwang.divisions.models import Division
from shouwang.registry.models import Household

from ..models import Sweep, SweepItem
from ..priorities import households_of, priorities
from ..reporting import figures_of
from ..states import Finding, ItemState, Recheck, SweepKind, sweep_table

ITEM_COLUMNS = (
    "sweep", "household", "village", "reasons", "weight", "state", "finding", "answers", "failed",
    "note", "checker_label", "checked_by_label", "is_sampled", "recheck", "recheck_note",
    "rechecked_by_label", "version",
)  # fmt: skip
BLANK: tuple[Any, ...] = (ItemState.TODO.value, "", {}, 0, "", "", "", False, "", "", "", 1)


def plan_sweep(
    actor: Actor,
    *,
    title: str,
    kind: str,
    division: Division,
    checklist: Checklist,
    chosen: Sequence[str],
    starts_on: date,
    ends_on: date,
    recheck_percent: int = 5,
    purpose: str = "",
) -> Sweep:
    """Make a sweep with its list of households, priorities first; starting is a step of its own."""
    require(actor, "campaigns.manage", division.path)
    unknown = [key for key in chosen if key not in priorities()]
    if kind not in SweepKind.values or unknown:
        raise DomainError("排查范围或重点名单不在可选的项目里，请重新选择。", code="kind")
    if kind == SweepKind.SPECIAL and not chosen:
        raise DomainError("专项排查只查重点名单，请至少勾选一项重点。", code="priorities")
    if ends_on < starts_on:
        raise DomainError("截止日期早于开始日期，请核对。", code="ends_on")
    if not title.strip():
        raise DomainError("请填写排查名称。", code="title")
    with transaction.atomic():
        made = Sweep.objects.create(
            title=title.strip(),
            kind=kind,
            division=division,
            purpose=purpose.strip(),
            checklist=checklist.key,
            questions=[asdict(one) for one in checklist.questions],
            priorities=list(chosen),
            starts_on=starts_on,
            ends_on=ends_on,
            recheck_percent=recheck_percent,
            created_at=clock.now(),
            created_by_label=actor.label[:120],
        )
        lines = list(_lines(made, starts_on))  # read before COPY holds the connection
        count = copy_rows(SweepItem, ITEM_COLUMNS, lines)
        audit(
            actor,
            "campaigns.sweep.planned",
            target_type="campaigns.sweep",
            target_id=str(made.pk),
            division_path=division.path,
            summary=f"布置{made.title}：{count} 户",
        )
    return made


def _lines(sweep: Sweep, on: date) -> Iterable[tuple[Any, ...]]:
    """One row a household: its reasons in the order of the rulebook."""
    homes = Household.objects.filter(
        village__path__startswith=sweep.division.path, absent_since=None
    )
    reasons: dict[int, list[str]] = defaultdict(list)
    for key, priority in priorities().items():
        if key in sweep.priorities:
            for pk in households_of(priority, homes, on).values_list("pk", flat=True):
                reasons[pk].append(priority.title)
    for pk, village in homes.order_by("village_code", "household_no").values_list("pk", "village"):
        own = reasons.get(pk, [])
        if own or sweep.kind == SweepKind.ALL:
            yield (sweep.pk, pk, village, "、".join(own)[:200], len(own), *BLANK)


def _has_items(sweep: Sweep) -> str | None:
    return None if sweep.items.exists() else "名单里没有农户，请换一组重点或范围重新布置。"


def _all_visited(sweep: Sweep) -> str | None:
    left = sweep.items.waiting().count()
    return f"还有 {left:,} 户没有排查。" if left else None


def _all_rechecked(sweep: Sweep) -> str | None:
    sampled = sweep.items.filter(is_sampled=True)
    left = sampled.filter(recheck="").count()
    wrong = sampled.filter(recheck=Recheck.DIFFERS).count()
    if left:
        return f"抽中的农户还有 {left:,} 户没有复核。"
    return f"抽查不实的 {wrong:,} 户要退回重新排查。" if wrong else None


CHECKS: Mapping[str, Check] = {
    "has_items": _has_items,
    "all_visited": _all_visited,
    "all_rechecked": _all_rechecked,
}


def advance(actor: Actor, sweep: Sweep, action: str, *, version: int, reason: str = "") -> Sweep:
    """Take a step of the sweep's table."""
    path = sweep.division.path
    row = sweep_table().take(
        actor, sweep, sweep.state, action, path, CHECKS, {"reason": reason.strip()}
    )
    with transaction.atomic():
        values: dict[str, Any] = {"state": row.to, "version": version + 1}
        if row.to == "closed":
            values |= {"closed_at": clock.now(), "report": figures_of(sweep)}
        found = Sweep.objects.filter(pk=sweep.pk, version=version, state=sweep.state)
        if not found.update(**values):
            raise Conflict("这次排查的状态刚被别人改过，请刷新页面核对。")
        if action == "sample":
            _sample(sweep)
        if action == "reopen":
            _reopen(sweep)
        audit(
            actor,
            f"campaigns.sweep.{action}",
            target_type="campaigns.sweep",
            target_id=str(sweep.pk),
            division_path=path,
            summary=f"{row.label}：{sweep.title}" + (f"（{reason.strip()}）" if reason else ""),
            changes={"state": [sweep.state, row.to]},
        )
    sweep.refresh_from_db()
    return sweep


def _sample(sweep: Sweep) -> None:
    """Draw the share in every village, at least one household each; the draw can be repeated."""
    by_village: dict[int, list[int]] = defaultdict(list)
    fresh = sweep.items.filter(recheck="").order_by("pk")
    for pk, village in fresh.values_list("pk", "village"):
        by_village[village].append(pk)
    drawn: list[int] = []
    for village, keys in sorted(by_village.items()):
        count = max(1, -(-len(keys) * sweep.recheck_percent // 100))
        draw = random.Random(f"{sweep.pk}:{village}:{sweep.version}")  # noqa: S311 - repeatable
        drawn += draw.sample(keys, count)
    update_rows(SweepItem, ("id", "is_sampled"), ((pk, True) for pk in drawn))


def _reopen(sweep: Sweep) -> None:
    """Households whose second look differed are visited again."""
    sweep.items.filter(recheck=Recheck.DIFFERS).update(
        state=ItemState.TODO, finding="", recheck="", is_sampled=False
    )


def assign(actor: Actor, items: QuerySet[SweepItem], *, checker: Account) -> int:
    """Give households to a person who may record there; returns how many."""
    villages = Division.objects.filter(pk__in=items.order_by().values("village"))
    for village in villages:
        require(actor, "campaigns.assign", village.path)
    with transaction.atomic():
        count = items.filter(state=ItemState.TODO).update(
            checker=checker, checker_label=checker.name[:60]
        )
        audit(
            actor,
            "campaigns.sweep.assigned",
            target_type="campaigns.sweep",
            division_path=villages[0].path if villages else "",
            summary=f"分派排查 {count} 户给{checker.name}",
        )
    return count


def record_result(
    actor: Actor,
    item: SweepItem,
    *,
    visited_on: date,
    answers: Mapping[str, str],
    finding: str,
    note: str = "",
    version: int,
) -> SweepItem:
    """Record one visit; a failing answer raises a clue, which starts its own clock."""
    require(actor, "campaigns.check", item.village.path)
    sweep = item.sweep
    if sweep.state != "running":
        label = sweep_table().state(sweep.state).label
        raise Conflict(f"这次排查现在是“{label}”，不能登记结果。")
    if visited_on > clock.today() or visited_on < sweep.starts_on:
        raise DomainError(
            f"排查日期应在 {sweep.starts_on:%Y-%m-%d} 到今天之间，请核对。", code="visited_on"
        )
    if finding not in Finding.values or finding == Finding.NONE:
        raise DomainError("请选择排查结果。", code="finding")
    failed = [one for one in sweep.asked if one.is_failing(answers.get(one.key, ""))]
    if failed and finding == Finding.NO_RISK:
        raise DomainError(
            f"有 {len(failed)} 题不合格（{failed[0].text[:20]}），结果不能是“没有发现风险”。",
            code="finding",
        )
    if finding == Finding.CLUE and not (failed or note.strip()):
        raise DomainError("登记线索要有不合格的题目，或写明发现的情况。", code="note")
    with transaction.atomic():
        _write(actor, item, version, {
            "state": ItemState.TODO if finding == Finding.AWAY else ItemState.DONE,
            "visited_on": visited_on, "finding": finding, "answers": dict(answers),
            "failed": len(failed), "note": note.strip(), "checked_by_label": actor.label[:120],
            "checked_at": clock.now(),
        })  # fmt: skip
        if finding == Finding.CLUE and item.clue_id is None:
            words = [f"{one.text}：{answers[one.key]}" for one in failed]
            clue = register_clue(
                actor,
                channel="cadre_visit",
                village=item.village,
                household=item.household,
                received_on=visited_on,
                risks=list(dict.fromkeys(one.risk for one in failed if one.risk)),
                text="；".join([f"{sweep.title}发现", *words, note.strip()]).strip("；"),
            )
            SweepItem.objects.filter(pk=item.pk).update(clue=clue)
        audit(
            actor,
            "campaigns.item.recorded",
            target_type="registry.household",
            target_id=item.household.household_no,
            division_path=item.village.path,
            summary=f"{sweep.title}：{Finding(finding).label}",
        )
    item.refresh_from_db()
    return item


def recheck_item(
    actor: Actor, item: SweepItem, *, result: str, note: str = "", version: int
) -> SweepItem:
    """The second look at a sampled household, by somebody other than who recorded it."""
    require(actor, "campaigns.recheck", item.village.path)
    if item.sweep.state != "rechecking" or not item.is_sampled:
        raise Conflict("这一户没有抽中复核，或抽查已经结束，请刷新页面核对。")
    if result not in (Recheck.AGREES, Recheck.DIFFERS):
        raise DomainError("请选择抽查结论。", code="result")
    if result == Recheck.DIFFERS and not note.strip():
        raise DomainError("抽查不实时，请写明与原结果有哪些不同。", code="note")
    if actor.label[:120] == item.checked_by_label:
        raise DomainError("抽查要由登记人以外的人进行。", code="same_person")
    with transaction.atomic():
        _write(actor, item, version, {
            "recheck": result, "recheck_note": note.strip(),
            "rechecked_by_label": actor.label[:120], "rechecked_at": clock.now(),
        })  # fmt: skip
        audit(
            actor,
            "campaigns.item.rechecked",
            target_type="registry.household",
            target_id=item.household.household_no,
            division_path=item.village.path,
            summary=f"{item.sweep.title}抽查：{Recheck(result).label}",
        )
    item.refresh_from_db()
    return item


def _write(actor: Actor, item: SweepItem, version: int, values: Mapping[str, Any]) -> None:
    found = SweepItem.objects.filter(pk=item.pk, version=version)
    if not found.update(**values, version=version + 1):
        current = SweepItem.objects.get(pk=item.pk)
        who = current.rechecked_by_label or current.checked_by_label or "别人"
        raise Conflict(f"这一户刚由{who}登记过，请刷新页面核对。")
