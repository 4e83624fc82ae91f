"""个案: the list, one case, the households monitored for long, return visits, judgements."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from shouwang.core import clock
from shouwang.core.actor import require
from shouwang.core.components import Action, Empty, Figure
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.registry.queries import household as registry_household

from .. import operations, queries
from ..deadlines import months_before
from ..filters import CaseFilter, LongFilter
from ..forms.following import AgainForm, FollowUpForm, JudgementForm, ReferForm
from ..models import Case
from ..pages import case as pages
from ..querysets import CaseQuerySet
from ..regimes import regime_on
from ..tables import CaseTable, LongTable
from .access import case_of
from .forms import form_page

RELATED = ("household", "village__parent")
BOTH = require_http_methods(["GET", "POST"])


@require_safe
def case_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "cases.view")
    cases = (
        Case.objects.visible_to(actor).select_related(*RELATED).prefetch_related("risks").in_order()
    )
    start = Action("去线索登记簿", reverse("cases:clues"))
    return list_page(
        request,
        queryset=cases,
        table=CaseTable,
        filterset=CaseFilter,
        title="监测个案",
        purpose="从线索到风险消除的每一户；一户一轮一个个案，按期限办理。",
        actions=[Action("长期未消除", reverse("cases:long"), icon="hourglass")],
        empty=Empty("还没有个案", "核实属实的线索建立个案以后，会列在这里。", start),
        export_right="cases.export",
        source="监测个案",
    )


@require_safe
def long_monitored(request: HttpRequest) -> HttpResponseBase:
    """Households that are monitored for longer than the regime lets pass without a judgement."""
    actor = actor_of(request)
    require(actor, "cases.view")
    months = [int(each) for each in regime_on(clock.today()).data["long_monitored"]["months"]]
    cases = queries.with_judgement(queries.long_monitored(actor, min(months)), months)
    words = "、".join(str(each) for each in months)
    return list_page(
        request,
        queryset=cases.prefetch_related("risks"),
        table=LongTable,
        filterset=LongFilter,
        title="长期未消除的户",
        purpose=f"监测满 {words} 个月还没有消除风险，各要逐户研判一次原因。",
        template="cases/long.html",
        extra={"figures": _long_figures(cases, months)},
        empty=Empty("没有长期未消除的户", f"监测满 {min(months)} 个月的会列在这里。"),
        export_right="cases.export",
        source="长期未消除的户",
    )


def _long_figures(cases: CaseQuerySet, months: list[int]) -> list[Figure]:
    url, today = reverse("cases:long"), clock.today()
    marks = {
        f"m{mark}": Count("pk", filter=Q(identified_on__lte=months_before(today, mark)))
        for mark in months
    }
    counts = cases.order_by().aggregate(**marks, waiting=Count("pk", filter=Q(is_judged=False)))
    return [
        *(Figure(f"监测满 {mark} 个月", counts[f"m{mark}"], "户", f"{url}?months={mark}")
          for mark in months),
        Figure("其中待研判", counts["waiting"], "户", f"{url}?judged=waiting"),
    ]  # fmt: skip


@require_safe
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    actor = actor_of(request)
    case = case_of(actor, number)
    context = pages.page(actor, case, request.GET.get("tab", ""))
    return render(request, "cases/case.html", context)


@require_safe
def household_cases(request: HttpRequest, household_no: str) -> HttpResponse:
    """Fragment for the household's page in the registry: its cases and registered clues."""
    actor = actor_of(request)
    require(actor, "cases.view")
    household = registry_household(actor, household_no)
    cases = Case.objects.visible_to(actor).filter(household=household).order_by("-round")
    clues = household.registered_clues.order_by("-received_on")[:20]
    context = {
        "household": household,
        "cases": list(cases.prefetch_related("risks")),
        "clues": clues,
        "may_register": actor.can_at("cases.register", household.village.path),
    }
    return render(request, "cases/household_cases.html", context)


@BOTH
def follow_up(request: HttpRequest, number: str) -> HttpResponse:
    actor = actor_of(request)
    case = case_of(actor, number, "cases.verify")

    def act(given: dict[str, Any]) -> None:
        given.pop("version")
        operations.record_follow_up(actor, case, **given)

    return form_page(
        request, case, FollowUpForm(request.POST or None), act,
        title="登记回访", submit="保存回访", done="回访已登记。", tab="exit",
        note="回访发现新风险的，会自动登记一条线索，按新的一轮办理。",
        rows=[["visited_on", "visitors"], ["income_ok", "guarantees_ok"], ["conclusion"], ["note"]],
    )  # fmt: skip


@BOTH
def judgement(request: HttpRequest, number: str) -> HttpResponse:
    actor = actor_of(request)
    case = case_of(actor, number, "cases.review")

    def act(given: dict[str, Any]) -> None:
        given.pop("version")
        operations.record_judgement(actor, case, **given)

    return form_page(
        request, case, JudgementForm(request.POST or None), act,
        title="登记逐户研判", submit="保存研判", done="研判已登记。", tab="exit",
        rows=[["judged_on", "participants"], ["conclusion"], ["reason"]],
    )  # fmt: skip


@BOTH
def refer(request: HttpRequest, number: str) -> HttpResponse:
    """Ask civil affairs whether a monitored household should get social assistance."""
    actor = actor_of(request)
    case = case_of(actor, number, "assistance.refer")
    return form_page(
        request, case, ReferForm(request.POST or None),
        lambda given: operations.refer_to_civil(actor, case, reason=given["reason"]),
        title="转民政核实救助", submit="提交转介", done="已转民政部门核实，等待答复。",
        note="民政部门的答复会记入办理记录；转介情况在“低收入人口”的转介清单里。",
        rows=[["reason"]],
    )  # fmt: skip


@BOTH
def again(request: HttpRequest, number: str) -> HttpResponse:
    """What the national system has identified anew begins the next round of the household."""
    actor = actor_of(request)
    case = case_of(actor, number, "cases.approve")
    form = AgainForm(request.POST or None, initial={"version": case.version})
    form.record = case  # type: ignore[attr-defined]
    household, source = case.household, operations.source_of(case)
    month = household.identified_month
    return form_page(
        request, case, form, lambda given: operations.adopt_again(actor, case, **given),
        title="接续国家系统再次标注", submit="建立新的一轮", rows=[["reason"]],
        done="新的一轮已建立，在“这一户的其他轮次”里；上一轮照原样保留。",
        note=operations.why_not_again(case)
        or "新的一轮按全国系统的类别、风险和识别时间建立，从帮扶办起；这一轮不变。",
        facts=[
            ("全国系统类别", household.monitor_class or "没有标注"),
            ("全国系统识别时间", f"{month:%Y-%m}" if month else "没有"),
            ("来源", f"{source['file']} 第 {source['row']} 行"),
            ("这一轮", f"第 {case.round} 轮，{case.state_label}"),
        ],
    )  # fmt: skip
