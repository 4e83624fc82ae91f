"""我的待办: what waits for me, by kind; approving many at once with what differs in sight."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty, MassAction
from shouwang.core.errors import DomainError, NotFound
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page, selected

from .. import operations, queries
from ..filters import CaseFilter, ClueFilter, RequestFilter
from ..operations.bulk import AT_ONCE, order_approval
from ..pages import approving
from ..pages import inbox as pages
from ..queries.inbox import states_of_right
from ..tables import CaseTable, ClueTable, HitTable, ObjectionTable, RequestTable
from .bulk import begun

APPROVING = ("approval", "exit_approval")


@require_safe
def inbox(request: HttpRequest) -> HttpResponseBase:
    """What waits; who answers for a department goes to his requests at once."""
    actor = actor_of(request)
    if not actor.can("cases.view"):
        require(actor, "cases.answer")
        return redirect("cases:requests")
    if _is_field_worker(actor) and request.GET.get("all") != "1":
        return today(request)
    kinds = pages.kinds(actor)
    context = {
        "kinds": kinds,
        "cards": pages.urgent(actor),
        "late": sum(kind.waiting.late for kind in kinds),
        "may_register": actor.can("cases.register"),
        "empty": Empty("现在没有等您办的事", "新的线索或轮到您的环节，会出现在这里。"),
    }
    return render(request, "cases/inbox.html", context)


def _is_field_worker(actor: Actor) -> bool:
    return all(scope.role == "village_worker" for scope in actor.scopes)


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """今日我的农户: one page for a phone."""
    actor = actor_of(request)
    require(actor, "cases.view")
    groups = pages.today_cards(actor)
    context = {
        "groups": groups,
        "shown": sum(len(cards) for _, cards in groups),
        "count": pages.today_count(actor),
        "may_register": actor.can("cases.register"),
        "empty": Empty("今天没有要办的农户", "走访时发现困难，点“登记线索”记下来。"),
    }
    return render(request, "cases/today.html", context)


@require_safe
def waiting(request: HttpRequest, kind: str) -> HttpResponseBase:
    """One kind of work as a list that does everything a list does."""
    actor = actor_of(request)
    if not actor.can("cases.answer"):
        require(actor, "cases.view")
    rows, table, filterset, title = _rows(actor, kind)
    mass: list[MassAction] = []
    if kind in APPROVING:
        mass = [MassAction("成批审定", reverse("cases:approve"), icon="checks")]
    if kind == "to_compare":
        mass = [
            MassAction("发起比对", reverse("cases:compare-many"), icon="database-search",
                       confirm="向必须比对的部门发起这 {count} 户的比对？")
        ]  # fmt: skip
    return list_page(
        request,
        queryset=rows,
        table=table,
        filterset=filterset,
        title=title,
        purpose="等您办理的，先到期的在前面。",
        actions=[Action("全部待办", f"{reverse('cases:inbox')}?all=1", icon="inbox")],
        empty=Empty("这一类已经办完", "新的会出现在这里。"),
        export_right="cases.export",
        mass_actions=mass,
        source="我的待办",
    )


def _rows(actor: Actor, kind: str) -> tuple[Any, Any, Any, str]:
    """Rows, table, filters and title of one kind of work."""
    of_cases = (CaseTable, CaseFilter)
    if kind == "clues":
        return queries.waiting_clues(actor), ClueTable, ClueFilter, "待核实线索"
    if kind == "to_compare":
        rows = queries.cases_to_compare(actor).prefetch_related("risks")
        return rows, *of_cases, "待发起比对"
    if kind == "requests":
        requests = queries.waiting_requests(actor).select_related("case__village__parent")
        return requests, RequestTable, RequestFilter, "待答复比对"
    if kind == "hits":
        return queries.hits_to_judge(actor), HitTable, None, "待核定资产线索"
    if kind == "objections":
        return queries.open_objections(actor), ObjectionTable, None, "待处理异议"
    if kind == "follow_ups":
        rows = queries.follow_ups_due(actor).prefetch_related("risks")
        return rows, *of_cases, "待回访"
    label = queries.states_in_order().get(kind)
    if label is None:
        raise NotFound
    rows = queries.waiting_cases(actor).filter(state=kind).prefetch_related("risks")
    return rows, *of_cases, f"待办：{label}"


@require_http_methods(["POST"])
def approve(request: HttpRequest) -> HttpResponse:
    """See what is about to be approved, case by case with what differs, then approve the ticked.

    First press: the chosen of the list. Second press: those left ticked, as they were shown.
    """
    actor = actor_of(request)
    require(actor, "cases.approve")
    if request.POST.get("go") == "approve":
        return _approve(request, actor)
    mine = queries.waiting_cases(actor).filter(state__in=states_of_right()["cases.approve"])
    chosen = selected(request, mine, CaseFilter)
    rows = approving.rows(actor, chosen)
    if not rows:
        raise DomainError("请先在列表里勾选要审定的户。", "nothing_chosen")
    return render(request, "cases/approve.html", {"rows": rows, **approving.totals(rows)})


def _approve(request: HttpRequest, actor: Actor) -> HttpResponse:
    chosen = approving.chosen(request.POST.getlist("chosen"))
    note = request.POST.get("note", "").replace("\x00", "").strip()[:1_000]
    if len(chosen) > AT_ONCE:
        return begun(actor, order_approval(actor, chosen, note=note))
    done = operations.approve_many(actor, chosen, note=note)
    if done.done:
        messages.success(request, f"已审定 {len(done.done)} 户。")
    if done.refused:
        context = {"refused": sorted(done.refused.items()), "done": len(done.done)}
        return render(request, "cases/approved.html", context)
    return redirect("cases:inbox")


@require_POST
def compare_many(request: HttpRequest) -> HttpResponse:
    """Ask the departments about all chosen cases."""
    actor = actor_of(request)
    require(actor, "cases.compare")
    asked, refused = 0, []
    for case in selected(request, queries.cases_to_compare(actor), CaseFilter)[:1_000]:
        try:
            operations.request_comparison(actor, case)
            asked += 1
        except DomainError as refusal:
            refused.append(f"{case.number}：{refusal.message}")
    messages.success(request, f"已为 {asked} 户发起比对。")
    for words in refused[:5]:
        messages.warning(request, words)
    return redirect("cases:waiting", kind="to_compare")
