"""考核方案的页面: the list, one scheme with its tree, import, steps, editions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.audit.queries import history
from shouwang.core.actor import require, require_here
from shouwang.core.components import Action, Empty
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page

from .. import operations, queries
from ..forms import ItemSheetForm, SchemeForm
from ..operations.items import LABELS
from ..operations.schemes import CHECKS, rules_work, sums_up
from ..scheme_sheet import HEADS, read_scheme_items
from ..states import scheme_table
from ..tables import SchemeFilter, SchemeTable
from .frame import counties, stepping, tabs, version_of

RULES = (
    "完成率 目标100 起分60；分档 95:100 90:85；扣分 每件2 上限20；排名 末名60；加分 每件1；"
    "评委打分 去极端；直接评分"
)
PURPOSE = "考核谁、考什么、各占多少、怎么评分；批准后冻结，要改就修订成新版。"


def scheme_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    new_scheme = Action("编制方案", reverse("evaluations:scheme-new"), "plus", is_main=True)
    may = actor.can("evaluations.manage")
    return list_page(
        request,
        queryset=queries.schemes_visible_to(actor),
        table=SchemeTable,
        filterset=SchemeFilter,
        title="考核方案",
        purpose=PURPOSE,
        template="evaluations/list.html",
        actions=[new_scheme] if may else [],
        empty=Empty("还没有方案", "可以从示例开始，再改分值和规则。", new_scheme if may else None),
        export_right="evaluations.export",
        extra={"tabs": tabs(actor, "schemes")},
    )


def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "evaluations.manage")
    form = SchemeForm(request.POST or None, divisions=counties(actor, "evaluations.manage"))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if given["example"]:
            made = operations.make_example(
                actor, given["example"], division=given["division"], year=given["year"]
            )
        else:
            parts = [("平时考核", given["routine"]), ("年终考核", 100 - given["routine"])]
            made = operations.make_scheme(
                actor, division=given["division"], title=given["title"], year=given["year"],
                kind=given["kind"], object_kind=given["object_kind"],
                parts=[part for part in parts if part[1]], source=given["source"],
            )  # fmt: skip
        messages.success(request, "已建立草稿，请核对各项分值，再提请批准。")
        return redirect(made)
    context = {
        "title": "编制方案", "form": form, "purpose": PURPOSE, "submit": "建立",
        "back_url": reverse("evaluations:schemes"),
    }  # fmt: skip
    return render(request, "evaluations/form.html", context)


def scheme(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.scheme_visible_to(actor, pk)
    may_manage = actor.can_at("evaluations.manage", found.division.path)
    items = list(found.items.all())
    depth: dict[int, int] = {}
    for item in items:
        depth[item.pk] = depth.get(item.parent_id or 0, -1) + 1 if item.parent_id else 0
    reason = (sums_up(found) or rules_work(found)) if found.state == "draft" and items else None
    context = {
        "scheme": found,
        "title": str(found),
        "rows": [(item, depth[item.pk]) for item in items],
        "parts": found.weights.items(),
        "reason": reason,
        "may_edit": may_manage and found.state == "draft",
        "may_manage": may_manage,
        "history": history("evaluations.scheme", found.pk, labels=LABELS, limit=50)
        if may_manage
        else None,
        "rounds": queries.rounds_visible_to(actor).filter(scheme=found),
        **stepping(
            scheme_table(), found, found.division.path, CHECKS, actor,
            reverse("evaluations:scheme-step", args=[pk]),
        ),
        "facts": [
            ("年度", found.year),
            ("考核对象", found.get_object_kind_display()),
            ("版次", found.edition),
            ("依据", found.source),
            ("编制", found.made_by_label),
            ("批准", found.approved_by_label),
            ("等次", "、".join(f"{name} ≥{line}" for name, line in found.grading["lines"])),
            ("等次依据", found.grading["source"]),
            ("意见", found.note),
        ],
    }  # fmt: skip
    return render(request, "evaluations/scheme.html", context)


def import_items(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.scheme_visible_to(actor, pk)
    require_here(actor, "evaluations.manage", found.division.path)
    form = ItemSheetForm(
        request.POST or None, request.FILES or None, initial={"version": found.version}
    )
    if request.method == "POST" and form.is_valid():
        rows = read_scheme_items(form.cleaned_data["sheet"].read())
        operations.save_items(actor, found, rows, version=form.cleaned_data["version"])
        messages.success(request, f"导入 {len(rows)} 项，替换了原来的内容。")
        return redirect(found)
    context = {
        "title": "导入考核项", "form": form, "submit": "导入并替换", "files": True,
        "purpose": f"表头：{'、'.join(HEADS)}。编号 1.1 是 1 的下级；规则的写法：{RULES}。",
        "back_url": found.get_absolute_url(),
    }  # fmt: skip
    return render(request, "evaluations/form.html", context)


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.scheme_visible_to(actor, pk)
    found = operations.advance_scheme(
        actor, found, request.POST.get("action", ""), version=version_of(request),
        reason=request.POST.get("reason", ""),
    )  # fmt: skip
    messages.success(request, f"现在是“{found.state_label}”。")
    return redirect(found)


@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """沿用到明年, or 修订成新版."""
    actor = actor_of(request)
    found = queries.scheme_visible_to(actor, pk)
    year = found.year + 1 if request.POST.get("next") == "1" else None
    made = operations.copy_scheme(actor, found, year=year)
    messages.success(request, "已沿用成草稿，请核对后提请批准。")
    return redirect(made)
