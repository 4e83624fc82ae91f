"""任务的看板: by unit, by deadline, and the sheet for the monthly dispatch."""

from datetime import date, timedelta
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from shouwang.audit.operations import record as audit
from shouwang.core import charts, clock
from shouwang.core.actor import require
from shouwang.core.components import Action, Empty, Figure
from shouwang.core.requests import actor_of
from shouwang.documents.letters import DOCX_TYPE

from .. import calendars, queries, waiting
from .. import dispatch as dispatch_sheet
from .. import overview as overviews
from ..models import PlanPeriod
from .tabs import tabs

GANTT_ROWS = 50
LAMP_COLOURS = ("#b42318", "#b7791f", "#1b7a3d")
"""红黄绿 as the pills have them, in the order of the series."""


def unit_board(request: HttpRequest) -> HttpResponse:
    """How every leading unit stands; most red first."""
    actor = actor_of(request)
    require(actor, "workplans.view")
    rows = queries.board(actor)
    shown = rows[:20]
    chart = (
        charts.bars(
            title=f"{rows[0].name}红灯任务最多" if rows and rows[0].red else "各单位任务亮灯",
            unit="项",
            source="任务台账",
            categories=[row.name for row in shown],
            series={
                label: [row.lights[key] for row in shown]
                for key, label in (("red", "红灯"), ("yellow", "黄灯"), ("green", "绿灯"))
            },
            stacked=True,
            head="单位",
        )
        if rows
        else None
    )
    if chart is not None:
        chart.option["color"] = list(LAMP_COLOURS)
    context = {
        "title": "单位看板",
        "purpose": "各牵头单位的任务按亮灯统计，红灯多的在前；点单位看清单。",
        "tabs": tabs("board"),
        "rows": rows,
        "may_count": actor.can("workplans.manage"),
        "chart": chart,
        "empty": Empty("还没有任务", "确认一份政策文件或导入清单后，这里按单位统计。"),
    }
    return render(request, "workplans/board.html", context)


def overview(request: HttpRequest) -> HttpResponse:
    """Papers by how their tasks stand, as areas and as a table."""
    actor = actor_of(request)
    require(actor, "workplans.view")
    day, period = clock.today(), _number(request.GET.get("period", ""))
    rows = overviews.by_paper(actor, day, period)
    periods = PlanPeriod.objects.visible_to(actor)
    add = Action("登记规划期", reverse("workplans:period-new"), "plus")
    context = {
        "title": "任务总览",
        "purpose": "每份政策文件的任务各有多少办结、亮什么灯；方块越大任务越多。",
        "tabs": tabs("overview"),
        "actions": [add] if actor.can("workplans.manage") else [],
        "periods": overviews.by_period(actor, day, periods),
        "period": next((one for one in periods if one.pk == period), None),
        "rows": rows,
        "states": [label for _, label, _ in overviews.STATES],
        "chart": overviews.treemap(rows) if rows else None,
        "empty": Empty("还没有任务", "确认一份政策文件或导入清单后，这里按文件统计。"),
    }
    return render(request, "workplans/overview.html", context)


def gantt(request: HttpRequest) -> HttpResponse:
    """Whole tasks along a line of time, the earliest deadline first."""
    actor = actor_of(request)
    require(actor, "workplans.view")
    paper = _number(request.GET.get("paper", ""))
    page = _number(request.GET.get("page", "")) or 1
    found = overviews.gantt(actor, clock.today(), paper=paper, page=page, size=GANTT_ROWS)
    papers = queries.papers_visible_to(actor).values_list("pk", "title")
    context = {
        "title": "甘特图",
        "purpose": "整项任务从开始到时限，完成到哪里；按时限先后排列。",
        "tabs": tabs("gantt"),
        "gantt": found,
        "papers": list(papers),
        "paper": paper,
        "page": page,
        "pages": -(-found.total // GANTT_ROWS),
        "empty": Empty("没有带起止日期的任务", "任务写了开始日期和完成时限后，会出现在这里。"),
    }
    return render(request, "workplans/gantt.html", context)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 10 else None


def calendar(request: HttpRequest) -> HttpResponse:
    """A month of deadlines and of periodic duties, with how each unit kept its periods."""
    actor = actor_of(request)
    require(actor, "workplans.view")
    today = clock.today()
    first = _month(request.GET.get("month", "")) or today.replace(day=1)
    found = calendars.month_of(actor, first, today)
    before, after = first - timedelta(days=1), found.last + timedelta(days=1)
    context = {
        "title": "时限日历",
        "purpose": "要在这个月完成的任务和定期任务每一期的截止日；点任务看进展。",
        "tabs": tabs("calendar"),
        "notices": waiting.waiting_for(actor).notices,
        "month": found,
        "label": f"{first.year}年{first.month}月",
        "before": f"{before:%Y-%m}",
        "after": f"{after:%Y-%m}",
        "is_now": first == today.replace(day=1),
        "empty": Empty(
            "这个月没有到期的任务", "换一个月看；任务写了完成时限或频次后会出现在这里。"
        ),
    }
    return render(request, "workplans/calendar.html", context)


def _month(text: str) -> date | None:
    """The first day of a month written as 2026-06; None for anything else."""
    year, _, month = text.partition("-")
    if not all(part.isascii() and part.isdecimal() and len(part) < 5 for part in (year, month)):
        return None
    try:
        found = date(int(year), int(month), 1)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def dispatch(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "workplans.view")
    sheet = dispatch_sheet.compile_sheet(actor)
    url = reverse("workplans:tasks")
    context = {
        "title": "调度单",
        "purpose": "每月调度会用：各单位进展、红灯和超期任务，可以下载 Word。",
        "tabs": tabs("dispatch"),
        "sheet": sheet,
        "figures": [
            Figure("任务", sheet.total, "项", f"{url}?level=leaf&state=counted"),
            Figure("已办结", sheet.done, "项", f"{url}?level=leaf&state=done"),
            Figure("红灯", sheet.red, "项", f"{url}?level=leaf&state=counted&light=red"),
            Figure("黄灯", sheet.yellow, "项", f"{url}?level=leaf&state=counted&light=yellow"),
        ],
        "may_export": actor.can("workplans.export"),
    }
    return render(request, "workplans/dispatch.html", context)


def dispatch_word(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "workplans.export")
    sheet = dispatch_sheet.compile_sheet(actor)
    scope = actor.scopes_with("workplans.export")[0]
    place = scope.department or scope.label.split(" ")[0] or "全县"
    audit(
        actor,
        "workplans.dispatch.exported",
        target_type="workplans.dispatch",
        division_path=scope.division_path,
        summary=f"导出调度单：{sheet.total} 项",
    )
    response = HttpResponse(dispatch_sheet.write(sheet, place), content_type=DOCX_TYPE)
    name = quote(f"重点任务调度单-{sheet.on:%Y-%m}.docx")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
