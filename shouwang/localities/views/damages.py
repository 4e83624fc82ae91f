"""灾害事件的页面: events with what they damaged; one event, summed by what was hit."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from shouwang.cases.querysets import places_with
from shouwang.core import formats
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty
from shouwang.core.errors import NotFound
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.divisions.models import Division
from shouwang.support.views.posting import form_page, posted

from ..models import Disaster, PlaceProblem
from ..operations import change_disaster, record_disaster
from ..place_forms import DisasterEndForm, DisasterForm
from ..place_kinds import book
from ..place_tables import DisasterTable
from ..states import SETTLED
from .places import tabs

KIND = "damages"


def _events(actor: Actor) -> Any:
    """Events with the damage that lies within the actor's places."""
    mine = Q(damages__in=PlaceProblem.objects.visible_to(actor).values("pk"))
    mine &= ~Q(damages__state="mistaken")
    return (
        Disaster.objects.visible_to(actor)
        .select_related("division")
        .annotate(
            items=Count("damages", filter=mine),
            unsettled=Count("damages", filter=mine & ~Q(damages__state__in=SETTLED)),
            loss=Sum("damages__loss", filter=mine),
        )
    )


def disaster_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "localities.view")
    actions = []
    if actor.can("localities.places"):
        new = reverse("localities:new-disaster")
        actions = [Action("登记事件", new, "plus", is_main=True)]
    return list_page(
        request,
        queryset=_events(actor),
        table=DisasterTable,
        title="灾害事件",
        purpose="每次灾害登记一个事件，毁坏的东西逐项登记在灾毁恢复台账。",
        template="localities/places.html",
        actions=actions,
        empty=Empty("还没有灾害事件", "发生灾害后先登记事件，再登记毁坏了什么。"),
        export_right="localities.export",
        extra={"tabs": tabs(actor, "disasters")},
        source="灾害事件",
    )


def new_disaster(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "localities.places")
    places = Division.objects.filter(
        places_with(actor, "localities.places", "pk"),
        level__in=("county", "town", "village"), valid_to=None,
    ).order_by("code")  # fmt: skip
    return form_page(
        request,
        DisasterForm(posted(request), places=places),
        lambda given: record_disaster(actor, given.pop("division"), **given),
        title="登记灾害事件",
        purpose="受灾范围选县、乡镇或村；毁坏的东西登记事件后逐项登记。",
        submit="登记",
        back_url=reverse("localities:disasters"),
        done="事件已登记，接着登记毁坏了什么。",
    )


def change_disaster_page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "localities.view")
    found = Disaster.objects.visible_to(actor).select_related("division").filter(pk=pk).first()
    if found is None:
        raise NotFound("没有找到这个事件，或不在您的管辖范围内。")
    require(actor, "localities.places", found.division.path)
    initial = {"ended_on": found.ended_on, "note": found.note}
    return form_page(
        request,
        DisasterEndForm(posted(request), initial=initial),
        lambda given: change_disaster(actor, found, **given),
        title=f"修改{found.name}",
        purpose="灾害过去后填写结束日期，补充情况。",
        submit="保存",
        back_url=found.get_absolute_url(),
        done="已保存。",
    )


def disaster_page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "localities.view")
    found = _events(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("没有找到这个事件，或不在您的管辖范围内。")
    kind = book().kinds[KIND]
    rows = PlaceProblem.objects.visible_to(actor).filter(disaster=found).exclude(state="mistaken")
    sums = (
        rows.order_by()
        .values("subject", "unit")
        .annotate(
            items=Count("pk"), amount=Sum("quantity"), lost=Sum("loss"), money_sum=Sum("money"),
            homes=Sum("households"), left=Count("pk", filter=~Q(state__in=SETTLED)),
        )
        .order_by("subject", "unit")
    )  # fmt: skip
    lines = [
        (kind.subjects[row["subject"]].label, row, _amount(row["amount"], row["unit"]))
        for row in sums
    ]
    actions = []
    if actor.can("localities.places"):
        new = reverse("localities:new-place", args=[KIND])
        actions = [Action("登记毁坏", f"{new}?disaster={pk}", "plus", is_main=True)]
    if actor.can_at("localities.places", found.division.path):
        change = reverse("localities:change-disaster", args=[pk])
        actions.append(Action("修改", change, "edit"))
    context = {
        "disaster": found, "lines": lines, "actions": actions,
        "list_url": f"{reverse('localities:places', args=[KIND])}?disaster={pk}",
        "facts": [
            ("灾种", found.get_kind_display()), ("受灾范围", found.division.name),
            ("开始日期", formats.day(found.began_on)), ("结束日期", formats.day(found.ended_on)),
            ("毁坏（项）", found.items), ("没有恢复（项）", found.unsettled),
            ("估算损失（元）", formats.amount(found.loss)), ("登记人", found.recorded_by_label),
        ],
    }  # fmt: skip
    return render(request, "localities/disaster.html", context)


def _amount(amount: Decimal | None, unit: str) -> str:
    return "" if amount is None else f"{amount.normalize():f} {unit}"
