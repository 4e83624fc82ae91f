"""大列表的导出: the list's own page is asked again in the background, as the one who asked.

So the file holds exactly what the page showed: the same rights, scope, filters, order and columns.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import resolve
from django_tasks import task

from . import export_files, exports, jobs
from .models import Export, Job

IN_REQUEST = {"xlsx": 20_000, "csv": 100_000, "print": 2_000}
"""Rows that are made at once; a printed page of more is made as a workbook set up for printing."""
STEP = 500


@dataclass
class Target:
    """Where a background export goes; the list page finds it on its request."""

    path: Path
    progress: jobs.Progress


def is_large(count: int, kind: str) -> bool:
    return count > IN_REQUEST[kind]


def begin(request: HttpRequest, *, right: str, title: str, name: str, kind: str) -> Job:
    """Order the file and start the job; `request` is the list's own, with all its conditions."""
    from .requests import actor_of

    actor = actor_of(request)
    export = export_files.order(
        actor,
        title=title,
        name=name,
        kind="csv" if kind == "csv" else "xlsx",
        right=right,
        address=f"{request.path}?{request.GET.urlencode()}",
    )
    return jobs.start(actor, f"导出“{title}”", make_list_export, export_id=export.pk)


@task()
def make_list_export(job_id: int, export_id: int) -> None:
    """Write the file; started again it writes it anew."""
    with jobs.job_progress(job_id) as progress:
        export = Export.objects.get(pk=export_id)
        path = export_files.draft()
        try:
            _ask(export, Target(path, progress))
            export_files.keep(export, path)
        finally:
            path.unlink(missing_ok=True)
        progress.result(export.get_absolute_url(), f"“{export.name}”已生成，3 天内可以下载")


def _ask(export: Export, target: Target) -> None:
    address, _, query = export.address.partition("?")
    found = resolve(address)
    request: Any = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = address
    request.GET = QueryDict(query)
    request.resolver_match = found
    request.htmx = None
    request.actor = export_files.asker(export)
    request.export_target = target
    found.func(request, *found.args, **found.kwargs)


def write(
    target: Target,
    rows: Iterable[Any],
    kind: str,
    count: int,
    origin: exports.Origin,
    *,
    title: str,
) -> None:
    """The rows into the file, saying how far it is."""
    told = _told(rows, count, target.progress)
    if kind == "csv":
        with target.path.open("w", encoding="utf-8", newline="") as out:
            out.writelines(exports.csv_lines(told, origin))
        return
    with target.path.open("wb") as out:
        exports.write_xlsx(out, told, origin, title=title)


def _told(rows: Iterable[Any], count: int, progress: jobs.Progress) -> Iterator[Any]:
    for done, row in enumerate(rows):
        if done % STEP == 0:
            progress.step(done, count, "正在写入")
        yield row
