"""数据比对: asked by the county, answered by departments, judged by people."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Case as When_
from django.db.models import When
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwang.core import clock, exports
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty
from shouwang.core.errors import DomainError, NotFound
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page

from .. import operations
from ..filters import RequestFilter
from ..forms.comparison import AnswerForm, AskForm, AssetForm, JudgeForm, WaiveForm
from ..models import AssetHit, Case, ComparisonRequest
from ..pages import comparison as pages
from ..regimes import regime
from ..tables import REQUEST_TONES, RequestTable
from .access import case_of, request_of
from .forms import form_page, tried

BOTH = require_http_methods(["GET", "POST"])
MOST_BYTES = 20 * 1024 * 1024


@require_safe
def request_list(request: HttpRequest) -> HttpResponseBase:
    """What the county asked, or what waits for the answer of one's own department."""
    actor = actor_of(request)
    _may_see(actor)
    rows = (
        ComparisonRequest.objects.visible_to(actor)
        .select_related("case__household", "case__village__parent")
        .order_by(When_(When(state="open", then=0), default=1), "due_on", "pk")
    )
    answers = actor.can("cases.answer") or actor.can("cases.compare")
    actions = [
        Action("下载待答复比对表", reverse("cases:request-sheet"), icon="download"),
        Action("上传填好的比对表", reverse("cases:request-upload"), icon="upload", is_main=True),
    ]
    return list_page(
        request,
        queryset=rows,
        table=RequestTable,
        filterset=RequestFilter,
        title="数据比对",
        purpose="请部门核对农户的车辆、房产、登记等情况；逐户在线答复，或下载比对表填好后上传。",
        actions=actions if answers else [],
        empty=Empty("没有比对要求", "县级发起比对以后，要答复的会列在这里。"),
        export_right="cases.export",
        source="数据比对",
    )


def _may_see(actor: Actor) -> None:
    if not actor.can("cases.answer"):
        require(actor, "cases.view")


@BOTH
def ask(request: HttpRequest, number: str) -> HttpResponse:
    actor = actor_of(request)
    case = case_of(actor, number, "cases.compare")
    asked = set(case.requests.filter(stage=case.stage).values_list("department", flat=True))
    form = AskForm(request.POST or None, regime=regime(case.regime), asked=asked)
    return form_page(
        request, case, form,
        lambda given: operations.request_comparison(
            actor, case, departments=given["departments"]
        ),
        title="发起数据比对", submit="发给部门", done="已发给部门，答复期限见“数据比对”。",
        tab="compare", rows=[["departments"]],
        note="只能在农户签署授权后发起。比对范围是一起生活的家庭成员。",
    )  # fmt: skip


@BOTH
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: who is asked about, and the department's answer."""
    actor = actor_of(request)
    found = request_of(actor, pk)
    form = AnswerForm(
        request.POST or None, request=found, regime=regime(found.case.regime),
        initial={"version": found.version},
    )  # fmt: skip
    form.record = found  # type: ignore[attr-defined]
    if request.method == "POST":
        if not pages.may_answer(actor, found):
            require(actor, "cases.compare", found.case.village.path)
        if form.is_valid() and tried(form, lambda: _answer(actor, found, form)):
            messages.success(request, "已答复，谢谢。")
            return redirect("cases:requests")
    return _request_page(request, found, form, _waive_form(found))


def _request_page(
    request: HttpRequest, found: ComparisonRequest, form: AnswerForm, waive_form: WaiveForm
) -> HttpResponse:
    """The request with both forms; the one that was refused keeps what was typed."""
    actor = actor_of(request)
    may_answer = pages.may_answer(actor, found)
    context = {
        "request_row": found,
        "case": found.case,
        "title": f"{found.department}比对",
        "tone": REQUEST_TONES.get(found.state, "idle"),
        "people": pages.people(found, may_open=may_answer and found.state == "open"),
        "items": pages.items(found),
        "answers": found.answers.select_related("member", "supporter"),
        "form": form,
        "waive_form": waive_form,
        "may_answer": may_answer and found.state == "open",
        "may_waive": (found.state == "open" or waive_form.is_bound)
        and actor.can_at("cases.compare", found.case.village.path),
        "may_open_case": actor.can_at("cases.view", found.case.village.path),
        "list_url": reverse("cases:requests"),
    }
    status = 400 if form.is_bound or waive_form.is_bound else 200
    if waive_form.has_error(NON_FIELD_ERRORS):  # somebody was faster
        status = 409
    return render(request, "cases/request.html", context, status=status)


def _answer(actor: Actor, found: ComparisonRequest, form: AnswerForm) -> ComparisonRequest:
    given = form.cleaned_data
    return operations.answer_comparison(
        actor, found, findings=form.findings(), note=given["note"],
        version=found.version if given["version"] is None else given["version"],
    )  # fmt: skip


def _waive_form(found: ComparisonRequest, data: Any = None) -> WaiveForm:
    form = WaiveForm(data, auto_id="waive_%s", initial={"version": found.version})
    form.record = found  # type: ignore[attr-defined]
    return form


@require_POST
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Do without the answer; where somebody was faster the reason stays to be read and sent."""
    actor = actor_of(request)
    found = request_of(actor, pk)
    require(actor, "cases.compare", found.case.village.path)
    form = _waive_form(found, request.POST)
    if form.is_valid() and tried(form, lambda: _waive(actor, found, form)):
        messages.success(request, f"{found.department}免于比对，理由已留下。")
        return redirect(f"{reverse('cases:case', args=[found.case.number])}?tab=compare")
    found.refresh_from_db(fields=["state", "version", "note", "answered_at", "answered_by_label"])
    answers = AnswerForm(
        None, request=found, regime=regime(found.case.regime), initial={"version": found.version}
    )
    return _request_page(request, found, answers, form)


def _waive(actor: Actor, found: ComparisonRequest, form: WaiveForm) -> ComparisonRequest:
    version = form.cleaned_data["version"]
    return operations.waive_comparison(
        actor, found, reason=form.cleaned_data["reason"],
        version=found.version if version is None else version,
    )  # fmt: skip


@require_safe
def sheet(request: HttpRequest) -> HttpResponseBase:
    """The open requests as a workbook to be filled in: one row a person and item."""
    actor = actor_of(request)
    _may_see(actor)
    if not actor.can("cases.answer"):
        require(actor, "cases.compare")
    department = pages.department_of(actor, request.GET.get("department", ""))
    origin = exports.Origin(actor.label, clock.now(), f"{department}待答复的数据比对")
    rows = pages.sheet_rows(actor, department)
    pages.note_sheet(actor, department, len(rows) - 1)
    name = f"数据比对-{department}-{clock.today():%Y-%m-%d}"
    return exports.xlsx_response(iter(rows), name, origin, title=f"{department}数据比对")


@BOTH
def upload(request: HttpRequest) -> HttpResponse:
    """The filled workbook: good rows answer, bad rows come back with the reason."""
    actor = actor_of(request)
    _may_see(actor)
    if not actor.can("cases.answer"):
        require(actor, "cases.compare")
    outcome, problem = None, ""
    department = pages.department_of(
        actor, request.POST.get("department") or request.GET.get("department", "")
    )
    if request.method == "POST":
        given = request.FILES.get("file")
        try:
            outcome = _import(actor, given, department)
        except DomainError as refusal:
            problem = refusal.message
    context: dict[str, Any] = {
        "department": department,
        "departments": pages.departments(actor),
        "outcome": outcome,
        "problem": problem,
        "list_url": reverse("cases:requests"),
    }
    return render(request, "cases/answers_upload.html", context, status=400 if problem else 200)


def _import(actor: Actor, given: UploadedFile[bytes] | None, department: str) -> Any:
    if given is None:
        raise DomainError("没有收到文件，请选择填好的比对表。", "file")
    if (given.size or 0) > MOST_BYTES:
        raise DomainError("文件太大，请只上传比对表。", "file")
    name = str(given.name or "比对表.xlsx")[:200]
    path = Path(settings.SHOUWANG_DATA_DIR) / "tmp" / f"answers-{id(given)}.xlsx"
    try:
        with path.open("wb") as out:
            for piece in given.chunks():
                out.write(piece)
        return operations.import_answers(actor, path, department=department, name=name)
    finally:
        path.unlink(missing_ok=True)


def _hit(case: Case, pk: int) -> AssetHit:
    found = case.hits.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


@BOTH
def judge(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Judge one possession after the household explained it."""
    actor = actor_of(request)
    case = case_of(actor, number)
    hit = _hit(case, pk)
    if not actor.can_at("cases.review", case.village.path):
        require(actor, "cases.compare", case.village.path)
    form = JudgeForm(
        request.POST or None,
        initial={
            "explanation": hit.explanation, "conclusion": hit.conclusion,
            "reason": hit.conclusion_reason, "version": hit.version,
        },
    )  # fmt: skip
    form.record = hit  # type: ignore[attr-defined]
    return form_page(
        request, case, form,
        lambda given: operations.judge_hit(
            actor, hit, conclusion=given["conclusion"], explanation=given["explanation"],
            reason=given["reason"],
            version=hit.version if given["version"] is None else given["version"],
        ),
        title="核定资产线索", submit="保存核定", done="核定已保存。", tab="compare",
        note="资产是分析应对能力的线索：住房是生活必需、车辆用于劳动谋生等情形，说明后可以纳入。",
        facts=[
            ("对象", hit.person_label or "全户"), ("项目", hit.item_label),
            ("来源", hit.department or hit.get_source_display()), ("情况", hit.detail),
        ],
        rows=[["explanation"], ["conclusion"], ["reason"]],
    )  # fmt: skip


@BOTH
def asset(request: HttpRequest, number: str) -> HttpResponse:
    """Note a possession that was seen at home."""
    actor = actor_of(request)
    case = case_of(actor, number, "cases.verify")
    members = case.household.members.filter(absent_since=None).order_by("pk")
    people = [(str(each.pk), each.name) for each in members]
    form = AssetForm(request.POST or None, people=people, regime=regime(case.regime))
    return form_page(
        request, case, form,
        lambda given: operations.add_asset(
            actor, case, item=given["item"], detail=given["detail"],
            explanation=given["explanation"],
            member_id=int(given["member"]) if given["member"] else None,
        ),
        title="登记入户看到的资产", submit="登记", done="资产情况已登记，等待核定。",
        tab="compare", rows=[["member", "item"], ["detail"], ["explanation"]],
    )  # fmt: skip
