"""家庭产业的页面: one industry with its history, its correction and end, and the sums of a year."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from shouwang.core import charts, clock, formats
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Event
from shouwang.core.requests import actor_of
from shouwang.divisions.models import Division

from ..industry_lists import (
    IndustryCorrectionForm,
    IndustryEndForm,
    industry_state,
    scale_words,
)
from ..models import Industry
from ..operations import correct_industry, end_industry
from ..operations.industries import FIELDS
from ..queries.industries import Total, by_kind, by_place, measures_for, whole
from .access import household_of, one
from .posting import form_page, posted


def _industry(actor: Actor, pk: int, right: str = "support.view") -> Industry:
    require(actor, "support.view")
    rows: QuerySet[Industry] = Industry.objects.visible_to(actor)
    found: Industry = one(rows.select_related("household__village__parent"), pk=pk)
    if right != "support.view":
        household_of(actor, found.household.household_no, right)
    return found


def industry_page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    industry = _industry(actor, pk)
    may = actor.can_at("support.registers", industry.household.village.path)
    actions = [Action("更正", reverse("support:industry-correct", args=[pk]), is_main=True)]
    if industry.ended_on is None:
        if industry.needs and actor.can_at("support.plan", industry.household.village.path):
            need = reverse("support:new-need", args=[industry.household.household_no])
            actions.append(Action("登记为社会帮扶需求", f"{need}?industry={pk}"))
        actions.append(Action("登记结束", reverse("support:industry-end", args=[pk])))
    events = [
        Event(change.at, change.reason, change.actor_label, "；".join(
            f"{label}：{old or '空'} → {new or '空'}" for label, old, new in change.changes
        ))
        for change in industry.changes.all()
    ]  # fmt: skip
    origin = f"{industry.file_name} 第 {industry.file_row} 行" if industry.file_name else ""
    events.append(Event(industry.recorded_at, "登记", industry.recorded_by_label, origin))
    context = {
        "industry": industry, "household": industry.household, "facts": _facts(industry),
        "measures": measures_for(industry),
        "state": industry_state(industry), "actions": actions if may else [], "events": events,
    }  # fmt: skip
    return render(request, "support/industry.html", context)


def _facts(industry: Industry) -> list[tuple[str, Any]]:
    def yuan(value: Any) -> str:
        return "" if value is None else f"{formats.amount(value)} 元"

    return [
        ("年度", f"{industry.year}年"),
        ("类别", industry.kind_label),
        ("规模", scale_words(industry)),
        ("产值", yuan(industry.output)),
        ("纯收入", yuan(industry.income)),
        ("销售渠道", industry.channel),
        ("带动主体", industry.enterprise),
        ("带动方式", industry.link_label),
        ("产业需求", industry.needs),
        ("结束日期", formats.day(industry.ended_on) if industry.ended_on else ""),
        ("备注", industry.note),
    ]


def industry_correct(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    industry = _industry(actor, pk, "support.registers")
    initial = {key: getattr(industry, key) for key in (*FIELDS, "version")}
    return form_page(
        request,
        IndustryCorrectionForm(posted(request), initial=initial),
        lambda given: correct_industry(actor, industry, **given),
        title="更正产业",
        purpose=f"{industry.household}：{industry.what}。原来的内容和理由留在记录里。",
        submit="保存更正",
        back_url=reverse("support:industry", args=[pk]),
        done="更正已保存。",
        record=industry,
    )


def industry_end(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    industry = _industry(actor, pk, "support.registers")
    return form_page(
        request,
        IndustryEndForm(posted(request), initial={"version": industry.version}),
        lambda given: end_industry(actor, industry, **given),
        title="登记产业结束",
        purpose=f"{industry.household}：{industry.what}。当年的产值和收入仍计入合计。",
        submit="登记结束",
        back_url=reverse("support:industry", args=[pk]),
        done="产业已结束，留作历史。",
        record=industry,
    )


def industry_totals(request: HttpRequest) -> HttpResponse:
    """Sums of a year by town, or by village of one town, and by kind."""
    actor = actor_of(request)
    require(actor, "support.view")
    this_year = clock.today().year
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else this_year
    rows: QuerySet[Industry] = Industry.objects.visible_to(actor).filter(year=year)
    town = _town(actor, request.GET.get("town", ""))
    if town is not None:
        rows = rows.filter(household__village__parent=town)
    level, places = "town", by_place(rows, "town")
    if town is not None or len(places) == 1:
        level, places = "village", by_place(rows, "village")
    kinds = by_kind(rows)
    more = f"&town={town.code}" if town else ""
    later = "" if year < this_year else "还没到"
    context = {
        "title": f"{year}年{town.name if town else ''}家庭产业合计", "year": year,
        "level": level, "place_head": "村" if level == "village" else "乡镇",
        "places": places, "kinds": kinds, "whole": whole(rows),
        "charts": _charts(year, places, kinds) if places else [],
        "actions": [
            *([Action("全部乡镇", f"?year={year}")] if town else []),
            Action(f"{year - 1}年", f"?year={year - 1}{more}"),
            Action(f"{year + 1}年", f"?year={year + 1}{more}", reason=later),
            Action("逐条清单", f"{reverse('support:register', args=['industries'])}?year={year}"),
        ],
    }  # fmt: skip
    return render(request, "support/industry_totals.html", context)


def _town(actor: Actor, code: str) -> Division | None:
    towns = Division.objects.visible_to(actor).filter(level="town")
    found: Division | None = towns.filter(code=code).first() if code.isalnum() else None
    return found


def _charts(year: int, places: list[Total], kinds: list[Total]) -> list[tuple[str, Any]]:
    return [
        (key, charts.bars(
            title=f"{year}年产值，按{words}", unit="元", source="家庭产业台账", head=words,
            categories=[one.label for one in totals],
            series={"产值": [float(one.output) if one.output is not None else None
                            for one in totals]},
        ))
        for key, words, totals in (("kinds", "类别", kinds), ("places", "地区", places))
        if len(totals) > 1
    ]  # fmt: skip
