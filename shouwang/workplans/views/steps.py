"""任务的办理: report, check, ask, answer, count, take a step."""

from contextlib import ExitStack
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of
from shouwang.documents.models import Attachment
from shouwang.documents.views.attachments import on_disk

from .. import operations, queries
from ..models import Progress, TaskRequest
from .papers import _version
from .work import _page, _report_form


@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Report with files; a refusal that a field can mend stands at the field."""
    actor = actor_of(request)
    found = queries.task_visible_to(actor, pk)
    form = _report_form(found, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, actor, found, form)
    values = form.cleaned_data
    kind = values["kind"] or Attachment.Kind.OTHER
    try:
        with ExitStack() as open_files:
            files = [
                operations.ReportFile(open_files.enter_context(on_disk(one)), one.name, kind)
                for one in values["files"]
            ]
            operations.report_progress(
                actor, found, as_of=values["as_of"], text=values["text"],
                value=values.get("value"), percent=values.get("percent"), files=files,
            )  # fmt: skip
    except DomainError as refusal:
        if refusal.code not in form.fields:
            raise
        form.add_error(refusal.code, refusal.message)
        return _page(request, actor, found, form)
    messages.success(request, "已报送，等待审看。")
    return redirect("workplans:task", pk=pk)


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    seen = queries.tasks_visible_to(actor).values("pk")
    found = get_object_or_404(
        Progress.objects.select_related("task__division"), pk=pk, task__in=seen
    )
    operations.check_report(
        actor, found, accept=request.POST.get("accept") == "1", note=request.POST.get("note", "")
    )
    messages.success(request, "已审看。")
    return redirect("workplans:task", pk=found.task_id)


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.task_visible_to(actor, pk)
    words = request.POST.get("words", "")
    operations.advance_task(
        actor, found, request.POST.get("action", ""), version=_version(request), reason=words,
        note=words,
    )  # fmt: skip
    messages.success(request, f"现在是“{found.state_label}”。")
    return redirect("workplans:task", pk=pk)


def _day(text: str, label: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise DomainError(f"{label}请写成 2026-06-30 的样子。", code="date") from error


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """申请延期 or 提请协调."""
    actor = actor_of(request)
    found = queries.task_visible_to(actor, pk)
    operations.ask(
        actor, found, kind=request.POST.get("kind", ""), reason=request.POST.get("reason", ""),
        new_date=_day(request.POST.get("new_date", ""), "申请的时限"),
    )  # fmt: skip
    messages.success(request, "已报上一级，答复后会显示在这里。")
    return redirect("workplans:task", pk=pk)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    seen = queries.tasks_visible_to(actor).values("pk")
    asked = get_object_or_404(
        TaskRequest.objects.select_related("task__division", "approver"), pk=pk, task__in=seen
    )
    operations.answer(
        actor, asked, grant=request.POST.get("grant") == "1", note=request.POST.get("note", "")
    )
    messages.success(request, "已答复。")
    return redirect("workplans:task", pk=asked.task_id)


@require_POST
def tie(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the system count the task, or stop it."""
    actor = actor_of(request)
    found = queries.task_visible_to(actor, pk)
    operations.tie_figure(
        actor, found, figure=request.POST.get("figure", ""),
        base_day=_day(request.POST.get("base_day", ""), "起计日期"), version=_version(request),
    )  # fmt: skip
    messages.success(request, "已改计数办法。")
    return redirect("workplans:task", pk=pk)


@require_POST
def recount(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    changed = operations.recount(actor)
    messages.success(request, f"已重新计数，{changed} 项有新数。")
    return redirect("workplans:board")
