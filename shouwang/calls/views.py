"""吹哨报到的页面: the list, the board by department, one call with its steps, the form to call."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.accounts.models import Department
from shouwang.cases.querysets import places_with
from shouwang.core import clock, formats
from shouwang.core.actor import Actor, require
from shouwang.core.charts import Chart, bars
from shouwang.core.components import Action, Empty, Event, Figure
from shouwang.core.errors import DomainError, NotAllowed, NotFound
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.divisions.models import Division
from shouwang.support.views.posting import form_page, posted

from .filters import CallFilter
from .forms import CallForm
from .limits import limits
from .models import Call
from .operations import clean, offers, raise_call, take_step, withdraw
from .queries import Row, board, calls_of
from .states import CALL_TONES
from .tables import CallTable


def _enter(actor: Actor) -> None:
    if not actor.can("calls.answer"):
        require(actor, "calls.view")


def call_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    _enter(actor)
    rows, url = calls_of(actor), reverse("calls:list")
    late = Call.objects.visible_to(actor).late(clock.today()).count()
    waiting = Call.objects.visible_to(actor).waiting_for(actor).count()
    figures = [
        Figure("待我办理", waiting, "件", f"{url}?mine=yes"),
        Figure("有部门超期", late, "件", f"{url}?late=yes"),
    ]
    actions = [Action("部门看板", reverse("calls:board"), "dashboard")]
    empty = Empty("还没有吹哨", "村镇遇到自己解决不了的事，可以请部门报到。")
    if actor.can("calls.raise"):
        new = Action("吹哨", reverse("calls:new"), "plus", is_main=True)
        actions.insert(0, new)
        empty = Empty(empty.title, empty.text, new)
    return list_page(
        request,
        queryset=rows,
        table=CallTable,
        filterset=CallFilter,
        title="吹哨报到",
        purpose="村镇吹哨，部门报到、答复，由村镇评价。",
        template="outreach/list.html",
        actions=actions,
        empty=empty,
        export_right="calls.export",
        source="吹哨报到",
        extra={"figures": figures},
    )


def new_call(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "calls.raise")
    places = Division.objects.filter(
        places_with(actor, "calls.raise", "pk"), level__in=("village", "town"), valid_to=None
    ).order_by("code")
    days = "，".join(
        f"{label} {limits().on(key, clock.today()).working_days} 个工作日"
        for key, label in limits().urgencies.items()
    )

    def save(given: dict[str, Any]) -> Call:
        given["departments"] = list(given["departments"])
        return raise_call(actor, given.pop("division"), **given)

    return form_page(
        request,
        CallForm(posted(request), places=places),
        save,
        title="吹哨",
        purpose=f"请部门到村镇解决问题。答复期限（示例值）：{days}。",
        submit="吹哨",
        back_url=reverse("calls:list"),
        done="已吹哨，部门会看到。",
    )


def _call(actor: Actor, pk: int) -> Call:
    _enter(actor)
    found: Call | None = calls_of(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("没有找到这次吹哨，或不在您的管辖范围内。")
    return found


def call_page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    return _page(request, actor, _call(actor, pk))


@dataclass(frozen=True)
class Kept:
    """A step that was refused: why, and what was typed, which stays in its field."""

    message: str
    part: int | None
    action: str
    words: str


def _page(
    request: HttpRequest, actor: Actor, call: Call, kept: Kept | None = None, status: int = 200
) -> HttpResponse:
    path = call.division.path
    parts = [(part, offers(actor, part)) for part in call.parts.all()]
    named = [part.department_id for part, _ in parts]
    context = {
        "call": call, "parts": parts, "kept": kept, "tone": CALL_TONES[call.state],
        "departments": Department.objects.exclude(pk__in=named).order_by("code"),
        "may_withdraw": actor.can_at("calls.raise", path)
        and call.state not in ("closed", "withdrawn"),
        "sees_files": actor.can_at("documents.view", path),
        "facts": [
            ("编号", call.number), ("村镇", call.division.name),
            ("紧急程度", call.get_urgency_display()), ("答复期限", formats.day(call.due_on)),
            ("吹哨人", call.raised_by_label), ("吹哨时间", formats.moment(call.raised_at)),
        ],
        "events": [
            Event(step.at, f"{step.department_name} {step.label}".strip(), step.by_label,
                  step.note, "going")
            for step in reversed(call.steps.all())
        ],
    }  # fmt: skip
    return render(request, "calls/call.html", context, status=status)


def _refused(
    request: HttpRequest, actor: Actor, pk: int, error: DomainError, part: int | None = None
) -> HttpResponse:
    """The page as it stands now, with the refusal on top and the typed words in their field."""
    words = clean(request.POST.get("words", ""))
    kept = Kept(error.message, part, request.POST.get("action", ""), words)
    return _page(request, actor, _call(actor, pk), kept, error.status)


def _version(request: HttpRequest) -> int:
    raw = request.POST.get("version", "")
    if not (raw.isascii() and raw.isdecimal()):
        raise DomainError("页面内容不完整，请刷新后再办理。", code="version")
    return int(raw[:9])


@require_POST
def part_step(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    actor = actor_of(request)
    call = _call(actor, pk)
    found = call.parts.select_related("call__division", "department").filter(pk=part).first()
    if found is None:
        raise NotFound
    code = request.POST.get("department", "").replace("\x00", "")
    try:
        done = take_step(
            actor, found, request.POST.get("action", ""), version=_version(request),
            words=request.POST.get("words", ""),
            department=Department.objects.filter(code=code).first() if code else None,
        )  # fmt: skip
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        return _refused(request, actor, pk, error, part)
    messages.success(request, f"{done.department.name}：{done.state_label}。")
    return redirect("calls:call", pk=pk)


@require_POST
def withdraw_call(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    call = _call(actor, pk)
    try:
        withdraw(actor, call, version=_version(request), reason=request.POST.get("words", ""))
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        return _refused(request, actor, pk, error)
    messages.success(request, "已撤回。")
    return redirect("calls:call", pk=pk)


def board_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    _enter(actor)
    rows = board(actor)
    context = {
        "rows": rows,
        "chart": _chart(rows),
        "empty": Empty("还没有吹哨", "吹哨以后按部门统计。"),
    }
    return render(request, "calls/board.html", context)


def _chart(rows: list[Row]) -> Chart | None:
    if not rows:
        return None
    late = sum(row.late for row in rows)
    title = f"{late} 件部门超期没有答复" if late else "没有部门超期"
    return bars(
        title=title, unit="件", source="吹哨报到", head="部门", horizontal=True,
        categories=[row.name for row in rows],
        series={
            "没有办结": [row.open for row in rows],
            "其中超期": [row.late for row in rows],
        },
    )  # fmt: skip
