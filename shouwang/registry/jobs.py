"""档案后台任务 (jobs): load by key, call one operation, show the result page."""

import shutil

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string
from django_tasks import task

from shouwang.accounts.actors import actor_of
from shouwang.core import export_files, jobs
from shouwang.core.actor import Actor
from shouwang.core.clock import today
from shouwang.core.models import Export, Job
from shouwang.divisions.models import Division

from .models import RegistryImport
from .operations import apply_import, export_registry, preview_import, run_quality
from .operations.importing import Progress


def _actor(job_id: int) -> Actor:
    account_id = Job.objects.values_list("account_id", flat=True).get(pk=job_id)
    if account_id is None:
        raise LookupError("a job of the registry is always somebody's")
    return actor_of(account_id, today())


@task()
def compare_import(job_id: int, import_id: int) -> None:
    """比对: read the workbooks and make the preview."""
    with jobs.job_progress(job_id) as progress:
        registry_import = RegistryImport.objects.get(pk=import_id)
        done = preview_import(_actor(job_id), registry_import, progress=progress)
        url = reverse("registry:preview", args=[done.uuid])
        progress.result(url, done.error or "比对完成，请核对后入库")


@task()
def make_export(job_id: int, export_id: int) -> None:
    """导出整本档案 for the one who asked, with the scope of that moment."""
    with jobs.job_progress(job_id) as progress:
        export = Export.objects.get(pk=export_id)
        asked = export.details
        division = Division.objects.get(pk=asked["division"])
        handle, ending = export_registry(
            export_files.asker(export), division, full=asked["full"], reason=asked["reason"],
            progress=progress.step,
        )  # fmt: skip
        path = export_files.draft()
        try:
            with handle, path.open("wb") as out:
                shutil.copyfileobj(handle, out)
            export_files.keep(export, path, kind=ending.removeprefix("."))
        finally:
            path.unlink(missing_ok=True)
        progress.result(export.get_absolute_url(), f"“{export.name}”已生成，3 天内可以下载")


@task()
def load_import(job_id: int, import_id: int) -> None:
    """入库: apply a confirmed import, then let the rooms above follow."""
    with jobs.job_progress(job_id) as progress:
        actor = _actor(job_id)
        done = apply_import(actor, RegistryImport.objects.get(pk=import_id), progress=progress)
        if done.state == RegistryImport.State.APPLIED:
            follow_up(actor, progress)
        progress.result(reverse("registry:preview", args=[done.uuid]), done.get_state_display())


@task()
def check_quality(job_id: int) -> None:
    """质量检查 on command."""
    with jobs.job_progress(job_id) as progress:
        progress.step(0, 1, "正在检查数据质量")
        run_quality(_actor(job_id))
        progress.result(reverse("registry:quality"), "质量检查完成")


def follow_up(actor: Actor, progress: Progress) -> None:
    """What other rooms do after the registry changed: dotted names of `(actor, progress)`."""
    for name in getattr(settings, "SHOUWANG_AFTER_REGISTRY_CHANGE", ()):
        import_string(name)(actor, progress)
