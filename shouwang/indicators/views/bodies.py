"""主体名录的页面: the register with its ladder, one body with its recognitions."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.audit.operations import record as audit
from shouwang.core import clock, exports
from shouwang.core.actor import Actor, require, require_here
from shouwang.core.components import Action, Empty
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of
from shouwang.divisions.models import Division

from .. import queries
from ..body_sheets import HEADS, body_rows, read_bodies
from ..forms import SheetForm
from ..models import NamedBody, Recognition
from ..operations.bodies import end_body, end_recognition, recognise, register_body
from ..querysets import NamedBodyQuerySet
from ..states import BodyKind, Rung
from .common import crumbs_of, place_of, tabs

MOST = 500


class BodyForm(forms.Form):
    """登记一家."""

    kind = forms.ChoiceField(label="种类", choices=BodyKind.choices)
    name = forms.CharField(label="名称", max_length=120)
    industry = forms.CharField(label="产业", max_length=60, required=False)
    since = forms.DateField(
        label="建成或登记日期", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(label="说明", max_length=200, required=False)


class RecognitionForm(forms.Form):
    """登记认定."""

    rung = forms.ChoiceField(label="级别", choices=Rung.choices)
    title = forms.CharField(label="认定名称", max_length=120, help_text="例如：示范社。")
    recognised_on = forms.DateField(
        label="认定日期", widget=forms.DateInput(attrs={"type": "date"})
    )
    number = forms.CharField(label="文号", max_length=80, required=False)


def bodies(request: HttpRequest) -> HttpResponse:
    """The register of a place: each body with the day of every rung."""
    actor = actor_of(request)
    require(actor, "indicators.view")
    place = place_of(request, actor)
    may_manage = actor.can_at("indicators.manage", place.path)
    form = BodyForm(request.POST or None)
    if request.method == "POST":
        require_here(actor, "indicators.manage", place.path)
        if form.is_valid():
            made = register_body(actor, place, **form.cleaned_data)
            messages.success(request, f"已登记“{made}”。")
            return redirect(made)
    seen, kind = _seen(request, actor, place)
    query = urlencode({"place": place.code, "kind": kind})
    actions = []
    if actor.can("indicators.export"):
        url = f"{reverse('indicators:bodies-file')}?{query}"
        actions.append(Action("导出表格", url, "download"))
    if may_manage:
        actions.append(Action("从表格导入", reverse("indicators:import-bodies"), "file-import"))
    rows = [
        (one, _ladder(one))
        for one in seen.select_related("division").prefetch_related("recognitions")[:MOST]
    ]
    context = {
        "title": f"{place.name}主体名录",
        "purpose": "平台、园区、小镇和经营主体，各级认定的日期；“省级以上龙头企业”等从这里计。",
        "tabs": tabs(actor, "bodies"),
        "place": place,
        "crumbs": crumbs_of(actor, place),
        "children": queries.children(actor, place),
        "kinds": BodyKind.choices,
        "kind": kind,
        "rungs": list(Rung),
        "rows": rows,
        "actions": actions,
        "form": form if may_manage else None,
        "empty": Empty("名录里还没有", "县级业务员登记平台、园区和经营主体后，会出现在这里。"),
    }
    return render(request, "indicators/bodies.html", context)


def _seen(request: HttpRequest, actor: Actor, place: Division) -> tuple[NamedBodyQuerySet, str]:
    """What the page shows: bodies of the place, of the kind that was chosen."""
    kind = request.GET.get("kind", "")
    seen = NamedBody.objects.visible_to(actor).filter(division__path__startswith=place.path)
    return (seen.filter(kind=kind), kind) if kind in BodyKind.values else (seen, "")


def bodies_file(request: HttpRequest) -> HttpResponseBase:
    """The register as xlsx, in the form that can be imported again."""
    actor = actor_of(request)
    require(actor, "indicators.export")
    place = place_of(request, actor)
    rows = body_rows(_seen(request, actor, place)[0])
    audit(
        actor, "indicators.exported", target_type="indicators.bodies", division_path=place.path,
        summary=f"导出{place.name}主体名录：{len(rows) - 1} 行",
    )  # fmt: skip
    origin = exports.Origin(actor.label, clock.now(), f"{place.name}主体名录")
    title = f"{place.name}主体名录"
    return exports.xlsx_response(rows, title, origin, title=title)


def import_bodies(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "indicators.manage")
    form = SheetForm(request.POST or None, request.FILES or None)
    taken = None
    if request.method == "POST" and form.is_valid():
        taken = read_bodies(actor, form.cleaned_data["sheet"].read())
    context = {
        "title": "导入主体名录", "form": form, "taken": taken,
        "back_url": reverse("indicators:bodies"),
        "purpose": f"一行一次认定，表头认“{'、'.join(HEADS)}”，前三列加名称必填；"
        "已有的不重复登记，可以先导出一份照着填。",
    }  # fmt: skip
    return render(request, "indicators/import.html", context)


def _ladder(body: NamedBody) -> list[tuple[str, date | None]]:
    """The first day of each rung that still holds."""
    held: dict[str, date] = {}
    for one in body.recognitions.all():
        if one.ended_on is None:
            held.setdefault(one.rung, one.recognised_on)
    return [(str(rung.label), held.get(rung.value)) for rung in Rung]


def body(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "indicators.view")
    seen = NamedBody.objects.visible_to(actor).select_related("division")
    found: NamedBody = get_object_or_404(seen, pk=pk)
    may_manage = actor.can_at("indicators.manage", found.division.path)
    form = RecognitionForm(request.POST or None)
    if request.method == "POST":
        require_here(actor, "indicators.manage", found.division.path)
        if form.is_valid():
            recognise(actor, found, **form.cleaned_data)
            messages.success(request, "已登记认定。")
            return redirect(found)
    facts: list[tuple[str, Any]] = [
        ("种类", found.get_kind_display()), ("所在地", found.division.name),
        ("产业", found.industry), ("建成或登记", found.since or ""),
        ("退出", found.ended_on or ""), ("说明", found.note),
        ("登记人", found.made_by_label),
    ]  # fmt: skip
    context = {
        "title": found.name,
        "body": found,
        "recognitions": list(found.recognitions.all()),
        "facts": facts,
        "form": form if may_manage else None,
        "back_url": f"{reverse('indicators:bodies')}?kind={found.kind}",
    }
    return render(request, "indicators/body.html", context)


def _posted_day(request: HttpRequest, label: str) -> date:
    text = request.POST.get("on", "") or f"{clock.today():%Y-%m-%d}"
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DomainError(f"{label}请写成 2026-01-01 的样子。", code="on") from error


@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """退出名录."""
    actor = actor_of(request)
    seen = NamedBody.objects.visible_to(actor).select_related("division")
    found: NamedBody = get_object_or_404(seen, pk=pk)
    end_body(actor, found, on=_posted_day(request, "退出日期"))
    messages.success(request, "已登记退出。")
    return redirect(found)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    seen = NamedBody.objects.visible_to(actor).values("pk")
    found = get_object_or_404(
        Recognition.objects.select_related("body__division"), pk=pk, body__in=seen
    )
    end_recognition(actor, found, on=_posted_day(request, "取消日期"))
    messages.success(request, "已登记取消。")
    return redirect(found.body)
