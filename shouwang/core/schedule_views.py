"""定时任务的页面: what runs by itself, when it ran last, what it came to, once more by hand."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from . import clock
from . import schedule as work
from .components import Empty
from .errors import DomainError
from .models import RUN_TONES, ScheduledRun
from .requests import actor_of

SHOWN = 12


@require_GET
def schedule(request: HttpRequest) -> HttpResponse:
    seen = work.visible_to(actor_of(request))
    today = clock.today()
    rows = []
    for one in seen:
        runs = list(ScheduledRun.objects.filter(key=one.key)[:SHOWN])
        rows.append((one, one.next_due(today), [(run, RUN_TONES[run.state]) for run in runs]))
    context = {
        "title": "定时任务",
        "purpose": "后台进程按日期自动做的工作：上次什么时候做、结果怎样；可以把某一天的再做一次。",
        "rows": rows,
        "empty": Empty("没有您能查看的定时任务", "县级业务员能看到自动计算指标等定时任务。"),
    }
    return render(request, "core/schedule.html", context)


@require_POST
def again(request: HttpRequest) -> HttpResponse:
    try:
        due_on = date.fromisoformat(request.POST.get("due_on", ""))
    except ValueError as error:
        raise DomainError("页面内容不完整，请刷新后再办理。", code="due_on") from error
    work.run_again(actor_of(request), request.POST.get("key", ""), due_on)
    messages.success(request, "已排队，稍后刷新看结果。")
    return redirect("core:schedule")
