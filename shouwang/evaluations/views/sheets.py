"""评分表的页面: one object with every formula and figure, its self-assessment, its appeals."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import DomainError, NotFound
from shouwang.core.requests import actor_of

from .. import operations, queries
from ..behind import behind
from ..models import Reviewer, Sheet
from ..operations.assessing import BY_HAND, may_assess
from ..states import APPEAL_TONES, COLOUR_TONES, SchemeKind
from .frame import number, points, tabs

WRONG = "页面不完整，请刷新后再试。"


def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.sheet_visible_to(actor, pk)
    if request.GET.get("print") == "1":
        return render(request, "evaluations/sheet_print.html", _context(actor, found))
    return render(request, "evaluations/sheet.html", _context(actor, found))


def _context(actor: Actor, found: Sheet) -> dict[str, Any]:
    round_ = found.round
    running, scored = round_.state == "running", round_.state == "scored"
    may_manage = actor.can_at("evaluations.manage", round_.division.path)
    mine = may_assess(actor, found)
    return {
        "sheet": found,
        "round": round_,
        "title": f"{found.name}评分表",
        "nodes": queries.sheet_nodes(found),
        "may_review": may_manage and running,
        "may_assess": mine and running,
        "may_appeal": mine and scored,
        "may_answer": may_manage and scored,
        "by_hand": BY_HAND,
        "appeal_tones": APPEAL_TONES,
        "colour_tone": COLOUR_TONES[found.colour],
        "uses": found.uses.all() if round_.is_public else [],
        "made_at": clock.now(),
        "maker": actor.label,
        "facts": [
            ("考核", round_.title),
            ("总分", "" if found.total is None else f"{found.total} 分"),
            ("名次", found.rank),
            ("等次", found.grade),
            *([("亮星", "、".join(found.stars))] if round_.scheme.kind == SchemeKind.STARS else []),
            ("分类", found.place_class),
            ("自评", found.assessed_by_label),
        ],
    }


def behind_score(request: HttpRequest, pk: int) -> HttpResponse:
    """数字后面的清单: the rows of a score, for the unit and the period."""
    actor = actor_of(request)
    score = queries.score_visible_to(actor, pk)
    found = behind(actor, score)
    if found is None:
        raise NotFound
    context = {
        "title": f"{score.sheet.name}：{score.item.name}",
        "purpose": f"{score.sheet.round.begins_on} 至 {score.sheet.round.ends_on}，"
        f"得 {'—' if score.points is None else score.points} 分。",
        "score": score,
        "sheet": score.sheet,
        "found": found,
    }
    return render(request, "evaluations/behind.html", context)


def mine(request: HttpRequest) -> HttpResponse:
    """我的考核: self-assessments, marks to give, appeals to answer."""
    actor = actor_of(request)
    require(actor, "evaluations.view")
    context = {
        "title": "我的考核",
        "purpose": "等我办的自评、打分和申诉。",
        "tabs": tabs(actor, "mine"),
        "waiting": queries.waiting_for(actor),
    }
    return render(request, "evaluations/mine.html", context)


@require_POST
def assess(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.sheet_visible_to(actor, pk)
    given: dict[int, tuple[Decimal | None, str]] = {}
    for name, text in request.POST.items():
        if name.startswith("points-"):
            key = _key(name)
            given[key] = (points(str(text), "自评分"), request.POST.get(f"note-{key}", ""))
    operations.assess(actor, found, given)
    messages.success(request, "已报送自评；佐证材料请在下面上传。")
    return redirect(found)


def _key(name: str) -> int:
    key = name.rpartition("-")[2]
    if not (key.isdecimal() and key.isascii()):
        raise DomainError(WRONG, code="key")
    return int(key[:12])


@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    score = queries.score_visible_to(actor, pk)
    value = number(request.POST.get("value", ""), "数值")
    operations.review(actor, score, value=value, note=request.POST.get("note", ""))
    messages.success(request, "已核定。")
    return redirect(f"{score.sheet.get_absolute_url()}#item-{score.item_id}")


@require_POST
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    score = queries.score_visible_to(actor, pk)
    operations.appeal(
        actor, score, reason=request.POST.get("reason", ""),
        asked=points(request.POST.get("asked", ""), "要求得分"),
    )  # fmt: skip
    messages.success(request, "已提出申诉，答复后显示在这里。")
    return redirect(f"{score.sheet.get_absolute_url()}#item-{score.item_id}")


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.appeal_visible_to(actor, pk)
    operations.answer(
        actor, found, grant=request.POST.get("grant") == "1", text=request.POST.get("text", ""),
        points=points(request.POST.get("points", ""), "更正后的得分"),
    )  # fmt: skip
    messages.success(request, "已答复。")
    return redirect("evaluations:appeals", pk=found.score.sheet.round_id)


def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """评委打分: all objects of a round on one page, by keyboard."""
    actor = actor_of(request)
    require(actor, "evaluations.mark")
    own = Reviewer.objects.filter(account=actor.account_id).select_related("round__division")
    reviewer = get_object_or_404(own, pk=pk)
    scores = queries.to_mark(actor, reviewer)
    if request.method == "POST":
        given = {}
        for score in scores:
            value = number(request.POST.get(f"mark-{score.pk}", ""), "打分")
            if value is not None:
                if value != value.quantize(Decimal("0.1")):
                    raise DomainError("打分最多一位小数。", code="points")
                given[score.pk] = value
        if not given:
            raise DomainError("还没有填写打分。", code="points")
        operations.mark(actor, reviewer, given)
        messages.success(request, f"已保存 {len(given)} 个打分。")
        return redirect("evaluations:mine")
    marks = dict(reviewer.marks.values_list("score_id", "points"))
    context = {
        "title": "评委打分",
        "purpose": "给本单位以外的对象打分；回车到下一格，被考核单位看不到您的姓名。",
        "reviewer": reviewer,
        "rows": [(score, marks.get(score.pk)) for score in scores],
        "is_open": reviewer.round.state == "running",
    }
    return render(request, "evaluations/mark.html", context)
