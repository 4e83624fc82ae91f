"""文件指标表的页面: rows of a paper's tables, each accepted, corrected or refused."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core import clock, jobs
from shouwang.core.actor import Actor, require, require_here
from shouwang.core.components import Empty, Figure
from shouwang.core.requests import actor_of
from shouwang.workplans.models import Paper

from .. import operations, queries
from ..forms import ProposalForm, proposal_initial
from ..jobs import count_paper
from ..models import Definition, Proposal, Reading, Target
from ..naming import in_words
from ..operations.proposals import CHECKS
from ..results import results_of, years_of
from ..states import DECISION_TONES, STANDING_TONES, PlaceClass, Standing, reading_table
from .common import crumbs_of, place_of, tabs, version_of


def _readings(actor: Actor) -> Any:
    """Readings of the own place; those not confirmed only to who works on them."""
    require(actor, "indicators.view")
    found = Reading.objects.filter(paper__in=Paper.objects.filter(_own(actor)))
    if not (actor.can("indicators.manage") or actor.can("indicators.approve")):
        found = found.filter(state="confirmed")
    return found.select_related("paper__division")


def _own(actor: Actor) -> Any:
    from shouwang.registry.querysets import within

    return within(actor, "indicators.view", "division__")


def reading_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    found = list(_readings(actor))
    unread = []
    if actor.can("indicators.manage"):
        papers = Paper.objects.filter(_own(actor), indicator_reading=None).exclude(state="dropped")
        unread = [paper for paper in papers if paper.indicators]
    context = {
        "title": "文件里的指标表",
        "purpose": "政策文件里的指标表读成指标：逐行核对，另一人确认后才生效，每个数都能回到原文。",
        "tabs": tabs(actor, "readings"),
        "rows": [(one, reading_table().state(one.state).tone, one.proposals.count())
                 for one in found],
        "unread": [(paper, len(paper.indicators)) for paper in unread],
        "empty": Empty("还没有读出指标表", "先在“政策文件”上传带指标表的文件。"),
    }  # fmt: skip
    return render(request, "indicators/readings.html", context)


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "indicators.manage")
    paper = get_object_or_404(Paper.objects.filter(_own(actor)).select_related("division"), pk=pk)
    made = operations.read_paper(actor, paper)
    messages.success(request, f"读出 {made.proposals.count()} 行，请逐行核对。")
    return redirect(made)


def reading(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found: Reading = get_object_or_404(_readings(actor), pk=pk)
    path = found.paper.division.path
    may_read = found.state == "reading" and actor.can_at("indicators.manage", path)
    state = reading_table().state(found.state)
    text = found.paper.text
    proposed = operations.proposed_names(found)
    rows: list[dict[str, Any]] = [
        {
            "proposal": one,
            "tone": DECISION_TONES[one.state],
            "scope": PlaceClass(one.place_class).label if one.place_class else "",
            "formula": in_words(one.formula, path, proposed) if one.formula else "",
            "targets": "，".join(f"{year}年 {value}" for year, value in one.targets.items()),
            "words": text[one.span_start : one.span_end].replace("\n", " ")
            if one.span_start is not None
            else "",
        }
        for one in found.proposals.select_related("department", "parent")
    ]
    made = {}
    if found.state == "confirmed":
        made = {
            (one.table, one.number, one.name): one
            for one in Definition.objects.filter(paper=found.paper)
        }
    for row in rows:
        one = row["proposal"]
        row["definition"] = made.get((one.table, one.number, one.name))
    context = {
        "title": f"指标表：{found.paper.title}",
        "reading": found,
        "rows": rows,
        "left": found.proposals.filter(state="pending").count(),
        "state_tone": state.tone,
        "state_label": state.label,
        "may_read": may_read,
        "offers": reading_table().offers(actor, found, found.state, path, CHECKS),
    }
    return render(request, "indicators/reading.html", context)


def _proposal(request: HttpRequest, pk: int) -> Proposal:
    seen = _readings(actor_of(request)).values("pk")
    found: Proposal = get_object_or_404(
        Proposal.objects.filter(reading__in=seen).select_related("reading__paper__division"), pk=pk
    )
    return found


def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = _proposal(request, pk)
    require_here(actor, "indicators.manage", found.reading.paper.division.path)
    form = ProposalForm(request.POST or None, initial=proposal_initial(found))
    back = f"{found.reading.get_absolute_url()}#row-{found.pk}"
    if request.method == "POST" and form.is_valid():
        operations.decide_proposal(
            actor, found, decision="corrected", version=form.cleaned_data["version"],
            **form.values(),
        )  # fmt: skip
        messages.success(request, f"第 {found.place} 行已改正并采用。")
        return redirect(back)
    text = found.reading.paper.text
    words = text[found.span_start : found.span_end] if found.span_start is not None else ""
    context = {
        "title": f"改正第 {found.place} 行：{found.name}", "form": form, "back_url": back,
        "purpose": f"原文：{words.replace(chr(10), ' ')}",
    }  # fmt: skip
    return render(request, "indicators/form.html", context)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = _proposal(request, pk)
    operations.decide_proposal(
        actor, found, decision=request.POST.get("decision", ""), version=version_of(request)
    )
    return redirect(f"{reverse('indicators:reading', args=[found.reading_id])}#row-{found.pk}")


@require_POST
def decide_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept all rows that were looked at on the page and are still open."""
    actor = actor_of(request)
    found: Reading = get_object_or_404(_readings(actor), pk=pk)
    shown = {int(one) for one in request.POST.getlist("row") if one.isdecimal()}
    count = 0
    for one in found.proposals.filter(state="pending", pk__in=shown):
        operations.decide_proposal(actor, one, decision="accepted", version=one.version)
        count += 1
    messages.success(request, f"采用 {count} 行。")
    return redirect(found)


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found: Reading = get_object_or_404(_readings(actor), pk=pk)
    found = operations.advance_reading(
        actor, found, request.POST.get("action", ""), version=version_of(request),
        reason=request.POST.get("reason", ""),
    )  # fmt: skip
    messages.success(request, f"现在是“{found.state_label}”。")
    return redirect(found)


def results(request: HttpRequest, pk: int) -> HttpResponse:
    """Each row of the paper's tables at a place in a year: reached, how far, or what is missing."""
    actor = actor_of(request)
    found: Reading = get_object_or_404(_readings(actor), pk=pk, state="confirmed")
    place = place_of(request, actor)
    if not place.path.startswith(found.paper.division.path):
        place = found.paper.division
    compiled = results_of(actor, found, place, _year(request, found))
    base = f"?place={place.code}&year={compiled.period.year}"
    context = {
        "title": f"指标评价：{found.paper.title}",
        "purpose": "表里每一项到了多少、离要求差多少、按走势到期能不能达到；说不清的写明还缺什么。",
        "reading": found,
        "place": place,
        "crumbs": crumbs_of(actor, place),
        "children": queries.children(actor, place),
        "extra": f"&year={compiled.period.year}",
        "found": compiled,
        "base": base,
        "figures": [
            Figure("指标", len(compiled.lines), "个", base),
            *[Figure(str(one.label), compiled.count(one.value), "个", "") for one in Standing],
        ],
        "tables": [
            (table, [(line, STANDING_TONES[line.standing]) for line in lines])
            for table, lines in groupby(compiled.lines, key=lambda line: line.definition.table)
        ],
        "may_compute": actor.can_at("indicators.manage", found.paper.division.path),
    }
    return render(request, "indicators/results.html", context)


def _year(request: HttpRequest, found: Reading) -> int:
    """The year asked for, else the last target year that has begun."""
    years = years_of(found)
    asked = request.GET.get("year", "") or request.POST.get("year", "")
    if asked.isdecimal() and int(asked) in years:
        return int(asked)
    aims = Target.objects.filter(definition__paper=found.paper).values_list("year", flat=True)
    begun = [year for year in aims if year <= clock.today().year]
    return max(begun, default=clock.today().year)


@require_POST
def compute_results(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found: Reading = get_object_or_404(_readings(actor), pk=pk, state="confirmed")
    require_here(actor, "indicators.manage", found.paper.division.path)
    year = _year(request, found)
    jobs.start(
        actor, f"自动计算：{found.paper.title[:60]}（{year}年）", count_paper, reading_id=found.pk,
        year=year,
    )  # fmt: skip
    messages.success(request, "正在后台计算，算完后刷新这一页。")
    return redirect(f"{reverse('indicators:results', args=[pk])}?year={year}")
