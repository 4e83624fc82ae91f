"""会议与频次的页面: the list, one record, the form, and how far the required rhythm is kept."""

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty, Tab
from shouwang.core.errors import NotFound
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page

from . import cadence, operations, queries
from .filters import MeetingFilter
from .forms import MeetingForm, VoidForm
from .models import Meeting
from .tables import MeetingTable

PURPOSE = "各级召开的会议、研判和走访；按文件要求的频次统计，没有召开的一眼可见。"
CARRIED = ("who", "kind", "held_on")


def _tabs(current: str) -> list[Tab]:
    return [
        Tab("频次完成情况", reverse("meetings:rhythm"), is_current=current == "rhythm"),
        Tab("会议记录", reverse("meetings:list"), is_current=current == "list"),
    ]


def _record(actor: Actor) -> list[Action]:
    if not actor.can("meetings.record"):
        return []
    return [Action("登记会议", reverse("meetings:new"), "plus", is_main=True)]


def meeting_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "meetings.view")
    actions = _record(actor)
    return list_page(
        request,
        queryset=queries.meetings_visible_to(actor).select_related(
            "division__parent", "department"
        ),
        table=MeetingTable,
        filterset=MeetingFilter,
        title="会议记录",
        purpose=PURPOSE,
        template="meetings/list.html",
        actions=actions,
        empty=Empty(
            "还没有会议记录", "召开会议、研判或走访以后登记。", actions[0] if actions else None
        ),
        export_right="meetings.export",
        extra={"tabs": _tabs("list")},
    )


def rhythm(request: HttpRequest) -> HttpResponse:
    """Every rule: how many bodies kept it in the last whole period, and so far in this one."""
    actor = actor_of(request)
    require(actor, "meetings.view")
    found = queries.summaries(actor, clock.today())
    context = {
        "title": "会议与频次",
        "purpose": PURPOSE,
        "tabs": _tabs("rhythm"),
        "actions": _record(actor),
        "groups": [
            (label, [one for one in found if one.rule.body == body])
            for body, label in cadence.BODIES.items()
        ],
    }
    return render(request, "meetings/rhythm.html", context)


def rule(request: HttpRequest, key: str) -> HttpResponse:
    """One rule: every body of the scope over the last periods; who has not met stands first."""
    actor = actor_of(request)
    require(actor, "meetings.view")
    found = next((one for one in cadence.rules() if one.key == key), None)
    if found is None:
        raise NotFound("没有这项频次要求，它可能已从规则库中删除。")
    lines = queries.lines_of(actor, found, clock.today())
    order = {"late": 0, "near": 1, "idle": 2, "done": 3}
    lines.sort(key=lambda line: (order[line.cells[-2].tone], order[line.cells[-1].tone]))
    context = {
        "title": found.title,
        "rule": found,
        "level": cadence.BODIES[found.body],
        "kind": cadence.KINDS[found.kind],
        "lines": lines,
        "periods": [cell.period for cell in lines[0].cells] if lines else [],
        "actions": _record(actor),
        "empty": Empty("您的辖区内没有这一级的单位", "这项要求不涉及您的辖区。"),
    }
    return render(request, "meetings/rule.html", context)


def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "meetings.record")
    asked = {name: request.GET[name] for name in CARRIED if name in request.GET}
    form = MeetingForm(request.POST or None, actor=actor, initial=asked)
    if request.method == "POST" and form.is_valid():
        level, body = form.chosen()
        details = {key: value for key, value in form.cleaned_data.items() if key != "who"}
        made = operations.record_meeting(
            actor, body=level, division=body.division, department=body.department, **details
        )
        messages.success(request, "已登记。")
        return redirect("meetings:meeting", pk=made.pk)
    context = {"title": "登记会议", "form": form, "back_url": reverse("meetings:list")}
    return render(request, "meetings/new.html", context)


def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.meeting_visible_to(actor, pk)
    may_void = found.voided_at is None and actor.can_at("meetings.record", found.division.path)
    form = VoidForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        operations.void_meeting(
            actor, found, reason=form.cleaned_data["reason"], version=form.cleaned_data["version"]
        )
        messages.success(request, "已作废，这条记录不再计入频次。")
        return redirect("meetings:meeting", pk=pk)
    context = {
        "meeting": found,
        "title": found.title,
        "facts": _facts(found),
        "form": form if may_void else None,
        "actions": [
            action
            for name in getattr(settings, "SHOUWANG_MEETING_ACTIONS", ())
            for action in import_string(name)(actor, found)
        ],
    }
    return render(request, "meetings/meeting.html", context)


def _facts(found: Meeting) -> list[tuple[str, str]]:
    held: date = found.held_on
    facts = [
        ("召开单位", found.body_name),
        ("类别", cadence.KINDS.get(found.kind, found.kind)),
        ("日期", f"{held:%Y-%m-%d}"),
        ("地点", found.place or "—"),
        ("主持人", found.chair or "—"),
        ("参加人数", f"{found.attendance} 人" if found.attendance else "—"),
        ("参加人员", found.participants or "—"),
        ("登记", f"{found.recorded_by_label}，{found.recorded_at:%Y-%m-%d}"),
    ]
    if found.voided_at:
        facts.append(
            ("作废", f"{found.voided_by_label}，{found.voided_at:%Y-%m-%d}：{found.void_reason}")
        )
    return facts
