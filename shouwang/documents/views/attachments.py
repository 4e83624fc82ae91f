"""佐证材料页: list and upload for any record, one file to look at, to take away, to withdraw."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwang.core.actor import require
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of

from .. import operations, queries, storage
from ..panels import panel, size_text
from ..recognising import MOST_MEGABYTES, TYPES

Response = TypeVar("Response", bound=HttpResponseBase)
MOST_AT_ONCE = 30
STRICT = "default-src 'none'; sandbox"
"""For files that people uploaded: whatever they hold, a browser may run none of it."""


@require_http_methods(["GET", "HEAD", "POST"])
def attachments(request: HttpRequest, target_type: str, target_id: str) -> HttpResponse:
    """The files of a record; POST adds some and answers with the same, or for htmx the fragment."""
    actor = actor_of(request)
    shown = panel(actor, target_type, target_id)
    if request.method != "POST":
        return _answer(request, shown)
    problems = _upload(request, target_type, target_id)
    if request.headers.get("HX-Request"):
        again = panel(actor, target_type, target_id, problems)
        return _answer(request, again, status=400 if problems else 200)
    for problem in problems:
        messages.error(request, problem)
    return redirect(shown.place.url)


def _answer(request: HttpRequest, shown: Any, status: int = 200) -> HttpResponse:
    is_part = bool(request.headers.get("HX-Request"))
    template = "documents/attachments.html" if is_part else "documents/attachments_page.html"
    response = render(request, template, {"panel": shown, "title": "佐证材料"}, status=status)
    add_never_cache_headers(response)
    return response


def _upload(request: HttpRequest, target_type: str, target_id: str) -> list[str]:
    """Take each file by itself; one that is refused does not keep the others out."""
    files = request.FILES.getlist("files")
    if not files:
        return ["请先选择要上传的文件。"]
    if len(files) > MOST_AT_ONCE:
        return [f"一次最多上传 {MOST_AT_ONCE} 份，请分几次上传。"]
    problems = []
    for file in files:
        try:
            with on_disk(file) as source:
                operations.attach(
                    actor_of(request),
                    source,
                    file.name or "",
                    target_type=target_type,
                    target_id=target_id,
                    kind=request.POST.get("kind", ""),
                    note=request.POST.get("note", ""),
                )
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            problems.append(error.message)
    return problems


@contextmanager
def on_disk(file: Any) -> Iterator[Path]:
    """The upload as a file, where the server did not make one already; gone afterwards."""
    if (file.size or 0) > MOST_MEGABYTES * 1024 * 1024:
        raise DomainError(f"“{Path(file.name).name}”超过 {MOST_MEGABYTES} MB，请压缩后再上传。")
    if hasattr(file, "temporary_file_path"):
        yield Path(file.temporary_file_path())
        return
    with storage.work_file() as work:
        work.write_bytes(file.read())
        yield work


@require_safe
def file_page(request: HttpRequest, number: UUID) -> HttpResponse:
    """One file: what it is, who brought it, the picture large."""
    found = queries.attachment(actor_of(request), number)
    shown = panel(actor_of(request), found.target_type, found.target_id)
    context = {
        "file": found,
        "panel": shown,
        "facts": [
            ("类别", found.get_kind_display()),
            ("说明", found.note),
            ("格式", TYPES[found.type_key].label),
            ("大小", size_text(found.size)),
            ("上传人", found.uploaded_by_label),
            ("上传时间", found.uploaded_at),
            ("校验值", f"{found.sha256[:16]}…"),
        ],
        "can_withdraw": not shown.refusal and not found.is_withdrawn,
    }
    return render(request, "documents/file.html", context)


@require_safe
def thumbnail(request: HttpRequest, number: UUID) -> HttpResponse:
    actor = actor_of(request)
    return _jpeg(operations.open_thumbnail(actor, queries.attachment(actor, number)))


@require_safe
def view(request: HttpRequest, number: UUID) -> HttpResponse:
    actor = actor_of(request)
    return _jpeg(operations.open_view(actor, queries.attachment(actor, number)))


def _jpeg(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="image/jpeg")
    return _guarded(response)


@require_safe
def download(request: HttpRequest, number: UUID) -> HttpResponseBase:
    """The original, never shown inside a page of this server."""
    actor = actor_of(request)
    found = queries.attachment(actor, number)
    response = FileResponse(
        operations.open_original(actor, found),
        as_attachment=True,
        filename=found.file_name,
        content_type=TYPES[found.type_key].media_type,
    )
    return _guarded(response)


def _guarded(response: Response) -> Response:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = STRICT
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def withdraw(request: HttpRequest, number: UUID) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "documents.attach")
    found = queries.attachment(actor, number, "documents.attach")
    try:
        operations.withdraw(actor, found, reason=request.POST.get("reason", ""))
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, error.message)
        return redirect("documents:file", number=number)
    messages.success(request, f"“{found.file_name}”已作废，仍可在材料栏的“已作废”中查到。")
    return redirect(panel(actor, found.target_type, found.target_id).place.url)
