"""规划期的页面: what belongs to a period and how its tasks stand."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.requests import actor_of

from .. import operations, overview, queries
from ..forms_library import PlacedForm
from ..models import Paper, PlanPeriod
from ..neighbours import period_members
from .papers import _places


class PeriodForm(PlacedForm):
    """登记规划期."""

    name = forms.CharField(label="名称", max_length=120, help_text="例如：“十四五”有效衔接规划。")
    first_year = forms.IntegerField(label="起始年", min_value=2000, max_value=2100)
    last_year = forms.IntegerField(label="结束年", min_value=2000, max_value=2100)


def _found(actor: Actor, pk: int) -> PlanPeriod:
    require(actor, "workplans.view")
    seen = PlanPeriod.objects.visible_to(actor).select_related("division")
    found: PlanPeriod = get_object_or_404(seen, pk=pk)
    return found


def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "workplans.manage")
    form = PeriodForm(request.POST or None, divisions=_places(actor))
    if request.method == "POST" and form.is_valid():
        made = operations.add_period(actor, **form.cleaned_data)
        messages.success(request, "已登记，请选归入的文件。")
        return redirect(made)
    context = {
        "title": "登记规划期", "purpose": "文件、任务和指标归入规划期，在任务总览里按期查看。",
        "form": form, "submit": "登记", "back_url": reverse("workplans:overview"),
    }  # fmt: skip
    return render(request, "workplans/form.html", context)


def period(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = _found(actor, pk)
    papers = queries.papers_visible_to(actor)
    may_edit = actor.can_at("workplans.manage", found.division.path)
    context: dict[str, Any] = {
        "title": str(found),
        "period": found,
        "row": overview.by_period(actor, clock.today(), [found])[0],
        "papers": papers.filter(plan_period=found),
        "others": _choosable(actor, found).filter(plan_period=None) if may_edit else [],
        "members": [
            (one.label, one.count(actor, found), one.unit, one.url(found))
            for one in period_members()
        ],
        "may_edit": may_edit,
    }
    return render(request, "workplans/period.html", context)


def _choosable(actor: Actor, found: PlanPeriod) -> Any:
    papers = queries.papers_visible_to(actor).exclude(state="dropped")
    return papers.filter(division__path__startswith=found.division.path)


@require_POST
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = _found(actor, pk)
    keys = [int(key) for key in request.POST.getlist("paper") if key.isascii() and key.isdecimal()]
    chosen: list[Paper] = list(_choosable(actor, found).filter(pk__in=keys[:500]))
    count = operations.put_papers(actor, found, chosen)
    messages.success(request, f"{len(chosen)} 份文件、{count} 项任务属于这个规划期。")
    return redirect(found)


@require_POST
def gather(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = _found(actor, pk)
    count = operations.gather_tasks(actor, found)
    messages.success(request, f"归入 {count} 项没有文件来源的任务。")
    return redirect(found)
