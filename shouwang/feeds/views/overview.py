"""完整性表与批次列表: who sent what, and everything that was ever received."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.requests import actor_of
from shouwang.core.views import Action, Empty, list_page

from ..filters import BatchFilter
from ..queries.batches import batches_visible_to
from ..queries.completeness import completeness
from ..tables import BatchTable
from .frame import month_of, sections


@require_GET
def completeness_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "feeds.view")
    grid = completeness(actor, until=month_of(request.GET.get("until", "")), today=clock.today())
    return render(
        request,
        "feeds/completeness.html",
        {
            "grid": grid,
            "tabs": sections("list"),
            "has_batches": batches_visible_to(actor).exists(),
            "actions": upload_actions(actor),
            "empty": Empty(
                "还没有部门数据",
                "上传部门报来的表格，系统会识别是哪一种数据、核对每一行并关联到农户。",
                next(iter(upload_actions(actor)), None),
                icon="database-import",
            ),
        },
    )


@require_GET
def batch_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "feeds.view")
    return list_page(
        request,
        queryset=batches_visible_to(actor),
        table=BatchTable,
        filterset=BatchFilter,
        title="部门数据批次",
        purpose="收到过的每一份部门文件：采用、更正、退回和撤回的都在这里。",
        template="feeds/batches.html",
        actions=upload_actions(actor),
        empty=Empty(
            "没有符合条件的批次",
            "换个条件再试，或上传部门报来的表格。",
            next(iter(upload_actions(actor)), None),
        ),
        export_right="feeds.export",
        source="部门数据批次",
        extra={"tabs": sections("batches")},
    )


def upload_actions(actor: Actor) -> list[Action]:
    if not actor.can("feeds.upload"):
        return []
    return [Action("上传文件", reverse("feeds:upload"), icon="upload", is_main=True)]
