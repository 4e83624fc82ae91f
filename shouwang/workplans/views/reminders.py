"""提醒督办的页面: what was told of deadlines, who has seen it and what he says; 已阅."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.components import Empty
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page

from .. import operations, queries
from ..filters import ReminderFilter
from ..lights import lines_on
from ..models import Reminder, Task
from ..states import REMINDER_TONES
from ..tables import ReminderTable
from .tabs import tabs

MOST = 200


def reminder_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "workplans.view")
    lines = lines_on(clock.today())
    return list_page(
        request,
        queryset=_visible(actor).prefetch_related(
            "seen", Prefetch("task", Task.objects.prefetch_related("units"))
        ),
        table=ReminderTable,
        filterset=ReminderFilter,
        title="提醒督办",
        purpose=f"每天自动提醒：时限前 {lines.remind_days} 天、超期第一天；"
        f"超期 {lines.up.days} 天或连续 {lines.up.missed} 期没有报送提请上一级督办，"
        f"到 {lines.top.days} 天或 {lines.top.missed} 期提请县级督办。谁看过、怎么说的都记在这里。",
        template="workplans/tasks.html",
        empty=Empty("没有符合条件的提醒", "后台进程每天生成一次；任务临近时限或超期后出现在这里。"),
        export_right="workplans.export",
        extra={"tabs": tabs("reminders")},
        source="任务提醒",
    )


def _visible(actor: Actor) -> QuerySet[Reminder]:
    seen = queries.tasks_visible_to(actor).values("pk")
    return Reminder.objects.filter(task__in=seen)


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """已阅: one reminder with words, or all that are shown on the page."""
    actor = actor_of(request)
    keys = {key for key in request.POST.getlist("reminder") if key.isascii() and key.isdecimal()}
    if not 0 < len(keys) <= MOST or any(len(key) > 18 for key in keys):
        raise DomainError("请选择要阅知的提醒。", code="chosen")
    rows = _visible(actor).filter(pk__in=keys).select_related("task__division")
    count = operations.acknowledge(actor, list(rows), request.POST.get("words", ""))
    messages.success(request, f"已阅 {count} 条。")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = reverse("workplans:mine")
    return redirect(back)


def shown(actor: Actor, task: Task, reminder: int | None) -> dict[str, Any]:
    """For the page of a task: what was told, who saw it, and whether this person is to say so."""
    rows = list(task.reminders.prefetch_related("seen")[:20])
    mine = next((one for one in rows if one.pk == reminder), None)
    noted = mine is not None and any(one.account_id == actor.account_id for one in mine.seen.all())
    return {
        "reminders": [(one, REMINDER_TONES[one.kind], list(one.seen.all())) for one in rows],
        "to_note": mine,
        "is_noted": noted,
    }
