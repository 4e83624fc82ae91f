"""专项行动、示范经验、重点项目、会议决定的页面."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core.actor import require
from shouwang.core.components import Action, Empty
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.meetings.queries import meeting_visible_to

from .. import operations, queries
from ..filters import ExampleFilter
from ..forms_library import DecisionsForm, ExampleForm, InitiativeForm, ProjectForm, VisitForm
from ..models import Example, Initiative, KeyProject
from ..neighbours import goal_choices, goals_of, initiative_goals
from ..tables import ExampleTable, ProjectTable
from .papers import _places as managed_places
from .plans import _places as planned_places
from .tabs import tabs


def _form(request: HttpRequest, title: str, purpose: str, form: Any, back: str) -> HttpResponse:
    context = {
        "title": title, "purpose": purpose, "form": form, "submit": "登记", "back_url": back,
    }  # fmt: skip
    return render(request, "workplans/form.html", context)


def initiatives(request: HttpRequest) -> HttpResponse:
    """Every initiative of the dictionary with its tasks, by framework."""
    actor = actor_of(request)
    require(actor, "workplans.view")
    rows = {row.name: row for row in queries.initiatives(actor)}
    goals = initiative_goals(actor)
    groups: dict[str, list[tuple[Initiative, Any, Any]]] = defaultdict(list)
    for one in Initiative.objects.select_related("paper"):
        row = (one, rows.pop(one.name, None), goals.get(one.name))
        groups[one.framework or "其他"].append(row)
    add = Action("登记专项行动", reverse("workplans:initiative-new"), "plus", is_main=True)
    may = actor.can("workplans.manage")
    context = {
        "title": "专项行动",
        "purpose": "千万工程、六大行动等名称登记在这里，任务和指标带上它，就能看到每个行动的进展。",
        "tabs": tabs("initiatives"),
        "groups": dict(groups),
        "others": list(rows.values()),
        "actions": [add] if may else [],
        "empty": Empty("还没有专项行动", "登记名称后，在任务里选用。", add if may else None),
    }
    return render(request, "workplans/initiatives.html", context)


def new_initiative(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "workplans.manage")
    papers = queries.papers_visible_to(actor).filter(state="confirmed")
    form = InitiativeForm(request.POST or None, papers=papers)
    back = reverse("workplans:initiatives")
    if request.method == "POST" and form.is_valid():
        operations.add_initiative(actor, **form.cleaned_data)
        messages.success(request, "已登记。")
        return redirect(back)
    return _form(request, "登记专项行动", "名称登记一次，任务里填同样的名称。", form, back)


def examples(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "workplans.view")
    add = Action("登记", reverse("workplans:example-new"), "plus", is_main=True)
    may = actor.can("workplans.plan")
    return list_page(
        request,
        queryset=Example.objects.visible_to(actor).select_related("division"),
        table=ExampleTable,
        filterset=ExampleFilter,
        title="示范经验",
        purpose="各领域的示范点和可以推广的做法，附照片和材料。",
        actions=[add] if may else [],
        empty=Empty("还没有示范点和经验", "登记后供各地学习。", add if may else None),
        export_right="workplans.export",
    )


def new_example(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "workplans.plan")
    form = ExampleForm(request.POST or None, divisions=planned_places(actor))
    if request.method == "POST" and form.is_valid():
        made = operations.add_example(actor, **form.cleaned_data)
        messages.success(request, "已登记，可以添加照片和材料。")
        return redirect("workplans:example", pk=made.pk)
    back = reverse("workplans:examples")
    return _form(request, "登记示范经验", "写清怎么做的、有什么成效、哪里可以照着做。", form, back)


def example(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "workplans.view")
    seen = Example.objects.visible_to(actor).select_related("division")
    found = get_object_or_404(seen, pk=pk)
    facts = [
        ("种类", found.get_kind_display()), ("领域", found.get_field_display()),
        ("区划", found.division.name), ("牵头单位", found.body),
        ("开始日期", f"{found.begun_on:%Y-%m-%d}" if found.begun_on else ""),
        ("登记", f"{found.made_by_label}，{found.made_at:%Y-%m-%d}"),
    ]  # fmt: skip
    has_files = actor.covers(found.division.path)
    context = {"title": found.title, "example": found, "facts": facts, "has_files": has_files}
    return render(request, "workplans/example.html", context)


def projects(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "workplans.view")
    add = Action("登记项目", reverse("workplans:project-new"), "plus", is_main=True)
    may = actor.can("workplans.manage")
    return list_page(
        request,
        queryset=KeyProject.objects.visible_to(actor).select_related("division"),
        table=ProjectTable,
        title="重点项目",
        purpose="不用衔接资金的重点项目：谁牵头、到什么进度、最近哪天去看过。",
        actions=[add] if may else [],
        empty=Empty("还没有重点项目", "登记后记录专题调度和现场观摩。", add if may else None),
        export_right="workplans.export",
    )


def new_project(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "workplans.manage")
    form = ProjectForm(request.POST or None, divisions=managed_places(actor))
    if request.method == "POST" and form.is_valid():
        made = operations.add_project(actor, **form.cleaned_data)
        messages.success(request, "已登记。")
        return redirect("workplans:project", pk=made.pk)
    back = reverse("workplans:projects")
    return _form(request, "登记重点项目", "衔接资金的项目不在这里登记。", form, back)


def project(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "workplans.view")
    seen = KeyProject.objects.visible_to(actor).select_related("division")
    found = get_object_or_404(seen, pk=pk)
    may_visit = actor.can_at("workplans.plan", found.division.path)
    form = VisitForm(request.POST or None)
    if request.method == "POST":
        require(actor, "workplans.plan", found.division.path)
        if form.is_valid():
            operations.visit_project(actor, found, **form.cleaned_data)
            messages.success(request, "已登记。")
            return redirect("workplans:project", pk=pk)
    facts = [
        ("区划", found.division.name), ("牵头单位", found.body), ("责任人", found.person),
        ("总投资（万元）", f"{found.investment:,.2f}" if found.investment is not None else ""),
        ("开工日期", f"{found.begins_on:%Y-%m-%d}" if found.begins_on else ""),
        ("完工日期", f"{found.ends_on:%Y-%m-%d}" if found.ends_on else ""),
        ("登记", f"{found.made_by_label}，{found.made_at:%Y-%m-%d}"),
    ]  # fmt: skip
    context = {
        "title": found.name, "project": found, "facts": facts, "visits": found.visits.all(),
        "form": form if may_visit else None, "goals": goals_of(actor, found.goal_codes),
        "goal_choices": goal_choices(actor)
        if actor.can_at("workplans.manage", found.division.path) else [],
    }  # fmt: skip
    return render(request, "workplans/project.html", context)


@require_POST
def goals(request: HttpRequest, pk: int) -> HttpResponse:
    """Which indicators a key project serves."""
    actor = actor_of(request)
    require(actor, "workplans.view")
    seen = KeyProject.objects.visible_to(actor).select_related("division")
    found = get_object_or_404(seen, pk=pk)
    operations.link_project(actor, found, request.POST.getlist("goal")[:20])
    messages.success(request, "已保存。")
    return redirect("workplans:project", pk=pk)


def decisions(request: HttpRequest, pk: int) -> HttpResponse:
    """Decisions of a meeting become tasks."""
    actor = actor_of(request)
    meeting = meeting_visible_to(actor, pk)
    require(actor, "workplans.manage", meeting.division.path)
    form = DecisionsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = operations.tasks_of_meeting(actor, meeting, form.cleaned_data["lines"])
        messages.success(request, f"已生成 {len(made)} 项任务。")
        return redirect("workplans:decisions", pk=pk)
    context = {
        "title": f"会议决定：{meeting.title}", "meeting": meeting, "form": form,
        "tasks": meeting.tasks.prefetch_related("units"), "back_url": meeting.get_absolute_url(),
    }  # fmt: skip
    return render(request, "workplans/decisions.html", context)
