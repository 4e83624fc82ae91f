"""看板、覆盖和日历: by state, source and unit; who was inspected; when what happens."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from shouwang.core import charts, clock
from shouwang.core.actor import Actor, require
from shouwang.core.components import Empty, Figure
from shouwang.core.errors import DomainError, NotAllowed
from shouwang.core.requests import actor_of
from shouwang.divisions.models import Division

from .. import coverage, queries, report
from ..states import CLOSED, inspection_table
from .frame import problem_tabs, visit_tabs, word_answer


def board(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "inspections.view")
    sources, units = queries.rates_by_source(actor), queries.rates_by_unit(actor)
    total, signed = sum(one.total for one in sources), sum(one.signed for one in sources)
    late = sum(one.late for one in sources)
    url = reverse("inspections:problems")
    context = {
        "title": "问题看板",
        "purpose": "按状态、来源和牵头单位看问题改到哪一步；超期多的在前，点单位看清单。",
        "tabs": problem_tabs(actor, "board"),
        "figures": [
            Figure("问题", total, "个", url),
            Figure("已销号", signed, "个", f"{url}?state=solved", _share(signed, total)),
            Figure("未销号", total - signed, "个", f"{url}?state=unsolved"),
            Figure("超期", late, "个", f"{url}?state=late"),
        ],
        "states": queries.board(actor),
        "tables": [("source", "来源", sources), ("unit", "牵头单位", units)],
        "charts": [
            (f"rate-{key}", _chart(title, rates))
            for key, title, rates in (
                ("source", "按来源", sources), ("unit", "按牵头单位", units[:15]),
            )
            if rates
        ],
        "may_export": actor.can("inspections.export"),
        "total": total,
        "empty": Empty("还没有登记问题", "登记一批考核或督查反馈后，这里按来源和单位统计。"),
    }  # fmt: skip
    return render(request, "inspections/board.html", context)


def _share(part: int, whole: int) -> str:
    return f"销号率 {part / whole:.1%}" if whole else ""


def _chart(title: str, rates: list[queries.Rate]) -> charts.Chart:
    opened = [one.total - one.signed - one.late for one in rates]
    chart = charts.bars(
        title=f"{title}的问题", unit="个", source="问题整改台账",
        categories=[one.name for one in rates],
        series={
            "已销号": [one.signed for one in rates], "整改中": opened,
            "超期": [one.late for one in rates],
        },
        stacked=True, head=title.removeprefix("按"),
    )  # fmt: skip
    chart.option["color"] = ["#1b7a3d", "#2f6bb5", "#b42318"]
    return chart


def report_word(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "inspections.export")
    scope = actor.scopes_with("inspections.export")[0]
    place = scope.department or scope.label.split(" ")[0] or "全县"
    name = f"问题整改情况报告-{clock.today():%Y-%m-%d}"
    return word_answer(actor, scope.division_path, report.rectification(actor, place), name)


def _inspector(actor: Actor) -> Division:
    """Whose coverage is shown: the county or prefecture of those who inspect or oversee."""
    if not any(scope.department is None for scope in actor.scopes_with("inspections.foresee")):
        raise NotAllowed("督查覆盖由督查的一级查看；本单位受过的督查在“督查”里。")
    place = queries.own_place(actor, "inspections.foresee")
    if place is None:
        raise DomainError("您的岗位没有对应的县或市。", code="division")
    return place


def coverage_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "inspections.view")
    place = _inspector(actor)
    rules = coverage.coverage(actor, place, _day(request))
    proposal = coverage.propose(actor, place)
    context = {
        "title": "督查覆盖",
        "purpose": "对照要求看本期谁督查过、谁还没有；缺的可以列成方案，刚查过的村先不排。",
        "tabs": visit_tabs(actor, "coverage"),
        "rules": rules,
        "figures": [
            Figure(one.rule.title, one.done, f"/ {len(one.bodies):,}", "", one.period.label)
            for one in rules
            if one.bodies
        ],
        "proposal": proposal,
        "may_plan": actor.can_at("inspections.inspect", place.path),
        "may_export": actor.can("inspections.export"),
        "empty": Empty("没有覆盖要求", "覆盖要求写在规则文件里，带依据和起止日期。"),
    }
    return render(request, "inspections/coverage.html", context)


def _day(request: HttpRequest) -> date | None:
    """A day in the period that is shown; the present one when it cannot be read."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return None


def coverage_word(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "inspections.export")
    place = _inspector(actor)
    content = report.coverage_report(place.name, coverage.coverage(actor, place))
    return word_answer(actor, place.path, content, f"督查情况报告-{clock.today():%Y-%m-%d}")


def calendar(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "inspections.view")
    table = inspection_table()
    months = [
        (
            f"{month.year}年{month.month}月",
            [(one, table.state(one.state).tone, one.state_label) for one in found],
        )
        for month, found in queries.calendar(actor)
    ]
    late = queries.problems_visible_to(actor).exclude(state__in=CLOSED)
    due = late.unsolved().filter(due_on__isnull=False).order_by("due_on")[:20]
    context = {
        "title": "督查日历",
        "purpose": "近三个月和以后的督查，避免几家同时到一个村；不打招呼的只有督查的一级看得到。",
        "tabs": visit_tabs(actor, "calendar"),
        "months": months,
        "due": list(due),
        "today": clock.today(),
        "empty": Empty("没有安排督查", "确定的督查方案会按月列在这里。"),
    }
    return render(request, "inspections/calendar.html", context)
