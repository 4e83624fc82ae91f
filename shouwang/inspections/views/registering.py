"""反馈批次的页面: the list, a new one from a sheet, one more problem by hand."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from shouwang.core import clock
from shouwang.core.actor import require, require_here
from shouwang.core.components import Action, Empty
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.workplans.forms import names

from .. import operations, queries
from ..filters import BatchFilter
from ..forms import BatchForm, ProblemForm
from ..models import Problem
from ..operations import ProblemDraft
from ..sheets import Reading, read_pasted, read_workbook
from ..states import CLOSED
from ..tables import BatchTable, problem_pill
from .frame import problem_tabs


def batch_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "inspections.view")
    seen = Q(problems__in=Problem.objects.visible_to(actor).counted().values("pk"))
    late = Q(problems__due_on__lt=clock.today()) & ~Q(problems__state__in=CLOSED)
    actions = []
    if actor.can("inspections.manage"):
        actions.append(
            Action("登记反馈批次", reverse("inspections:batch-new"), "plus", is_main=True)
        )
    return list_page(
        request,
        queryset=queries.batches_visible_to(actor).annotate(
            total=Count("problems", filter=seen),
            signed=Count("problems", filter=seen & Q(problems__state__in=CLOSED)),
            late=Count("problems", filter=seen & late),
        ),
        table=BatchTable,
        filterset=BatchFilter,
        title="反馈批次",
        purpose="一份反馈文件或一次督查是一批，附原件，批内的问题逐个整改销号。",
        template="inspections/list.html",
        actions=actions,
        empty=Empty("还没有反馈批次", "登记一份考核、督查或审计反馈后出现在这里。"),
        export_right="inspections.export",
        extra={"tabs": problem_tabs(actor, "batches")},
        source="问题整改台账",
    )


def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "inspections.manage")
    divisions = queries.counties_of(actor, "inspections.manage")
    form = BatchForm(request.POST or None, request.FILES or None, divisions=divisions)
    reading = Reading((), ())
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        file, pasted = values.pop("file"), values.pop("pasted")
        try:
            if file is not None:
                reading = read_workbook(file.read(), values["division"], values["received_on"])
            elif pasted.strip():
                reading = read_pasted(pasted, values["division"], values["received_on"])
            if not reading.refused:
                made = operations.register_batch(actor, problems=reading.drafts, **values)
                messages.success(request, f"已登记，{made.problems.count():,} 个问题。")
                return redirect("inspections:batch", pk=made.pk)
        except DomainError as error:
            form.add_error(None, error.message)
    context = {
        "title": "登记反馈批次", "form": form, "refused": reading.refused,
        "back_url": reverse("inspections:batches"),
    }  # fmt: skip
    return render(request, "inspections/batch_new.html", context)


def batch(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.batch_visible_to(actor, pk)
    seen = Problem.objects.visible_to(actor).filter(batch=found).prefetch_related("units")
    context = {
        "batch": found,
        "title": found.name,
        "facts": [
            ("来源", found.source_label),
            ("级别", found.level or "—"),
            ("文号", found.number or "—"),
            ("反馈日期", f"{found.received_on:%Y-%m-%d}"),
            ("登记人", found.made_by_label),
        ],
        "problems": [(one, problem_pill(one)) for one in seen.order_by("pk")[:500]],
        "may_add": actor.can_at("inspections.manage", found.division.path),
        "has_files": actor.covers(found.division.path),
        "empty": Empty("这一批还没有问题", "点“添加问题”逐个登记。"),
    }
    return render(request, "inspections/batch.html", context)


def add(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.batch_visible_to(actor, pk)
    require_here(actor, "inspections.manage", found.division.path)
    form = ProblemForm(request.POST or None, division=found.division, is_county=True)
    if request.method == "POST" and form.is_valid():
        values = dict(form.plan())
        values |= {key: names(form.cleaned_data[key]) for key in ("lead", "responsible")}
        made = operations.add_problem(actor, found, ProblemDraft(**values))
        messages.success(request, "已登记。")
        return redirect("inspections:problem", pk=made.pk)
    context = {
        "title": "添加问题", "purpose": found.name, "form": form,
        "back_url": found.get_absolute_url(),
    }  # fmt: skip
    return render(request, "inspections/form.html", context)
