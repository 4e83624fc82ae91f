"""评估报告的页面: what the Word file will say, and the file."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.audit.operations import record as audit
from shouwang.core.actor import Actor, require
from shouwang.core.components import Figure
from shouwang.core.requests import actor_of
from shouwang.documents.letters import DOCX_TYPE
from shouwang.workplans.models import Paper

from .. import queries
from ..reports import Report, compile_report, write
from ..states import STANDING_TONES, Standing
from .common import crumbs_of, place_of, tabs


def _report(request: HttpRequest, actor: Actor) -> Report:
    paper = request.GET.get("paper", "")
    return compile_report(
        actor,
        place_of(request, actor),
        is_final=request.GET.get("kind") == "final",
        paper=int(paper[:9]) if paper.isdecimal() else None,
    )


def report(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "indicators.export")
    found = _report(request, actor)
    shown = (Standing.MET, Standing.ON_WAY, Standing.BEHIND, Standing.MISSED, Standing.UNKNOWN)
    papers = Paper.objects.filter(
        pk__in=queries.definitions_visible_to(actor).exclude(paper=None).values("paper")
    )
    query = request.GET.copy()
    context = {
        "title": "评估报告",
        "purpose": "中期或总结评估：完成率、原因、建议和目标调整，可以下载 Word 再修改。",
        "tabs": tabs(actor, "report"),
        "report": found,
        "place": found.place,
        "crumbs": crumbs_of(actor, found.place),
        "figures": [Figure(str(one.label), found.count(one.value), "个") for one in shown],
        "lines": [
            (line, STANDING_TONES[line.standing]) for line in found.lines
            if line.standing in (Standing.MISSED, Standing.BEHIND, Standing.UNKNOWN)
        ],
        "papers": [(one, str(one.pk) == request.GET.get("paper", "")) for one in papers],
        "is_final": found.is_final,
        "query": query.urlencode(),
    }  # fmt: skip
    return render(request, "indicators/report.html", context)


def report_word(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "indicators.export")
    found = _report(request, actor)
    audit(
        actor,
        "indicators.report.exported",
        target_type="indicators.report",
        division_path=found.place.path,
        summary=f"导出{found.title}：{len(found.lines)} 个指标",
    )
    response = HttpResponse(write(found), content_type=DOCX_TYPE)
    name = quote(f"{found.title}.docx")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
