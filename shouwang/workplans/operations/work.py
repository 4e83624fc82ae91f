"""任务的办理: made from confirmed pieces or by hand, split with checked sums."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.core.lifecycle import Check
from shouwang.divisions.models import Division

from ..models import Paper, Piece, Task, TaskUnit
from ..states import Duty, task_table
from ..units import Match, Units
from .paths import may_report, path_for
from .proof import lacks_evidence

EDITABLE = (
    "title", "target_name", "quantity", "unit", "place", "person", "leader", "begins_on",
    "ends_on", "rhythm", "evidence_needed", "tags", "list_kind",
)  # fmt: skip


def tasks_of_pieces(actor: Actor, paper: Paper, pieces: Iterable[Piece]) -> list[Task]:
    """One task a piece; a piece with several amounts has a part for each of them."""
    units = Units(county_of(paper.division))
    made = []
    for number, piece in enumerate(pieces, 1):
        targets = [one for one in piece.targets if one["value"] is not None]
        whole = _from_piece(
            actor, paper, piece, f"{paper.pk}-{number}", targets if len(targets) == 1 else []
        )
        give_units(whole, units, piece.lead_units, piece.responsible_units)
        made.append(whole)
        if len(targets) > 1:
            for at, target in enumerate(targets, 1):
                part = _from_piece(actor, paper, piece, f"{whole.number}.{at}", [target], whole)
                part.title = f"{target['name'] or target['raw']}"[:500]
                part.is_measure = True
                part.save(update_fields=["title", "is_measure"])
                give_units(part, units, piece.lead_units, piece.responsible_units)
    return made


def county_of(division: Division) -> Division:
    """The county of a place, or the place itself above counties."""
    at = division
    while at.level in ("town", "village", "group") and at.parent is not None:
        at = at.parent
    return at


def _from_piece(
    actor: Actor,
    paper: Paper,
    piece: Piece,
    number: str,
    targets: Sequence[Mapping[str, Any]],
    parent: Task | None = None,
) -> Task:
    target = targets[0] if targets else None
    return Task.objects.create(
        number=number,
        title=piece.text[:500],
        paper=paper,
        piece=piece,
        plan_period=paper.plan_period,
        parent=parent,
        chapter=" › ".join(piece.path)[:300],
        division=paper.division,
        target_name=(target["name"] or "")[:120] if target else "",
        comparator=target["comparator"] if target else "",
        quantity=_amount(target["value"]) if target else None,
        unit=target["unit"][:20] if target else "",
        begins_on=clock.today(),
        ends_on=piece.deadline,
        rhythm=piece.rhythm,
        made_at=clock.now(),
        made_by_label=actor.label[:120],
    )


def _amount(text: str) -> Decimal | None:
    """The value where it fits the column: sixteen digits before the point."""
    value = Decimal(text)
    return value.quantize(Decimal("0.0001")) if abs(value) < Decimal(10) ** 15 else None


def give_units(task: Task, units: Units, lead: Sequence[str], responsible: Sequence[str]) -> None:
    rows = [(Duty.LEAD, match) for match in units.match_all(lead)]
    rows += [(Duty.RESPONSIBLE, match) for match in units.match_all(responsible)]
    TaskUnit.objects.bulk_create([_unit(task, duty, match) for duty, match in rows])


def add_units(task: Task, matches: Sequence[Match]) -> None:
    """Leading units of a part, matched already."""
    TaskUnit.objects.bulk_create([_unit(task, Duty.LEAD, match) for match in matches])


def _unit(task: Task, duty: str, match: Match) -> TaskUnit:
    return TaskUnit(
        task=task, duty=duty, name=match.name[:80], department=match.department,
        division=match.division,
    )  # fmt: skip


def make_task(
    actor: Actor,
    *,
    number: str,
    title: str,
    division: Division,
    lead: Sequence[str] = (),
    responsible: Sequence[str] = (),
    chapter: str = "",
    **values: Any,
) -> Task:
    """A task that no paper of the system asks for: typed, or from a spreadsheet."""
    require(actor, "workplans.manage", division.path)
    _sound({"title": title, **values})
    with transaction.atomic():
        made = Task.objects.create(
            number=number[:40], title=title.strip()[:500], division=division, chapter=chapter[:300],
            made_at=clock.now(), made_by_label=actor.label[:120],
            **{"begins_on": clock.today(), **values},
        )  # fmt: skip
        give_units(made, Units(county_of(division)), lead, responsible)
        audit_task(actor, made, "made", f"建立任务 {made.number}")
    return made


def _sound(values: Mapping[str, Any]) -> None:
    if "title" in values and not str(values["title"]).strip():
        raise DomainError("请填写任务内容。", code="title")
    quantity = values.get("quantity")
    if quantity is not None and quantity < 0:
        raise DomainError("数量不能是负数。", code="quantity")
    begins, ends = values.get("begins_on"), values.get("ends_on")
    if begins and ends and ends < begins:
        raise DomainError("完成时限早于开始日期，请核对。", code="ends_on")


def edit_task(actor: Actor, task: Task, *, version: int, **values: Any) -> Task:
    """Refine a task: quantity, place, person, limits."""
    require(actor, "workplans.manage", task.division.path)
    if unknown := set(values) - set(EDITABLE):
        raise DomainError(f"不能修改{'、'.join(sorted(unknown))}。", code="field")
    if task.state in ("done", "cancelled"):
        raise Conflict(f"任务{task.state_label}，不能修改。")
    begins, ends = values.get("begins_on", task.begins_on), values.get("ends_on", task.ends_on)
    _sound({**values, "begins_on": begins, "ends_on": ends})
    with transaction.atomic():
        changes = {
            key: [str(getattr(task, key)), str(value)]
            for key, value in values.items()
            if getattr(task, key) != value
        }
        write(task, version, **values)
        audit_task(actor, task, "edited", f"细化任务 {task.number}", changes)
    task.refresh_from_db()
    return task


def set_units(
    actor: Actor, task: Task, *, lead: Sequence[str], responsible: Sequence[str], version: int
) -> Task:
    """Replace the units of a task by these names, matched to departments and towns."""
    require(actor, "workplans.manage", task.division.path)
    with transaction.atomic():
        write(task, version)
        task.units.all().delete()
        give_units(task, Units(county_of(task.division)), lead, responsible)
        audit_task(actor, task, "units", f"调整任务 {task.number} 的单位")
    task.refresh_from_db()
    return task


def _has_lead(task: Task) -> str | None:
    known = task.units.filter(duty=Duty.LEAD).exclude(department=None, division=None)
    return None if known.exists() else "还没有对应到部门或乡镇的牵头单位。"


def _has_limit(task: Task) -> str | None:
    return None if task.ends_on or task.rhythm else "还没有完成时限或频次。"


def _has_measure(task: Task) -> str | None:
    """细化到量、具体到点、落实到人; the parts carry it where there are parts."""
    if task.parts.exists():
        return None
    missing = [
        word
        for word, value in (
            ("目标数量", task.quantity is not None or task.evidence_needed),
            ("地点", task.place),
            ("责任人", task.person),
        )
        if not value
    ]
    return f"还没有写{'、'.join(missing)}（没有数量的写明需要的佐证）。" if missing else None


def _reached(task: Task) -> str | None:
    if task.share is None:
        return "还没有报送过进展。"
    return None if task.share >= 1 else f"完成比例 {task.share:.1%}，没有达到目标。"


def _no_open_parts(task: Task) -> str | None:
    left = task.parts.exclude(state__in=("done", "cancelled")).count()
    return f"还有 {left} 个部分没有办结。" if left else None


def _looked_at(task: Task) -> str | None:
    waiting = task.reports.filter(state="submitted").count()
    return f"还有 {waiting} 次报送没有审看。" if waiting else None


CHECKS: Mapping[str, Check] = {
    "has_lead": _has_lead,
    "has_limit": _has_limit,
    "has_measure": _has_measure,
    "reached": _reached,
    "no_open_parts": _no_open_parts,
    "looked_at": _looked_at,
    "has_evidence": lacks_evidence,
}


def advance_task(
    actor: Actor, task: Task, action: str, *, version: int, reason: str = "", note: str = ""
) -> Task:
    """Take a step of the task's table."""
    given = {"reason": reason.strip(), "note": note.strip()}
    right = next((row.right for row in task_table().transitions if row.action == action), "")
    path = path_for(actor, task, right) if right else task.division.path
    row = task_table().take(actor, task, task.state, action, path, CHECKS, given)
    if right == "workplans.report" and not may_report(actor, task):
        raise NotAllowed("这个任务不归您的单位，由它的单位申请办结。")
    with transaction.atomic():
        words = given["note"] or given["reason"]
        write(task, version, state=row.to, finish_note=words[:500])
        if action == "start":
            task.parts.filter(state="open").update(state="going")
        audit_task(
            actor, task, action, f"{row.label}：{task.number}", {"state": [task.state, row.to]}
        )
    task.refresh_from_db()
    return task


def write(task: Task, version: int, **values: Any) -> None:
    found = Task.objects.filter(pk=task.pk, version=version, state=task.state)
    if not found.update(**values, version=version + 1):
        raise Conflict("这个任务刚被别人改过，请刷新页面核对后再办理。")


def audit_task(
    actor: Actor, task: Task, action: str, summary: str, changes: dict[str, Any] | None = None
) -> None:
    audit(
        actor,
        f"workplans.task.{action}",
        target_type="workplans.task",
        target_id=str(task.pk),
        division_path=task.division.path,
        summary=summary,
        changes=changes,
    )
