"""上传: several files at once, recognised, confirmed by a person, then imported."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.core.requests import actor_of
from shouwang.engine.contracts import FeedContract

from .. import proposals, storage
from ..forms import ConfirmForm, CorrectionForm, PendingForm
from ..jobs import start_import, start_recognising
from ..models import BatchState, FeedBatch, FeedFile
from ..operations import (
    discard_file,
    send_correction,
    send_staged,
    stage_file,
    treat_as_whole,
)
from ..operations.receiving import check_size
from ..queries.batches import staged_files
from ..queries.completeness import contracts_for
from ..queries.corrections import target_of
from .frame import month_of


@require_http_methods(["GET", "POST"])
def upload_page(request: HttpRequest) -> HttpResponse:
    """GET: drop files and confirm what they are. POST: take files, one or many at once."""
    actor = actor_of(request)
    require(actor, "feeds.upload")
    template = "feeds/staged.html" if _wants_fragment(request) else "feeds/upload.html"
    if request.method == "GET":
        return _page(request, actor, template=template)
    refusals = _take_all(actor, request)
    if refusals:
        return _page(request, actor, template=template, refusals=refusals, status=400)
    if _wants_fragment(request):
        return _page(request, actor, template=template)
    return redirect("feeds:upload")


def _wants_fragment(request: HttpRequest) -> bool:
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and htmx.target == "staged"


def _take_all(actor: Actor, request: HttpRequest) -> list[str]:
    """Keep every file that can be kept; returns a sentence for each that cannot."""
    given = request.FILES.getlist("files")
    if not given:
        return ["没有收到文件，请选择要上传的表格后再试。"]
    refusals = []
    for upload in given:
        try:
            _take(actor, upload)
        except DomainError as refusal:
            refusals.append(f"{upload.name or '未命名文件'}：{refusal.message}")
    return refusals


def _take(actor: Actor, upload: UploadedFile[bytes]) -> None:
    """Keep one file; a large one is recognised in the background, its sender does not wait."""
    check_size(upload.size or 0)
    allowed = [contract.key for contract in contracts_for(actor, "feeds.upload")]
    name = str(upload.name or "")
    with on_disk(upload) as path:
        propose = proposals.propose_by_name if proposals.is_large(path) else proposals.propose
        file = stage_file(actor, path, file_name=name, proposal=propose(path, name, allowed))
    if file.proposal.get("pending"):
        start_recognising(actor, file)


@contextmanager
def on_disk(upload: UploadedFile[bytes]) -> Iterator[Path]:
    """An upload as a file, whether Django kept it in memory or not."""
    if isinstance(upload, TemporaryUploadedFile):
        yield Path(upload.temporary_file_path())
        return
    draft = storage.work_path("upload")
    try:
        with draft.open("wb") as out:
            for piece in upload.chunks():
                out.write(piece)
        yield draft
    finally:
        draft.unlink(missing_ok=True)


StagedForm = ConfirmForm | CorrectionForm | PendingForm


def _form_of(
    actor: Actor, file: FeedFile, contracts: Sequence[FeedContract], data: QueryDict | None = None
) -> StagedForm:
    """What is asked about a waiting file; bound where the sender has answered."""
    if file.proposal.get("pending"):
        return PendingForm(file=file)
    answered = data if data is not None and f"{file.uuid}-feed" in data else None
    if number := file.proposal.get("corrects"):
        answered = data if data is not None and f"{file.uuid}-correct" in data else None
        return CorrectionForm(answered, file=file, target=target_of(actor, number))
    return ConfirmForm(answered, file=file, contracts=contracts)


def _page(
    request: HttpRequest,
    actor: Actor,
    *,
    template: str = "feeds/upload.html",
    forms: list[StagedForm] | None = None,
    refusals: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    contracts = contracts_for(actor, "feeds.upload")
    if forms is None:
        forms = [_form_of(actor, file, contracts) for file in staged_files(actor)]
    ready = [form for form in forms if not isinstance(form, PendingForm)]
    context = {
        "forms": forms,
        "ready": ready,
        "refusals": refusals or [],
        "asked": _asked(request, contracts),
    }
    return render(request, template, context, status=status)


def _asked(request: HttpRequest, contracts: Sequence[FeedContract]) -> str:
    """What the overview of months sent its reader here for: a feed's missing month."""
    wanted = request.GET.get("feed", "")
    title = next((one.title for one in contracts if one.key == wanted), "")
    end = month_of(request.GET.get("month", ""))
    return f"{title} {end.year}年{end.month}月" if title and end else ""


@require_POST
def confirm_files(request: HttpRequest) -> HttpResponse:
    """Import the confirmed files; whatever cannot be sent stays on the page with its reason."""
    actor = actor_of(request)
    require(actor, "feeds.upload")
    contracts = contracts_for(actor, "feeds.upload")
    only = request.POST.get("only", "")
    forms = [_form_of(actor, file, contracts, request.POST) for file in staged_files(actor)]
    chosen = [form for form in forms if form.is_bound and only in ("", str(form.file.uuid))]
    if not chosen:
        raise Conflict("没有等待确认的文件，可能已经确认过了，请在批次列表中查看。")
    wrong = [form for form in chosen if not form.is_valid()]  # all, so that each shows its own
    if wrong:
        return _page(request, actor, forms=_unbound_others(forms, chosen), status=400)
    sent, refused = _send_all(actor, chosen)
    for batch in sent:
        _tell(request, batch)
    if refused:
        left = [form for form in forms if form not in chosen] + refused
        return _page(request, actor, forms=left, status=409)
    if len(sent) == 1:
        return redirect("feeds:batch", number=sent[0].uuid)
    return redirect("feeds:batches")


def _unbound_others(forms: list[StagedForm], chosen: list[StagedForm]) -> list[StagedForm]:
    """Of the files that were not asked about, what was typed stays, without complaints."""
    for form in forms:
        if form not in chosen and form.is_bound:
            form.initial = {
                name: form[name].data for name in form.fields if form[name].data is not None
            }
            form.is_bound = False
    return forms


def _send_all(actor: Actor, forms: list[StagedForm]) -> tuple[list[FeedBatch], list[StagedForm]]:
    sent: list[FeedBatch] = []
    refused: list[StagedForm] = []
    for form in forms:
        try:
            if isinstance(form, CorrectionForm):
                batch = send_correction(actor, form.file)
            else:
                batch = send_staged(actor, form.file, **form.cleaned_data)
        except NotFound:
            raise
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            refused.append(form)
            continue
        start_import(actor, batch)
        batch.refresh_from_db()
        sent.append(batch)
    return sent, refused


def _tell(request: HttpRequest, batch: FeedBatch) -> None:
    if batch.state == BatchState.REJECTED:
        messages.warning(request, f"{batch.file_name}：{batch.message}")
    elif batch.state == BatchState.RECEIVED:
        messages.success(request, f"{batch.file_name}已确认，正在后台导入。")
    else:
        messages.success(request, f"{batch.file_name}已导入。")


@require_GET
def recognised(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """The part of the page for one large file, once it is recognised; nothing before."""
    actor = actor_of(request)
    file = _staged(actor, number)
    if file.proposal.get("pending"):
        return HttpResponse(status=204)
    form = _form_of(actor, file, contracts_for(actor, "feeds.upload"))
    return render(request, "feeds/staged_file.html", {"form": form, "forms": [form]})


@require_POST
def decide_file(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """The sender says himself what a file is: a whole table, whatever was recognised."""
    actor = actor_of(request)
    treat_as_whole(actor, _staged(actor, number))
    return redirect("feeds:upload")


def _staged(actor: Actor, number: uuid.UUID) -> FeedFile:
    file = staged_files(actor).filter(uuid=number).first()
    if file is None:
        raise NotFound("没有找到这份文件，它可能已经确认导入或已经移除。")
    return file


@require_POST
def remove_file(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    discard_file(actor, _staged(actor, number))
    return redirect(reverse("feeds:upload"))
