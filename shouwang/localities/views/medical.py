"""村医和卫生室的页面: villages with what they have; coverage by town; one village's form."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from shouwang.core.actor import require
from shouwang.core.charts import Chart, bars
from shouwang.core.components import Action, Empty, Figure
from shouwang.core.errors import DomainError, NotFound
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.support.forms import SheetForm
from shouwang.support.views.posting import form_page, posted
from shouwang.support.views.registers import blank_workbook, kept

from ..models import VillageMedical
from ..operations import record_medical
from ..operations.medical_import import MEDICAL, import_medical
from ..place_filters import MedicalFilter
from ..place_forms import MedicalForm
from ..place_queries import COVERAGE, CoverageRow, coverage_by_town, medical_villages
from ..place_tables import MedicalTable
from .places import tabs


def medical_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "localities.view")
    rows, url = medical_villages(actor), reverse("localities:medical")
    figures = [
        Figure(words, rows.filter(coverage=key).count(), "个村", f"{url}?covered={key}")
        for key, words in COVERAGE.items()
    ]
    actions = [Action("乡镇覆盖率", reverse("localities:coverage"), "chart-bar")]
    if actor.can("localities.places"):
        actions.insert(0, Action("导入", reverse("localities:import-medical"), "file-import"))
    return list_page(
        request,
        queryset=rows,
        table=MedicalTable,
        filterset=MedicalFilter,
        title="村医和卫生室",
        purpose="每个村有没有卫生室和合格村医；缺的自动列入医疗空白点，没核实的不算有也不算没有。",
        template="localities/places.html",
        actions=actions,
        empty=Empty("没有村", "请先导入行政区划。"),
        export_right="localities.export",
        extra={"figures": figures, "tabs": tabs(actor, "medical")},
        source="村级医疗卫生服务",
    )


def import_medical_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "localities.places")
    form = SheetForm(posted(request), request.FILES or None)
    outcome = None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            with kept(upload) as path:
                outcome = import_medical(actor, path, name=str(upload.name)[-200:])
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            if not outcome.faults:
                words = f"已登记 {outcome.added} 个村，{outcome.unchanged} 个村没有变化。"
                messages.success(request, words)
                return redirect("localities:medical")
    context = {
        "form": form, "sheet": MEDICAL, "outcome": outcome,
        "back_url": reverse("localities:medical"),
        "template_url": reverse("localities:medical-template"),
        "required": [column.header for column in MEDICAL.columns if column.required],
    }  # fmt: skip
    status = 422 if form.errors or outcome else 200
    return render(request, "support/import.html", context, status=status)


def medical_template(request: HttpRequest) -> HttpResponseBase:
    require(actor_of(request), "localities.places")
    return blank_workbook(MEDICAL)


def coverage(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "localities.view")
    rows = coverage_by_town(actor)
    whole = CoverageRow(
        "", "合计", *(sum(getattr(row, key) for row in rows)
                    for key in ("villages", "covered", "gaps", "unknown")),
    )  # fmt: skip
    context = {
        "rows": rows, "whole": whole, "chart": _chart(rows), "tabs": tabs(actor, "medical"),
        "empty": Empty("没有村", "请先导入行政区划。"),
    }  # fmt: skip
    return render(request, "localities/coverage.html", context)


def _chart(rows: list[CoverageRow]) -> Chart | None:
    if len(rows) < 2:
        return None
    gaps = sum(row.gaps for row in rows)
    title = f"还有 {gaps} 个村是医疗空白点" if gaps else "核实过的村没有医疗空白点"
    return bars(
        title=title, unit="个村", source="村级医疗卫生服务", head="乡镇", stacked=True,
        categories=[row.name for row in rows],
        series={
            "已覆盖": [row.covered for row in rows], "空白点": [row.gaps for row in rows],
            "没有核实": [row.unknown for row in rows],
        },
    )  # fmt: skip


def medical_village(request: HttpRequest, pk: int) -> HttpResponse:
    """What a village has; who only reads sees the same form without a button."""
    actor = actor_of(request)
    require(actor, "localities.view")
    village = medical_villages(actor).filter(pk=pk).first()
    if village is None:
        raise NotFound("没有找到这个村，或不在您的管辖范围内。")
    held = VillageMedical.objects.filter(village=village).first()
    initial: dict[str, Any] = {}
    if held is not None:
        keys = ("version", "doctors", "note")
        initial = {key: getattr(held, key) for key in keys}
        initial["has_clinic"] = "yes" if held.has_clinic else "no"
    may = actor.can_at("localities.places", village.path)
    if request.method == "POST":
        require(actor, "localities.places", village.path)

    def save(given: dict[str, Any]) -> VillageMedical:
        given["has_clinic"] = given["has_clinic"] == "yes"
        return record_medical(actor, village, **given)

    seen = f"{held.checked_on:%Y-%m-%d} 由{held.recorded_by_label}核实" if held else "还没有核实过"
    return form_page(
        request,
        MedicalForm(posted(request), initial=initial),
        save,
        title=f"{village.name}村医和卫生室",
        purpose=f"{village.parent.name}，{COVERAGE[village.coverage]}，{seen}。",
        submit="登记",
        back_url=reverse("localities:medical"),
        done="已登记。",
        record=held,
        gone="" if may else "您的岗位只能查看，登记由村、乡镇和县业务员办理。",
    )
