"""村级办理: application and consent, appraisal, objections."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from shouwang.core.requests import actor_of

from .. import operations
from ..forms.village import (
    ApplicationForm,
    AppraisalForm,
    GreenForm,
    HandleObjectionForm,
    ObjectionForm,
)
from ..models import Application, Case
from ..states import ObjectionState
from .access import case_of, objection_of
from .forms import form_page

BOTH = require_http_methods(["GET", "POST"])


@BOTH
def application(request: HttpRequest, number: str) -> HttpResponse:
    """Record who applied and who signed the authorisation; signing may come later."""
    actor = actor_of(request)
    case = case_of(actor, number, "cases.verify")
    kept = Application.objects.filter(case=case).first()
    form = ApplicationForm(request.POST or None, initial=_application_initial(case, kept))
    return form_page(
        request, case, form,
        lambda given: operations.record_application(actor, case, **given),
        title="登记申请和授权", submit="保存申请和授权", done="申请和授权已登记。", tab="overview",
        note="授权书由本人签字；不识字的由他人代书、向本人宣读，本人捺印。签好的授权书请拍照上传到“附件”。",
        rows=[
            ["applied_on", "applicant_name"], ["signed_on", "mark"],
            ["writer_name", "writer_relation"], ["read_aloud"], ["covers_supporters"], ["note"],
        ],
    )  # fmt: skip


def _application_initial(case: Case, kept: Application | None) -> dict[str, object]:
    if kept is None:
        return {"applicant_name": case.household.head_name}
    names = [name for name in ApplicationForm.base_fields if hasattr(kept, name)]
    return {name: getattr(kept, name) for name in names}


@BOTH
def appraisal(request: HttpRequest, number: str) -> HttpResponse:
    """Record a meeting of the village on one case."""
    actor = actor_of(request)
    case = case_of(actor, number, "cases.appraise")
    form = AppraisalForm(request.POST or None)

    def act(given: dict[str, Any]) -> None:
        values = {**given, "participants": form.people()}
        values.pop("version")
        made = operations.record_appraisal(actor, case, **values)
        words = "评议通过" if made.passed else "评议没有通过"
        quorum = "" if made.has_quorum else "，到会人数不足"
        messages.success(request, f"评议已登记：{words}{quorum}。")

    return form_page(
        request, case, form, act,
        title="登记民主评议", submit="保存评议记录", tab="village",
        note="一户只评议一次；到会人数和同意票数够不够，系统按规定自动判断。",
        rows=[
            ["held_on", "place"], ["meeting"], ["host", "recorder"], ["participants"],
            ["entitled", "present"], ["votes_for", "votes_against", "abstained"], ["minutes"],
        ],
    )  # fmt: skip


@BOTH
def objection(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody disagrees with a case that hangs on the wall."""
    actor = actor_of(request)
    case = case_of(actor, number, "cases.appraise")
    form = ObjectionForm(request.POST or None)

    def act(given: dict[str, Any]) -> None:
        given.pop("version")
        operations.file_objection(actor, case, **given)

    return form_page(
        request, case, form, act,
        title="登记异议", submit="登记异议", done="异议已登记，请在期限内调查处理。", tab="village",
        note="异议没有处理完，公示不能结束。",
        rows=[["filed_on", "way"], ["is_anonymous"], ["objector"], ["text"]],
    )  # fmt: skip


@never_cache
@require_POST
def reveal_objector(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Who objected, alone, for the dialog that asked for the reason."""
    actor = actor_of(request)
    case = case_of(actor, number, "cases.review")
    value = operations.reveal_objector(
        actor, objection_of(actor, case, pk),
        reason=request.POST.get("reason", "").replace("\x00", ""),
    )  # fmt: skip
    return HttpResponse(value, content_type="text/plain; charset=utf-8")


@BOTH
def green(request: HttpRequest, number: str) -> HttpResponse:
    """Open the green way for a case whose emergency shows later."""
    actor = actor_of(request)
    case = case_of(actor, number, "cases.verify")
    form = GreenForm(request.POST or None, initial={"version": case.version})
    form.record = case  # type: ignore[attr-defined]
    return form_page(
        request, case, form,
        lambda given: operations.mark_green(
            actor, case, emergency=given["emergency"], reason=given["reason"],
            version=case.version if given["version"] is None else given["version"],
        ),
        title="启用绿色通道", submit="启用绿色通道", done="已启用，可以先帮扶，请按期补齐手续。",
        note="只用于突发事件：先核实帮扶，手续在规定期限内补齐。",
        rows=[["emergency"], ["reason"]],
    )  # fmt: skip


@BOTH
def handle_objection(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    actor = actor_of(request)
    case = case_of(actor, number, "cases.review")
    found = objection_of(actor, case, pk)
    form = HandleObjectionForm(request.POST or None, initial={"version": found.version})
    form.record = found  # type: ignore[attr-defined]
    return form_page(
        request, case, form,
        lambda given: operations.handle_objection(
            actor, found, upheld=given["state"] == ObjectionState.UPHELD, answer=given["answer"],
            version=given["version"] if given["version"] is not None else found.version,
        ),
        title="处理异议", submit="保存处理结果", done="异议已处理。", tab="village",
        facts=[
            ("提出日期", found.filed_on), ("提出方式", found.way),
            ("处理期限", found.due_on), ("异议内容", found.text),
        ],
        rows=[["state"], ["answer"]],
    )  # fmt: skip
