"""方案的页面: the list, one plan with what each item lacks, its items, Word, import."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.divisions.models import Division
from shouwang.documents.letters import DOCX_TYPE

from .. import operations, plan_compare, plan_paper, queries
from ..filters import PlanFilter
from ..forms_plans import PlanForm, PlanItemForm, PlanSheetForm
from ..models import Plan, PlanItem
from ..operations.plans import CHECKS, SEVEN, missing
from ..plan_sheets import read_items
from ..states import plan_table
from ..tables import PlanTable
from .papers import _version

PURPOSE = (
    "一镇一策、一村一方案：目标、任务、项目、资金、责任单位、责任人、完成时限七项齐全才能备案。"
)


def plan_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "workplans.view")
    new_plan = Action("编制方案", reverse("workplans:plan-new"), "plus", is_main=True)
    may = actor.can("workplans.plan")
    return list_page(
        request,
        queryset=queries.plans_visible_to(actor),
        table=PlanTable,
        filterset=PlanFilter,
        title="镇村方案",
        purpose=PURPOSE,
        actions=[new_plan] if may else [],
        empty=Empty("还没有方案", "编制后逐项填写，或导入表格。", new_plan if may else None),
        export_right="workplans.export",
    )


def _places(actor: Actor) -> QuerySet[Division]:
    inside = Q(pk__in=[])
    for scope in actor.scopes_with("workplans.plan"):
        inside |= Q(path__startswith=scope.division_path)
    found = Division.objects.on(clock.today()).filter(inside)
    return found.filter(level__in=("county", "town", "village")).order_by("code")


def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "workplans.plan")
    form = PlanForm(request.POST or None, divisions=_places(actor))
    if request.method == "POST" and form.is_valid():
        made = operations.make_plan(actor, **form.cleaned_data)
        messages.success(request, "已建立，请添加内容或导入表格。")
        return redirect("workplans:plan", pk=made.pk)
    context = {
        "title": "编制方案", "form": form, "purpose": PURPOSE, "submit": "建立",
        "back_url": reverse("workplans:plans"),
    }  # fmt: skip
    return render(request, "workplans/form.html", context)


def _may_edit(actor: Actor, plan: Plan) -> bool:
    return plan.state in ("draft", "returned") and actor.can_at(
        "workplans.plan", plan.division.path
    )


def plan(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.plan_visible_to(actor, pk)
    state = plan_table().state(found.state)
    rows = [(item, missing(item)) for item in found.items.all()]
    lacking = [(item, lacks) for item, lacks in rows if lacks]
    total = sum((item.money for item, _ in rows if item.money is not None), start=0)
    context = {
        "plan": found,
        "title": found.title,
        "state_tone": state.tone,
        "state_label": state.label,
        "rows": rows,
        "seven": [label for _, label in SEVEN],
        "lacking": lacking,
        "total": total,
        "comparisons": plan_compare.comparisons(found),
        "may_edit": _may_edit(actor, found),
        "may_export": actor.can("workplans.export"),
        "offers": plan_table().offers(actor, found, found.state, found.division.path, CHECKS),
        "facts": [
            ("种类", found.get_kind_display()),
            ("清单", found.get_list_kind_display()),
            ("区划", found.division.name),
            ("年度或期间", found.period),
            ("编制", found.made_by_label),
            ("报送", found.submitted_by_label),
            ("备案号", found.number),
            (
                "备案",
                f"{found.filed_by_label}，{found.filed_on:%Y-%m-%d}" if found.filed_on else "",
            ),
        ],
    }
    return render(request, "workplans/plan.html", context)


def item(request: HttpRequest, pk: int, item_pk: int | None = None) -> HttpResponse:
    """A new item, or one to change."""
    actor = actor_of(request)
    found = queries.plan_visible_to(actor, pk)
    require(actor, "workplans.plan", found.division.path)
    one = get_object_or_404(found.items, pk=item_pk) if item_pk else None
    form = PlanItemForm(request.POST or None, initial=_initial(found, one))
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        version = values.pop("version")
        if one is None:
            operations.save_items(actor, found, [values], version=version)
        else:
            one.plan = found
            operations.save_item(actor, one, version=version, **values)
        messages.success(request, "已保存。")
        return redirect("workplans:plan", pk=pk)
    context = {
        "title": f"第 {one.place} 项" if one else "添加一项", "form": form, "submit": "保存",
        "purpose": found.title, "back_url": reverse("workplans:plan", args=[pk]),
    }  # fmt: skip
    return render(request, "workplans/form.html", context)


def _initial(found: Plan, one: PlanItem | None) -> dict[str, Any]:
    if one is None:
        return {"version": found.version, "body": found.division.name}
    values = {name: getattr(one, name) for name in operations.plans.FIELDS}
    if one.quantity is not None:
        values["quantity"] = one.quantity.normalize()
    return values | {"version": found.version}


@require_POST
def drop(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.plan_visible_to(actor, pk)
    one = get_object_or_404(found.items, pk=item_pk)
    one.plan = found
    operations.drop_item(actor, one, version=_version(request))
    messages.success(request, "已删去。")
    return redirect("workplans:plan", pk=pk)


def import_items(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.plan_visible_to(actor, pk)
    require(actor, "workplans.plan", found.division.path)
    form = PlanSheetForm(
        request.POST or None, request.FILES or None, initial={"version": found.version}
    )
    if request.method == "POST" and form.is_valid():
        rows = read_items(form.cleaned_data["sheet"].read())
        operations.save_items(
            actor, found, rows, version=form.cleaned_data["version"],
            replace=form.cleaned_data["replace"],
        )  # fmt: skip
        messages.success(request, f"导入 {len(rows)} 项，缺的内容已在下面标出。")
        return redirect("workplans:plan", pk=pk)
    context = {
        "title": "导入方案内容", "form": form, "submit": "导入", "files": True,
        "purpose": "表头认“目标、目标值、单位、任务、项目、资金（万元）、责任单位、责任人、时限”。",
        "back_url": reverse("workplans:plan", args=[pk]),
    }  # fmt: skip
    return render(request, "workplans/form.html", context)


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.plan_visible_to(actor, pk)
    operations.advance_plan(
        actor, found, request.POST.get("action", ""), version=_version(request),
        number=request.POST.get("number", ""), reason=request.POST.get("reason", ""),
    )  # fmt: skip
    messages.success(request, f"现在是“{found.state_label}”。")
    return redirect("workplans:plan", pk=pk)


def word(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.plan_visible_to(actor, pk)
    require(actor, "workplans.export", found.division.path)
    audit(
        actor,
        "workplans.plan.exported",
        target_type="workplans.plan",
        target_id=str(found.pk),
        division_path=found.division.path,
        summary=f"导出{found.title}"[:200],
    )
    response = HttpResponse(plan_paper.write(found), content_type=DOCX_TYPE)
    name = quote(f"{found.title}.docx")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
