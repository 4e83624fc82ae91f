"""成批登记: clues from a screening and from the provincial rescue platform."""

from datetime import date
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shouwang.core.actor import Actor, require
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of

from .. import operations
from ..models import BulkWork, RescueFile
from ..operations.bulk import AT_ONCE, order_pull, order_rescue
from ..pages import intake as pages
from ..rescue_sheet import read_rescue
from .bulk import begun

BOTH = require_http_methods(["GET", "POST"])
MOST_BYTES = 20 * 1024 * 1024
READ_AT_ONCE = 1024 * 1024


@BOTH
def pull(request: HttpRequest) -> HttpResponse:
    """See how many clues a screening would bring, by priority, then take them in."""
    actor = actor_of(request)
    require(actor, "cases.register")
    dates = pages.dates()
    as_of = _as_of(request, dates)
    problem = ""
    if request.method == "POST" and as_of:
        given = pages.priorities(request.POST.getlist("priorities"))
        if given and pages.is_large(pages.preview(actor, as_of), given):
            return begun(actor, order_pull(actor, as_of, given))
        if given:
            done = operations.pull_screening_clues(actor, as_of, priorities=given)
            messages.success(request, pages.pulled_words(done))
            return redirect(f"{reverse('cases:clues')}?state=received&channel=platform")
        problem = "请至少勾选一类线索。"
    context = {
        "dates": dates,
        "as_of": as_of,
        "rows": pages.preview(actor, as_of) if as_of else [],
        "problem": problem,
        "list_url": reverse("cases:clues"),
    }
    return render(request, "cases/pull.html", context, status=400 if problem else 200)


def _as_of(request: HttpRequest, dates: list[date]) -> date | None:
    """The chosen date, or the newest one; nonsense is read as the newest."""
    wanted = request.POST.get("as_of") or request.GET.get("as_of", "")
    return next((day for day in dates if day.isoformat() == wanted), dates[0] if dates else None)


@BOTH
def rescue(request: HttpRequest) -> HttpResponse:
    """The list of the provincial rescue platform: each plea becomes a clue once."""
    actor = actor_of(request)
    require(actor, "cases.register")
    done: RescueFile | BulkWork | None = None
    problem = ""
    if request.method == "POST":
        try:
            done = _import(actor, request.FILES.get("file"))
        except DomainError as refusal:
            problem = refusal.message
        if isinstance(done, BulkWork):
            return begun(actor, done)
    context = {
        "done": done,
        "problem": problem,
        "files": RescueFile.objects.all()[:20] if actor.can("cases.approve") else [],
        "list_url": reverse("cases:clues"),
    }
    return render(request, "cases/rescue.html", context, status=400 if problem else 200)


def _import(actor: Actor, given: UploadedFile[bytes] | None) -> RescueFile | BulkWork:
    """A short list is registered at once, a long one in the background."""
    if given is None:
        raise DomainError("没有收到文件，请选择救助平台导出的名单。", "file")
    if (given.size or 0) > MOST_BYTES:
        raise DomainError("文件太大，请分月导出后上传。", "file")
    path = Path(settings.SHOUWANG_DATA_DIR) / "tmp" / f"rescue-{id(given)}.xlsx"
    try:
        with path.open("wb") as out:
            for piece in given.chunks():
                out.write(piece)
        name = str(given.name or "名单")[:300]
        if path.stat().st_size > READ_AT_ONCE or len(read_rescue(path)[0]) > AT_ONCE:
            return order_rescue(actor, path, name=name)
        return operations.import_rescue_file(actor, path, name=name)
    finally:
        path.unlink(missing_ok=True)
