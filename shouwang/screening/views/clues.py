"""风险线索: the list, one clue with its reasons and evidence, and the fragment of a household."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty
from shouwang.core.errors import NotFound
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page

from .. import composition, evidence, operations, queries
from ..explanations import evidence_by_date, main_reason
from ..filters import ClueFilter
from ..forms import TriageForm
from ..models import Clue, ClueEvidence, Run
from ..states import Assistance, ClueState, Priority, Severity, Triage, risk_label
from ..tables import PRIORITY_TONES, SEVERITY_TONES, STATE_TONES, ClueTable

MAIN_HIT = "main_hit__member"
PURPOSE = "筛查发现、等待核实的情况，同一户同一类风险合并为一条，跨月延续。"


def clue_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "screening.view")
    newest = Run.objects.newest()
    clues = Clue.objects.visible_to(actor).with_state(newest.as_of if newest else None)
    run_url = reverse("screening:start")
    start = Action("去发起筛查", run_url) if actor.can("screening.run") else None
    return list_page(
        request,
        queryset=clues.select_related("household", "village__parent", MAIN_HIT),
        table=ClueTable,
        filterset=ClueFilter,
        title="风险线索",
        purpose=PURPOSE,
        empty=Empty(
            "没有符合条件的线索",
            "换一组筛选条件再看。" if newest else "部门数据导入并筛查后，线索会出现在这里。",
            None if newest else start,
        ),
        export_right="screening.export",
        source=f"{newest.name}，规则库 {newest.rulebook_version[:12]}" if newest else "",
    )


def clue(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    clue = queries.clue_visible_to(actor, pk)
    hits = list(queries.evidence_of([clue]))
    dates = evidence_by_date(hits)
    may_triage = actor.can_at("screening.triage", clue.village.path)
    context = {
        "clue": clue,
        "title": f"{clue.title} · {risk_label(clue.risk)}",
        "dates": dates,
        "newest": dates[0] if dates else None,
        "severity_tone": SEVERITY_TONES[str(clue.severity)],
        "severity_label": Severity(clue.severity).label,
        "state_tone": STATE_TONES[clue.state],
        "state_label": ClueState(clue.state).label,
        "withdrawn": Empty(
            "这条线索的依据已随数据更正撤回", "部门更正数据并重新筛查后，原来的命中不再成立。"
        ),
        "priority_tone": PRIORITY_TONES[str(clue.priority)],
        "priority_label": Priority(clue.priority).label,
        "facts": _facts(clue),
        "household_facts": evidence.household_facts(actor, clue),
        "members": evidence.members(actor, clue),
        "events": evidence.timeline(clue, dates),
        "others": _others(actor, clue),
        "may_triage": may_triage,
        "triage_form": TriageForm(
            initial={"state": clue.triage, "note": clue.triage_note, "version": clue.version}
        ),
    }
    return render(request, "screening/clue.html", context)


def _facts(clue: Clue) -> list[tuple[str, str]]:
    seen = f"{clue.first_seen:%Y-%m-%d} 至 {clue.last_seen:%Y-%m-%d}" if clue.last_seen else "—"
    facts = [
        ("风险类型", risk_label(clue.risk)),
        ("性质", str(clue.get_kind_display())),
        ("命中期间", f"{seen}，共 {clue.dates_seen} 期" if clue.last_seen else seen),
    ]
    if clue.household:
        facts += [
            ("监测对象", clue.monitor_class or "未纳入监测"),
            ("兜底保障", Assistance(clue.assistance).label if clue.assistance else "未享受"),
        ]
    if clue.triage:
        facts.append(("研判", f"{Triage(clue.triage).label}，{clue.triage_note or '未写说明'}"))
    return facts


def _others(actor: Actor, clue: Clue) -> list[tuple[Clue, str, str, str]]:
    """The household's other clues: risk, tone and word of their state."""
    if clue.household is None:
        return []
    others = queries.clues_of_household(actor, clue.household.household_no).exclude(pk=clue.pk)
    return [
        (each, risk_label(each.risk), STATE_TONES[each.state], ClueState(each.state).label)
        for each in others
    ]


def household_clues(request: HttpRequest, household_no: str) -> HttpResponse:
    """Fragment for the household's page in the registry."""
    actor = actor_of(request)
    clues = queries.clues_of_household(actor, household_no)
    runs = queries.valid_runs()
    rows = [_row(clue, runs) for clue in clues.select_related("household", "village", MAIN_HIT)]
    if not rows and not evidence.household_visible(actor, household_no):
        raise NotFound
    return render(request, "screening/household_clues.html", {"rows": rows})


def _row(clue: Clue, runs: dict[int, Run]) -> dict[str, Any]:
    return {
        "clue": clue,
        "risk": risk_label(clue.risk),
        "severity": Severity(clue.severity).label,
        "severity_tone": SEVERITY_TONES[str(clue.severity)],
        "state": ClueState(clue.state).label,
        "state_tone": STATE_TONES[clue.state],
        "reason": main_reason(clue, runs),
    }


def verdicts(request: HttpRequest, pk: int, run_uuid: UUID) -> HttpResponse:
    """Fragment: every rule for the clue's household as of a run: met, not met, cannot tell."""
    actor = actor_of(request)
    clue = queries.clue_visible_to(actor, pk)
    run = queries.run_visible_to(actor, run_uuid)
    context = {"run": run, "groups": evidence.verdicts(clue, run)}
    return render(request, "screening/verdicts.html", context)


def evidence_rows(request: HttpRequest, pk: int, hit_pk: int) -> HttpResponse:
    """Fragment: what one hit rests on: rows of department files, other hits, households."""
    actor = actor_of(request)
    clue = queries.clue_visible_to(actor, pk)
    hit = get_object_or_404(
        ClueEvidence.objects.select_related("run", "member", "household", "village"),
        pk=hit_pk,
        clue=clue,
    )
    counted = composition.counted_hits(hit)
    context = {
        "hit": hit,
        "parts": composition.parts_of(counted),
        "homes": composition.homes_of(actor, hit),
        "sheets": evidence.rows_of(actor, [hit, *counted]),
        "village_url": f"{reverse('screening:clues')}?risk={clue.risk}&village={clue.village.code}",
    }
    return render(request, "screening/evidence_rows.html", context)


@require_POST
def triage(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    clue = queries.clue_visible_to(actor, pk)
    form = TriageForm(request.POST)
    if form.is_valid():
        operations.triage(
            actor,
            clue,
            state=form.cleaned_data["state"],
            note=form.cleaned_data["note"],
            version=form.cleaned_data["version"],
        )
        messages.success(request, "研判已保存。")
    return redirect("screening:clue", pk=pk)
