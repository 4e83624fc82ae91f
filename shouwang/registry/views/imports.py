"""档案导入页: upload, preview, apply or discard, rejected rows."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from shouwang.core import clock, jobs
from shouwang.core.actor import Actor, require
from shouwang.core.components import Empty
from shouwang.core.errors import NotFound
from shouwang.core.exports import XLSX_TYPE
from shouwang.core.models import Job
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.registry import operations, previews, queries
from shouwang.registry.forms import ImportForm
from shouwang.registry.jobs import compare_import, load_import
from shouwang.registry.models import RegistryImport
from shouwang.registry.originals import workplace
from shouwang.registry.tables import ChangedTable, ImportTable, PreviewTable, RejectTable

PURPOSE = "上传全国系统导出的工作簿，先核对新增、变化和未出现的记录，确认后才入库。"


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require(actor, "registry.import")
    return actor


def _import(request: HttpRequest, uuid: UUID) -> RegistryImport:
    found = queries.imports_visible_to(_actor(request)).filter(uuid=uuid).first()
    if found is None:
        raise NotFound("没有找到这次导入。")
    return found


def import_page(request: HttpRequest) -> HttpResponseBase:
    actor = _actor(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with workplace() as work:
            files = [
                (_saved(file, work / f"upload-{number}"), Path(file.name).name)
                for number, file in enumerate(values["files"])
            ]
            received = operations.receive_import(
                actor, files, values["export_date"], note=values["note"]
            )
        job = jobs.start(actor, f"比对{received}", compare_import, import_id=received.pk)
        return redirect(_after(job, received))
    imports = queries.imports_visible_to(actor)
    return list_page(
        request,
        queryset=ImportTable.with_counts(imports),
        table=ImportTable,
        title="档案导入",
        purpose=PURPOSE,
        template="registry/import.html",
        empty=Empty("还没有导入过", "在上方选择工作簿和导出日期，上传后先看预览。"),
        extra={"form": form},
    )


def _saved(file: Any, path: Path) -> Path:
    with path.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
    return path


def _after(job: Job, registry_import: RegistryImport) -> str:
    """The job's page while it runs, the preview where it is done already."""
    if job.is_active:
        return str(job.get_absolute_url())
    return reverse("registry:preview", args=[registry_import.uuid])


@require_safe
def preview_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    registry_import = _import(request, uuid)
    return render(request, "registry/preview.html", previews.page(registry_import, clock.today()))


@require_safe
def preview_list(request: HttpRequest, uuid: UUID, name: str) -> HttpResponseBase:
    registry_import = _import(request, uuid)
    found = previews.rows(registry_import, name, request.GET.get("level", ""))
    table = {"changed": ChangedTable, "rejects": RejectTable}.get(name, PreviewTable)
    note = f"，只列出前 {previews.MOST_ROWS:,} 条" if found.is_cut else ""
    return list_page(
        request,
        queryset=found.rows,
        table=table,
        title=previews.TITLES[name],
        purpose=f"{registry_import}：{previews.PURPOSES[name]}共 {found.total:,} 条{note}。",
        template="registry/preview_list.html",
        empty=Empty(f"没有{previews.TITLES[name]}", "这一类没有记录。"),
        export_right="registry.import",
        source=str(registry_import),
        extra={"registry_import": registry_import},
    )


@require_safe
def reject_file(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The rejected rows of one workbook as a workbook to correct and send again."""
    actor, registry_import = _actor(request), _import(request, uuid)
    file, handle = operations.reject_workbook(actor, registry_import, request.GET.get("file", ""))
    return FileResponse(
        handle, as_attachment=True, filename=f"退回-{file.name}.xlsx", content_type=XLSX_TYPE
    )


@require_POST
def apply_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor, registry_import = _actor(request), _import(request, uuid)
    job = jobs.start(actor, f"{registry_import}入库", load_import, import_id=registry_import.pk)
    return redirect(_after(job, registry_import))


@require_POST
def compare_again(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor, registry_import = _actor(request), _import(request, uuid)
    job = jobs.start(actor, f"比对{registry_import}", compare_import, import_id=registry_import.pk)
    return redirect(_after(job, registry_import))


@require_POST
def discard(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor, registry_import = _actor(request), _import(request, uuid)
    operations.discard_import(actor, registry_import)
    messages.success(request, "已放弃这次导入，档案没有改动。")
    return redirect("registry:import")
