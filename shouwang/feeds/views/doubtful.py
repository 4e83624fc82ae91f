"""未关联的行: what departments should check, with people whom a row may be about beside it."""

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from shouwang.core.requests import actor_of
from shouwang.core.views import Action, Empty, list_page

from ..filters import DoubtfulFilter
from ..queries.doubtful import DoubtfulRows, doubtful_batches
from ..tables import DoubtfulTable
from .frame import sections


@require_GET
def doubtful_page(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    leaves = "export" in request.GET or "print" in request.GET
    batches = doubtful_batches(actor, "feeds.export" if leaves else "feeds.view")
    return list_page(
        request,
        queryset=DoubtfulRows(actor, batches),
        table=DoubtfulTable,
        filterset=DoubtfulFilter,
        title="未关联的行",
        purpose="现在采用的数据里，写了姓名却没有关联到人的行。“可能是”只供人工核对，不会改变关联；"
        "核对后请报送部门更正。",
        template="feeds/batches.html",
        empty=Empty(
            "没有未关联的行",
            "采用的数据里，写了姓名的行都关联到了人，或是外县人员。",
            Action("看全部批次", reverse("feeds:batches"), icon="files"),
            icon="circle-check",
        ),
        export_right="feeds.export",
        source="部门数据",
        extra={"tabs": sections("doubtful")},
    )
