"""问题的页面: the ledger, what waits for me, one problem with its timeline."""

from typing import Any

from django.contrib import messages
from django.db.models import Field
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.audit.queries import history
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty, Event
from shouwang.core.errors import NotAllowed
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.workplans.forms import names

from .. import operations, queries
from ..filters import ProblemFilter
from ..forms import ProblemForm, WorkForm, problem_initial
from ..models import Problem
from ..operations.problems import may_edit, missing_of_plan
from ..operations.reach import reaches
from ..operations.steps import offers_for, signatures
from ..states import SEVERITY_TONES, problem_table
from ..tables import ProblemTable
from .frame import problem_tabs, version_of

PURPOSE = "考核、督查、审计、信访等反馈的问题：谁牵头、什么时候改完、改到哪一步，销号后还要回头看。"


def problem_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "inspections.view")
    actions = []
    if actor.can("inspections.manage"):
        actions.append(
            Action("登记反馈批次", reverse("inspections:batch-new"), "plus", is_main=True)
        )
    if actor.can("inspections.export"):
        actions.append(Action("整改报告", reverse("inspections:report-word"), "file-text"))
    return _list(request, actor, queries.problems_visible_to(actor), "problems", actions)


def mine(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "inspections.view")
    return _list(request, actor, queries.waiting_for(actor), "mine", [])


def _list(
    request: HttpRequest, actor: Actor, found: Any, tab: str, actions: list[Action]
) -> HttpResponseBase:
    mine_words = "下一步该由您办的问题；办完的不再出现。"
    empty = Empty("没有符合条件的问题", "换一组条件；新问题来自登记的反馈批次和督查发现。")
    if tab == "mine":
        empty = Empty("没有等您办的问题", "轮到您办理时会出现在这里。")
    return list_page(
        request,
        queryset=found.select_related("batch").prefetch_related("units"),
        table=ProblemTable,
        filterset=ProblemFilter,
        title="我的问题" if tab == "mine" else "问题整改",
        purpose=mine_words if tab == "mine" else PURPOSE,
        template="inspections/list.html",
        actions=actions,
        empty=empty,
        export_right="inspections.export",
        extra={"tabs": problem_tabs(actor, tab)},
        source="问题整改台账",
    )


def problem(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    return _page(request, actor, queries.problem_visible_to(actor, pk))


def _page(
    request: HttpRequest, actor: Actor, found: Problem, form: WorkForm | None = None
) -> HttpResponse:
    today = clock.today()
    late = found.is_late(today)
    may_work = found.state == "rectifying" and reaches(actor, found, "inspections.rectify")
    units = list(found.units.all())
    report_due = found.next_report_on
    context = {
        "problem": found,
        "title": found.text[:40],
        "state_tone": "late" if late else problem_table().state(found.state).tone,
        "left": (found.due_on - today).days if found.due_on and found.is_open else None,
        "severity_tone": SEVERITY_TONES[found.severity],
        "offers": offers_for(actor, found),
        "may_edit": may_edit(actor, found),
        "lacking": missing_of_plan(found) if found.state in ("registered", "assigned") else [],
        "form": form or _work_form(found) if may_work else None,
        "report_due": report_due,
        "report_late": report_due is not None and report_due < today,
        "facts": _facts(found),
        "plan": _plan(found),
        "lead": [unit for unit in units if unit.duty == "lead"],
        "responsible": [unit for unit in units if unit.duty == "responsible"],
        "places": list(found.places.select_related("parent")),
        "homes": list(found.households.visible_to(actor)[:100])
        if actor.can("registry.view")
        else [],
        "home_count": found.households.count(),
        "events": _events(found),
        "signatures": signatures(found),
        "history": history("inspections.problem", found.pk, labels=_labels(), limit=30)
        if actor.can_at("inspections.manage", found.division.path)
        else None,
    }
    return render(request, "inspections/problem.html", context)


def _labels() -> dict[str, str]:
    fields = Problem._meta.get_fields()
    named = {one.name: str(one.verbose_name) for one in fields if isinstance(one, Field)}
    return {**named, "units": "单位", "places": "涉及镇村", "households": "涉及农户"}


def _work_form(found: Problem) -> WorkForm:
    return WorkForm(initial={"version": found.version, "done_on": clock.today()})


def _facts(found: Problem) -> list[tuple[str, str]]:
    return [
        ("批次", found.batch.name),
        ("来源", found.batch.source_label),
        ("编号", found.number),
        ("反馈日期", f"{found.batch.received_on:%Y-%m-%d}"),
        ("种类", found.get_spread_display()),
        ("领域", found.area_label or "—"),
        ("整改时限", f"{found.due_on:%Y-%m-%d}" if found.due_on else "—"),
        ("公示", "需要" if found.is_public else "不需要"),
        ("销号日期", f"{found.signed_on:%Y-%m-%d}" if found.signed_on else "—"),
        ("反弹", f"{found.times} 次"),
    ]


def _plan(found: Problem) -> list[tuple[str, str]]:
    mode = found.get_mode_display()
    if found.rhythm:
        mode = f"{mode}，{found.get_rhythm_display()}报告"
    return [
        ("责任领导", found.leader),
        ("责任人", found.person),
        ("整改类型", mode),
        ("整改目标", found.goal),
        ("整改措施", found.measures),
        ("销号标准", found.standard),
    ]


def _events(found: Problem) -> list[Event]:
    late_steps = {row.action for row in problem_table().transitions if row.is_back}
    return [
        Event(
            entry.done_on, entry.label, entry.by_label, entry.note,
            "late" if entry.action in late_steps else "done" if entry.action == "sign" else "going",
        )
        for entry in reversed(list(found.entries.all()))
    ]  # fmt: skip


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.problem_visible_to(actor, pk)
    if not may_edit(actor, found):
        raise NotAllowed("整改方案由责任单位在审定前填写，审定后由县里修改。")
    is_county = actor.can_at("inspections.manage", found.division.path)
    form = ProblemForm(
        request.POST or None, division=found.division, is_county=is_county,
        initial=problem_initial(found),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        found = operations.edit_problem(actor, found, version=version, **form.plan())
        if is_county:
            operations.set_units(
                actor, found, lead=names(form.cleaned_data["lead"]),
                responsible=names(form.cleaned_data["responsible"]), version=found.version,
            )  # fmt: skip
        messages.success(request, "已保存。")
        return redirect("inspections:problem", pk=pk)
    context = {
        "title": f"问题 {found.number}：{'问题和方案' if is_county else '整改方案'}",
        "purpose": found.text,
        "form": form,
        "back_url": found.get_absolute_url(),
    }
    return render(request, "inspections/form.html", context)


@require_POST
def work(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.problem_visible_to(actor, pk)
    form = WorkForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, found, form)
    operations.record_work(actor, found, **form.cleaned_data)
    messages.success(request, "已登记整改情况，照片和材料在下面上传。")
    return redirect("inspections:problem", pk=pk)


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.problem_visible_to(actor, pk)
    operations.advance_problem(
        actor, found, request.POST.get("action", ""), version=version_of(request),
        words=request.POST.get("words", ""),
    )  # fmt: skip
    messages.success(request, f"现在是“{found.state_label}”。")
    return redirect("inspections:problem", pk=pk)
