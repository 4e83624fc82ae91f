"""数据质量页: hits by check, town and village, and the list with the record beside it."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from shouwang.core import jobs
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.registry import quality_page, snapshots
from shouwang.registry.filters import FindingFilter
from shouwang.registry.jobs import check_quality
from shouwang.registry.models import QualityFinding
from shouwang.registry.tables import FindingTable


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require(actor, "quality.view")
    return actor


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    actor = _actor(request)
    asked = request.GET
    context = quality_page.overview(actor, asked.get("town", ""), asked.get("check", ""))
    return render(request, "registry/quality.html", context)


@require_safe
def finding_list(request: HttpRequest) -> HttpResponseBase:
    actor = _actor(request)
    snapshot = snapshots.current()
    findings = QualityFinding.objects.visible_to(actor).select_related(
        "household__village__parent", "member"
    )
    return list_page(
        request,
        queryset=findings,
        table=FindingTable,
        filterset=FindingFilter,
        title="质量问题",
        purpose="点开一条，可以在旁边看到这一户的记录；请在全国系统里改正，下次导出后消失。",
        actions=[Action("按检查项汇总", reverse("registry:quality"), icon="chart-bar")],
        empty=Empty("没有质量问题", "管辖范围内没有符合条件的问题。", icon="circle-check"),
        export_right="quality.view",
        source=f"{snapshot}，规则库 {snapshot.rulebook_version[:12]}" if snapshot else "",
    )


@require_POST
def run_checks(request: HttpRequest) -> HttpResponse:
    actor = _actor(request)
    require(actor, "registry.import")
    job = jobs.start(actor, "检查档案数据质量", check_quality)
    return redirect(job.get_absolute_url() if job.is_active else "registry:quality")
