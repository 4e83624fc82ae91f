"""国家系统对接的页面: upload and compare, differences, rows that cannot be used, workbooks."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwang.core import jobs
from shouwang.core.actor import Actor, require
from shouwang.core.clock import today
from shouwang.core.components import Action, Empty, Figure, Tab
from shouwang.core.errors import Conflict, NotFound
from shouwang.core.models import Job
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.registry.originals import workplace

from . import operations
from .contract import contract
from .filters import DifferenceFilter
from .forms import ExportUploadForm, WorkbookForm
from .jobs import make_workbook, run_comparison
from .models import Comparison, Difference
from .tables import ComparisonTable, DifferenceTable, ProblemTable

PURPOSE = (
    "两个系统逐户逐项比对，找出要在国家系统补录、或在本平台更正的内容；上报表按国家系统的栏目导出。"
)


@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "exchange.view")
    may_compare = actor.can("exchange.compare")
    if request.method == "POST":
        require(actor, "exchange.compare")
    form = ExportUploadForm(request.POST or None, request.FILES or None) if may_compare else None
    if form is not None and request.method == "POST" and form.is_valid():
        return _received(actor, form.cleaned_data)
    actions = []
    if actor.can("exchange.export"):
        url = reverse("exchange:workbook")
        actions.append(Action("导出上报表", url, icon="file-export", is_main=not may_compare))
    return list_page(
        request,
        queryset=Comparison.objects.visible_to(actor),
        table=ComparisonTable,
        title="国家系统对接",
        purpose=PURPOSE,
        template="exchange/overview.html",
        actions=actions,
        empty=Empty("还没有比对过", "县级业务员上传国家系统的导出表后，这里列出每次比对的结果。"),
        extra={"form": form},
    )


def _received(actor: Actor, values: dict[str, Any]) -> HttpResponse:
    with workplace() as work:
        files = []
        for number, file in enumerate(values["files"]):
            path = work / f"upload-{number}"
            with path.open("wb") as out:
                for chunk in file.chunks():
                    out.write(chunk)
            files.append((path, Path(file.name).name))
        made = operations.receive_export(actor, files, values["export_date"], note=values["note"])
    return redirect(_after(jobs.start(
        actor, f"比对{made}", run_comparison, comparison_id=made.pk), made))  # fmt: skip


def _after(job: Job, made: Comparison) -> str:
    """The job's page while it runs, the result where it is done already."""
    return str(job.get_absolute_url()) if job.is_active else made.get_absolute_url()


def _comparison(request: HttpRequest, uuid: UUID) -> tuple[Actor, Comparison]:
    actor = actor_of(request)
    require(actor, "exchange.view")
    found = Comparison.objects.visible_to(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFound("没有找到这次比对。")
    return actor, found


def _frame(actor: Actor, made: Comparison, current: str) -> dict[str, Any]:
    """What both tabs of a comparison show."""
    own = Difference.objects.visible_to(actor).filter(comparison=made)
    own_problems = made.problems.count() if _sees_problems(actor, made) else None
    here = made.get_absolute_url()
    tabs = [Tab("差异", here, own.count(), current == "differences")]
    if own_problems is not None:
        url = reverse("exchange:problems", args=[made.uuid])
        tabs.append(Tab("问题行", url, own_problems, current == "problems"))
    kinds = [] if made.state == Comparison.State.RECEIVED else Difference.Kind.choices
    figures = [
        Figure(str(label), own.filter(kind=kind).count(), "条", f"{here}?kind={kind}")
        for kind, label in kinds
    ]
    return {"comparison": made, "tabs": tabs, "figures": figures}


def _sees_problems(actor: Actor, made: Comparison) -> bool:
    """Rows that cannot be used concern who sent the workbooks."""
    return actor.can_at("exchange.compare", made.division_path)


@require_safe
def comparison(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The differences of one's own places, by household and field."""
    actor, made = _comparison(request, uuid)
    actions = []
    if made.state != Comparison.State.DONE and _sees_problems(actor, made):
        url = reverse("exchange:again", args=[made.uuid])
        actions.append(Action("重新比对", url, icon="refresh", method="post"))
    counts = made.counts
    told = (
        f"国家系统 {counts['households']:,} 户 {counts['people']:,} 人，"
        f"只比对导出表所含的乡镇；有差异的共 {counts['disagreeing']:,} 户。"
        if counts else made.error or "正在比对，请在后台任务里查看进度。"
    )  # fmt: skip
    return list_page(
        request,
        queryset=Difference.objects.visible_to(actor).filter(comparison=made),
        table=DifferenceTable,
        filterset=DifferenceFilter,
        title=f"{made}差异",
        purpose=told,
        template="exchange/comparison.html",
        actions=actions,
        empty=Empty("没有差异", "导出表里的户、成员和数据项与本平台一致。", icon="check"),
        export_right="exchange.view",
        source=f"{made}（{made.export_date}）与本平台比对",
        extra=_frame(actor, made, "differences"),
    )


@require_safe
def problems(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Rows of the workbooks that could not be used."""
    require(actor_of(request), "exchange.compare")
    actor, made = _comparison(request, uuid)
    require(actor, "exchange.compare", made.division_path)
    return list_page(
        request,
        queryset=made.problems.all(),
        table=ProblemTable,
        title=f"{made}问题行",
        purpose="这些行没有参加比对。请在国家系统或工作簿里改正，重新导出后再比对。",
        template="exchange/comparison.html",
        empty=Empty("没有问题行", "每一行都读懂了。", icon="check"),
        export_right="exchange.compare",
        source=str(made),
        extra=_frame(actor, made, "problems"),
    )


@require_POST
def again(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Run a comparison once more that broke off."""
    require(actor_of(request), "exchange.compare")
    actor, made = _comparison(request, uuid)
    require(actor, "exchange.compare", made.division_path)
    if made.state == Comparison.State.DONE:
        raise Conflict("这次比对已经完成。数据有变动时，请上传新的导出表。")
    job = jobs.start(actor, f"比对{made}", run_comparison, comparison_id=made.pk)
    return redirect(_after(job, made))


@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request: HttpRequest) -> HttpResponse:
    """Order a workbook in the national columns."""
    actor = actor_of(request)
    require(actor, "exchange.export")
    day = today()
    form = WorkbookForm(
        request.POST or None,
        initial={"kind": "identified", "start": day.replace(day=1), "end": day},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        order = operations.order_workbook(
            actor, values["kind"], values["start"], values["end"], full=values["full"],
            reason=values["reason"], missing_only=values["missing_only"],
        )  # fmt: skip
        job = jobs.start(actor, f"导出{order.title}", make_workbook, export_id=order.pk)
        if not job.is_active:
            messages.success(request, f"“{order.name}”已生成，可以下载。")
        return redirect(job.get_absolute_url())
    context = {"form": form, "kinds": list(contract().exports.values())}
    return render(request, "exchange/workbook.html", context, status=400 if form.is_bound else 200)
