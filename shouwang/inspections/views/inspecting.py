"""督查的页面: plans, one inspection with its units, a visit, a drawn household, findings."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.cases.checklists import checklists
from shouwang.core import clock
from shouwang.core.actor import Actor, require, require_here
from shouwang.core.components import Action, Empty
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page

from .. import coverage, operations, queries, report
from ..filters import InspectionFilter
from ..forms import FindingForm, InspectionForm, VisitForm
from ..models import Finding, Inspection, InspectionUnit, SampledHousehold, Visit
from ..operations.drawing import replay
from ..operations.inspecting import (
    checks_for,
    explain_double,
    record_answers,
    settle_finding,
)
from ..states import inspection_table
from ..tables import InspectionTable
from .frame import version_of, visit_tabs, word_answer


def inspection_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "inspections.view")
    actions = []
    if actor.can("inspections.inspect"):
        actions.append(
            Action("制定督查方案", reverse("inspections:inspection-new"), "plus", is_main=True)
        )
    return list_page(
        request,
        queryset=queries.inspections_visible_to(actor),
        table=InspectionTable,
        filterset=InspectionFilter,
        title="督查",
        purpose="督查方案、走访、抽中的农户和发现的问题；发现的问题转入整改台账。",
        template="inspections/list.html",
        actions=actions,
        empty=Empty("还没有督查", "督查的一级制定方案后，事先通知的会出现在这里。"),
        export_right="inspections.export",
        extra={"tabs": visit_tabs(actor, "inspections")},
        source="督查台账",
    )


def new(request: HttpRequest) -> HttpResponse:
    """A plan by hand, or with what is missing in the period already chosen (?missing=1)."""
    actor = actor_of(request)
    require(actor, "inspections.inspect")
    divisions = queries.counties_of(actor, "inspections.inspect")
    form = InspectionForm(
        request.POST or None, divisions=divisions, initial=_proposed(request, actor)
    )
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        chosen = checklists()[values.pop("checklist")]
        made = operations.plan_inspection(actor, checklist=chosen, **values)
        found = operations.conflicts(actor, made)
        if found and not made.double_reason:
            words = "；".join(one.words for one in found[:5])
            messages.warning(request, f"有 {len(found)} 处会重复督查：{words}。")
        else:
            messages.success(request, "方案已保存，核对后确定。")
        return redirect("inspections:inspection", pk=made.pk)
    context = {
        "title": "制定督查方案",
        "purpose": "同一个村在限期内不重复督查；确定方案时按种子抽取农户，可以照原样重抽。",
        "form": form,
        "back_url": reverse("inspections:inspections"),
    }
    return render(request, "inspections/form.html", context)


def _proposed(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    today = clock.today()
    known: dict[str, Any] = {"starts_on": today, "is_announced": True, "per_village": 5}
    place = queries.own_place(actor, "inspections.inspect")
    if request.GET.get("missing") != "1" or place is None:
        return known
    proposal = coverage.propose(actor, place, today)
    return known | {
        "title": f"{today.year}年{(today.month - 1) // 3 + 1}季度补缺督查",
        "theme": "、".join(rule.title for rule in proposal.rules),
        "places": proposal.places,
        "departments": proposal.departments,
        "division": place,
    }


def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.inspection_visible_to(actor, pk)
    state = inspection_table().state(found.state)
    path = found.division.path
    is_inspector = actor.can_at("inspections.inspect", path) or (
        actor.can_at("inspections.foresee", path)
        and any(scope.department is None for scope in actor.scopes_with("inspections.foresee"))
    )
    visits = queries.visits_of(actor, found)
    by_unit = {visit.unit_id: visit for visit in visits}
    units = found.units.select_related("division__parent", "department").prefetch_related("sample")
    if not is_inspector:
        from ..querysets import own_units

        units = units.filter(pk__in=own_units(actor).values("pk"))
    doubled = operations.conflicts(actor, found) if is_inspector and found.state == "draft" else []
    context = {
        "inspection": found,
        "title": found.title,
        "state_tone": state.tone,
        "state_label": state.label,
        "units": [(unit, by_unit.get(unit.pk), unit.sample.count()) for unit in units],
        "visits": visits,
        "offers": inspection_table().offers(actor, found, found.state, path, checks_for(actor))
        if actor.can_at("inspections.inspect", path)
        else [],
        "doubled": doubled,
        "may_record": actor.can_at("inspections.inspect", path)
        and found.state in ("going", "fed_back"),
        "may_letter": actor.can("inspections.export") and bool(visits),
        "is_inspector": is_inspector,
        "facts": _facts(found, is_inspector),
    }
    return render(request, "inspections/inspection.html", context)


def _facts(found: Inspection, is_inspector: bool) -> list[tuple[str, str]]:
    facts = [
        ("督查的一级", found.division.name),
        ("时间", f"{found.starts_on:%Y-%m-%d} 至 {found.ends_on:%Y-%m-%d}"),
        ("督查组", found.team),
        ("方式", "事先通知" if found.is_announced else "不打招呼"),
        ("检查表", f"{found.checklist_title}（{len(found.questions)} 项）"),
        ("反馈日期", f"{found.fed_back_on:%Y-%m-%d}" if found.fed_back_on else "—"),
    ]
    if is_inspector:
        facts += [("每村抽户", f"{found.per_village} 户"), ("抽样种子", str(found.seed))]
    if is_inspector and found.double_reason:
        facts.append(("重复督查的理由", found.double_reason))
    return facts


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.inspection_visible_to(actor, pk)
    operations.advance_inspection(
        actor, found, request.POST.get("action", ""), version=version_of(request),
        reason=request.POST.get("words", ""),
    )  # fmt: skip
    messages.success(request, f"现在是“{found.state_label}”。")
    return redirect("inspections:inspection", pk=pk)


@require_POST
def double(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.inspection_visible_to(actor, pk)
    explain_double(actor, found, request.POST.get("reason", ""), version=version_of(request))
    messages.success(request, "理由已记录，可以确定方案。")
    return redirect("inspections:inspection", pk=pk)


def letter(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "inspections.export")
    found = queries.inspection_visible_to(actor, pk)
    content = report.feedback(found, queries.visits_of(actor, found))
    return word_answer(actor, found.division.path, content, f"{found.title}反馈意见")


def _unit(actor: Actor, pk: int, unit_pk: int) -> InspectionUnit:
    found = queries.inspection_visible_to(actor, pk)
    require_here(actor, "inspections.inspect", found.division.path)
    units = InspectionUnit.objects.select_related("inspection__division", "division", "department")
    return get_object_or_404(units, pk=unit_pk, inspection=found)


def unit(request: HttpRequest, pk: int, unit_pk: int) -> HttpResponse:
    """One unit: its visit, the drawn households, what was found."""
    actor = actor_of(request)
    found = _unit(actor, pk, unit_pk)
    visit = Visit.objects.filter(unit=found).first()
    form: VisitForm | FindingForm = (
        VisitForm(request.POST or None, initial={"visited_on": clock.today()})
        if visit is None
        else FindingForm(request.POST or None)
    )
    if request.method == "POST" and form.is_valid():
        if visit is None:
            operations.record_visit(actor, found, **form.cleaned_data)
            messages.success(request, "已登记走访，接着登记抽中的农户和发现。")
        else:
            operations.record_finding(actor, visit, **form.cleaned_data)
            messages.success(request, "已登记发现。")
        return redirect("inspections:unit", pk=pk, unit_pk=unit_pk)
    context = {
        "unit": found,
        "inspection": found.inspection,
        "visit": visit,
        "title": f"{found}",
        "form": form if found.inspection.state in ("going", "fed_back") else None,
        "replay": replay(found),
        "sample": list(found.sample.select_related("household")),
        "findings": list(visit.findings.select_related("problem", "household")) if visit else [],
        "empty": Empty("没有抽取农户", "方案确定时为每个村抽取；乡镇和部门不抽户。"),
    }
    return render(request, "inspections/unit.html", context)


def household(request: HttpRequest, pk: int, home_pk: int) -> HttpResponse:
    """Fill the form at one drawn household."""
    actor = actor_of(request)
    homes = SampledHousehold.objects.select_related("unit", "household")
    sampled = get_object_or_404(homes, pk=home_pk, unit__inspection=pk)
    found = _unit(actor, pk, sampled.unit_id)
    visit = Visit.objects.filter(unit=found).select_related("inspection__division").first()
    if visit is None:
        raise DomainError("请先登记走访，再登记抽中的农户。", code="visit")
    if request.method == "POST":
        answers = {one.key: request.POST.get(one.key, "") for one in found.inspection.asked}
        made = record_answers(actor, sampled, visit, answers)
        messages.success(request, f"已登记，发现 {len(made)} 个问题。")
        return redirect("inspections:unit", pk=pk, unit_pk=found.pk)
    context = {
        "sampled": sampled,
        "inspection": found.inspection,
        "unit": found,
        "title": f"{found} {sampled.household}",
        "questions": [(one, sampled.answers.get(one.key, "")) for one in found.inspection.asked],
    }
    return render(request, "inspections/household.html", context)


def _finding(actor: Actor, pk: int) -> Finding:
    require(actor, "inspections.inspect")
    seen = Inspection.objects.visible_to(actor).values("pk")
    return get_object_or_404(
        Finding.objects.select_related(
            "visit__inspection__division", "visit__unit__division__parent",
            "visit__unit__department", "household__village", "problem",
        ),
        pk=pk, visit__inspection__in=seen,
    )  # fmt: skip


@require_POST
def file(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = _finding(actor, pk)
    made = operations.file_finding(actor, found)
    messages.success(request, f"已转为问题 {made.number}，请分解到单位。")
    return redirect("inspections:unit", pk=found.visit.inspection_id, unit_pk=found.visit.unit_id)


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = _finding(actor, pk)
    settle_finding(actor, found)
    messages.success(request, "已标明当场解决。")
    return redirect("inspections:unit", pk=found.visit.inspection_id, unit_pk=found.visit.unit_id)
