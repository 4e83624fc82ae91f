"""审计日志的页面: the list with its filters and export, one entry, and the proof of the chain."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core.actor import require
from shouwang.core.components import Action, Empty
from shouwang.core.errors import NotFound
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page

from .chain import verify
from .models import AuditEntry
from .operations import record
from .queries import lines_of
from .tables import EntryFilter, EntryTable


def entries(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "audit.view")
    return list_page(
        request,
        queryset=AuditEntry.objects.visible_to(actor).with_sequence(),
        table=EntryTable,
        filterset=EntryFilter,
        title="审计日志",
        purpose="谁在什么时候做了什么、看了什么；只能增加，不能修改和删除。",
        actions=[Action("核验完整性", reverse("audit:verify"), icon="shield-check", method="post")],
        empty=Empty("还没有审计记录", "有人登录或办理业务后会出现在这里。"),
        export_right="audit.view",
        source="审计日志",
    )


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "audit.view")
    entry = AuditEntry.objects.visible_to(actor).with_sequence().filter(pk=pk).first()
    if entry is None:
        raise NotFound
    return render(request, "audit/detail.html", {"entry": entry, "line": lines_of([entry])[0]})


@require_POST
def verify_view(request: HttpRequest) -> HttpResponse:
    """Walk the chain now; that somebody did is itself an entry."""
    actor = actor_of(request)
    require(actor, "audit.view")
    result = verify()
    verdict = "完整" if result.ok else f"发现 {len(result.problems)} 处问题"
    record(actor, "audit.verified", summary=f"核验审计日志 {result.count} 条：{verdict}")
    return render(request, "audit/verify.html", {"result": result})
