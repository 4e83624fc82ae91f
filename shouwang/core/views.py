"""列表页 (list_page): every list of every room, by arguments.

The page, its htmx fragment, its print and its export come from the same table and filters, so they
can never show different things.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.module_loading import import_string

from . import clock, exports, formats, list_exports, lists, preferences
from .actor import require
from .components import Action, Empty, MassAction
from .errors import DomainError
from .masking import mask_text
from .requests import actor_of
from .table_values import rows_of
from .tables import Table

__all__ = ["Action", "Empty", "MassAction", "list_page", "selected"]

AUDIT = "shouwang.audit.operations.record"
"""By name, because the audit room stands above this one."""


def list_page(
    request: HttpRequest,
    *,
    queryset: Any,
    table: type[Table],
    title: str,
    purpose: str,
    filterset: Any | None = None,
    template: str = "core/list.html",
    actions: Sequence[Action] = (),
    empty: Empty | None = None,
    export_right: str | None = None,
    extra: Mapping[str, Any] | None = None,
    mass_actions: Sequence[MassAction] = (),
    source: str = "",
) -> HttpResponseBase:
    """A whole list page; `queryset` must already be what this actor may see.

    `source` says from which data the list comes; it stands in the foot of prints and exports.
    """
    actor = actor_of(request)
    can_export = export_right is not None and actor.can(export_right)
    filters = filterset(request.GET, queryset=queryset, request=request) if filterset else None
    drawn = table(
        _filtered(filters, queryset),
        chosen=preferences.chosen(actor, f"columns:{table.key()}"),
    )
    lists.sort_table(drawn, request.GET.getlist("sort"))
    kind = request.GET.get("export") or ("print" if request.GET.get("print") == "1" else "")
    if kind in {"xlsx", "csv", "print"} and export_right is not None:
        require(actor, export_right)
        return _export(
            request, drawn, filters, kind, title=title, source=source, right=export_right
        )
    _paginate(drawn, request.GET)
    state = lists.ListState(
        request, drawn, filters, empty=empty, mass_actions=mass_actions, can_export=can_export
    )
    context = {
        "title": title,
        "purpose": purpose,
        "actions": actions,
        "source": source,
        "list": state,
        **(extra or {}),
    }
    response = render(request, _template(request, template), context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    add_never_cache_headers(response)
    return response


def _filtered(filters: Any | None, queryset: Any) -> Any:
    if filters is None:
        return queryset
    try:
        return filters.qs
    except (DataError, OverflowError, ValueError, ValidationError):
        return queryset.none()


def _paginate(table: Table, params: QueryDict) -> None:
    """Turn to the page; a value the database itself cannot hold simply matches nothing."""
    size = lists.page_size(params)
    try:
        lists.turn_to_page(table, params.get("page"), size)
    except (DataError, OverflowError):
        table.data.data = table.data.data.model._base_manager.none()
        table.data._length = None
        lists.turn_to_page(table, "1", size)


def _template(request: HttpRequest, template: str) -> str:
    """The list alone when htmx refreshes it, the whole page otherwise."""
    htmx: Any = getattr(request, "htmx", None)
    if htmx and htmx.target in {"list", "list-results"} and not htmx.history_restore_request:
        return "core/list_body.html"
    return template


def _export(
    request: HttpRequest,
    table: Table,
    filters: Any | None,
    kind: str,
    *,
    title: str,
    source: str,
    right: str,
) -> HttpResponseBase:
    """All that is filtered, audited before the first row leaves; very much in the background."""
    actor = actor_of(request)
    count = len(table.rows)
    chips = lists.chips(filters, request.GET) if filters is not None else []
    conditions = "；".join(f"{chip.label}：{chip.value}" for chip in chips) or "全部"
    name = f"{title}-{formats.day(clock.today())}"
    origin = exports.Origin(actor.label, clock.now(), source or f"{title}（{conditions}）")
    target: list_exports.Target | None = getattr(request, "export_target", None)
    if target is not None:
        rows = rows_of(table, _records(table))
        list_exports.write(target, rows, kind, count, origin, title=title)
        return HttpResponse()
    words = {"xlsx": "导出表格", "csv": "导出文本", "print": "打印"}[kind]
    import_string(AUDIT)(
        actor,
        "list.exported",
        target_type="list",
        target_id=table.key(),
        summary=mask_text(f"{words}“{title}”{count} {table.unit}（{conditions}）")[:200],
    )
    if list_exports.is_large(count, kind):
        ending = "csv" if kind == "csv" else "xlsx"
        job = list_exports.begin(
            request, right=right, title=title, name=f"{name}.{ending}", kind=kind
        )
        return redirect(job)
    if kind == "print":
        return _print(request, table, count, title=title, origin=origin, conditions=conditions)
    rows = rows_of(table, _records(table))
    if kind == "csv":
        return exports.csv_response(rows, name, origin)
    return exports.xlsx_response(rows, name, origin, title=title)


def _records(table: Table) -> Any:
    """All records, in batches, so that 300,000 rows need no memory."""
    records = table.data.data
    return records.iterator(chunk_size=2_000) if isinstance(records, QuerySet) else records


def _print(
    request: HttpRequest,
    table: Table,
    count: int,
    *,
    title: str,
    origin: exports.Origin,
    conditions: str,
) -> HttpResponseBase:
    table.paginate(page=1, per_page=max(count, 1))
    context = {
        "title": title,
        "table": table,
        "rows": list(table.body()),
        "count": count,
        "totals": table.totals(table.data.data),
        "origin": origin,
        "conditions": conditions,
        "back_url": lists.query_url(request.GET, ["print"]),
    }
    return render(request, "core/print.html", context)


def selected(
    request: HttpRequest, queryset: QuerySet[Any], filterset: Any | None = None
) -> QuerySet[Any]:
    """What a mass action is about: the ticked rows, or all that match the list's conditions."""
    if request.POST.get("all") != "1":
        return queryset.filter(pk__in=_keys(queryset, request.POST.getlist("ids")))
    if filterset is None:
        return queryset
    chosen = filterset(QueryDict(request.POST.get("query", "")), queryset=queryset, request=request)
    if chosen.is_bound and not chosen.form.is_valid():
        raise DomainError(
            "筛选条件有一项看不懂，没有执行。请回到列表重新筛选后再试。", "bad_filter"
        )
    matching: QuerySet[Any] = chosen.qs
    return matching


def _keys(queryset: QuerySet[Any], raw: Sequence[str]) -> list[Any]:
    """The ticked keys that can be keys of this table at all."""
    keys = []
    for text in raw:
        try:
            keys.append(queryset.model._meta.pk.to_python(text))
        except ValidationError:
            continue
    return keys
