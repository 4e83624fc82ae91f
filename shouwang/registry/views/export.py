"""导出整本档案: scope, with or without full numbers, and the workbook itself."""

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from shouwang.core import jobs
from shouwang.core.actor import require
from shouwang.core.clock import today
from shouwang.core.requests import actor_of
from shouwang.registry import operations
from shouwang.registry.forms import ExportForm
from shouwang.registry.jobs import make_export


def export_page(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "registry.export")
    form = ExportForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        order = operations.order_export(
            actor, values["division"], full=values["full"], reason=values["reason"]
        )
        if order is not None:
            return redirect(
                jobs.start(actor, f"导出{order.title}", make_export, export_id=order.pk)
            )
        handle, ending = operations.export_registry(
            actor, values["division"], full=values["full"], reason=values["reason"]
        )
        name = f"农户档案-{values['division'].name}-{today():%Y%m%d}{ending}"
        return FileResponse(handle, as_attachment=True, filename=name)
    return render(request, "registry/export.html", {"form": form})
