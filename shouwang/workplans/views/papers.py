"""政策文件的页面: the list, the upload, and the paper beside its pieces."""

from decimal import Decimal
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
from shouwang.core.lifecycle import Offer
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.divisions.models import Division

from .. import operations, queries, reading
from ..filters import PaperFilter
from ..forms import PieceForm, UploadForm, piece_initial
from ..models import Paper, Piece
from ..operations.papers import CHECKS
from ..states import PIECE_TONES, TAKEN, PieceKind, PieceState, Rhythm, paper_table
from ..tables import PaperTable

PURPOSE = "政策文件读成任务：左边原文，右边读出的条目，逐条核对，另一人确认后才成为任务。"
KEYS = (
    ("j、k", "下一条、上一条"), ("n", "下一条没看的"), ("a", "采用"), ("x", "不采用"),
    ("e", "改正"), ("s", "拆分"), ("m", "与下一条合并"), ("u", "撤销"),
    ("b", "把选中的原文补充为一条"), ("f", "只看待核对的"),
)  # fmt: skip
NAMED = 30
"""Characters of a target's name on a card."""
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
    """The paper with every recognised piece marked, beside the pieces by section."""
    actor = actor_of(request)
    found = queries.paper_visible_to(actor, pk)
    pieces = list(found.pieces.prefetch_related("policies"))
    state = paper_table().state(found.state)
    may_read = found.state == "reading" and actor.can_at("workplans.read", found.division.path)
    edited = request.GET.get("edit", "")
    cards = {one.pk: card(one, edit_form(one) if str(one.pk) == edited else None) for one in pieces}
    context = {
        "paper": found,
        "title": found.title,
        "state_tone": state.tone,
        "state_label": state.label,
        "lines": reading.paragraphs(found, pieces),
        "legend": reading.Fact.choices,
        "sections": [
            (title, [cards[one.pk] for one in rows], sum(one.state == "pending" for one in rows))
            for title, rows in reading.sections(pieces).items()
        ],
        "filters": _filters(pieces),
        "total": sum(one.state != PieceState.MERGED for one in pieces),
        "left": sum(one.state == PieceState.PENDING for one in pieces),
        "may_read": may_read,
        "may_enter": found.state == "confirmed"
        and actor.can_at("workplans.manage", found.division.path),
        "keys": KEYS,
        "offers": offers(actor, found),
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


def _in_full(target: dict[str, Any]) -> str:
    """粮食播种面积：83万亩; a state says by itself what it is of."""
    name, raw = str(target.get("name") or ""), str(target["raw"])
    return raw if not name or name in raw else f"{name[:NAMED]}：{raw}"


def offers(actor: Actor, found: Paper) -> list[Offer]:
    """The steps of the paper's table that this person may take or must wait for."""
    return list(paper_table().offers(actor, found, found.state, found.division.path, CHECKS))


def _filters(pieces: list[Piece]) -> list[tuple[str, str, int]]:
    """Which cards can be shown alone, with how many there are; those with none are left out."""
    chosen = [
        ("all", "全部", len(pieces)),
        ("pending", "待核对", sum(one.state == PieceState.PENDING for one in pieces)),
        ("taken", "采用", sum(one.state in TAKEN for one in pieces)),
        ("refused", "不采用", sum(one.state == PieceState.REFUSED for one in pieces)),
        ("periodic", "定期任务", sum(bool(one.rhythm) for one in pieces)),
        ("fund", "资金", sum(one.kind == PieceKind.FUND for one in pieces)),
        ("changed", "新增和改动", sum(one.change in ("new", "changed") for one in pieces)),
    ]
    always = ("all", "pending", "taken", "refused")
    return [row for row in chosen if row[2] or row[0] in always]


def edit_form(piece: Piece, data: Any = None) -> PieceForm:
    """The form of one card among many: its fields have names of their own on the page."""
    return PieceForm(
        data or None, initial=piece_initial(piece), auto_id=f"id_{piece.pk}_%s",
        is_fund=piece.kind == PieceKind.FUND,
    )  # fmt: skip


def card(piece: Piece, form: PieceForm | None = None) -> dict[str, Any]:
    """One piece as a card; with a form it is being corrected."""
    return {
        "piece": piece,
        "form": form,
        "group": "taken" if piece.state in TAKEN else piece.state,
        "tone": PIECE_TONES[piece.state],
        "label": PieceState(piece.state).label,
        "is_fund": piece.kind == PieceKind.FUND,
        "change": piece.get_change_display() if piece.change else "",
        "chapter": " › ".join(piece.path),
        "lead": "、".join(piece.lead_units),
        "responsible": "、".join(piece.responsible_units),
        "targets": [_in_full(one) for one in piece.targets],
        "grants": [
            f"{one['name']} {Decimal(one['value']).normalize():,f} {one['unit']}"
            for one in piece.targets
            if piece.kind == PieceKind.FUND and one["value"]
        ],
        "rhythm": Rhythm(piece.rhythm).label if piece.rhythm else "",
        "policies": list(piece.policies.all()) if piece.paper.state == "confirmed" else [],
        "start": piece.spans[0][0] if piece.spans else "",
    }


def _version(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    if not given.isdecimal():
        raise DomainError("页面内容不完整，请刷新后再办理。", code="version")
    return int(given[:9])


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found: Paper = queries.paper_visible_to(actor, pk)
    operations.advance_paper(
        actor, found, request.POST.get("action", ""), version=_version(request),
        reason=request.POST.get("reason", ""),
    )  # fmt: skip
    entered = found.policies.filter(piece__kind=PieceKind.FUND).count()
    more = f"资金 {entered} 条已登入政策登记册，请核对执行起始。" if entered else ""
    messages.success(request, f"现在是“{found.state_label}”。{more}")
    return redirect("workplans:paper", pk=pk)
