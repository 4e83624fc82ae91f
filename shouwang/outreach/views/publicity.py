"""宣传资料和宣传活动的页面: leaflets, who has got them, sign sheets, events."""

import io
from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from shouwang.core import clock, formats
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty, MassAction, Tab
from shouwang.core.errors import DomainError, NotFound
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page, selected
from shouwang.divisions.choices import villages_with
from shouwang.divisions.models import Division
from shouwang.support.views.posting import form_page, posted
from shouwang.support.views.registers import kept

from .. import sign_sheet
from ..filters import EventFilter, HandoutFilter, LeafletFilter
from ..forms import EventForm, HandOutForm, LeafletForm, SignedSheetForm
from ..models import Handout, Leaflet, PublicityEvent
from ..operations import hand_out, import_handouts, record_event, record_leaflet
from ..queries import coverage, households_of
from ..tables import EventTable, HandoutTable, LeafletTable


def tabs(current: str) -> list[Tab]:
    return [
        Tab("宣传资料", reverse("outreach:leaflets"), None, current == "leaflets"),
        Tab("宣传活动", reverse("outreach:events"), None, current == "events"),
    ]


def _own_places(actor: Actor, right: str) -> QuerySet[Division]:
    """The places of the posts with the towns and villages below, for choosing one."""
    villages = villages_with(actor, right).filter(valid_to=None)
    keys = {key for pair in villages.values_list("pk", "parent") for key in pair if key}
    for scope in actor.scopes_with(right):
        keys |= {int(part) for part in scope.division_path.split("/")[-2:] if part}
    inside = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        inside |= Q(path__startswith=scope.division_path)
    return Division.objects.filter(inside, pk__in=keys).order_by("code")


def leaflet_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "outreach.view")
    own = Handout.objects.visible_to(actor).filter(leaflet=OuterRef("pk")).order_by()
    handed = own.values("leaflet").annotate(n=Count("pk")).values("n")
    actions = []
    if actor.can("outreach.leaflets"):
        new = reverse("outreach:new-leaflet")
        actions.append(Action("登记资料", new, "plus", is_main=True))
    return list_page(
        request,
        queryset=Leaflet.objects.visible_to(actor)
        .select_related("division")
        .annotate(handed=Subquery(handed)),
        table=LeafletTable,
        filterset=LeafletFilter,
        title="宣传资料",
        purpose="明白纸、宣传单印了多少、发到了哪些户、哪些户还没有。",
        template="outreach/tabbed.html",
        actions=actions,
        empty=Empty("还没有宣传资料", "印好以后在这里登记，再登记发放。"),
        export_right="outreach.export",
        extra={"tabs": tabs("leaflets")},
        source="宣传资料",
    )


def new_leaflet(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "outreach.leaflets")
    return form_page(
        request,
        LeafletForm(posted(request), places=_own_places(actor, "outreach.leaflets")),
        lambda given: record_leaflet(actor, **given),
        title="登记宣传资料",
        purpose="一个版次登记一次；改版以后另登一条。",
        submit="登记",
        back_url=reverse("outreach:leaflets"),
        done="已登记。",
    )


def _leaflet(actor: Actor, pk: int) -> Leaflet:
    require(actor, "outreach.view")
    found: Leaflet | None = (
        Leaflet.objects.visible_to(actor).select_related("division").filter(pk=pk).first()
    )
    if found is None:
        raise NotFound
    return found


def leaflet_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One leaflet: by village how many households have got it, those without first."""
    actor = actor_of(request)
    leaflet = _leaflet(actor, pk)
    rows = coverage(actor, leaflet)
    url = reverse("outreach:handouts", args=[pk])
    actions = [Action("还没有发到的户", f"{url}?got=no", "list-check", is_main=True)]
    if actor.can("outreach.record"):
        signed = reverse("outreach:signed", args=[pk])
        actions.append(Action("上传签收表", signed, "file-import"))
    facts = [
        ("类型", leaflet.get_kind_display()),
        ("发放范围", leaflet.division.name),
        ("印数", f"{leaflet.printed:,} 份"),
        ("印制日期", formats.day(leaflet.made_on)),
        ("编印单位", leaflet.department),
        ("备注", leaflet.note),
    ]
    context = {
        "leaflet": leaflet, "rows": rows, "actions": actions, "facts": facts, "url": url,
        "households": sum(row.households for row in rows),
        "handed": sum(row.handed for row in rows),
    }  # fmt: skip
    return render(request, "outreach/leaflet.html", context)


def handout_list(request: HttpRequest, pk: int) -> HttpResponseBase:
    actor = actor_of(request)
    leaflet = _leaflet(actor, pk)
    mass = []
    if actor.can("outreach.record"):
        give = reverse("outreach:hand-out", args=[pk])
        mass.append(MassAction("登记发放", give, "将登记 {count} 户今天入户发放、户主签收。继续？"))
    return list_page(
        request,
        queryset=households_of(actor, leaflet),
        table=HandoutTable,
        filterset=HandoutFilter,
        title=f"{leaflet}发放情况",
        purpose="先筛出没有发到的户，勾选后登记发放；成批的用签收表。",
        actions=[Action("返回资料", reverse("outreach:leaflet", args=[pk]))],
        mass_actions=mass,
        export_right="outreach.export",
        source="宣传资料发放",
    )


def give(request: HttpRequest, pk: int) -> HttpResponse:
    """The ticked households got it today."""
    actor = actor_of(request)
    leaflet = _leaflet(actor, pk)
    require(actor, "outreach.record")
    if request.method != "POST":
        raise NotFound
    rows = selected(request, households_of(actor, leaflet), HandoutFilter)
    count = hand_out(actor, leaflet, rows, handed_on=clock.today(), way="visit")
    messages.success(request, f"已登记 {count} 户。")
    return redirect(f"{reverse('outreach:handouts', args=[pk])}?got=no")


def household_handout(request: HttpRequest, pk: int, household_no: str) -> HttpResponse:
    """One household, with another day or another signer."""
    actor = actor_of(request)
    leaflet = _leaflet(actor, pk)
    home = households_of(actor, leaflet).filter(household_no=household_no.replace("\x00", ""))
    found = home.first()
    if found is None:
        raise NotFound
    require(actor, "outreach.record", found.village.path)
    return form_page(
        request,
        HandOutForm(posted(request)),
        lambda given: hand_out(actor, leaflet, [found], **given),
        title="登记发放",
        purpose=f"{found}收到《{leaflet}》。",
        submit="登记",
        back_url=reverse("outreach:handouts", args=[pk]),
        done="已登记。",
    )


def sheet(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """The list of one village to sign by hand."""
    actor = actor_of(request)
    leaflet = _leaflet(actor, pk)
    rows = households_of(actor, leaflet).filter(village__code=code.replace("\x00", ""))
    first = rows.first()
    if first is None:
        raise NotFound("这个村没有应发的户，或不在您的管辖范围内。")
    title = f"{first.village.name}《{leaflet}》签收表"
    made = sign_sheet.write(title, rows)
    return FileResponse(io.BytesIO(made), as_attachment=True, filename=f"{title}.xlsx")


def papers(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Scans and photos of the signed list of one village."""
    actor = actor_of(request)
    leaflet = _leaflet(actor, pk)
    villages = villages_with(actor, "outreach.view").filter(code=code.replace("\x00", ""))
    village = villages.order_by("valid_to").first()
    if village is None:
        raise NotFound
    context = {
        "leaflet": leaflet, "village": village, "target_id": f"{leaflet.pk}-{village.pk}",
    }  # fmt: skip
    return render(request, "outreach/papers.html", context)


def signed(request: HttpRequest, pk: int) -> HttpResponse:
    """A signed list comes back."""
    actor = actor_of(request)
    leaflet = _leaflet(actor, pk)
    require(actor, "outreach.record")
    form = SignedSheetForm(posted(request), request.FILES or None)
    faults: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            count, faults = _taken(actor, leaflet, **form.cleaned_data)
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            if not faults:
                messages.success(request, f"新登记 {count} 户，已登记过的没有变化。")
                return redirect("outreach:leaflet", pk=pk)
    context = {"leaflet": leaflet, "form": form, "faults": faults[:200]}
    status = 422 if form.errors or faults else 200
    return render(request, "outreach/signed.html", context, status=status)


def _taken(actor: Actor, leaflet: Leaflet, *, handed_on: Any, file: Any) -> tuple[int, list[Any]]:
    with kept(file) as path:
        return import_handouts(actor, leaflet, path, name=str(file.name), handed_on=handed_on)


def event_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "outreach.view")
    actions = []
    if actor.can("outreach.record"):
        actions.append(Action("登记活动", reverse("outreach:new-event"), "plus", is_main=True))
    return list_page(
        request,
        queryset=PublicityEvent.objects.visible_to(actor).select_related("division"),
        table=EventTable,
        filterset=EventFilter,
        title="宣传活动",
        purpose="哪天、在哪里、讲了什么、多少人参加，附照片。",
        template="outreach/tabbed.html",
        actions=actions,
        empty=Empty("还没有宣传活动", "开会、广播、赶集设点后在这里登记。"),
        export_right="outreach.export",
        extra={"tabs": tabs("events")},
        source="宣传活动",
    )


def new_event(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "outreach.record")
    return form_page(
        request,
        EventForm(posted(request), places=_own_places(actor, "outreach.record")),
        lambda given: record_event(actor, **given),
        title="登记宣传活动",
        purpose="登记后可在活动页上传照片。",
        submit="登记",
        back_url=reverse("outreach:events"),
        done="已登记，可以上传照片。",
    )


def event_page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "outreach.view")
    rows = PublicityEvent.objects.visible_to(actor).select_related("division")
    event: PublicityEvent | None = rows.filter(pk=pk).first()
    if event is None:
        raise NotFound
    facts = [
        ("日期", formats.day(event.held_on)),
        ("形式", event.get_kind_display()),
        ("地方", event.division.name),
        ("地点", event.place),
        ("参加人数", f"{event.people:,} 人"),
        ("情况", event.note),
        ("登记人", event.recorded_by_label),
    ]
    return render(request, "outreach/event.html", {"event": event, "facts": facts})
