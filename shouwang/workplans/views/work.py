"""任务的页面: the lists, what waits for me, and one task."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from shouwang.core import charts, clock
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty
from shouwang.core.figures import UnknownFigure, all_figures, get_figure
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page

from .. import queries, reading, waiting
from ..filters import TaskFilter
from ..forms import ReportForm
from ..lights import lines_on
from ..models import Task
from ..models.work import plain
from ..operations.paths import may_report as reports_on
from ..operations.paths import path_for
from ..operations.progress import may_check
from ..operations.proof import files_of, has_evidence
from ..operations.splitting import may_split
from ..operations.work import CHECKS
from ..states import (
    LIGHT_TONES,
    REPORT_TONES,
    REQUEST_TONES,
    Light,
    ReportState,
    RequestKind,
    RequestState,
    task_table,
)
from ..tables import TaskTable
from . import reminders
from .tabs import tabs

PURPOSE = "从政策文件分解出来的任务：做多少、在哪里、谁负责、什么时候完成、做到哪一步。"


def task_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "workplans.view")
    actions = []
    if actor.can("workplans.manage"):
        actions = [
            Action("新建任务", reverse("workplans:new"), "plus", is_main=True),
            Action("导入清单", reverse("workplans:import"), "file-import"),
        ]
    return _list(request, actor, queries.tasks_visible_to(actor), "任务清单", "tasks", actions)


def my_tasks(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "workplans.view")
    found = waiting.waiting_for(actor)
    has = any(one.reminder for one in found.notices)
    extra = {"waiting": found, "lines": lines_on(clock.today()), "has_reminders": has}
    return _list(
        request, actor, queries.mine(actor), "我的任务", "mine", [], template="mine", extra=extra
    )


def _list(
    request: HttpRequest,
    actor: Actor,
    tasks: Any,
    title: str,
    tab: str,
    actions: list[Action],
    *,
    template: str = "tasks",
    extra: dict[str, Any] | None = None,
) -> HttpResponseBase:
    return list_page(
        request,
        queryset=tasks.prefetch_related("units"),
        table=TaskTable,
        filterset=TaskFilter,
        title=title,
        purpose=PURPOSE,
        template=f"workplans/{template}.html",
        actions=actions,
        empty=Empty("没有符合条件的任务", "换一组条件；新任务来自政策文件或导入的清单。"),
        export_right="workplans.export",
        extra={"tabs": tabs(tab), **(extra or {})},
        source="任务台账",
    )


def task(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    return _page(request, actor, queries.task_visible_to(actor, pk))


def _page(
    request: HttpRequest, actor: Actor, found: Task, form: ReportForm | None = None
) -> HttpResponse:
    path = found.division.path
    state = task_table().state(found.state)
    own_path = path_for(actor, found, "workplans.report")
    is_open = found.state not in ("done", "cancelled")
    parts = list(found.parts.prefetch_related("units"))
    is_reporter = is_open and reports_on(actor, found)
    may_report = (
        is_reporter and found.state in ("going", "finishing") and not parts and not found.figure
    )
    offers = {
        offer.transition.action: offer
        for at in {path, own_path}
        for offer in task_table().offers(actor, found, found.state, at, CHECKS)
        if is_reporter or offer.transition.right != "workplans.report"
    }
    units = list(found.units.select_related("department", "division"))
    context = {
        "task": found,
        "title": found.title[:60],
        "state_tone": state.tone,
        "state_label": state.label,
        "facts": _facts(found),
        "lead": [unit for unit in units if unit.duty == "lead"],
        "responsible": [unit for unit in units if unit.duty == "responsible"],
        "parts": parts,
        "chart": _chart(found),
        "offers": list(offers.values()),
        "may_manage": is_open and actor.can_at("workplans.manage", path),
        "may_split": is_open and may_split(actor, found),
        "may_check": may_check(actor, found),
        "may_ask": is_reporter,
        "has_files": actor.covers(path_for(actor, found, "workplans.view")),
        "form": form or _report_form(found) if may_report else None,
        **_lamp(found),
        **_told(actor, found),
        **_records(actor, found),
        **_counted(found),
    }
    return render(request, "workplans/task.html", context)


def _lamp(found: Task) -> dict[str, Any]:
    today = clock.today()
    lamp, lines = Light(queries.light_of(found, today)), lines_on(today)
    return {
        "lamp_tone": LIGHT_TONES[lamp.value],
        "lamp": lamp.label,
        "lamp_rule": f"完成比例除以时间进度，{lines.green} 以上绿灯，{lines.yellow} 以上黄灯，"
        f"其余和超期的红灯。依据：{lines.source}。",
    }


def _told(actor: Actor, found: Task) -> dict[str, Any]:
    """The notice above the page, the reminders that were sent, and whether he is to note one."""
    today = clock.today()
    notice = waiting.notice_of(found, today)
    key = notice.reminder if notice is not None else None
    is_mine = key is not None and waiting.due_tasks(actor, today).filter(pk=found.pk).exists()
    return {"notice": notice, **reminders.shown(actor, found, key if is_mine else None)}


def _records(actor: Actor, found: Task) -> dict[str, Any]:
    """Where the task is from, and what was reported and asked."""
    shown = list(found.reports.all()[:50])
    files = files_of(actor, shown)
    answerable = set(found.requests.waiting_for(actor).values_list("pk", flat=True))
    return {
        "sentence": reading.sentence(found.paper, found.piece)
        if found.paper is not None and found.piece is not None
        else None,
        "reports": [
            (each, REPORT_TONES[each.state], ReportState(each.state).label, files[each.pk])
            for each in shown
        ],
        "asked": [
            (
                each, RequestKind(each.kind).label, REQUEST_TONES[each.state],
                RequestState(each.state).label, each.pk in answerable,
            )
            for each in found.requests.all()[:50]
        ],
    }  # fmt: skip


def _counted(found: Task) -> dict[str, Any]:
    """How the system counts the task, and what it could be counted by."""
    figure = None
    if found.figure:
        try:
            figure = get_figure(found.figure)
        except UnknownFigure:
            figure = None
    choices = [one for one in all_figures().values() if not found.unit or one.unit == found.unit]
    return {"figure": figure, "figure_choices": choices if found.quantity is not None else []}


def _report_form(found: Task, data: Any = None, files: Any = None) -> ReportForm:
    needed = "" if has_evidence(found) else found.evidence_needed
    return ReportForm(
        data, files, has_amount=found.quantity is not None, unit=found.unit, evidence=needed
    )


def _facts(found: Task) -> list[tuple[str, str]]:
    done = "—"
    if found.share is not None:
        amount = f"{plain(found.done)} {found.unit}，" if found.done is not None else ""
        done = f"{amount}{found.share:.1%}"
    return [
        ("编号", found.number),
        ("章节", found.chapter or "—"),
        ("目标", f"{found.target_name} {found.amount_words}".strip() or "—"),
        ("完成", done),
        ("地点", found.place or "—"),
        ("责任人", found.person or "—"),
        ("责任领导", found.leader or "—"),
        ("开始日期", f"{found.begins_on:%Y-%m-%d}" if found.begins_on else "—"),
        ("完成时限", f"{found.ends_on:%Y-%m-%d}" if found.ends_on else "—"),
        ("频次", found.get_rhythm_display() if found.rhythm else "—"),
        ("需要的佐证", found.evidence_needed or "—"),
        ("专项行动", "、".join(found.tags) or "—"),
    ]


def _chart(found: Task) -> charts.Chart | None:
    reports = list(found.reports.counted().order_by("as_of", "pk"))
    if len(reports) < 2:
        return None
    return charts.lines(
        title="完成比例",
        unit="%",
        source="各期报送",
        categories=[f"{one.as_of:%Y-%m-%d}" for one in reports],
        series={"完成比例": [float(round(one.share * 100, 1)) for one in reports]},
    )
