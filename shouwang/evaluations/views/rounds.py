"""考核轮次的页面: the list, the league, heat, trend, two beside each other, report and sheet."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.accounts.models import Account, Post
from shouwang.audit.operations import record as audit
from shouwang.core import charts, clock, exports
from shouwang.core.actor import Actor, require_here
from shouwang.core.components import Empty
from shouwang.core.errors import NotFound
from shouwang.core.requests import actor_of
from shouwang.core.rights import get_right
from shouwang.core.views import list_page
from shouwang.documents.letters import DOCX_TYPE

from .. import bulletin, operations, queries, report
from ..forms import ReviewerForm, RoundForm
from ..models import Appeal, Round, Sheet
from ..operations.rounds import CHECKS
from ..states import APPEAL_TONES, COLOUR_TONES, AppealState, round_table
from ..tables import RoundFilter, RoundTable
from .frame import download, round_tabs, stepping, tabs, version_of

PURPOSE = "已公布的结果全县可看；没有公布的，只看到本单位的得分。"
MOST_LINES, MOST_BARS = 8, 40


def round_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    return list_page(
        request,
        queryset=queries.rounds_visible_to(actor),
        table=RoundTable,
        filterset=RoundFilter,
        title="考核评估",
        purpose=PURPOSE,
        template="evaluations/list.html",
        empty=Empty("还没有考核", "方案批准后，在方案页按“开展考核”。"),
        export_right="evaluations.export",
        extra={"tabs": tabs(actor, "rounds")},
    )


def new(request: HttpRequest, pk: int) -> HttpResponse:
    """开展一轮考核 by a scheme."""
    actor = actor_of(request)
    scheme = queries.scheme_visible_to(actor, pk)
    require_here(actor, "evaluations.manage", scheme.division.path)
    form = RoundForm(request.POST or None, object_kind=scheme.object_kind)
    if request.method == "POST" and form.is_valid():
        made = operations.open_round(actor, scheme, **form.cleaned_data)
        messages.success(request, "已开展，请先计数，再请各单位自评、评委打分。")
        return redirect(made)
    context = {
        "title": "开展考核", "form": form, "submit": "开展", "back_url": scheme.get_absolute_url(),
        "purpose": f"按{scheme}考核全部{scheme.get_object_kind_display()}。",
    }  # fmt: skip
    return render(request, "evaluations/form.html", context)


def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The league: every object by place, with what leads further."""
    actor = actor_of(request)
    found = queries.round_visible_to(actor, pk)
    rows = queries.league(actor, found)
    told = [row for row in rows if row.sheet.total is not None]
    may_manage = actor.can_at("evaluations.manage", found.division.path)
    context = {
        **_frame(actor, found, "round"),
        "rows": rows,
        "parts": list(found.scheme.weights.items()),
        "chart": _bars(told) if len(told) > 1 else None,
        "colour_tones": COLOUR_TONES,
        "uses": [(row.sheet, list(row.sheet.uses.all())) for row in rows if found.is_public],
        "may_manage": may_manage and found.state == "running",
        "may_file": may_manage and found.state != "running",
        "reviewers": found.reviewers.select_related("account") if may_manage else [],
        "needs_reviewers": found.scheme.items.filter(source="expert").exists(),
        "may_export": actor.can_at("evaluations.export", found.division.path),
        "whole": queries.sees_whole(actor, found),
        "facts": _facts(found),
    }
    return render(request, "evaluations/round.html", context)


def _bars(told: list[queries.Row]) -> charts.Chart:
    best = told[0].sheet
    shown = told[:MOST_BARS]
    return charts.bars(
        title=f"{best.name}得分最高，{best.total} 分", unit="分", source="考核评分表",
        categories=[row.sheet.name for row in shown],
        series={"总分": [float(row.sheet.total or 0) for row in shown]}, head="对象",
    )  # fmt: skip


def _facts(found: Round) -> list[tuple[str, Any]]:
    published = f"{found.published_by_label}，{found.published_on}" if found.published_on else ""
    return [
        ("方案", str(found.scheme)),
        ("考核期", f"{found.begins_on} 至 {found.ends_on}"),
        ("上一轮", str(found.former) if found.former else "没有"),
        ("等次规则", found.scheme.grading.get("source", "")),
        ("公布", published),
    ]


def _frame(actor: Actor, found: Round, tab: str) -> dict[str, Any]:
    return {
        "round": found,
        "title": found.title,
        "tabs": round_tabs(found, tab),
        **stepping(
            round_table(), found, found.division.path, CHECKS, actor,
            reverse("evaluations:round-step", args=[found.pk]),
        ),
    }  # fmt: skip


def heat(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.round_visible_to(actor, pk)
    context = {**_frame(actor, found, "heat"), "map": queries.heat(actor, found)}
    return render(request, "evaluations/heat.html", context)


def trend(request: HttpRequest, pk: int) -> HttpResponse:
    """Totals over the rounds; those who moved most first."""
    actor = actor_of(request)
    found = queries.round_visible_to(actor, pk)
    rounds = queries.chain(found)
    tables = [{row.sheet.name: row.sheet.total for row in queries.league(actor, r)} for r in rounds]
    names = [row.sheet.name for row in queries.league(actor, found)]
    lines = {name: [table.get(name) for table in tables] for name in names}
    chosen = dict(sorted(lines.items(), key=lambda line: -_moved(line[1]))[:MOST_LINES])
    chart = None
    if len(rounds) > 1 and chosen:
        chart = charts.lines(
            title=f"{next(iter(chosen))}的总分变化最大", unit="分", source="考核评分表",
            categories=[r.period for r in rounds],
            series={
                name: [None if one is None else float(one) for one in line]
                for name, line in chosen.items()
            },
        )  # fmt: skip
    context = {
        **_frame(actor, found, "trend"), "chart": chart, "rounds": rounds, "lines": lines.items(),
    }  # fmt: skip
    return render(request, "evaluations/trend.html", context)


def _moved(line: list[Any]) -> Any:
    known = [one for one in line if one is not None]
    return abs(known[-1] - known[0]) if len(known) > 1 else 0


def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Two objects item by item; only those whose sheets the reader may open."""
    actor = actor_of(request)
    found = queries.round_visible_to(actor, pk)
    seen = Sheet.objects.visible_to(actor).filter(round=found).order_by("rank", "name")
    pair = [
        seen.filter(pk=int(key[:12])).first() if key.isdecimal() and key.isascii() else None
        for key in (request.GET.get("a", ""), request.GET.get("b", ""))
    ]
    first, second = [one or default for one, default in zip(pair, _two(list(seen)), strict=True)]
    rows = []
    if first is not None and second is not None:
        other = {node.item.pk: node for node in queries.sheet_nodes(second)}
        for node in queries.sheet_nodes(first):
            there = other[node.item.pk]
            known = node.points is not None and there.points is not None
            gap = node.points - there.points if known else None  # type: ignore[operator]
            rows.append((node, there, gap))
    context = {
        **_frame(actor, found, "compare"), "sheets": seen, "a": first, "b": second, "rows": rows,
    }  # fmt: skip
    return render(request, "evaluations/compare.html", context)


def _two(sheets: list[Sheet]) -> list[Sheet | None]:
    if not sheets:
        return [None, None]
    return [sheets[0], sheets[-1] if len(sheets) > 1 else None]


def appeals(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.round_visible_to(actor, pk)
    rows = Appeal.objects.visible_to(actor).filter(score__sheet__round=found)
    context = {
        **_frame(actor, found, "appeals"),
        "rows": [
            (one, APPEAL_TONES[one.state], AppealState(one.state).label)
            for one in rows.select_related("score__item", "score__sheet")
        ],
        "may_answer": actor.can_at("evaluations.manage", found.division.path)
        and found.state == "scored",
    }
    return render(request, "evaluations/appeals.html", context)


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.round_visible_to(actor, pk)
    found = operations.advance_round(
        actor, found, request.POST.get("action", ""), version=version_of(request),
        reason=request.POST.get("reason", ""),
    )  # fmt: skip
    messages.success(request, f"现在是“{found.state_label}”。")
    return redirect(found)


@require_POST
def count(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = operations.count_round(actor, queries.round_visible_to(actor, pk))
    messages.success(request, "已计数并评分。")
    return redirect(found)


@require_POST
def file_problems(request: HttpRequest, pk: int) -> HttpResponse:
    """问题列入台账, by one button."""
    actor = actor_of(request)
    batch = operations.file_problems(actor, queries.round_visible_to(actor, pk))
    messages.success(request, f"已列入问题台账，共 {batch.problems.count()} 个。")
    return redirect("evaluations:round", pk=pk)


def reviewer(request: HttpRequest, pk: int) -> HttpResponse:
    """指定评委: accounts of the county whose post may mark."""
    actor = actor_of(request)
    found = queries.round_visible_to(actor, pk)
    require_here(actor, "evaluations.manage", found.division.path)
    posts = Post.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=clock.today()),
        role__in=get_right("evaluations.mark").roles,
        division__path__startswith=found.division.path,
    )
    accounts = Account.objects.filter(pk__in=posts.values("account")).order_by("name")
    form = ReviewerForm(request.POST or None, accounts=accounts)
    if request.method == "POST" and form.is_valid():
        operations.name_reviewer(actor, found, form.cleaned_data["account"])
        messages.success(request, "已指定，评委会在“我的考核”里看到。")
        return redirect(found)
    context = {
        "title": "指定评委", "form": form, "submit": "指定", "back_url": found.get_absolute_url(),
        "purpose": "评委给本单位以外的对象打分；被考核单位看不到评委姓名。",
    }  # fmt: skip
    return render(request, "evaluations/form.html", context)


def word(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """中期 or 总结 report."""
    actor, found = _exported(request, pk)
    if kind not in report.KINDS:
        raise NotFound
    _audit(actor, found, f"导出{report.KINDS[kind]}：{found.title}")
    return download(
        report.write(actor, found, kind), f"{found.title}-{report.KINDS[kind]}.docx", DOCX_TYPE
    )


def bulletin_word(request: HttpRequest, pk: int) -> HttpResponse:
    """考核通报 of a published round."""
    actor, found = _exported(request, pk)
    content = bulletin.write(actor, found)
    _audit(actor, found, f"导出考核通报：{found.title}")
    return download(content, f"{bulletin.title_of(found)}.docx", DOCX_TYPE)


def table(request: HttpRequest, pk: int) -> HttpResponseBase:
    """考核得分表 as a spreadsheet."""
    actor, found = _exported(request, pk)
    origin = exports.Origin(actor.label, clock.now(), f"{found.title}（{found.state_label}）")
    _audit(actor, found, f"导出考核得分表：{found.title}")
    rows = report.score_rows(actor, found)
    return exports.xlsx_response(rows, f"{found.title}-得分表", origin, title="考核得分表")


def _exported(request: HttpRequest, pk: int) -> tuple[Actor, Round]:
    actor = actor_of(request)
    found = queries.round_visible_to(actor, pk)
    require_here(actor, "evaluations.export", found.division.path)
    return actor, get_object_or_404(Round.objects.visible_to(actor, "evaluations.whole"), pk=pk)


def _audit(actor: Actor, found: Round, summary: str) -> None:
    audit(
        actor, "evaluations.round.exported", target_type="evaluations.round",
        target_id=str(found.pk), division_path=found.division.path, summary=summary[:200],
    )  # fmt: skip
