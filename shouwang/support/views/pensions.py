"""养老保险覆盖的页面: the hard groups by place, and the list of who is not insured."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from shouwang.core import clock, formats
from shouwang.core.actor import require
from shouwang.core.components import Action, Empty, Tab
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page

from ..operations.standing_checks import FIRST_YEAR
from ..pension_groups import groups
from ..pension_lists import CoverageFilter, CoverageTable
from ..queries.pensions import aid_of, concerned, coverage_of, whole_coverage
from .standing import town_asked


def _year(request: HttpRequest) -> int:
    asked, this_year = request.GET.get("year", ""), clock.today().year
    known = asked.isascii() and asked.isdecimal() and FIRST_YEAR <= int(asked[:4]) <= this_year
    return int(asked[:4]) if known else this_year


def pension_coverage(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "support.view")
    year, group = _year(request), request.GET.get("group", "")
    group = group if group in groups() else ""
    rows = concerned(actor, year, group)
    town = town_asked(actor, request.GET.get("town", ""))
    if town is not None:
        rows = rows.filter(household__village__parent=town)
    level, places = "town", coverage_of(rows, "town")
    if town is not None or len(places) == 1:
        level, places = "village", coverage_of(rows, "village")
    aid = aid_of(actor, year)
    more = f"&town={town.code}" if town else ""
    listed = reverse("support:pension-people")
    context: dict[str, Any] = {
        "title": f"{year}年{town.name if town else ''}困难群体养老保险", "year": year,
        "group": group, "level": level, "place_head": "村" if level == "village" else "乡镇",
        "places": places, "whole": whole_coverage(rows),
        "aid_words": f"台账登记政府代缴 {aid['people']} 人、{formats.amount(aid['money'])} 元"
        if aid["people"] else "台账还没有登记政府代缴",
        "tabs": [
            Tab("全部困难群体", f"?year={year}{more}", None, not group),
            *[Tab(one.label, f"?year={year}&group={one.key}{more}", None, one.key == group)
              for one in groups().values()],
        ],
        "actions": [
            *([Action("全部乡镇", f"?year={year}&group={group}")] if town else []),
            Action("没有参保名单", f"{listed}?year={year}&group={group}&pension=uncovered"),
            Action(f"{year - 1}年", f"?year={year - 1}&group={group}{more}"),
            Action("逐年台账", reverse("support:register", args=["pensions"])),
        ],
    }  # fmt: skip
    return render(request, "support/pension_coverage.html", context)


def pension_people(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "support.view")
    year, group = _year(request), request.GET.get("group", "")
    label = groups()[group].label if group in groups() else "困难群体"
    rows = concerned(actor, year, group).select_related("household__village__parent")
    back = f"{reverse('support:pension-coverage')}?year={year}&group={group}"
    return list_page(
        request,
        queryset=rows.order_by("household__village__code", "pk"),
        table=CoverageTable,
        filterset=CoverageFilter,
        title=f"{year}年{label}参保名单",
        purpose="按台账，台账没有的按农户档案；到了参保年龄、不在校的才列出。",
        actions=[Action("按村合计", back, "chart-bar")],
        empty=Empty("没有这样的人", "换一个条件，或先更新民政名单。"),
        export_right="support.export",
        source="养老保险台账、农户档案、民政名单",
    )
