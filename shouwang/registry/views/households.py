"""农户页: the list, one household on one page, search, and the showing of full numbers."""

from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.registry import household_page as pages
from shouwang.registry import operations, queries, search, snapshots
from shouwang.registry.filters import HouseholdFilter
from shouwang.registry.models import QualityFinding
from shouwang.registry.tables import HouseholdTable

PURPOSE = "管辖范围内的农户，内容来自全国系统最近一次导出。"
MOST_FOUND = 50


def household_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "registry.view")
    households = queries.households_visible_to(actor).select_related("village__parent")
    snapshot = snapshots.current()
    start = Action("导入档案", reverse("registry:import"), icon="file-import", is_main=True)
    text = "换一组筛选条件再看。" if snapshot else "先上传全国系统导出的工作簿，核对后入库。"
    return list_page(
        request,
        queryset=households.annotate(finding_count=_finding_count()),
        table=HouseholdTable,
        filterset=HouseholdFilter,
        title="农户档案",
        purpose=PURPOSE,
        actions=_actions(actor, start),
        empty=Empty(
            "没有符合条件的农户" if snapshot else "还没有农户档案",
            text,
            start if not snapshot and actor.can("registry.import") else None,
        ),
        export_right="registry.export",
        source=f"{snapshot}" if snapshot else "",
    )


def _finding_count() -> Coalesce:
    """Counted for the rows that are shown, not for the whole county."""
    counted = (
        QualityFinding.objects.filter(household=OuterRef("pk"))
        .order_by()
        .values("household")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return Coalesce(Subquery(counted), 0)


def _actions(actor: Actor, start: Action) -> list[Action]:
    actions = [Action("查找人员", reverse("registry:find"), icon="user-search")]
    if actor.can("registry.export"):
        actions.append(Action("导出整本档案", reverse("registry:export"), icon="file-export"))
    return [*actions, start] if actor.can("registry.import") else actions


@require_safe
def household_page(request: HttpRequest, household_no: str) -> HttpResponse:
    actor = actor_of(request)
    household = queries.household(actor, household_no)
    context = pages.page(actor, household, request.GET.get("tab", ""), clock.today())
    return render(request, "registry/household.html", context)


@never_cache
@require_POST
def reveal(
    request: HttpRequest, household_no: str, level: str, key: int, column: str
) -> HttpResponse:
    """The full number alone, once, for the dialog that asked for the reason."""
    actor = actor_of(request)
    value = operations.reveal_value(
        actor, level, key, column, reason=request.POST.get("reason", "")
    )
    return HttpResponse(value, content_type="text/plain; charset=utf-8")


@never_cache
def find_page(request: HttpRequest) -> HttpResponse:
    """Search by name, pinyin, number, ID number or phone; what was typed travels by POST only."""
    actor = actor_of(request)
    require(actor, "registry.view")
    text = request.POST.get("q", "")[:100]
    context: dict[str, Any] = {"q": text, "groups": [], "is_asked": bool(text.strip())}
    if text.strip():
        context["groups"] = search.suggestions(actor, text, limit=MOST_FOUND)
    return render(request, "registry/find.html", context)
