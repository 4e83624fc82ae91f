"""看板、漏斗、负担: what is due where, what warnings come to, what lies on whom."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from shouwang.core.actor import require
from shouwang.core.components import Empty, Tab
from shouwang.core.requests import actor_of

from ..pages import maps
from ..pages import steering as pages


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "cases.view")
    context = {**pages.board(actor), "tabs": _tabs("board"), "empty": Empty(
        "没有在办的个案", "建立个案以后，这里按环节和乡镇显示期限。"
    )}  # fmt: skip
    return render(request, "cases/board.html", context)


@require_safe
def funnel(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "cases.view")
    since, until = _day(request.GET.get("since", "")), _day(request.GET.get("until", ""))
    by = request.GET.get("by", "channel")
    context: dict[str, Any] = {
        **pages.funnel(actor, by, since, until),
        "since": since,
        "until": until,
        "tabs": _tabs("funnel"),
        "empty": Empty("这段时间没有登记线索", "换一段时间再看。"),
    }
    return render(request, "cases/funnel.html", context)


def _day(text: str) -> date | None:
    """A day of an address; what is no day is left aside."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "cases.view")
    context = {
        **maps.villages(actor, request.GET.get("shows", "")),
        "tabs": _tabs("map"),
        "may_draw": actor.can("divisions.manage"),
        "empty": Empty("辖区内没有村", "导入区划表以后，这里按村显示在办个案。"),
    }
    return render(request, "cases/map.html", context)


@require_safe
def load(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "cases.view")
    context = {**pages.load(actor), "tabs": _tabs("load"), "empty": Empty(
        "辖区内没有村级工作人员的账号", "由系统管理员建立账号和岗位后，这里显示每人手上的事。"
    )}  # fmt: skip
    return render(request, "cases/load.html", context)


def _tabs(current: str) -> list[Tab]:
    names = {"board": "办理看板", "map": "地图", "funnel": "从预警到帮扶", "load": "村级负担"}
    return [
        Tab(label, reverse(f"cases:{name}"), None, name == current) for name, label in names.items()
    ]
