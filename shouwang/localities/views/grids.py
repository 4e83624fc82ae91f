"""网格名册的页面: villages with what is missing, one village with its grids and people."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty, Figure
from shouwang.core.errors import NotFound
from shouwang.core.masking import mask_phone
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.support.views.posting import form_page, posted

from ..filters import GridFilter
from ..forms import EndForm, GridForm, MemberForm
from ..models import Grid, GridMember
from ..operations import add_member, end_grid, end_member, record_grid
from ..operations.grids import phone_of
from ..place_queries import standing_in
from ..queries import GAPS, villages_with_grids
from ..tables import GridTable


def grid_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "localities.view")
    rows = villages_with_grids(actor)
    url = reverse("localities:grids")
    figures = [
        Figure(words, rows.filter(where).count(), "个村", f"{url}?gap={key}")
        for key, (words, where) in GAPS.items()
    ]
    return list_page(
        request,
        queryset=rows,
        table=GridTable,
        filterset=GridFilter,
        title="网格和信息员",
        purpose="每个村分成几个网格、谁是网格员和信息员；缺人的村排在上面的数里。",
        template="outreach/list.html",
        empty=Empty("没有村", "请先导入行政区划。"),
        export_right="localities.export",
        extra={"figures": figures},
        source="网格名册",
    )


def _village(actor: Actor, pk: int) -> Any:
    require(actor, "localities.view")
    found = villages_with_grids(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("没有找到这个村，或不在您的管辖范围内。")
    return found


def village_page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    village = _village(actor, pk)
    may = actor.can_at("localities.grids", village.path)
    grids = list(Grid.objects.filter(village=village, ended_on=None))
    people: dict[int, list[tuple[GridMember, str]]] = {grid.pk: [] for grid in grids}
    for member in GridMember.objects.filter(grid__in=grids, valid_to=None):
        number = phone_of(member)
        people[member.grid_id].append((member, number if may else mask_phone(number)))
    actions = []
    if may:
        new = reverse("localities:new-grid", args=[pk])
        actions.append(Action("增加网格", new, "plus", is_main=True))
    context = {
        "village": village, "actions": actions, "may": may,
        "standing": standing_in(actor, village),
        "grids": [(grid, people[grid.pk]) for grid in grids],
    }  # fmt: skip
    return render(request, "localities/village.html", context)


def new_grid(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    village = _village(actor, pk)
    require(actor, "localities.grids", village.path)
    return form_page(
        request,
        GridForm(posted(request)),
        lambda given: record_grid(actor, village, **given),
        title="增加网格",
        purpose=f"{village.name}。",
        submit="增加",
        back_url=reverse("localities:village", args=[pk]),
        done="网格已增加，请登记网格员。",
    )


def _grid(actor: Actor, pk: int) -> Grid:
    require(actor, "localities.view")
    found: Grid | None = (
        Grid.objects.visible_to(actor).select_related("village").filter(pk=pk).first()
    )
    if found is None:
        raise NotFound
    require(actor, "localities.grids", found.village.path)
    return found


def new_member(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    grid = _grid(actor, pk)
    return form_page(
        request,
        MemberForm(posted(request)),
        lambda given: add_member(actor, grid, **given),
        title="登记网格人员",
        purpose=f"{grid}。电话加密保存。",
        submit="登记",
        back_url=reverse("localities:village", args=[grid.village_id]),
        done="已登记。",
    )


def close_grid(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    grid = _grid(actor, pk)
    return form_page(
        request,
        EndForm(posted(request)),
        lambda given: end_grid(actor, grid, ended_on=given["on"]),
        title=f"撤销{grid.name}",
        purpose=f"{grid}和里面的人员一并结束，记录保留。",
        submit="撤销",
        back_url=reverse("localities:village", args=[grid.village_id]),
        done="网格已撤销。",
    )


def close_member(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "localities.view")
    rows = GridMember.objects.visible_to(actor).select_related("grid__village")
    member: GridMember | None = rows.filter(pk=pk).first()
    if member is None:
        raise NotFound
    require(actor, "localities.grids", member.grid.village.path)
    return form_page(
        request,
        EndForm(posted(request)),
        lambda given: end_member(actor, member, valid_to=given["on"]),
        title=f"{member.name}离任",
        purpose=f"{member.grid}{member.get_role_display()}。",
        submit="登记离任",
        back_url=reverse("localities:village", args=[member.grid.village_id]),
        done="已登记离任。",
    )
