"""审看进展: the reports that wait for one person, looked at and taken together."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from shouwang.core import clock
from shouwang.core.actor import require
from shouwang.core.components import Empty
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of

from .. import operations, waiting
from ..operations.proof import files_of
from ..queries import light_of
from ..states import LIGHT_TONES, Light
from .tabs import tabs

MOST = waiting.MOST
SHOWN_REFUSALS = 5


def reports(request: HttpRequest) -> HttpResponse:
    """Each with what was done, the evidence and the light; the oldest first."""
    actor = actor_of(request)
    require(actor, "workplans.view")
    with_lower = request.GET.get("lower") == "1"
    waits = waiting.reports_to_check(actor, with_lower=with_lower)
    found = list(
        waits.select_related("task__division")
        .prefetch_related("task__units")
        .order_by("reported_at")[:MOST]
    )
    files, today = files_of(actor, found), clock.today()
    lights = [Light(light_of(one.task, today)) for one in found]
    context = {
        "title": "审看进展",
        "purpose": "还没有人审看的进展；没有问题的勾选后一起采信，有问题的点开任务退回。",
        "tabs": tabs("mine"),
        "rows": [
            (one, files[one.pk], LIGHT_TONES[light], light.label)
            for one, light in zip(found, lights, strict=True)
        ],
        "total": len(found) if len(found) < MOST else waits.count(),
        "with_lower": with_lower,
        "may_see_lower": actor.can("workplans.manage"),
        "empty": Empty("没有等您审看的进展", "下级单位报送后会出现在这里。"),
    }
    return render(request, "workplans/reports.html", context)


@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    keys = {key for key in request.POST.getlist("report") if key.isascii() and key.isdecimal()}
    if not 0 < len(keys) <= MOST or any(len(key) > 18 for key in keys):
        raise DomainError("请勾选要采信的进展。", code="chosen")
    may = waiting.reports_to_check(actor, with_lower=True).filter(pk__in=keys)
    chosen = list(may.select_related("task__division", "task__parent").order_by("reported_at"))
    taken, refused = operations.accept_reports(actor, chosen)
    gone = len(keys) - len(chosen)
    if taken:
        messages.success(request, f"已采信 {taken} 份进展。")
    if gone:
        messages.warning(request, f"有 {gone} 份已经由别人审看，或者不归您审看，没有变动。")
    if refused:
        messages.warning(request, "没有采信：" + "；".join(refused[:SHOWN_REFUSALS]))
    return redirect("workplans:reports")
