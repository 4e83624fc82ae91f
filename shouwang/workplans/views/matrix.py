"""分解表的页面: measures across, places down, edited like a spreadsheet."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of

from .. import operations, queries
from ..models.work import plain
from ..operations.matrix import MOST_ROWS, Matrix, Row, matrix_of
from ..operations.splitting import AT_LEAST, AT_MOST, split_right
from ..plan_sheets import number
from .papers import _version

FREE_ROWS = 3


def matrix(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.task_visible_to(actor, pk)
    split_right(actor, found)
    known = matrix_of(found)
    typed, error, status = _rows_of(known), "", 200
    if request.method == "POST":
        typed = _typed(request.POST, known)
        try:
            changed = operations.save_matrix(
                actor, found, list(_rows(typed, known)), version=_version(request)
            )
        except DomainError as refusal:
            error, status = refusal.message, refusal.status
        else:
            messages.success(request, f"已保存，{changed} 处改动。")
            return redirect("workplans:matrix", pk=pk)
    return render(request, "workplans/matrix.html", _context(known, typed, error), status=status)


def _context(known: Matrix, typed: list[dict[str, Any]], error: str) -> dict[str, Any]:
    blank = {"name": "", "person": "", "ends_on": "", "cells": ["" for _ in known.columns]}
    fixed = {place.name for place in known.places}
    rows = [{**row, "is_fixed": row["name"] in fixed} for row in [*typed, *[blank] * FREE_ROWS]]
    task = known.task
    return {
        "title": f"分解表 {task.number}",
        "task": task,
        "error": error,
        "columns": [
            {
                "pk": column.pk,
                "title": column.target_name or column.title[:30],
                "unit": column.unit,
                "quantity": plain(column.quantity) if column.quantity is not None else "",
                "target": str(column.quantity) if column.quantity is not None else "",
                "rule": "least"
                if column.comparator in AT_LEAST
                else "most"
                if column.comparator in AT_MOST
                else "",
                "whole": known.wholes.get(column.pk, ""),
            }
            for column in known.columns
        ],
        "rows": rows,
        "may_add_within": task.quantity is not None,
        "back_url": reverse("workplans:task", args=[task.pk]),
    }


def _rows_of(known: Matrix) -> list[dict[str, Any]]:
    return [
        {
            "name": row.name,
            "person": row.person,
            "ends_on": f"{row.ends_on:%Y-%m-%d}" if row.ends_on else "",
            "cells": [_text(row.cells.get(column.pk)) for column in known.columns],
        }
        for row in known.rows
    ]


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _typed(data: QueryDict, known: Matrix) -> list[dict[str, Any]]:
    """What was typed, as it was typed; empty free rows are left out."""
    given = data.get("rows", "")
    count = min(int(given[:6]), MOST_ROWS + 1) if given.isdecimal() else 0
    found = []
    for at in range(count):
        row = {
            "name": data.get(f"name-{at}", "").replace("\x00", "").strip()[:80],
            "person": data.get(f"person-{at}", "").replace("\x00", "").strip()[:60],
            "ends_on": data.get(f"ends-{at}", "").strip()[:10],
            "cells": [data.get(f"cell-{at}-{column.pk}", "").strip() for column in known.columns],
        }
        if row["name"] or any(row["cells"]):
            found.append(row)
    return found


def _rows(typed: list[dict[str, Any]], known: Matrix) -> Iterator[Row]:
    for row in typed:
        cells = {
            column.pk: number(text, row["name"] or "没有名称的行", 15)
            for column, text in zip(known.columns, row["cells"], strict=True)
        }
        try:
            ends = date.fromisoformat(row["ends_on"]) if row["ends_on"] else None
        except ValueError as error:
            raise DomainError(
                f"{row['name']}的时限请写成 2026-06-30 的样子。", code="date"
            ) from error
        yield Row(row["name"], cells, row["person"], ends)


@require_POST
def within(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a measure that lies within the whole (其中)."""
    actor = actor_of(request)
    found = queries.task_visible_to(actor, pk)
    quantity = number(request.POST.get("quantity", ""), "数量", 15)
    if quantity is None:
        raise DomainError("请写其中项的数量。", code="quantity")
    operations.add_measure(
        actor, found, name=request.POST.get("name", ""), quantity=quantity,
        version=_version(request),
    )  # fmt: skip
    messages.success(request, "已增加其中项。")
    return redirect("workplans:matrix", pk=pk)
