"""批次页: counts, how the head was read, versions and what changed; import again and withdraw."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.audit import queries as audit
from shouwang.core import formats, jobs
from shouwang.core.actor import Actor
from shouwang.core.components import Action, Figure
from shouwang.core.errors import Conflict
from shouwang.core.models import Job
from shouwang.core.requests import actor_of

from .. import wording
from ..forms import WithdrawForm
from ..jobs import start_import
from ..models import BatchState, FeedBatch
from ..operations import release_batch, withdraw_batch
from ..periods import Period
from ..preparing import rulebook
from ..queries.access import may, permit
from ..queries.batches import versions_of, visible_batch
from ..queries.contents import differences
from ..queries.provenance import chain_of
from ..states import TONES
from ..states import may as state_allows
from ..tables import share_of
from .frame import batch_tabs, is_working


@require_GET
def batch_page(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    batch = visible_batch(actor, number)
    context = frame_of(actor, batch, "batch") | {
        "facts": _facts(batch),
        "figures": _figures(batch),
        "mapping": _mapping(batch),
        "reasons": wording.tallied(batch.counts.get("reasons", {}), wording.ROW_REASONS),
        "methods": wording.tallied(batch.counts.get("methods", {}), wording.METHODS),
        "unlinked": wording.tallied(batch.counts.get("unlinked", {}), wording.UNLINKED),
        "versions": _versions(actor, batch),
        "changes": _changes(batch),
        "correction": _correction(batch),
    }
    return render(request, "feeds/batch.html", context)


def frame_of(actor: Actor, batch: FeedBatch, current: str) -> dict[str, Any]:
    """What every page of a batch shows: its name, state, tabs and possible steps."""
    contract = rulebook().feeds[batch.feed]
    return {
        "batch": batch,
        "contract": contract,
        "period": Period(batch.period_start, batch.period_end),
        "tone": TONES[batch.state],
        "version_label": f"第{batch.version}版",
        "tabs": batch_tabs(batch, current),
        "actions": _actions(actor, batch),
        "is_working": is_working(batch),
        "job": _job_of(batch) if is_working(batch) else None,
    }


def _actions(actor: Actor, batch: FeedBatch) -> list[Action]:
    """The possible next steps; one that is not possible is shown with the reason."""
    number = [batch.uuid]
    found = []
    if batch.rejected_count and may(actor, "feeds.export", batch.division, batch.department):
        url = reverse("feeds:reject-workbook", args=number)
        found.append(Action("下载退回工作簿", url, icon="file-download", is_main=True))
    if may(actor, "feeds.upload", batch.division, batch.department):
        if batch.rejected_count and batch.state == BatchState.ACCEPTED:
            url = reverse("feeds:correct", args=number)
            found.append(Action("补正退回的行", url, icon="upload"))
        if is_working(batch) and not _has_live_job(batch):
            url = reverse("feeds:import-again", args=number)
            found.append(Action("重新导入", url, icon="refresh", is_main=True, method="post"))
        if state_allows("withdraw", batch.state):
            url = reverse("feeds:withdraw", args=number)
            found.append(Action("撤回", url, icon="arrow-back-up"))
    return found


def _job_of(batch: FeedBatch) -> Job | None:
    """The job that imports this batch, as it stands now."""
    job = Job.objects.filter(pk=batch.job_id).first() if batch.job_id else None
    return jobs.current(job) if job else None


def _has_live_job(batch: FeedBatch) -> bool:
    job = _job_of(batch)
    return job is not None and job.is_active


def _figures(batch: FeedBatch) -> list[Figure]:
    if not batch.directory:
        return []
    number = [batch.uuid]
    return [
        Figure(
            "采用", formats.number(batch.row_count), "行", reverse("feeds:batch-rows", args=number)
        ),
        Figure(
            "退回",
            formats.number(batch.rejected_count),
            "行",
            reverse("feeds:batch-rejects", args=number),
        ),
        Figure("已关联到人", formats.number(batch.linked_count), "行", note=share_of(batch)),
    ]


def _facts(batch: FeedBatch) -> list[tuple[str, Any]]:
    return [
        ("文件名", batch.file_name),
        *_corrected(batch),
        ("报送部门", batch.department),
        ("期间", f"{batch.period_start}至{batch.period_end}"),
        ("版本", f"第{batch.version}版"),
        ("收到", formats.day(batch.received_at)),
        ("报送人", batch.file.uploaded_by_label or "—"),
        ("说明", batch.note or "—"),
        ("大小", f"{batch.file.size:,} 字节"),
        ("SHA-256", f"{batch.sha256[:16]}…"),
        ("规则库版本", batch.rulebook_version[:12] or "—"),
        ("关联所用档案", batch.registry_key or "—"),
        ("导入用时", f"{batch.seconds:.1f} 秒" if batch.seconds is not None else "—"),
    ]


def _corrected(batch: FeedBatch) -> list[tuple[str, Any]]:
    """Which version's rows were taken over, where this file holds corrected rows only."""
    before = batch.corrects
    if before is None:
        return []
    url = reverse("feeds:batch", args=[before.uuid])
    return [
        ("补正自", format_html('<a href="{}">第{}版</a> {}', url, before.version, before.file_name))
    ]


def _correction(batch: FeedBatch) -> dict[str, Any] | None:
    """What was taken over and added; `extra`: more rows came than had ever been rejected."""
    counts = batch.counts.get("correction")
    if not counts or batch.corrects is None:
        return None
    returned = max(one.rejected_count or 0 for one in chain_of(batch.corrects))
    extra = counts["added"] + (batch.rejected_count or 0) - returned
    return {**counts, "extra": max(extra, 0)}


def _mapping(batch: FeedBatch) -> dict[str, Any]:
    """Captions as they were read, and which known columns the file does not have."""
    contract = rulebook().feeds[batch.feed]
    columns = batch.mapping.get("columns", [])
    read = {one["key"] for one in columns}
    titles = {column.key: column for column in contract.columns}
    return {
        "columns": [
            {"caption": one["caption"], "column": titles[one["key"]]}
            for one in columns
            if one["key"] in titles
        ],
        "unknown": batch.mapping.get("unknown", []),
        "absent": [column for column in contract.columns if column.key not in read],
        "notes": batch.mapping.get("notes", []),
    }


def _versions(actor: Actor, batch: FeedBatch) -> list[dict[str, Any]]:
    return [
        {"batch": one, "tone": TONES[one.state], "is_this": one.pk == batch.pk}
        for one in versions_of(batch)
        if may(actor, "feeds.view", one.division, one.department)
    ]


def _changes(batch: FeedBatch) -> tuple[FeedBatch, list[Figure]] | None:
    """Against the version that this one replaced."""
    older = (
        versions_of(batch)
        .filter(version__lt=batch.version, state=BatchState.SUPERSEDED)
        .order_by("-version")
        .first()
    )
    if older is None or batch.state not in (BatchState.ACCEPTED, BatchState.SUPERSEDED):
        return None
    found = differences(batch, older)
    if found is None:
        return None
    told = (
        ("相同", found.same),
        ("新增", found.added),
        ("减少", found.gone),
        ("同一人内容改变", found.changed),
    )
    return older, [Figure(label, formats.number(count), "行") for label, count in told]


@require_GET
def batch_state(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """The fragment that watches an import; once it has ended the page loads anew."""
    batch = visible_batch(actor_of(request), number)
    if not is_working(batch):
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    context = {"batch": batch, "job": _job_of(batch)}
    return render(request, "feeds/batch_state.html", context)


@require_POST
def import_again(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """Start an import that broke off once more."""
    actor = actor_of(request)
    batch = visible_batch(actor, number)
    permit(actor, "feeds.upload", batch.division, batch.department)
    if _has_live_job(batch):
        raise Conflict("这份文件正在导入，请等它结束。")
    release_batch(batch)
    batch.refresh_from_db()
    start_import(actor, batch)
    return redirect("feeds:batch", number=batch.uuid)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """Says what a withdrawal will do before it is done."""
    actor = actor_of(request)
    batch = visible_batch(actor, number)
    permit(actor, "feeds.upload", batch.division, batch.department)
    if not state_allows("withdraw", batch.state):
        raise Conflict(f"这一批次现在是“{batch.get_state_display()}”，不能撤回。")
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        earlier = withdraw_batch(actor, batch, reason=form.cleaned_data["reason"])
        then = f"，第{earlier.version}版恢复采用" if earlier else ""
        messages.success(request, f"第{batch.version}版已撤回{then}。")
        return redirect("feeds:batch", number=batch.uuid)
    earlier_version = (
        versions_of(batch).filter(state=BatchState.SUPERSEDED).exclude(pk=batch.pk).first()
        if batch.state == BatchState.ACCEPTED
        else None
    )
    context = frame_of(actor, batch, "batch") | {"form": form, "earlier": earlier_version}
    return render(
        request, "feeds/withdraw.html", context, status=400 if request.method == "POST" else 200
    )


@require_GET
def history_page(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    batch = visible_batch(actor, number)
    lines = audit.history("feeds.FeedBatch", batch.uuid, labels={"state": "状态", "size": "大小"})
    context = frame_of(actor, batch, "history") | {"history": lines}
    return render(request, "feeds/history.html", context)
