"""进展的报送和审看: figures in the task's unit, added up into the task above."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal

from django.db import transaction
from django.db.models import Sum

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotAllowed

from ..models import Progress, Task
from ..states import ReportState
from .paths import may_report, path_for
from .proof import ReportFile, check_final, keep_files

PLACES = Decimal("0.0001")
MOST = Decimal("99999")


def report_progress(
    actor: Actor,
    task: Task,
    *,
    as_of: date,
    text: str,
    value: Decimal | None = None,
    percent: Decimal | None = None,
    files: Sequence[ReportFile] = (),
) -> Progress:
    """Report how far a task is: an amount where the task has one, else a percentage.

    A report of full completion needs the evidence that the task asks for, with it or before it.
    """
    path = path_for(actor, task, "workplans.report")
    require(actor, "workplans.report", path)
    report_right(actor, task)
    if task.state not in ("going", "finishing"):
        raise Conflict(f"任务{task.state_label}，不能报送进展。")
    if task.figure:
        raise DomainError("这个任务的完成数由系统计数，不用填报。", code="figure")
    if task.parts.exclude(state="cancelled").exclude(is_within=True).exists():
        raise DomainError("任务已经分解，请由各部分报送，这里自动汇总。", code="parts")
    if as_of > clock.today():
        raise DomainError("截至日期在今天以后，请核对。", code="as_of")
    if not text.strip():
        raise DomainError("请写明进展情况。", code="text")
    share = report_share(task, value, percent)
    check_final(task, share >= 1, files)
    with transaction.atomic():
        made = Progress.objects.create(
            task=task, as_of=as_of, value=value, share=share, text=text.strip()[:1000],
            reported_at=clock.now(), reported_by_label=actor.label[:120],
        )  # fmt: skip
        keep_files(actor, made, files)
        settle(task)
        audit(
            actor,
            "workplans.progress.reported",
            target_type="workplans.task",
            target_id=str(task.pk),
            division_path=task.division.path,
            summary=f"报送进展：{task.number} {share:.1%}",
        )
    return made


def report_right(actor: Actor, task: Task) -> None:
    """A department's officer reports and asks for the own department only."""
    if not may_report(actor, task):
        raise NotAllowed("这个任务不归您的部门，不能报送。")


def report_share(task: Task, value: Decimal | None, percent: Decimal | None) -> Decimal:
    """How much of a task an amount or a percentage is."""
    if task.quantity is not None:
        if value is None or value < 0:
            raise DomainError(f"请填写完成数（{task.unit or '数量'}），不能是负数。", code="value")
        if task.quantity == 0 or task.comparator in ("le", "lt"):
            return Decimal(1) if value <= task.quantity else Decimal(0)
        return min((value / task.quantity).quantize(PLACES, ROUND_DOWN), MOST)
    if percent is None or not 0 <= percent <= 100:
        raise DomainError("请填写完成比例（0 到 100）。", code="percent")
    return (percent / 100).quantize(PLACES, ROUND_DOWN)


def check_report(actor: Actor, report: Progress, *, accept: bool, note: str = "") -> Progress:
    """Take or return a report; a returned one is not counted."""
    task = report.task
    if not may_check(actor, task):
        raise NotAllowed("进展由上一级审看：县里，或上级任务的牵头单位。")
    if not accept and not note.strip():
        raise DomainError("退回时请写明哪里不对、要补什么。", code="note")
    state = ReportState.ACCEPTED if accept else ReportState.RETURNED
    with transaction.atomic():
        found = Progress.objects.filter(pk=report.pk, state=ReportState.SUBMITTED)
        changed = found.update(
            state=state, check_note=note.strip()[:300], checked_at=clock.now(),
            checked_by_label=actor.label[:120],
        )  # fmt: skip
        if not changed:
            report.refresh_from_db()
            raise Conflict(
                f"这次报送已由{report.checked_by_label}审看（{report.get_state_display()}）。"
            )
        settle(task)
        audit(
            actor,
            f"workplans.progress.{state}",
            target_type="workplans.task",
            target_id=str(task.pk),
            division_path=task.division.path,
            summary=f"审看进展：{task.number} {state.label}",
        )
    report.refresh_from_db()
    return report


def accept_reports(actor: Actor, reports: Iterable[Progress]) -> tuple[int, list[str]]:
    """Take each of several reports by itself: how many were taken, and why the others were not."""
    taken, refused = 0, []
    for report in reports:
        try:
            check_report(actor, report, accept=True)
        except DomainError as refusal:
            refused.append(f"{report.task.number}：{refusal.message}")
        else:
            taken += 1
    return taken, refused


def may_check(actor: Actor, task: Task) -> bool:
    """The county, and who leads the task above: its department or town; never the unit itself."""
    if actor.can_at("workplans.manage", task.division.path):
        return True
    if task.parent is None:
        return False
    leads = task.parent.units.filter(duty="lead").select_related("department", "division")
    own = {unit.department_id or -(unit.division_id or 0) for unit in task.units.all()}
    for lead in leads:
        if (lead.department_id or -(lead.division_id or 0)) in own:
            continue
        for scope in actor.scopes_with("workplans.check"):
            if scope.department is not None:
                same = lead.department is not None and lead.department.name == scope.department
                if same and scope.covers(task.division.path):
                    return True
            elif lead.division is not None and scope.division_path == lead.division.path:
                return True
    return False


def settle(task: Task) -> None:
    """Bring a task's figures up to its newest report, or to the sum of its parts, then upwards."""
    parts = task.parts.exclude(state="cancelled").exclude(is_within=True)
    if task.figure:
        pass  # counted by the system, operations/counting.py
    elif parts.exists():
        task.done = parts.aggregate(total=Sum("done"))["total"]
        if task.quantity:
            task.share = min((task.done or Decimal(0)) / task.quantity, MOST).quantize(PLACES)
        else:
            shares = [share or Decimal(0) for share in parts.values_list("share", flat=True)]
            task.share = (sum(shares, Decimal(0)) / len(shares)).quantize(PLACES)
        dates = [day for day in parts.values_list("reported_on", flat=True) if day]
        task.reported_on = max(dates, default=None)
    else:
        newest = task.reports.counted().order_by("-as_of", "-pk").first()
        task.done = newest.value if newest else None
        task.share = newest.share if newest else None
        task.reported_on = newest.as_of if newest else None
    task.save(update_fields=["done", "share", "reported_on"])
    if task.parent is not None:
        settle(task.parent)
