"""条目的页面: every step of looking at pieces, from a button or from the keyboard."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core.actor import require
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of

from .. import operations, queries, reading
from ..forms import PieceForm
from ..models import Paper, Piece
from ..states import PieceState
from .papers import _version, card, edit_form, offers


def _back(piece: Piece) -> HttpResponseRedirect:
    url = reverse("workplans:paper", args=[piece.paper_id])
    return HttpResponseRedirect(f"{url}#piece-{piece.pk}")


def _is_part(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", None))


def _card(
    request: HttpRequest, paper: Paper, piece: Piece, form: PieceForm | None = None
) -> HttpResponse:
    """The card alone, with the steps of the paper as they are now."""
    actor = actor_of(request)
    context = {
        "card": card(piece, form),
        "paper": paper,
        "offers": offers(actor, paper),
        "is_part": True,
        "may_read": paper.state == "reading"
        and actor.can_at("workplans.read", paper.division.path),
    }
    return render(request, "workplans/piece_card.html", context)


def piece(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponse:
    """One piece to correct: in its card, or as a page of its own with the sentence above."""
    actor = actor_of(request)
    found = queries.paper_visible_to(actor, pk)
    one = queries.piece_visible_to(actor, found, piece_pk)
    require(actor, "workplans.read", found.division.path)
    if _is_part(request) and request.method == "GET" and "view" in request.GET:
        return _card(request, found, one)
    form = edit_form(one, request.POST)
    if request.method == "POST" and form.is_valid():
        one = operations.decide_piece(
            actor, one, state=PieceState.CORRECTED, version=form.cleaned_data["version"],
            **form.changes(),
        )  # fmt: skip
        if _is_part(request):
            return _card(request, found, one)
        messages.success(request, f"第 {one.place} 条已改正并采用。")
        return _back(one)
    if _is_part(request):
        return _card(request, found, one, form)
    context = {
        "title": f"改正第 {one.place} 条",
        "paper": found,
        "piece": one,
        "form": form,
        "sentence": reading.sentence(found, one),
        "back_url": f"{reverse('workplans:paper', args=[pk])}#piece-{one.pk}",
        "others": [
            other
            for other in found.pieces.filter(kind=one.kind).exclude(pk=one.pk)
            if other.state != PieceState.MERGED
        ],
    }
    return render(request, "workplans/piece.html", context)


@require_POST
def decide(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponse:
    """Accept, refuse or open again; answers with the card alone."""
    actor = actor_of(request)
    found = queries.paper_visible_to(actor, pk)
    one = queries.piece_visible_to(actor, found, piece_pk)
    one = operations.decide_piece(
        actor, one, state=request.POST.get("state", ""), version=_version(request)
    )
    return _card(request, found, one) if _is_part(request) else _back(one)


@require_POST
def undo(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponse:
    """Take the last step back; where another piece is concerned the whole page is drawn anew."""
    actor = actor_of(request)
    found = queries.paper_visible_to(actor, pk)
    one = queries.piece_visible_to(actor, found, piece_pk)
    is_alone = one.before.get("step") == "decide"
    one = operations.undo_piece(actor, one, version=_version(request))
    if _is_part(request) and is_alone:
        return _card(request, found, one)
    messages.success(request, f"已撤销第 {one.place} 条的上一步。")
    if _is_part(request):
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    return _back(one)


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
    return _back(one)


@require_POST
def merge(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponse:
    """Join with the piece that was chosen, or with the next one of the paper."""
    actor = actor_of(request)
    found = queries.paper_visible_to(actor, pk)
    one = queries.piece_visible_to(actor, found, piece_pk)
    key = request.POST.get("other", "")
    if key == "next":
        other = _next(found, one)
    elif key.isascii() and key.isdecimal():
        other = queries.piece_visible_to(actor, found, int(key[:18]))
    else:
        raise DomainError("请选择要合并的另一条。", code="other")
    operations.merge_pieces(actor, one, other, version=_version(request))
    messages.success(request, "已合并，请再核对一次；合错了按“撤销”。")
    return _back(one)


def _next(paper: Paper, piece: Piece) -> Piece:
    pieces = list(paper.pieces.filter(kind=piece.kind).exclude(state=PieceState.MERGED))
    following = pieces[pieces.index(piece) + 1 :] if piece in pieces else []
    if not following:
        raise DomainError("后面没有可以合并的条目。", code="other")
    return following[0]


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """What the reader missed, with the place that was marked in the paper."""
    actor = actor_of(request)
    found = queries.paper_visible_to(actor, pk)
    text = request.POST.get("text", "").strip()
    start, end = _place(found, text, request.POST.get("start", ""), request.POST.get("end", ""))
    made = operations.add_piece(actor, found, text=text, start=start, end=end)
    messages.success(request, f"已补充第 {made.place} 条，请补上单位和时限。")
    url = reverse("workplans:paper", args=[pk])
    return redirect(f"{url}?edit={made.pk}#piece-{made.pk}")


def _place(paper: Paper, text: str, start: str, end: str) -> tuple[int | None, int | None]:
    """The marked place where its words are the text's, else where the text is found first."""
    if all(one.isascii() and one.isdecimal() and len(one) < 9 for one in (start, end)):
        marked = paper.text[int(start) : int(end)]
        if marked.strip() and "".join(marked.split()) == "".join(text.split()):
            return int(start), int(end)
    at = paper.text.find(text) if text else -1
    return (at, at + len(text)) if at >= 0 else (None, None)


def section(request: HttpRequest, pk: int) -> HttpResponse:
    """Every piece of a section that nobody has looked at, to be read through and accepted."""
    actor = actor_of(request)
    found = queries.paper_visible_to(actor, pk)
    require(actor, "workplans.read", found.division.path)
    title = request.GET.get("title", "")
    if request.method == "POST":
        count = operations.accept_section(actor, found, _chosen(request.POST.getlist("piece")))
        messages.success(request, f"已采用 {count} 条；改主意的在条目上按“撤销”。")
        return redirect("workplans:paper", pk=pk)
    pieces = reading.sections(list(found.pieces.all())).get(title, [])
    context = {
        "title": f"成批采用：{title[:60]}",
        "paper": found,
        "cards": [card(one) for one in pieces if one.state == PieceState.PENDING],
        "back_url": reverse("workplans:paper", args=[pk]),
    }
    return render(request, "workplans/section.html", context)


def _chosen(given: list[str]) -> dict[int, int]:
    chosen = {}
    for one in given:
        key, _, version = one.partition(":")
        if not (one.isascii() and key.isdecimal() and version.isdecimal() and len(one) < 30):
            raise DomainError("页面内容不完整，请刷新后再办理。", code="chosen")
        chosen[int(key)] = int(version)
    return chosen
