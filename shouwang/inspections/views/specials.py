"""专项检查的页面: the list, one check with its results and money."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core import clock
from shouwang.core.actor import Actor, require, require_here
from shouwang.core.components import Action, Empty, Figure
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page

from .. import operations, queries, report
from ..filters import SpecialFilter
from ..forms import ResultForm, SpecialForm
from ..models import SpecialResult
from ..operations.specials import CHECKS
from ..states import special_table
from ..tables import SpecialTable
from .frame import version_of, word_answer


def special_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "inspections.view")
    actions = []
    if actor.can("inspections.manage"):
        actions.append(
            Action("开展专项检查", reverse("inspections:special-new"), "plus", is_main=True)
        )
    return list_page(
        request,
        queryset=queries.specials_visible_to(actor),
        table=SpecialTable,
        filterset=SpecialFilter,
        title="专项检查",
        purpose="惠农补贴资金等专项监督检查：各单位结果、问题金额和追回金额，问题转入整改。",
        actions=actions,
        empty=Empty("还没有专项检查", "县里开展专项检查后出现在这里。"),
        export_right="inspections.export",
        source="专项检查台账",
    )


def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "inspections.manage")
    divisions = queries.counties_of(actor, "inspections.manage")
    form = SpecialForm(
        request.POST or None, divisions=divisions, initial={"starts_on": clock.today()}
    )
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        values["items"] = values["items"].splitlines()
        made = operations.open_special(actor, **values)
        messages.success(request, "已建立，请登记各单位的结果。")
        return redirect("inspections:special", pk=made.pk)
    context = {
        "title": "开展专项检查", "purpose": "写明依据和检查项，各单位的结果逐个登记。",
        "form": form, "back_url": reverse("inspections:specials"),
    }  # fmt: skip
    return render(request, "inspections/form.html", context)


def special(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.special_visible_to(actor, pk)
    path = found.division.path
    may = actor.can_at("inspections.manage", path)
    form = ResultForm(
        request.POST or None, check=found, initial={"checked_on": clock.today()}
    ) if may and found.state == "going" else None  # fmt: skip
    if request.method == "POST":
        require_here(actor, "inspections.manage", path)
        if form is not None and form.is_valid():
            operations.record_result(actor, found, **form.cleaned_data)
            messages.success(request, "已登记。")
            return redirect("inspections:special", pk=pk)
    results = list(found.results.select_related("problem", "division", "department"))
    if not actor.can_at("inspections.view", path) or _is_department(actor):
        results = [one for one in results if _is_own(actor, one)]
    state = special_table().state(found.state)
    context = {
        "check": found,
        "title": found.title,
        "state_tone": state.tone,
        "state_label": state.label,
        "results": results,
        "figures": _figures(results),
        "offers": special_table().offers(actor, found, found.state, path, CHECKS) if may else [],
        "form": form,
        "may": may,
        "may_export": actor.can("inspections.export") and may,
        "empty": Empty("还没有登记结果", "逐个单位登记检查情况和金额。"),
    }
    return render(request, "inspections/special.html", context)


def _is_department(actor: Actor) -> bool:
    scopes = actor.scopes_with("inspections.view")
    return all(scope.department is not None for scope in scopes)


def _is_own(actor: Actor, result: SpecialResult) -> bool:
    for scope in actor.scopes_with("inspections.view"):
        if result.department is not None and scope.department == result.department.name:
            return True
        is_place = result.division is not None and scope.department is None
        if is_place and result.division and scope.covers(result.division.path):
            return True
    return False


def _figures(results: list[SpecialResult]) -> list[Figure]:
    def total(name: str) -> Decimal:
        return sum((getattr(one, name) or Decimal(0) for one in results), Decimal(0))

    return [
        Figure("已检查", len(results), "个单位"),
        Figure("检查金额", total("amount_checked"), "元"),
        Figure("问题金额", total("amount_found"), "元"),
        Figure("追回金额", total("amount_recovered"), "元"),
    ]


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.special_visible_to(actor, pk)
    operations.advance_special(
        actor, found, request.POST.get("action", ""), version=version_of(request),
        words=request.POST.get("words", ""),
    )  # fmt: skip
    messages.success(request, f"现在是“{found.state_label}”。")
    return redirect("inspections:special", pk=pk)


def word(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.special_visible_to(actor, pk)
    require_here(actor, "inspections.manage", found.division.path)
    return word_answer(actor, found.division.path, report.closing(found), f"{found.title}情况报告")


@require_POST
def file(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    seen = queries.specials_visible_to(actor).values("pk")
    found = get_object_or_404(
        SpecialResult.objects.select_related("check_of__division", "problem", "division"), pk=pk,
        check_of__in=seen,
    )  # fmt: skip
    made = operations.file_result(actor, found)
    messages.success(request, f"已转为问题 {made.number}。")
    return redirect("inspections:special", pk=found.check_of_id)
