"""批次内容页: rows as they were read, rejected rows in words, and the files to take away."""

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from shouwang.core import jobs
from shouwang.core.actor import Actor
from shouwang.core.requests import actor_of
from shouwang.engine.contracts import Column
from shouwang.registry import snapshots

from .. import exports, storage, wording
from ..jobs import make_reject_workbook
from ..models import FeedBatch
from ..periods import Period
from ..preparing import rulebook
from ..queries.access import may
from ..queries.batches import visible_batch
from ..queries.contents import FIXED, Page, rejects_page, rows_page
from ..queries.provenance import chain_of
from .batch import frame_of

LINK_GROUPS = (("methods", wording.METHODS), ("unlinked", wording.UNLINKED))
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Choice:
    """One way to narrow the rows, with how many there are."""

    label: str
    url: str
    count: int
    is_current: bool


@require_GET
def rows(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    batch = visible_batch(actor, number)
    contract = rulebook().feeds[batch.feed]
    snapshot = snapshots.current() if actor.can("registry.view") else None
    only = _known(request.GET.get("only", ""), {**wording.METHODS, **wording.UNLINKED})
    page = rows_page(
        batch,
        contract,
        number=_page_number(request),
        only=only,
        registry=snapshot.path if snapshot else None,
    )
    sent = page.columns[FIXED:]
    columns = [column for column in contract.columns if column.key in sent]
    files = [one.file_name for one in chain_of(batch)]
    context = frame_of(actor, batch, "rows") | {
        "page": page,
        "only": only,
        "columns": [_head(column) for column in columns],
        "rows": [_row(row, columns, files) for row in page.rows],
        "files": files if len(files) > 1 else [],
        "choices": _choices(
            batch, only, ("methods", wording.METHODS), ("unlinked", wording.UNLINKED)
        ),
        "turns": _turns(page, only),
        "shows_people": snapshot is not None,
        "export_url": (
            reverse("feeds:batch-links", args=[batch.uuid])
            if batch.directory and may(actor, "feeds.export", batch.division, batch.department)
            else ""
        ),
    }
    return render(request, "feeds/rows.html", context)


def _row(row: tuple[Any, ...], columns: list[Column], files: list[str]) -> dict[str, Any]:
    file, number, id_state, method, reason, person_no, household_no, *values = row
    return {
        "row": number,
        "file": files[file],
        "id_state": wording.ID_STATES.get(id_state, id_state),
        "is_linked": method != "none",
        "method": wording.word(reason if method == "none" else method),
        "person_no": person_no or "",
        "household_no": household_no or "",
        "cells": [
            _head(column) | {"text": wording.shown(column, value)}
            for column, value in zip(columns, values, strict=True)
        ],
    }


def _head(column: Column) -> dict[str, Any]:
    return {
        "label": wording.caption(column),
        "is_number": column.type in {"amount", "number"},
    }


@require_GET
def rejects(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    batch = visible_batch(actor, number)
    contract = rulebook().feeds[batch.feed]
    only = _known(request.GET.get("only", ""), wording.ROW_REASONS)
    page = rejects_page(batch, number=_page_number(request), only=only)
    titles = {column.key: column.header for column in contract.columns}
    context = frame_of(actor, batch, "rejects") | {
        "page": page,
        "only": only,
        "rows": [
            {
                "row": row,
                "word": wording.word(reason),
                "column": titles.get(key or "", ""),
                "place": _place(row, index),
                "detail": detail,
            }
            for row, reason, key, index, detail in page.rows
        ],
        "choices": _choices(batch, only, ("reasons", wording.ROW_REASONS)),
        "turns": _turns(page, only),
    }
    return render(request, "feeds/rejects.html", context)


def _place(row: int | None, index: int | None) -> str:
    """The cell as a spreadsheet names it, D12; the row alone where no single cell is wrong."""
    if row is None:
        return ""
    letters = ""
    rest = -1 if index is None else index
    while rest >= 0:
        letters = chr(ord("A") + rest % 26) + letters
        rest = rest // 26 - 1
    return f"{letters}{row}"


def _choices(batch: FeedBatch, only: str, *groups: tuple[str, Any]) -> list[Choice]:
    found = [Choice("全部", "?", 0, only == "")]
    for key, words in groups:
        for value, word, count in wording.tallied(batch.counts.get(key, {}), words):
            found.append(Choice(word.label, f"?{urlencode({'only': value})}", count, only == value))
    return found


def _turns(page: Page, only: str) -> dict[str, str]:
    """Addresses of the page before and after."""
    return {
        name: f"?{urlencode({'only': only, 'page': number})}"
        for name, number in (("previous", page.previous), ("following", page.following))
        if number
    }


def _known(value: str, words: dict[str, Any] | Any) -> str:
    return value if value in words else ""


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else 1


@require_GET
def workbook(request: HttpRequest, number: uuid.UUID) -> HttpResponseBase:
    """The rejected rows to correct and send again."""
    actor = actor_of(request)
    batch = visible_batch(actor, number)
    name = f"{_name(batch)}-退回.xlsx"
    if (order := exports.order_rejected_rows(actor, batch, name)) is not None:
        return redirect(
            jobs.start(actor, f"生成{order.title}", make_reject_workbook, export_id=order.pk)
        )
    with exports.rejected_rows_workbook(actor, batch) as path:
        stream = path.open("rb")  # stays readable after the name is gone
    return FileResponse(
        stream,
        as_attachment=True,
        filename=name,
        content_type=XLSX_TYPE,
    )


@require_GET
def links_file(request: HttpRequest, number: uuid.UUID) -> HttpResponseBase:
    actor: Actor = actor_of(request)
    batch = visible_batch(actor, number)
    path = storage.work_path("links")
    try:
        exports.export_batch_links(actor, batch, path)
        stream = _opened(path)
    finally:
        path.unlink(missing_ok=True)
    return FileResponse(
        stream, as_attachment=True, filename=f"{_name(batch)}-关联.csv", content_type=CSV_TYPE
    )


def _opened(path: Path) -> Any:
    return path.open("rb")


def _name(batch: FeedBatch) -> str:
    period = Period(batch.period_start, batch.period_end)
    return f"{rulebook().feeds[batch.feed].title}-{period.label}-第{batch.version}版"
