"""回头看的页面: draws, one draw with its problems, what was seen."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from shouwang.core import clock
from shouwang.core.actor import require
from shouwang.core.components import Empty
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of

from .. import operations, queries
from ..models import LookBack, LookBackItem, Problem
from ..operations.lookbacks import replayed
from ..states import VERDICT_TONES
from ..terms import terms
from .frame import problem_tabs


def draws(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "inspections.check")
    if request.method == "POST":
        place = queries.own_place(actor, "inspections.check")
        if place is None:
            raise DomainError("您的岗位没有对应的县或市。", code="division")
        percent = request.POST.get("percent", "")
        if not percent.isdecimal():
            raise DomainError("抽查比例应在 1 到 100 之间。", code="percent")
        made = operations.draw_look_back(actor, place, percent=int(percent[:4]))
        messages.success(request, f"抽中 {made.items.count():,} 个问题。")
        return redirect("inspections:lookback", pk=made.pk)
    rows = []
    for one in LookBack.objects.visible_to(actor).prefetch_related("items")[:50]:
        items = list(one.items.all())
        rows.append(
            (
                one, len(items), sum(item.verdict == "" for item in items),
                sum(item.verdict == "came_back" for item in items),
            )
        )  # fmt: skip
    signed = Problem.objects.visible_to(actor, "inspections.check").filter(state="signed")
    context = {
        "title": "回头看",
        "purpose": "已销号的问题按来源随机抽查，属实的了结，反弹的重新整改。",
        "tabs": problem_tabs(actor, "lookbacks"),
        "rows": rows,
        "waiting": signed.count(),
        "percent": terms().number("look_back_percent", "percent", clock.today()) or 10,
        "empty": Empty("还没有抽查", "有已销号的问题后，抽一批回头看。"),
    }
    return render(request, "inspections/lookbacks.html", context)


def draw(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.look_back_visible_to(actor, pk)
    items = found.items.select_related("problem__batch").prefetch_related("problem__units")
    context = {
        "draw": found,
        "title": f"{found}",
        "purpose": f"从 {found.population:,} 个已销号问题按 {found.percent}% 抽取，"
        f"抽样种子 {found.seed}，{found.drawn_by_label}。",
        "replayed": replayed(found),
        "items": [
            (item, VERDICT_TONES[item.verdict], item.get_verdict_display()) for item in items
        ],
    }
    return render(request, "inspections/lookback.html", context)


@require_POST
def record(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "inspections.check")
    seen = LookBack.objects.visible_to(actor).values("pk")
    item = get_object_or_404(
        LookBackItem.objects.select_related(
            "draw__division", "problem__batch", "problem__division"
        ),
        pk=pk, draw__in=seen,
    )  # fmt: skip
    operations.record_look(
        actor, item, verdict=request.POST.get("verdict", ""), note=request.POST.get("note", "")
    )
    messages.success(request, "已登记回头看。")
    return redirect("inspections:lookback", pk=item.draw_id)
