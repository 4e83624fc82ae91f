"""后台任务的页面: my long work, live, to cancel or to try again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from . import export_files
from . import jobs as work
from .components import Empty
from .job_tables import JobTable
from .models import Job
from .requests import actor_of
from .views import list_page


@require_GET
def jobs(request: HttpRequest) -> HttpResponseBase:
    work.active(actor_of(request))  # recognises work whose worker died before it is listed
    return list_page(
        request,
        queryset=work.visible_to(actor_of(request)),
        table=JobTable,
        title="我的后台任务",
        purpose="导入、筛查等需要较长时间的工作，可以离开页面，完成后在这里查看结果。",
        empty=Empty("还没有后台任务", "导入档案或运行筛查以后，进度和结果会出现在这里。"),
    )


@require_GET
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    found = work.get(actor_of(request), job_id)
    if _is_for(request, "job"):
        return render(request, "core/job_body.html", {"job": found})
    return render(request, "core/job.html", {"job": found})


@require_GET
def indicator(request: HttpRequest) -> HttpResponse:
    context = {"jobs": work.active(actor_of(request))}
    return render(request, "core/job_indicator.html", context)


@require_POST
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    return redirect(work.cancel(actor_of(request), job_id))


@require_POST
def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    again: Job = work.retry(actor_of(request), job_id)
    messages.success(request, "已重新开始。")
    return redirect(again)


@require_GET
def export(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """A file that was made in the background, for the one who asked for it."""
    found, handle = export_files.opened(actor_of(request), uuid)
    return FileResponse(
        handle,
        as_attachment=True,
        filename=found.name,
        content_type=export_files.TYPES[found.kind],
    )


def _is_for(request: HttpRequest, target: str) -> bool:
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and htmx.target == target
