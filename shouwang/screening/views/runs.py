"""筛查批次: the list of runs, one run with its counts and inputs, starting and replaying."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core import jobs
from shouwang.core.actor import require
from shouwang.core.components import Action, Empty, Figure, Tab
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.feeds.queries import effective_batches
from shouwang.registry import snapshots

from .. import charts, queries
from ..filters import RunFilter
from ..forms import StartForm
from ..jobs import replay_run, run_screening
from ..models import Run, RunBatch
from ..states import Severity, risk_label
from ..tables import SEVERITY_TONES, ClueTable, RunTable

STAGES = {
    "registry": "读取档案",
    "rules": "评估规则",
    "write": "写出命中",
    "total": "评估合计",
    "merge": "归并为线索",
}
CHANGES = {"new": "新出现的线索", "continuing": "延续的线索", "gone": "不再命中的线索"}


def run_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "screening.view")
    start_action = Action("发起筛查", reverse("screening:start"), icon="radar-2", is_main=True)
    actions = [start_action] if actor.can("screening.run") else []
    return list_page(
        request,
        queryset=Run.objects.visible_to(actor),
        table=RunTable,
        filterset=RunFilter,
        title="筛查批次",
        purpose="每次筛查用了哪些数据、哪一版规则，发现了什么；冻结保存，可以随时重放核对。",
        actions=actions,
        empty=Empty(
            "还没有筛查过",
            "档案和部门数据导入后即可发起第一次筛查。",
            start_action if actions else None,
        ),
        export_right="screening.export",
    )


def _tabs(run: Run, current: str) -> list[Tab]:
    pages = [("run", "概览"), ("run-rules", "规则命中"), ("run-inputs", "数据与核对")]
    return [
        Tab(label, reverse(f"screening:{name}", args=[run.uuid]), is_current=name == current)
        for name, label in pages
    ]


def _page(request: HttpRequest, run: Run, current: str, context: dict[str, Any]) -> HttpResponse:
    base = {
        "run": run,
        "tabs": _tabs(run, current),
        "may_replay": actor_of(request).can("screening.run"),
        "clues_url": f"{reverse('screening:clues')}?month={run.as_of:%Y-%m-%d}",
    }
    return render(request, f"screening/{current.replace('-', '_')}.html", base | context)


def run(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    run = queries.run_visible_to(actor, uuid)
    by_risk = queries.counts_by_risk(actor, run)
    by_town = queries.counts_by_town(actor, run)
    changes = queries.comparison(actor, run)
    clue_count = sum(clues for _, clues, _ in by_risk)
    context = {
        "clue_count": clue_count,
        "figures": [
            Figure("线索（辖区内）", clue_count, "条"),
            Figure("命中", sum(hits for _, _, hits in by_risk), "条"),
            *(
                Figure(
                    label,
                    changes[change].total(),
                    "条",
                    reverse("screening:changes", args=[run.uuid, change]),
                )
                for change, label in CHANGES.items()
            ),
        ],
        "risk_chart": charts.by_risk(run, by_risk),
        "town_chart": charts.by_town(run, by_town),
        "month_chart": charts.by_month(queries.counts_by_month(actor), run.as_of),
        "previous": queries.previous_run(run),
        "change_rows": _change_rows(changes),
        "empty": Empty("您的辖区内没有线索", "这一批次没有发现您辖区内需要核实的情况。"),
    }
    return _page(request, run, "run", context)


def _change_rows(changes: dict[str, Any]) -> list[tuple[str, int, int, int]]:
    risks = sorted(set().union(*changes.values()))
    rows = [(risk_label(risk), *(changes[change][risk] for change in CHANGES)) for risk in risks]
    return sorted(rows, key=lambda row: -row[1])


def run_rules(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    run = queries.run_visible_to(actor, uuid)
    rules = queries.rulebook_of(run.rulebook_version).rules
    counts = queries.counts_by_rule(actor, run)
    rows = [
        {
            "rule": rule,
            "risk": risk_label(rule.risk),
            "clues": counts.get(rule.id, (0, 0))[0],
            "hits": counts.get(rule.id, (0, 0))[1],
            "reason": run.not_evaluated.get(rule.id, ""),
            "severity": Severity(rule.severity).label,
            "tone": SEVERITY_TONES[str(rule.severity)],
            "url": f"{reverse('screening:clues')}?rule={rule.id}&month={run.as_of:%Y-%m-%d}",
        }
        for rule in rules.values()
    ]
    rows.sort(key=lambda row: (bool(row["reason"]), -row["hits"], row["rule"].id))
    not_evaluated = [row for row in rows if row["reason"]]
    return _page(request, run, "run-rules", {"rows": rows, "not_evaluated": not_evaluated})


def run_inputs(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    run = queries.run_visible_to(actor, uuid)
    context = {
        "feeds": _feeds(run),
        "may_see_batches": actor.can("feeds.view"),
        "stages": [
            (STAGES.get(stage, stage), f"{each:.2f}") for stage, each in run.seconds.items()
        ],
        "replays": run.replays.all()[:20],
        "facts": [
            ("档案快照", run.registry_key),
            ("规则库版本", run.rulebook_version),
            ("命中内容摘要", run.hits_digest),
        ],
    }
    return _page(request, run, "run-inputs", context)


def _feeds(run: Run) -> list[dict[str, Any]]:
    """The run's batches by feed, each with its first and last day."""
    titles = queries.rulebook_of(run.rulebook_version).feeds
    grouped: dict[str, list[RunBatch]] = {}
    for batch in run.batches.all():
        grouped.setdefault(batch.feed, []).append(batch)
    return [
        {
            "title": titles[feed].title if feed in titles else feed,
            "batches": batches,
            "first": min(batch.period_start for batch in batches),
            "last": max(batch.period_end for batch in batches),
        }
        for feed, batches in grouped.items()
    ]


def changes(request: HttpRequest, uuid: UUID, change: str) -> HttpResponseBase:
    """The clues behind one number of the comparison with the previous date."""
    actor = actor_of(request)
    run = queries.run_visible_to(actor, uuid)
    if change not in CHANGES:
        raise Http404
    before = queries.previous_run(run)
    earlier = f"与 {before.as_of:%Y-%m-%d} 相比" if before else "此前没有筛查"
    clues = queries.clues_compared(actor, run, change).with_state(queries.newest_date())
    return list_page(
        request,
        queryset=clues.select_related("household", "village__parent", "main_hit__member"),
        table=ClueTable,
        title=f"{run.as_of:%Y年%-m月}{CHANGES[change]}",
        purpose=f"{run.name}，{earlier}。",
        empty=Empty("没有这样的线索", "换一个批次，或回到批次页查看其他变化。"),
        export_right="screening.export",
        source=f"{run.name}，规则库 {run.rulebook_version[:12]}",
    )


def start(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "screening.run")
    choices = queries.date_choices()
    posted = request.POST if request.method == "POST" else None
    form = StartForm(posted, dates=_labelled(choices), initial=_proposed(choices))
    if form.is_valid():
        dates: Sequence[date] = form.cleaned_data["dates"]
        named = "、".join(f"{day:%Y-%m-%d}" for day in dates)
        job = jobs.start(
            actor,
            f"筛查 {named}",
            run_screening,
            dates=",".join(day.isoformat() for day in dates),
        )
        return redirect(job.get_absolute_url())
    context = {
        "form": form,
        "snapshot": snapshots.current(),
        "facts": _materials(),
        "empty": Empty("还没有农户档案", "先导入档案和部门数据，再发起筛查。"),
    }
    return render(request, "screening/start.html", context)


def _materials() -> list[tuple[str, str]]:
    """What a run started now would be made from."""
    snapshot, rulebook = snapshots.current(), queries.rulebook_in_force()
    return [
        ("农户档案", f"{snapshot.export_date:%Y-%m-%d} 导出" if snapshot else "—"),
        ("部门数据", f"{len(effective_batches())} 个有效批次"),
        ("规则库", f"{len(rulebook.rules)} 条规则，版本 {rulebook.version[:12]}"),
    ]


def _labelled(choices: Sequence[tuple[date, Run | None]]) -> list[tuple[date, str]]:
    return [
        (day, f"{day:%Y-%m-%d}（已筛查 {valid.number} 次）" if valid else f"{day:%Y-%m-%d}")
        for day, valid in choices
    ]


def _proposed(choices: Sequence[tuple[date, Run | None]]) -> dict[str, list[str]]:
    """Tick what was never screened, else the newest date."""
    open_dates = [day for day, valid in choices if valid is None]
    newest = [day for day, _ in choices[-1:]]
    return {"dates": [day.isoformat() for day in open_dates or newest]}


@require_POST
def replay(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "screening.run")
    run = queries.run_visible_to(actor, uuid)
    job = jobs.start(actor, f"重放 {run.name}", replay_run, run_uuid=str(run.uuid))
    return redirect(job.get_absolute_url())
