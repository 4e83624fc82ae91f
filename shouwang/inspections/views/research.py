"""领导调研的页面: who went how often this quarter, the log, the list of leaders."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core import clock
from shouwang.core.actor import require
from shouwang.core.components import Empty
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of

from .. import operations, queries
from ..forms import LeaderForm, ResearchForm
from ..models import LeaderDuty, ResearchVisit
from ..terms import terms


def overview(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    period, rows = queries.leaders(actor)
    entry = terms().entry("research", clock.today())
    visits = ResearchVisit.objects.visible_to(actor).select_related("leader", "place__parent")
    context = {
        "title": "领导调研",
        "purpose": "县级领导和部门负责人到镇村调研的次数，本期没有去的在前。",
        "period": period,
        "rule": entry["source"] if entry else "",
        "rows": rows,
        "missing": sum(row.missing > 0 for row in rows),
        "visits": list(visits[:100]),
        "may_record": actor.can("inspections.research"),
        "may_manage": actor.can("inspections.manage"),
        "today": clock.today(),
        "empty": Empty("还没有应调研的领导名单", "先把县级领导和部门负责人列入名单。"),
    }
    return render(request, "inspections/research.html", context)


def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "inspections.research")
    form = ResearchForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        operations.record_research(actor, **form.cleaned_data)
        messages.success(request, "已登记。")
        return redirect("inspections:research")
    context = {
        "title": "登记调研", "purpose": "哪位领导、哪天、到哪里、发现什么。", "form": form,
        "back_url": reverse("inspections:research"),
    }  # fmt: skip
    return render(request, "inspections/form.html", context)


def leader(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "inspections.manage")
    form = LeaderForm(request.POST or None, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        place = queries.own_place(actor, "inspections.manage")
        if place is None:
            raise DomainError("您的岗位没有对应的县或市。", code="division")
        operations.name_leader(actor, division=place, **form.cleaned_data)
        messages.success(request, "已列入名单。")
        return redirect("inspections:research")
    context = {
        "title": "列入应调研领导", "purpose": "县级领导和部门负责人，离任时写截止日期。",
        "form": form, "back_url": reverse("inspections:research"),
    }  # fmt: skip
    return render(request, "inspections/form.html", context)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "inspections.manage")
    found = get_object_or_404(LeaderDuty.objects.visible_to(actor), pk=pk)
    operations.end_duty(actor, found, clock.today())
    messages.success(request, "已从明天起移出名单。")
    return redirect("inspections:research")
