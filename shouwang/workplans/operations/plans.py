"""方案的办理: write the items, report, file or send back; without the seven things no filing."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.core.figures import all_figures
from shouwang.core.lifecycle import Check
from shouwang.divisions.models import Division

from ..models import Plan, PlanItem
from ..states import PlanKind, PlanList, plan_table

SEVEN = (
    ("goal", "目标"), ("task", "任务"), ("project", "项目"), ("money", "资金"),
    ("body", "责任单位"), ("person", "责任人"), ("ends_on", "完成时限"),
)  # fmt: skip
FIELDS = (*(name for name, _ in SEVEN), "quantity", "unit", "figure")
LEVELS = {"county": PlanKind.COUNTY, "town": PlanKind.TOWN, "village": PlanKind.VILLAGE}
MOST_ITEMS = 500


def missing(item: PlanItem) -> list[str]:
    """Which of the seven things an item has not; money of nothing is said as 0."""
    return [label for name, label in SEVEN if getattr(item, name) in (None, "")]


def _has_items(plan: Plan) -> str | None:
    return None if plan.items.exists() else "方案还没有内容，请先添加或导入。"


def _has_seven(plan: Plan) -> str | None:
    for item in plan.items.all():
        if lacks := missing(item):
            return f"第 {item.place} 项缺{'、'.join(lacks)}。"
    return None


CHECKS: Mapping[str, Check] = {"has_items": _has_items, "has_seven": _has_seven}


def make_plan(actor: Actor, *, division: Division, list_kind: str, period: str) -> Plan:
    """A plan of one place; its kind follows from the level of the place."""
    require(actor, "workplans.plan", division.path)
    if division.level not in LEVELS:
        raise DomainError("方案按县、乡镇、村编制，请选其中一级。", code="division")
    if list_kind not in PlanList.values or not period.strip():
        raise DomainError("请选清单种类，并写明年度或期间。", code="period")
    kind = LEVELS[division.level]
    label = PlanKind(kind).label
    try:
        with transaction.atomic():
            made = Plan.objects.create(
                title=f"{division.name}{label}（{PlanList(list_kind).label}，{period.strip()}）"[
                    :200
                ],
                kind=kind, list_kind=list_kind, division=division, period=period.strip()[:40],
                made_at=clock.now(), made_by_label=actor.label[:120],
            )  # fmt: skip
            _audit(actor, made, "made", f"编制{made.title}")
    except IntegrityError as clash:
        raise Conflict("这一期的这份清单已经有了，请打开原来那份。") from clash
    return made


def _write(plan: Plan, version: int) -> None:
    if plan.state not in ("draft", "returned"):
        raise Conflict(f"方案{plan.state_label}，不能修改；已备案的先按“修订”。")
    found = Plan.objects.filter(pk=plan.pk, version=version, state=plan.state)
    if not found.update(version=version + 1):
        raise Conflict("方案刚被别人改过，请刷新页面核对后再改。")
    plan.version = version + 1


def save_items(
    actor: Actor,
    plan: Plan,
    rows: Sequence[Mapping[str, Any]],
    *,
    version: int,
    replace: bool = False,
) -> list[PlanItem]:
    """Add items, or with `replace` put them in place of all that are there; all or none."""
    require(actor, "workplans.plan", plan.division.path)
    with transaction.atomic():
        _write(plan, version)
        if replace:
            plan.items.all().delete()
        last = plan.items.aggregate(last=Max("place"))["last"] or 0
        if last + len(rows) > MOST_ITEMS:
            raise DomainError(f"一份方案最多 {MOST_ITEMS} 项，请分期或合并。", code="rows")
        made = [
            PlanItem(plan=plan, place=last + at, **_sound(row)) for at, row in enumerate(rows, 1)
        ]
        PlanItem.objects.bulk_create(made)
        _audit(actor, plan, "items", f"写入 {len(made)} 项：{plan.title}")
    return made


def save_item(actor: Actor, item: PlanItem, *, version: int, **values: Any) -> PlanItem:
    """Change one item; `version` is the plan's."""
    plan = item.plan
    require(actor, "workplans.plan", plan.division.path)
    with transaction.atomic():
        _write(plan, version)
        for name, value in _sound(values).items():
            setattr(item, name, value)
        item.save()
        _audit(actor, plan, "item", f"修改第 {item.place} 项：{plan.title}")
    return item


def drop_item(actor: Actor, item: PlanItem, *, version: int) -> None:
    plan = item.plan
    require(actor, "workplans.plan", plan.division.path)
    with transaction.atomic():
        _write(plan, version)
        place = item.place
        item.delete()
        for at, other in enumerate(plan.items.all(), 1):
            PlanItem.objects.filter(pk=other.pk).update(place=at)
        _audit(actor, plan, "dropped", f"删去第 {place} 项：{plan.title}")


def _sound(row: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: row[name] for name in FIELDS if name in row}
    for name in ("quantity", "money"):
        if isinstance(values.get(name), Decimal) and values[name] < 0:
            raise DomainError("目标值和资金不能是负数。", code=name)
    if values.get("figure") and values["figure"] not in all_figures():
        raise DomainError("没有这个自动数，请从列表中选择。", code="figure")
    return values


def advance_plan(
    actor: Actor, plan: Plan, action: str, *, version: int, number: str = "", reason: str = ""
) -> Plan:
    """Take a step of the plan's table; filing gives it a number, and not by who reported it."""
    given = {"reason": reason.strip()}
    row = plan_table().take(actor, plan, plan.state, action, plan.division.path, CHECKS, given)
    values: dict[str, Any] = {"state": row.to, "version": version + 1, "note": reason.strip()[:300]}
    if action == "submit":
        values |= {
            "submitted_by_id": actor.account_id, "submitted_by_label": actor.label[:120],
        }  # fmt: skip
    if action == "file":
        if actor.account_id is not None and actor.account_id == plan.submitted_by_id:
            raise NotAllowed("不能备案自己报送的方案，请由另一人审查备案。")
        if not number.strip():
            raise DomainError("请填写备案号。", code="number")
        values |= {
            "number": number.strip()[:60], "filed_on": clock.today(),
            "filed_by_label": actor.label[:120],
        }  # fmt: skip
    if action == "revise":
        values |= {"number": "", "filed_on": None, "filed_by_label": ""}
    with transaction.atomic():
        found = Plan.objects.filter(pk=plan.pk, version=version, state=plan.state)
        if not found.update(**values):
            raise Conflict("这份方案刚被别人办理过，请刷新页面核对。")
        _audit(actor, plan, action, f"{row.label}：{plan.title}")
    plan.refresh_from_db()
    return plan


def _audit(actor: Actor, plan: Plan, action: str, summary: str) -> None:
    audit(
        actor,
        f"workplans.plan.{action}",
        target_type="workplans.plan",
        target_id=str(plan.pk),
        division_path=plan.division.path,
        summary=summary[:200],
    )
