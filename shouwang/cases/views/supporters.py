"""家庭外赡养抚养人: name them, take a wrong entry out, open a number for who must look for them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from shouwang.core.errors import NotFound
from shouwang.core.requests import actor_of

from .. import operations
from ..forms.comparison import RemoveSupporterForm, SupporterForm
from ..models import Case, Supporter
from .access import case_of, request_of
from .forms import form_page

BOTH = require_http_methods(["GET", "POST"])


@never_cache
@BOTH
def new(request: HttpRequest, number: str) -> HttpResponse:
    actor = actor_of(request)
    case = case_of(actor, number, "cases.verify")

    def act(given: dict[str, Any]) -> None:
        operations.add_supporter(actor, case, **given)

    return form_page(
        request, case, SupporterForm(request.POST or None), act,
        title="登记家庭外赡养抚养人", submit="登记", done="已登记，随家庭成员一起请部门比对。",
        tab="compare",
        note="授权书要包含法定赡养抚养人。部门已经答复的，会请他们补充比对。",
        rows=[["name", "relation"], ["id_no", "place"]],
    )  # fmt: skip


@BOTH
def remove(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    actor = actor_of(request)
    case = case_of(actor, number, "cases.verify")
    found = _one(case, pk)
    return form_page(
        request, case, RemoveSupporterForm(request.POST or None),
        lambda given: operations.remove_supporter(actor, case, found, reason=given["reason"]),
        title="删去家庭外赡养抚养人", submit="删去", done="已删去，理由已留下。", tab="compare",
        facts=[("姓名", found.name), ("与户主关系", found.get_relation_display())],
        rows=[["reason"]],
    )  # fmt: skip


@never_cache
@require_POST
def reveal(request: HttpRequest, pk: int, supporter: int) -> HttpResponse:
    """The number alone, for the dialog that asked for the reason."""
    actor = actor_of(request)
    asked = request_of(actor, pk)
    value = operations.reveal_supporter(
        actor, asked, _one(asked.case, supporter),
        reason=request.POST.get("reason", "").replace("\x00", ""),
    )  # fmt: skip
    return HttpResponse(value, content_type="text/plain; charset=utf-8")


def _one(case: Case, pk: int) -> Supporter:
    """Somebody of a case that was read through the scope already."""
    found = case.supporters.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
