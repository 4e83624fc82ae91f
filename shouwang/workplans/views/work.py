"""任务的页面: lists, one task, its refinement, decomposition, reports, the board, the dispatch."""

from collections import defaultdict
from datetime import date
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.audit.operations import record as audit
from shouwang.core import charts, clock
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty, Figure, Tab
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.documents.letters import DOCX_TYPE

from .. import dispatch as dispatch_sheet
from .. import operations, queries, reading
from ..filters import TaskFilter
from ..forms import ReportForm, SheetForm, SplitForm, TaskForm, names
from ..lights import lines_on
from ..models import Progress, Task
from ..models.work import plain
from ..operations.work import CHECKS, path_for
from ..sheets import read_tasks
from ..states import LIGHT_TONES, REPORT_TONES, Light, ReportState, task_table
from ..tables import TaskTable
from .papers import _places, _version

LAMP_COLOURS = ("#b42318", "#b7791f", "#1b7a3d")
"""红黄绿 as the pills have them, in the order of the series."""
PURPOSE = "从政策文件分解出来的任务：做多少、在哪里、谁负责、什么时候完成、做到哪一步。"


def _tabs(current: str) -> list[Tab]:
    pages = (
        ("tasks", "全部任务"), ("mine", "我的任务"), ("board", "单位看板"),
        ("calendar", "时限日历"), ("dispatch", "调度单"),
    )  # fmt: skip
    return [
        Tab(label, reverse(f"workplans:{name}"), is_current=name == current)
        for name, label in pages
    ]


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
    return _list(request, actor, queries.mine(actor), "我的任务", "mine", [])


def _list(
    request: HttpRequest, actor: Actor, tasks: Any, title: str, tab: str, actions: list[Action]
) -> HttpResponseBase:
    return list_page(
        request,
        queryset=tasks.prefetch_related("units"),
        table=TaskTable,
        filterset=TaskFilter,
        title=title,
        purpose=PURPOSE,
        template="workplans/tasks.html",
        actions=actions,
        empty=Empty("没有符合条件的任务", "换一组条件；新任务来自政策文件或导入的清单。"),
        export_right="workplans.export",
        extra={"tabs": _tabs(tab)},
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
    today = clock.today()
    lamp = Light(queries.light_of(found, today))
    parts = list(found.parts.prefetch_related("units"))
    may_report = (
        found.state in ("going", "finishing")
        and not parts
        and actor.can_at("workplans.report", path_for(actor, found, "workplans.report"))
    )
    places = {path, path_for(actor, found, "workplans.report")}
    offers = {
        offer.transition.action: offer
        for at in places
        for offer in task_table().offers(actor, found, found.state, at, CHECKS)
    }
    lines = lines_on(today)
    context = {
        "task": found,
        "title": found.title[:60],
        "state_tone": state.tone,
        "state_label": state.label,
        "lamp_tone": LIGHT_TONES[lamp.value],
        "lamp": lamp.label,
        "lamp_rule": f"完成比例除以时间进度，{lines.green} 以上绿灯，{lines.yellow} 以上黄灯，"
        f"其余和超期的红灯。依据：{lines.source}。",
        "facts": _facts(found),
        "lead": [unit for unit in found.units.all() if unit.duty == "lead"],
        "responsible": [unit for unit in found.units.all() if unit.duty == "responsible"],
        "sentence": reading.sentence(found.paper, found.piece)
        if found.paper is not None and found.piece is not None
        else None,
        "parts": parts,
        "reports": [
            (each, REPORT_TONES[each.state], ReportState(each.state).label)
            for each in found.reports.all()[:50]
        ],
        "chart": _chart(found),
        "offers": list(offers.values()),
        "may_manage": actor.can_at("workplans.manage", path)
        and found.state not in ("done", "cancelled"),
        "form": form or _report_form(found) if may_report else None,
    }
    return render(request, "workplans/task.html", context)


def _report_form(found: Task, data: Any = None) -> ReportForm:
    return ReportForm(data, has_amount=found.quantity is not None, unit=found.unit)


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


def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "workplans.manage")
    form = TaskForm(request.POST or None, initial={"begins_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        place = _places(actor).first()
        if place is None:
            raise DomainError("您的岗位没有可以建立任务的区划。", code="division")
        values = form.values()
        made = operations.make_task(
            actor, number=f"手工-{clock.now():%m%d%H%M%S}", division=place,
            lead=names(form.cleaned_data["lead"]),
            responsible=names(form.cleaned_data["responsible"]), **values,
        )  # fmt: skip
        messages.success(request, "已建立。")
        return redirect("workplans:task", pk=made.pk)
    context = {"title": "新建任务", "form": form, "back_url": reverse("workplans:tasks")}
    return render(request, "workplans/edit.html", context)


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.task_visible_to(actor, pk)
    require(actor, "workplans.manage", found.division.path)
    form = TaskForm(request.POST or None, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        found = operations.edit_task(actor, found, version=version, **form.values())
        operations.set_units(
            actor, found, lead=names(form.cleaned_data["lead"]),
            responsible=names(form.cleaned_data["responsible"]), version=found.version,
        )  # fmt: skip
        messages.success(request, "已保存。")
        return redirect("workplans:task", pk=pk)
    context = {
        "title": f"细化任务 {found.number}",
        "form": form,
        "back_url": reverse("workplans:task", args=[pk]),
    }
    return render(request, "workplans/edit.html", context)


def _initial(found: Task) -> dict[str, Any]:
    fields = (
        "version", "title", "target_name", "quantity", "unit", "place", "person", "begins_on",
        "ends_on", "rhythm", "evidence_needed", "list_kind",
    )  # fmt: skip
    units = {"lead": [], "responsible": []}  # type: dict[str, list[str]]
    for unit in found.units.all():
        units[unit.duty].append(unit.name)
    known = {name: getattr(found, name) for name in fields}
    if found.quantity is not None:
        known["quantity"] = found.quantity.normalize()
    return (
        known
        | {key: "、".join(value) for key, value in units.items()}
        | {"tags": "、".join(found.tags)}
    )


def split(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.task_visible_to(actor, pk)
    require(actor, "workplans.manage", found.division.path)
    form = SplitForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        made = operations.split_task(
            actor, found, form.cleaned_data["lines"], version=form.cleaned_data["version"]
        )
        messages.success(request, f"已分解为 {len(made)} 部分。")
        return redirect("workplans:task", pk=pk)
    context = {
        "title": f"分解任务 {found.number}",
        "task": found,
        "form": form,
        "back_url": reverse("workplans:task", args=[pk]),
    }
    return render(request, "workplans/split.html", context)


@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.task_visible_to(actor, pk)
    form = _report_form(found, request.POST)
    if not form.is_valid():
        return _page(request, actor, found, form)
    values = form.cleaned_data
    operations.report_progress(
        actor, found, as_of=values["as_of"], text=values["text"], value=values.get("value"),
        percent=values.get("percent"),
    )  # fmt: skip
    messages.success(request, "已报送，等待审看。")
    return redirect("workplans:task", pk=pk)


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    seen = queries.tasks_visible_to(actor).values("pk")
    found = get_object_or_404(
        Progress.objects.select_related("task__division"), pk=pk, task__in=seen
    )
    operations.check_report(
        actor, found, accept=request.POST.get("accept") == "1", note=request.POST.get("note", "")
    )
    messages.success(request, "已审看。")
    return redirect("workplans:task", pk=found.task_id)


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.task_visible_to(actor, pk)
    words = request.POST.get("words", "")
    operations.advance_task(
        actor, found, request.POST.get("action", ""), version=_version(request), reason=words,
        note=words,
    )  # fmt: skip
    messages.success(request, f"现在是“{found.state_label}”。")
    return redirect("workplans:task", pk=pk)


def unit_board(request: HttpRequest) -> HttpResponse:
    """How every leading unit stands; most red first."""
    actor = actor_of(request)
    require(actor, "workplans.view")
    rows = queries.board(actor)
    shown = rows[:20]
    chart = (
        charts.bars(
            title=f"{rows[0].name}红灯任务最多" if rows and rows[0].red else "各单位任务亮灯",
            unit="项",
            source="任务台账",
            categories=[row.name for row in shown],
            series={
                label: [row.lights[key] for row in shown]
                for key, label in (("red", "红灯"), ("yellow", "黄灯"), ("green", "绿灯"))
            },
            stacked=True,
            head="单位",
        )
        if rows
        else None
    )
    if chart is not None:
        chart.option["color"] = list(LAMP_COLOURS)
    context = {
        "title": "单位看板",
        "purpose": "各牵头单位的任务按亮灯统计，红灯多的在前；点单位看清单。",
        "tabs": _tabs("board"),
        "rows": rows,
        "chart": chart,
        "empty": Empty("还没有任务", "确认一份政策文件或导入清单后，这里按单位统计。"),
    }
    return render(request, "workplans/board.html", context)


def calendar(request: HttpRequest) -> HttpResponse:
    """What is due when: late ones first, then by month."""
    actor = actor_of(request)
    require(actor, "workplans.view")
    notices = queries.reminders(actor)
    months: dict[date, list[Task]] = defaultdict(list)
    due = queries.tasks_visible_to(actor).unfinished().filter(parts=None, ends_on__isnull=False)
    for found in due.prefetch_related("units").order_by("ends_on", "number")[:1000]:
        assert found.ends_on is not None
        months[found.ends_on.replace(day=1)].append(found)
    today = clock.today()
    context = {
        "title": "时限日历",
        "purpose": "按月列出要完成的任务；超期和临近的在最前面。",
        "tabs": _tabs("calendar"),
        "notices": notices,
        "months": [
            (
                f"{month.year}年{month.month}月",
                [(each, Light(queries.light_of(each, today))) for each in tasks],
            )
            for month, tasks in sorted(months.items())
        ],
        "tones": LIGHT_TONES,
        "empty": Empty("没有带时限的任务", "任务写了完成时限后，会出现在这里。"),
    }
    return render(request, "workplans/calendar.html", context)


def dispatch(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "workplans.view")
    sheet = dispatch_sheet.compile_sheet(actor)
    url = reverse("workplans:tasks")
    context = {
        "title": "调度单",
        "purpose": "每月调度会用：各单位进展、红灯和超期任务，可以下载 Word。",
        "tabs": _tabs("dispatch"),
        "sheet": sheet,
        "figures": [
            Figure("任务", sheet.total, "项", url),
            Figure("已办结", sheet.done, "项", f"{url}?state=done"),
            Figure("红灯", sheet.red, "项", f"{url}?light=red&level=leaf"),
            Figure("黄灯", sheet.yellow, "项", f"{url}?light=yellow&level=leaf"),
        ],
        "may_export": actor.can("workplans.export"),
    }
    return render(request, "workplans/dispatch.html", context)


def dispatch_word(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "workplans.export")
    sheet = dispatch_sheet.compile_sheet(actor)
    scope = actor.scopes_with("workplans.export")[0]
    place = scope.department or scope.label.split(" ")[0] or "全县"
    audit(
        actor,
        "workplans.dispatch.exported",
        target_type="workplans.dispatch",
        division_path=scope.division_path,
        summary=f"导出调度单：{sheet.total} 项",
    )
    response = HttpResponse(dispatch_sheet.write(sheet, place), content_type=DOCX_TYPE)
    name = quote(f"重点任务调度单-{sheet.on:%Y-%m}.docx")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def import_sheet(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "workplans.manage")
    form = SheetForm(request.POST or None, request.FILES or None)
    taken = None
    if request.method == "POST" and form.is_valid():
        place = _places(actor).first()
        if place is None:
            raise DomainError("您的岗位没有可以建立任务的区划。", code="division")
        taken = read_tasks(actor, form.cleaned_data["sheet"].read(), place)
    context = {
        "title": "导入任务清单",
        "form": form,
        "taken": taken,
        "back_url": reverse("workplans:tasks"),
    }
    return render(request, "workplans/import.html", context)
