"""成批办理: start the job of a bulk work, and the page of what came of it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from shouwang.core import jobs
from shouwang.core.actor import Actor
from shouwang.core.requests import actor_of

from ..jobs import run_bulk_work
from ..models import BulkWork
from ..states import BulkKind

BACK = {
    BulkKind.PULL: ("回到线索登记簿", "cases:clues"),
    BulkKind.RESCUE: ("回到线索登记簿", "cases:clues"),
    BulkKind.APPROVAL: ("回到我的待办", "cases:inbox"),
}


def begun(actor: Actor, work: BulkWork) -> HttpResponse:
    """Start the job; its page shows how far it is, the result where it is done already."""
    job = jobs.start(actor, work.get_kind_display(), run_bulk_work, work_id=work.pk)
    if job.is_active or job.error:
        return redirect(job.get_absolute_url())
    return redirect(work.get_absolute_url())


@require_safe
def bulk(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What came of it, for whoever started it."""
    work = get_object_or_404(BulkWork.objects.visible_to(actor_of(request)), uuid=uuid)
    label, name = BACK[BulkKind(work.kind)]
    context = {"work": work, "back_label": label, "back_url": reverse(name)}
    return render(request, "cases/bulk.html", context)
