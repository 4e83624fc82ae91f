"""政策文件的页面: the list, the upload, and the paper beside its pieces."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.divisions.models import Division

from .. import operations, queries, reading
from ..filters import PaperFilter
from ..forms import PieceForm, UploadForm, piece_initial
from ..models import Paper, Piece
from ..operations.papers import CHECKS
from ..states import PIECE_TONES, PieceState, Rhythm, paper_table
from ..tables import PaperTable

PURPOSE = "政策文件读成任务：左边原文，右边读出的条目，逐条核对，另一人确认后才成为任务。"
MOST_BYTES = 40 * 1024 * 1024


def paper_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "workplans.view")
    upload = Action("上传文件", reverse("workplans:upload"), "upload", is_main=True)
    may = actor.can("workplans.read")
    return list_page(
        request,
        queryset=queries.papers_visible_to(actor),
        table=PaperTable,
        filterset=PaperFilter,
        title="政策文件",
        purpose=PURPOSE,
        actions=[upload] if may else [],
        empty=Empty("还没有政策文件", "上传一份，读出任务、单位和时限。", upload if may else None),
        export_right="workplans.export",
    )


def _places(actor: Actor) -> QuerySet[Division]:
    condition = Q(pk__in=[])
    for scope in actor.scopes_with("workplans.read"):
        condition |= Q(path__startswith=scope.division_path)
    found = Division.objects.on(clock.today()).filter(condition)
    return found.filter(level__in=("prefecture", "county", "town")).order_by("code")


def upload(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "workplans.read")
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        divisions=_places(actor),
        papers=queries.papers_visible_to(actor).filter(state="confirmed"),
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise DomainError("文件超过 40 MB，请只上传文件正文。", code="size")
        made = operations.upload_paper(
            actor, content=file.read(), name=file.name, division=form.cleaned_data["division"],
            former=form.cleaned_data["former"],
        )  # fmt: skip
        messages.success(request, f"读出 {made.pieces.count()} 条，请逐条核对。")
        return redirect("workplans:paper", pk=made.pk)
    context = {"title": "上传政策文件", "form": form, "back_url": reverse("workplans:papers")}
    return render(request, "workplans/upload.html", context)


def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper with every recognised piece marked, beside the pieces."""
    actor = actor_of(request)
    found = queries.paper_visible_to(actor, pk)
    pieces = list(found.pieces.all())
    state = paper_table().state(found.state)
    path = found.division.path
    may_read = found.state == "reading" and actor.can_at("workplans.read", path)
    counts = {one.value: 0 for one in PieceState}
    for piece in pieces:
        counts[piece.state] += 1
    context = {
        "paper": found,
        "title": found.title,
        "state_tone": state.tone,
        "state_label": state.label,
        "lines": reading.paragraphs(found, pieces),
        "pieces": [_card(piece) for piece in pieces],
        "counts": [(PieceState(key).label, count) for key, count in counts.items() if count],
        "left": counts[PieceState.PENDING.value],
        "may_read": may_read,
        "offers": paper_table().offers(actor, found, found.state, path, CHECKS),
        "facts": [
            ("文号", found.number or "—"),
            ("发文机关", found.issuer or "—"),
            ("年度或期间", found.period or "—"),
            ("上传", f"{found.uploaded_by_label}，{found.uploaded_at:%Y-%m-%d}"),
            ("核对人", found.sent_by_label or "—"),
            ("确认人", found.confirmed_by_label or "—"),
        ],
    }
    return render(request, "workplans/paper.html", context)


def _card(piece: Piece) -> dict[str, Any]:
    return {
        "piece": piece,
        "tone": PIECE_TONES[piece.state],
        "label": PieceState(piece.state).label,
        "change": piece.get_change_display() if piece.change else "",
        "chapter": " › ".join(piece.path),
        "lead": "、".join(piece.lead_units),
        "responsible": "、".join(piece.responsible_units),
        "targets": [one["raw"] for one in piece.targets],
        "rhythm": Rhythm(piece.rhythm).label if piece.rhythm else "",
    }


def piece(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponse:
    """One piece to correct; its sentence stands above."""
    actor = actor_of(request)
    found = queries.paper_visible_to(actor, pk)
    one = queries.piece_visible_to(actor, found, piece_pk)
    require(actor, "workplans.read", found.division.path)
    form = PieceForm(request.POST or None, initial=piece_initial(one))
    if request.method == "POST" and form.is_valid():
        operations.decide_piece(
            actor, one, state=PieceState.CORRECTED, version=form.cleaned_data["version"],
            **form.changes(),
        )  # fmt: skip
        messages.success(request, f"第 {one.place} 条已改正并采用。")
        return redirect(f"{reverse('workplans:paper', args=[pk])}#piece-{one.pk}")
    context = {
        "title": f"改正第 {one.place} 条",
        "paper": found,
        "piece": one,
        "form": form,
        "sentence": reading.sentence(found, one),
        "back_url": f"{reverse('workplans:paper', args=[pk])}#piece-{one.pk}",
        "others": [other for other in found.pieces.exclude(pk=one.pk) if other.state != "merged"],
    }
    return render(request, "workplans/piece.html", context)


def _version(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    if not given.isdecimal():
        raise DomainError("页面内容不完整，请刷新后再办理。", code="version")
    return int(given[:9])


@require_POST
def decide(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponse:
    """Accept, refuse or open again, from the keyboard or a button; answers with the card alone."""
    actor = actor_of(request)
    found = queries.paper_visible_to(actor, pk)
    one = queries.piece_visible_to(actor, found, piece_pk)
    one = operations.decide_piece(
        actor, one, state=request.POST.get("state", ""), version=_version(request)
    )
    if getattr(request, "htmx", None):
        left = found.pieces.filter(state=PieceState.PENDING).count()
        context = {"card": _card(one), "paper": found, "may_read": True, "left": left}
        return render(request, "workplans/piece_card.html", context)
    return redirect(f"{reverse('workplans:paper', args=[pk])}#piece-{one.pk}")


@require_POST
def split(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.paper_visible_to(actor, pk)
    one = queries.piece_visible_to(actor, found, piece_pk)
    marked = request.POST.get("text", "").replace("\r\n", "\n")
    first, mark, _ = marked.partition("｜｜")
    if not mark:
        raise DomainError("请在要拆开的地方写两个竖线“｜｜”，再按拆分。", code="at")
    if marked.replace("｜｜", "", 1) != one.text.replace("\r\n", "\n"):
        raise DomainError("拆分时只加“｜｜”，不要改别的字；改字请用改正。", code="text")
    operations.split_piece(actor, one, at=len(first), version=_version(request))
    messages.success(request, "已拆成两条，请分别核对。")
    return redirect(f"{reverse('workplans:paper', args=[pk])}#piece-{one.pk}")


@require_POST
def merge(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.paper_visible_to(actor, pk)
    one = queries.piece_visible_to(actor, found, piece_pk)
    key = request.POST.get("other", "")
    if not key.isdecimal():
        raise DomainError("请选择要合并的另一条。", code="other")
    other = queries.piece_visible_to(actor, found, int(key[:18]))
    operations.merge_pieces(actor, one, other, version=_version(request))
    messages.success(request, "已合并，请再核对一次。")
    return redirect(f"{reverse('workplans:paper', args=[pk])}#piece-{one.pk}")


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.paper_visible_to(actor, pk)
    text = request.POST.get("text", "").strip()
    at = found.text.find(text) if text else -1
    place = (at, at + len(text)) if at >= 0 else (None, None)
    made = operations.add_piece(actor, found, text=text, start=place[0], end=place[1])
    messages.success(request, f"已补充第 {made.place} 条，请补上单位和时限。")
    return redirect("workplans:piece", pk=pk, piece_pk=made.pk)


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found: Paper = queries.paper_visible_to(actor, pk)
    operations.advance_paper(
        actor, found, request.POST.get("action", ""), version=_version(request),
        reason=request.POST.get("reason", ""),
    )  # fmt: skip
    messages.success(request, f"现在是“{found.state_label}”。")
    return redirect("workplans:paper", pk=pk)
