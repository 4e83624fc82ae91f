"""指标表的页面: all indicators of a place, its table file, the red lines, what I have to report."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.audit.operations import record as audit
from shouwang.core import clock, exports, jobs
from shouwang.core.actor import require
from shouwang.core.components import Action, Empty, Figure
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of
from shouwang.divisions.models import Division

from .. import checking, operations, queries
from ..jobs import count_automatic
from ..overview import Line, Sheet, compile_sheet
from ..states import (
    ALARM_TONES,
    STANDING_TONES,
    AlarmState,
    Attribute,
    PlaceClass,
    Standing,
)
from .common import crumbs_of, place_of, tabs

TO_CHECK = 100
SHOWN_REFUSALS = 5
KINDS = (("year", "按年"), ("quarter", "按季"))


def sheet(request: HttpRequest) -> HttpResponse:
    """Rows are indicators, columns years or quarters; the places below lead further down."""
    actor = actor_of(request)
    require(actor, "indicators.view")
    place, kind = place_of(request, actor), _kind(request)
    found = compile_sheet(actor, place, kind=kind)
    lines = _filtered(request, found)
    may_manage = actor.can_at("indicators.manage", place.path)
    actions = []
    if may_manage:
        actions = [
            Action("新建指标", reverse("indicators:new"), "plus"),
            Action("定时计算", reverse("core:schedule"), "clock"),
            Action("导入数值", reverse("indicators:import"), "file-import"),
        ]
    context = {
        "title": f"{place.name}指标",
        "purpose": "每个指标要达到多少、现在是多少、还差多少；点指标看目标、各地排名和数据来源。",
        "tabs": tabs(actor, "sheet"),
        "place": place,
        "crumbs": crumbs_of(actor, place),
        "children": queries.children(actor, place),
        "kind": kind,
        "kinds": KINDS,
        "columns": found.columns,
        "lines": [(line, STANDING_TONES[line.standing]) for line in lines],
        "figures": _figures(found, request, place),
        "choices": _choices(request, found),
        "actions": actions,
        "may_export": actor.can("indicators.export"),
        "may_compute": may_manage and any(one.definition.is_automatic for one in found.lines),
        "empty": Empty(
            "没有符合条件的指标", "指标来自政策文件里的指标表，也可以由县级业务员新建。"
        ),
        "source": "指标台账",
    }
    return render(request, "indicators/sheet.html", context)


def _kind(request: HttpRequest) -> str:
    return "quarter" if request.GET.get("by") == "quarter" else "year"


def _filtered(request: HttpRequest, found: Sheet) -> list[Line]:
    asked = {key: request.GET.get(key, "") for key in ("standing", "attribute", "department")}
    text = request.GET.get("q", "").strip()
    return [
        line
        for line in found.lines
        if (not asked["standing"] or line.standing == asked["standing"])
        and (not asked["attribute"] or line.definition.attribute == asked["attribute"])
        and (not asked["department"] or str(line.definition.department_id) == asked["department"])
        and (not request.GET.get("red") or line.definition.is_red_line)
        and (not request.GET.get("tag") or request.GET["tag"] in line.definition.tags)
        and text in line.definition.name
    ]


def _figures(found: Sheet, request: HttpRequest, place: Division) -> list[Figure]:
    url = f"{reverse('indicators:sheet')}?place={place.code}&by={_kind(request)}"
    shown = (Standing.MET, Standing.ON_WAY, Standing.BEHIND, Standing.MISSED, Standing.UNKNOWN)
    counts = found.counts
    return [
        Figure("指标", len(found.lines), "个", url),
        *[
            Figure(str(one.label), counts[one.value], "个", f"{url}&standing={one.value}")
            for one in shown
        ],
    ]


def _choices(request: HttpRequest, found: Sheet) -> list[dict[str, object]]:
    departments = {
        str(one.definition.department.pk): one.definition.department.name
        for one in found.lines
        if one.definition.department
    }
    tags = sorted({name for one in found.lines for name in one.definition.tags})
    options = (
        ("standing", "状态", [(one.value, one.label) for one in Standing]),
        ("attribute", "属性", list(Attribute.choices)),
        ("department", "责任部门", sorted(departments.items(), key=lambda one: one[1])),
        ("tag", "专项行动", [(name, name) for name in tags]),
    )
    return [
        {"name": name, "label": label, "options": rows, "chosen": request.GET.get(name, "")}
        for name, label, rows in options
        if rows
    ]


def sheet_file(request: HttpRequest) -> HttpResponseBase:
    """The sheet as xlsx."""
    actor = actor_of(request)
    require(actor, "indicators.export")
    place = place_of(request, actor)
    found = compile_sheet(actor, place, kind=_kind(request))
    lines = _filtered(request, found)
    audit(
        actor,
        "indicators.exported",
        target_type="indicators.sheet",
        division_path=place.path,
        summary=f"导出{place.name}指标表：{len(lines)} 个",
    )
    origin = exports.Origin(actor.label, clock.now(), f"{place.name}指标台账")
    title = f"{place.name}指标表"
    return exports.xlsx_response(_rows(found, lines), title, origin, title=title)


def _rows(found: Sheet, lines: list[Line]) -> list[list[object]]:
    head = ["代码", "序号", "指标", "单位", "属性", "责任部门", "适用类别", "要求"]
    head += [column.label for column in found.columns]
    head += ["最新期", "最新值", "完成率（%）", "差距", "状态", "说明"]
    rows: list[list[object]] = [list(head)]
    for line in lines:
        one, result = line.definition, line.result
        rows.append(
            [
                one.code, one.number, f"其中：{one.name}" if one.parent_id else one.name, one.unit,
                one.get_attribute_display(), one.department.name if one.department else "",
                PlaceClass(one.place_class).label if one.place_class else "", line.asked_words,
                *[_cell(value) for value in line.values],
                line.newest.period.label if line.newest else "", _cell(line.newest),
                result.attainment if result else None, result.gap if result else None,
                line.standing_label, result.words if result else "",
            ]
        )  # fmt: skip
    return rows


def _cell(value: queries.Value | None) -> object:
    if value is None:
        return ""
    return value.number if value.number is not None else value.text


@require_POST
def compute(request: HttpRequest) -> HttpResponse:
    """Count the automatic indicators of the county and its towns for the present period."""
    actor = actor_of(request)
    require(actor, "indicators.manage")
    root = queries.home_of(actor, "indicators.manage")
    if root is not None:
        job = jobs.start(actor, f"自动计算{root.name}指标", count_automatic, root_id=root.pk)
        messages.info(request, f"正在计算，可以离开本页；进度见“{job.title}”。")
    return redirect("indicators:sheet")


def alarms(request: HttpRequest) -> HttpResponse:
    """Red lines that are broken, those to be handled first."""
    actor = actor_of(request)
    require(actor, "indicators.view")
    seen = queries.alarms_visible_to(actor).select_related("definition", "division", "actual")
    rows = [
        (
            one, ALARM_TONES[one.state],
            one.state == AlarmState.OPEN and actor.can_at("indicators.approve", one.division.path),
        )
        for one in seen.order_by("state", "-raised_at")[:300]
    ]  # fmt: skip
    rows.sort(key=lambda row: row[0].state != AlarmState.OPEN)
    watched = queries.definitions_visible_to(actor).on(clock.today()).filter(is_red_line=True)
    context = {
        "title": "红线预警",
        "purpose": "约束性红线一被突破就在这里，写明措施后才算处置；数值恢复时自动解除。",
        "tabs": tabs(actor, "alarms"),
        "rows": rows,
        "watched": watched,
        "empty": Empty("没有红线预警", "设为红线的指标被突破时，这里会马上出现。"),
    }
    return render(request, "indicators/alarms.html", context)


@require_POST
def handle(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    seen = queries.alarms_visible_to(actor).select_related("definition", "division", "actual")
    alarm = get_object_or_404(seen, pk=pk)
    operations.handle_alarm(actor, alarm, handling=request.POST.get("handling", ""))
    messages.success(request, "已登记处置情况。")
    return redirect("indicators:alarms")


def mine(request: HttpRequest) -> HttpResponse:
    """What I have to report and what waits for my check."""
    actor = actor_of(request)
    require(actor, "indicators.view")
    today = clock.today()
    due = queries.to_report(actor, today)
    waiting = checking.to_check(actor)
    context = {
        "title": "我要报的指标",
        "purpose": "被退回的在最前面，然后是迟报的；报过以后由上一级审核。",
        "tabs": tabs(actor, "mine"),
        "due": [(one, one.days(today)) for one in due],
        "waiting": checking.with_former(waiting[:TO_CHECK]),
        "waiting_total": len(waiting),
        "empty": Empty("这一期都报了", "新的一期结束后，要报的指标会出现在这里。"),
    }
    return render(request, "indicators/mine.html", context)


@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    """Take the ticked values; each by itself."""
    actor = actor_of(request)
    keys = {key for key in request.POST.getlist("value") if key.isascii() and key.isdecimal()}
    if not 0 < len(keys) <= TO_CHECK or any(len(key) > 18 for key in keys):
        raise DomainError("请勾选要采信的数值。", code="chosen")
    mine = {str(one.pk): one for one in checking.to_check(actor)}
    chosen = [one for key, one in mine.items() if key in keys]
    taken, refused = operations.accept_actuals(actor, chosen)
    if taken:
        messages.success(request, f"已采信 {taken} 个数值。")
    if gone := len(keys) - len(chosen):
        messages.warning(request, f"有 {gone} 个已经由别人审核，或者不归您审核，没有变动。")
    if refused:
        messages.warning(request, "没有采信：" + "；".join(refused[:SHOWN_REFUSALS]))
    return redirect("indicators:mine")
