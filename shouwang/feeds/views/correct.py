"""补正页: send the corrected rows of a batch beside those that were accepted."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.core.requests import actor_of

from ..forms import CorrectedFile
from ..jobs import start_import
from ..models import BatchState
from ..operations import receive_correction
from ..queries.access import permit
from ..queries.batches import visible_batch
from ..queries.corrections import target_for
from .batch import frame_of
from .upload import on_disk


@require_http_methods(["GET", "POST"])
def correct_page(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """GET: what a correction does. POST: take the corrected workbook and import it."""
    actor = actor_of(request)
    batch = visible_batch(actor, number)
    permit(actor, "feeds.upload", batch.division, batch.department)
    target = target_for(actor, batch)
    if target.present is None:
        raise Conflict(target.problem)
    form = CorrectedFile(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            with on_disk(upload) as path:
                sent = receive_correction(actor, batch, path, file_name=upload.name)
        except NotFound:
            raise
        except DomainError as refusal:
            form.add_error("file", refusal.message)
        else:
            start_import(actor, sent)
            sent.refresh_from_db()
            if sent.state != BatchState.REJECTED:
                messages.success(request, "已收下补正的行。")
            return redirect("feeds:batch", number=sent.uuid)
    context = frame_of(actor, batch, "batch") | {"form": form, "present": target.present}
    status = 400 if request.method == "POST" else 200
    return render(request, "feeds/correct.html", context, status=status)
