"""主体名录的页面: the register with its ladder, one body with its recognitions."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core import clock
from shouwang.core.actor import require, require_here
from shouwang.core.components import Empty
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of

from .. import queries
from ..models import NamedBody, Recognition
from ..operations.bodies import end_recognition, recognise, register_body
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
    kind = request.GET.get("kind", "")
    seen = NamedBody.objects.visible_to(actor).filter(division__path__startswith=place.path)
    if kind in BodyKind.values:
        seen = seen.filter(kind=kind)
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
        "form": form if may_manage else None,
        "empty": Empty("名录里还没有", "县级业务员登记平台、园区和经营主体后，会出现在这里。"),
    }
    return render(request, "indicators/bodies.html", context)


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
        ("产业", found.industry), ("建成或登记", found.since or ""), ("说明", found.note),
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


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    seen = NamedBody.objects.visible_to(actor).values("pk")
    found = get_object_or_404(
        Recognition.objects.select_related("body__division"), pk=pk, body__in=seen
    )
    text = request.POST.get("on", "") or f"{clock.today():%Y-%m-%d}"
    try:
        on = date.fromisoformat(text)
    except ValueError as error:
        raise DomainError("取消日期请写成 2026-01-01 的样子。", code="on") from error
    end_recognition(actor, found, on=on)
    messages.success(request, "已登记取消。")
    return redirect(found.body)
