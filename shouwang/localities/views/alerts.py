"""预警公告的页面: the board, one alert with who has not acknowledged it, the form to issue."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.cases.querysets import places_with
from shouwang.core import clock, formats
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty, Figure
from shouwang.core.errors import NotFound
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.divisions.models import Division
from shouwang.support.views.posting import form_page, posted

from ..alert_levels import alert_book
from ..models import Alert, AlertVillage
from ..operations import acknowledge, end_alert, issue_alert
from ..place_filters import AlertFilter
from ..place_forms import AlertForm
from ..place_queries import alerts_of
from ..place_tables import AlertTable


def alert_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "localities.view")
    rows, url = alerts_of(actor), reverse("localities:alerts")
    valid = rows.open_at(clock.now())
    figures = [
        Figure("生效中和将生效", valid.count(), "个", f"{url}?state=open"),
        Figure("有村没签收", valid.filter(waiting__gt=0).count(), "个", f"{url}?state=waiting"),
    ]
    actions = []
    if actor.can("localities.alerts"):
        actions = [Action("发布预警", reverse("localities:new-alert"), "plus", is_main=True)]
    return list_page(
        request,
        queryset=rows,
        table=AlertTable,
        filterset=AlertFilter,
        title="预警公告",
        purpose="气象、地质、洪涝、火险等预警，发到村，谁没签收一眼看到。",
        template="outreach/list.html",
        actions=actions,
        empty=Empty("没有预警公告", "收到气象、应急等部门预警后在这里发布到村。"),
        export_right="localities.export",
        extra={"figures": figures},
        source="预警公告",
    )


def new_alert(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "localities.alerts")
    places = Division.objects.filter(
        places_with(actor, "localities.alerts", "pk"),
        level__in=("county", "town", "village"), valid_to=None,
    ).order_by("code")  # fmt: skip
    hours = "，".join(f"{one.label} {one.hours} 小时" for one in alert_book().levels.values())

    def save(given: dict[str, Any]) -> Alert:
        return issue_alert(actor, list(given.pop("areas")), **given)

    return form_page(
        request,
        AlertForm(posted(request), places=places),
        save,
        title="发布预警",
        purpose=f"发布后各村在待签收里看到。签收时限（示例值）：{hours}。",
        submit="发布",
        back_url=reverse("localities:alerts"),
        done="预警已发布到村。",
    )


def _alert(actor: Actor, pk: int) -> Any:
    require(actor, "localities.view")
    found = alerts_of(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("没有找到这个预警，或它不涉及您的辖区。")
    return found


def alert_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One alert: what it says, the villages that have not answered first."""
    actor = actor_of(request)
    alert = _alert(actor, pk)
    mine = AlertVillage.objects.visible_to(actor).filter(alert=alert)
    rows = list(mine.select_related("village__parent").order_by("village__code"))
    waiting = [row for row in rows if row.acknowledged_at is None]
    is_late = alert.is_open and clock.now() > alert.acknowledge_by
    areas = list(alert.areas.all())
    context = {
        "alert": alert, "is_late": is_late,
        "waiting": [
            (row, alert.is_open and actor.can_at("localities.acknowledge", row.village.path))
            for row in waiting
        ],
        "answered": [row for row in rows if row.acknowledged_at is not None],
        "may_end": alert.is_open
        and all(actor.can_at("localities.alerts", area.path) for area in areas),
        "facts": [
            ("种类", alert.get_kind_display()), ("级别", alert.grade.label),
            ("范围", "、".join(area.name for area in areas)), ("发布单位", alert.issuer),
            ("生效时间", formats.moment(alert.valid_from)),
            ("失效时间", formats.moment(alert.valid_to)),
            ("签收时限", formats.moment(alert.acknowledge_by)),
            ("发布人", alert.issued_by_label), ("发布时间", formats.moment(alert.issued_at)),
            *(
                [("结束", f"{alert.state_label}，{formats.moment(alert.ended_at)}"),
                 ("结束说明", alert.end_reason), ("结束人", alert.ended_by_label)]
                if alert.end else []
            ),
        ],
    }  # fmt: skip
    return render(request, "localities/alert.html", context)


@require_POST
def alert_acknowledge(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    actor = actor_of(request)
    alert = _alert(actor, pk)
    rows = AlertVillage.objects.visible_to(actor).filter(alert=alert, pk=row)
    found = rows.select_related("village", "alert").first()
    if found is None:
        raise NotFound
    acknowledge(actor, found, note=request.POST.get("note", ""))
    messages.success(request, f"{found.village.name}已签收。")
    return redirect("localities:alert", pk=pk)


@require_POST
def alert_end(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    alert = _alert(actor, pk)
    require(actor, "localities.alerts")
    end, reason = request.POST.get("end", ""), request.POST.get("reason", "")
    done = end_alert(actor, alert, end=end, reason=reason)
    messages.success(request, f"预警{done.state_label}。")
    return redirect("localities:alert", pk=pk)
