"""报送、更正、审核和目标的页面."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core import clock
from shouwang.core.actor import require, require_here
from shouwang.core.components import Empty
from shouwang.core.requests import actor_of
from shouwang.divisions.models import Division

from .. import operations, queries
from ..forms import AdjustForm, BaseForm, ReportForm, SheetForm, UpperForm
from ..matrix import read_matrix, rows_of
from ..models import Actual, Definition
from ..querysets import keys_of
from ..sheets import read_values
from ..states import ADJUSTMENT_TONES
from .common import place_of, tabs

YEARS_SHOWN = 4


def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One value of one place."""
    actor = actor_of(request)
    found = queries.definition_visible_to(actor, pk)
    require(actor, "indicators.report")
    place = place_of(request, actor)
    form = ReportForm(request.POST or None, definition=found, is_correction=False)
    if asked := request.GET.get("period", ""):
        form.fields["period"].initial = asked[:12].replace("\x00", "")
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        operations.report_actual(
            actor, found, place, period=values["period"], value=values.get("value"),
            text=values["text"], is_reached=values.get("is_reached"),
        )  # fmt: skip
        messages.success(request, "已报送，等待上一级审核；佐证可以在指标页上传。")
        return redirect(f"{found.get_absolute_url()}?place={place.code}")
    context = {
        "title": f"报送：{found.name}", "definition": found, "place": place, "form": form,
        "back_url": f"{found.get_absolute_url()}?place={place.code}", "submit": "报送",
    }  # fmt: skip
    return render(request, "indicators/report_form.html", context)


def _actual(request: HttpRequest, pk: int) -> Actual:
    seen = queries.actuals_visible_to(actor_of(request))
    found: Actual = get_object_or_404(
        seen.select_related("definition__division", "definition__department", "division"), pk=pk
    )
    return found


def correct(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    actual = _actual(request, pk)
    require_here(actor, "indicators.report", actual.division.path)
    definition = actual.definition
    initial = {"value": actual.value, "text": actual.text, "is_reached": actual.is_reached}
    form = ReportForm(
        request.POST or None, definition=definition, is_correction=True, initial=initial
    )
    back = f"{definition.get_absolute_url()}?place={actual.division.code}"
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        operations.correct_actual(
            actor, actual, reason=values["reason"], value=values.get("value"),
            text=values["text"], is_reached=values.get("is_reached"),
        )  # fmt: skip
        messages.success(request, "已更正，原来的数留在历史里。")
        return redirect(back)
    context = {
        "title": f"更正{actual.span.label}：{definition.name}", "definition": definition,
        "place": actual.division, "form": form, "back_url": back, "submit": "更正",
    }  # fmt: skip
    return render(request, "indicators/report_form.html", context)


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    actual = _actual(request, pk)
    operations.check_actual(
        actor, actual, accept=request.POST.get("accept") == "1", note=request.POST.get("note", "")
    )
    messages.success(request, "已审核。")
    return redirect(f"{actual.definition.get_absolute_url()}?place={actual.division.code}")


def targets(request: HttpRequest, pk: int) -> HttpResponse:
    """分解表: places down, years across; cells may be pasted from a spreadsheet."""
    actor = actor_of(request)
    found = queries.definition_visible_to(actor, pk)
    may_manage = actor.can_at("indicators.manage", found.division.path)
    years = _years(request, found)
    places = _matrix_places(request, found)
    if request.method == "POST":
        require_here(actor, "indicators.manage", found.division.path)
        goals = read_matrix(request.POST, places, years)
        made = operations.set_targets(actor, found, goals)
        messages.success(request, f"已保存 {len(made)} 个新目标。")
        return redirect("indicators:targets", pk=pk)
    context = {
        "title": f"目标分解：{found.name}",
        "definition": found,
        "years": years,
        "rows": rows_of(found, places, years),
        "may_manage": may_manage,
        "root": found.division,
    }
    return render(request, "indicators/targets.html", context)


def _years(request: HttpRequest, found: Definition) -> list[int]:
    known = set(found.targets.values_list("year", flat=True))
    first = clock.today().year
    return sorted({*known, *range(first, first + YEARS_SHOWN)})[:10]


def _matrix_places(request: HttpRequest, found: Definition) -> list[Division]:
    """The county and its towns, or one town and its villages, as far as the person sees them."""
    actor = actor_of(request)
    seen = queries.places_visible_to(actor)
    top = found.division
    if code := request.GET.get("place", "").replace("\x00", "")[:20]:
        top = seen.filter(code=code, path__startswith=top.path).first() or top
    return [*seen.filter(pk=top.pk), *seen.filter(parent=top)]


def adjust(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose another target."""
    actor = actor_of(request)
    found = queries.definition_visible_to(actor, pk)
    require_here(actor, "indicators.manage", found.division.path)
    places = Division.objects.filter(pk__in=found.targets.values("division")).order_by("code")
    form = AdjustForm(request.POST or None, places=places, initial={"year": clock.today().year})
    back = reverse("indicators:targets", args=[pk])
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        operations.propose_adjustment(
            actor, found, values["division"], year=values["year"], value=values["value"],
            reason=values["reason"],
        )  # fmt: skip
        messages.success(request, "已提出，等待另一人审批。")
        return redirect("indicators:adjustments")
    context = {"title": f"调整目标：{found.name}", "form": form, "back_url": back,
               "purpose": "目标确定后只能提出调整，由另一人审批；原目标和理由都留下。"}  # fmt: skip
    return render(request, "indicators/form.html", context)


def adjustments(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "indicators.view")
    seen = queries.adjustments_visible_to(actor).select_related("definition", "division")
    rows = [
        (
            one, ADJUSTMENT_TONES[one.state],
            one.state == "proposed" and actor.can_at("indicators.approve", one.division.path)
            and one.proposed_by_label != actor.label[:120],
        )
        for one in seen[:300]
    ]  # fmt: skip
    rows.sort(key=lambda row: row[0].state != "proposed")
    context = {
        "title": "目标调整",
        "purpose": "目标只在有理由时调整，由另一人审批，每次调整都留下原数和理由。",
        "tabs": tabs(actor, "adjustments"),
        "rows": rows,
        "empty": Empty("没有目标调整", "在指标的目标分解页上可以提出调整。"),
    }
    return render(request, "indicators/adjustments.html", context)


@require_POST
def decide_adjustment(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    seen = queries.adjustments_visible_to(actor).select_related("definition", "division")
    found = get_object_or_404(seen, pk=pk)
    operations.decide_adjustment(
        actor, found, approve=request.POST.get("approve") == "1", note=request.POST.get("note", "")
    )
    messages.success(request, "已审批。")
    return redirect("indicators:adjustments")


def upper(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the average of the level above."""
    actor = actor_of(request)
    found = queries.definition_visible_to(actor, pk)
    require_here(actor, "indicators.manage", found.division.path)
    above = Division.objects.filter(pk__in=keys_of(found.division.path)[:-1]).order_by("code")
    form = UpperForm(request.POST or None, above=above)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        operations.set_upper(
            actor, found, values["division"], period=values["period"], value=values["value"],
            origin=values["origin"],
        )  # fmt: skip
        messages.success(request, "已登记。")
        return redirect(found)
    context = {"title": f"登记上级平均：{found.name}", "form": form,
               "back_url": found.get_absolute_url(),
               "purpose": "全省、全市的平均数写明出处；和上级平均比的要求按它判断。"}  # fmt: skip
    return render(request, "indicators/form.html", context)


def base(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter where a place stood in the base year."""
    actor = actor_of(request)
    found = queries.definition_visible_to(actor, pk)
    require_here(actor, "indicators.manage", found.division.path)
    places = queries.places_visible_to(actor).filter(path__startswith=found.division.path)
    form = BaseForm(
        request.POST or None, places=places.filter(level__in=("county", "town")),
        initial={"year": found.base_year},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = form.cleaned_data
        division = values.pop("division")
        operations.set_base(actor, found, division, **values)
        messages.success(request, "已登记。")
        return redirect(found)
    context = {"title": f"登记基期值：{found.name}", "form": form,
               "back_url": found.get_absolute_url(),
               "purpose": "基期值用来判断进度走了多少，按基期分档的要求也按它判断。"}  # fmt: skip
    return render(request, "indicators/form.html", context)


def import_sheet(request: HttpRequest) -> HttpResponse:
    """Values of many indicators and places from a spreadsheet."""
    actor = actor_of(request)
    require(actor, "indicators.report")
    form = SheetForm(request.POST or None, request.FILES or None)
    taken = None
    if request.method == "POST" and form.is_valid():
        taken = read_values(actor, form.cleaned_data["sheet"].read())
    context = {
        "title": "导入数值", "form": form, "taken": taken,
        "back_url": reverse("indicators:sheet"),
        "purpose": "表头认“指标、区划、期间、数值、完成情况”；指标写代码或名称，区划写名称或代码，"
        "期间写成 2026 或 2026-Q3。",
    }  # fmt: skip
    return render(request, "indicators/import.html", context)
