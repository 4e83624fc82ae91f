"""通报的页面: the list, the draft with its figures, the issued paper, and who signed."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.audit.operations import record as audit
from shouwang.core import charts
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.divisions.models import Division
from shouwang.documents.letters import DOCX_TYPE

from .. import bulletin_paper, operations, queries
from ..forms import BulletinForm, DraftForm
from ..models import Bulletin
from ..operations.bulletins import CHECKS
from ..states import bulletin_table
from ..tables import BulletinTable

PURPOSE = "监测帮扶、重点任务等通报：数字自动生成，文字可以修改，审定发出后固定，各地签收。"
TEXT = "text_"


def bulletin_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "campaigns.bulletins")
    draft = Action("起草通报", reverse("campaigns:bulletin-new"), "plus", is_main=True)
    may = actor.can("campaigns.manage")
    return list_page(
        request,
        queryset=queries.bulletins_visible_to(actor).select_related("division"),
        table=BulletinTable,
        title="通报",
        purpose=PURPOSE,
        actions=[draft] if may else [],
        empty=Empty("还没有通报", "县里审定发出后会出现在这里。", draft if may else None),
        export_right="campaigns.export",
    )


def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "campaigns.manage")
    form = DraftForm(request.POST or None, divisions=queries.divisions_to_plan(actor))
    if request.method == "POST" and form.is_valid():
        made = operations.draft_bulletin(
            actor,
            division=form.cleaned_data["division"],
            month=form.cleaned_data["month"],
            kind=form.cleaned_data["kind"],
        )
        messages.success(request, "已按今天的数字起草，请修改文字、填写文号。")
        return redirect("campaigns:bulletin", pk=made.pk)
    context = {"title": "起草通报", "form": form, "back_url": reverse("campaigns:bulletins")}
    return render(request, "campaigns/bulletin_new.html", context)


def bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.bulletin_visible_to(actor, pk)
    may_edit = found.state == "draft" and actor.can_at("campaigns.manage", found.division.path)
    posted = request.POST if request.method == "POST" else None
    form = BulletinForm(posted, sections=found.sections, initial=_initial(found))
    if posted is not None and form.is_valid():
        operations.save_bulletin(actor, found, texts=form.texts(), **form.plain())
        messages.success(request, "已保存。")
        return redirect("campaigns:bulletin", pk=pk)
    return render(request, "campaigns/bulletin.html", _context(actor, found, form, may_edit))


def _initial(found: Bulletin) -> dict[str, Any]:
    words = {TEXT + section["key"]: section["text"] for section in found.sections}
    return words | {
        "title": found.title,
        "number": found.number,
        "distribution": found.distribution,
        "version": found.version,
    }


def _context(actor: Actor, found: Bulletin, form: BulletinForm, may_edit: bool) -> dict[str, Any]:
    state = bulletin_table().state(found.state)
    path = found.division.path
    return {
        "bulletin": found,
        "title": found.title,
        "state_tone": state.tone,
        "state_label": state.label,
        "form": form if may_edit else None,
        "sections": [
            (section, _chart(section), form[TEXT + section["key"]]) for section in found.sections
        ],
        "offers": bulletin_table().offers(actor, found, found.state, path, CHECKS),
        "receipts": list(found.receipts.select_related("division")),
        "may_sign": found.state == "issued"
        and actor.account_id is not None
        and not found.receipts.filter(account=actor.account_id).exists(),
    }


def _chart(section: dict[str, Any]) -> charts.Chart | None:
    chart, rows = section["chart"], section["rows"]
    if not chart or not rows:
        return None
    return charts.bars(
        title=chart["title"],
        unit=chart["unit"],
        source="与对应页面同一口径",
        categories=[str(row[chart["name"]]) for row in rows],
        series={chart["title"]: [row[chart["value"]] for row in rows]},
    )


@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.bulletin_visible_to(actor, pk)
    operations.renew_figures(actor, found, version=_version(request))
    messages.success(request, "数字已更新到今天，您改过的文字没有动，请核对。")
    return redirect("campaigns:bulletin", pk=pk)


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.bulletin_visible_to(actor, pk)
    operations.advance_bulletin(
        actor, found, request.POST.get("action", ""), version=_version(request),
        reason=request.POST.get("reason", ""),
    )  # fmt: skip
    messages.success(request, f"现在是“{found.state_label}”。")
    return redirect("campaigns:bulletin", pk=pk)


def _version(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    if not given.isdecimal():
        raise DomainError("页面内容不完整，请刷新后再办理。", code="version")
    return int(given[:9])


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.bulletin_visible_to(actor, pk)
    scope = actor.scopes_with("campaigns.bulletins")[0]
    keys = [int(part) for part in scope.division_path.split("/") if part]
    division = get_object_or_404(Division, pk=keys[-1]) if keys else found.division
    operations.sign_bulletin(actor, found, division)
    messages.success(request, "已签收。")
    return redirect("campaigns:bulletin", pk=pk)


def word(request: HttpRequest, pk: int) -> HttpResponse:
    """The bulletin as Word; who took it is in the log."""
    actor = actor_of(request)
    found = queries.bulletin_visible_to(actor, pk)
    content = bulletin_paper.write(found)
    audit(
        actor,
        "campaigns.bulletin.exported",
        target_type="campaigns.bulletin",
        target_id=str(found.pk),
        division_path=found.division.path,
        summary=f"导出{found.title}",
    )
    response = HttpResponse(content, content_type=DOCX_TYPE)
    name = quote(f"{found.title}.docx")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
