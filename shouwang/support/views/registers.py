"""帮扶台账: loans, student aid, houses, relief fund; their forms, steps and workbooks."""

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlsxwriter
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core import clock, formats
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty, Event, Figure, Tab
from shouwang.core.errors import DomainError, NotFound
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.documents.panels import panel

from ..filters import LoanFilter, ReliefFilter, RenovationFilter, StudentAidFilter
from ..forms import (
    BalanceForm,
    LoanForm,
    ReliefStepForm,
    RenovationForm,
    SheetForm,
    StudentAidForm,
    flag,
)
from ..loans import DUE, OVERDUE, in_timing, loan_timing
from ..models import HouseRenovation, Loan, ReliefApplication, StudentAid
from ..operations import (
    import_sheet,
    receipts_are_behind,
    record_loan,
    record_renovation,
    record_student_aid,
    refresh_receipts,
    take_relief_step,
    update_loan,
)
from ..operations.relief import relief_offers
from ..operations.sheets import RIGHTS, SHEETS, Imported
from ..operations.writing import faster
from ..sheets import Sheet
from ..states import relief_table
from ..tables import LoanTable, ReliefTable, RenovationTable, StudentAidTable
from .access import household_of, members_of, one
from .burdens import BURDEN_LISTS, burden_actions
from .collective import COLLECTIVE_FORMS, COLLECTIVE_LISTS, collective_actions
from .ledgers import GUARDED, LEDGER_FORMS, LEDGERS, LEDGERS_RELATED, SUMS
from .posting import form_page, posted
from .standing import STANDING_FORMS, STANDING_LISTS, STANDING_RELATED

LISTS: dict[str, tuple[str, str, Any, Any, Any]] = {
    "loans": ("小额信贷", "到期前提醒，逾期的排在前面；放款条件按放款日核对。", Loan, LoanTable,
              LoanFilter),
    "student-aid": ("助学", "雨露计划、义务教育“五类”学生生活补助和其他助学。", StudentAid,
                    StudentAidTable, StudentAidFilter),
    "renovations": ("住房改造", "每户的等级、方式、资金和验收，核对是否重复支持。",
                    HouseRenovation, RenovationTable, RenovationFilter),
    "relief": ("救助基金", "申请、乡镇审核、县级审批、发放，各由不同的人办理。",
               ReliefApplication, ReliefTable, ReliefFilter),
    **LEDGERS,
    **STANDING_LISTS,
    **COLLECTIVE_LISTS,
    **BURDEN_LISTS,
}  # fmt: skip
RELATED = {
    "loans": ("household__village__parent", "borrower"),
    "student-aid": ("household__village__parent", "member"),
    "renovations": ("household__village__parent",),
    "relief": ("household__village__parent", "payment"),
    **LEDGERS_RELATED,
    **STANDING_RELATED,
    "collective": ("division__parent",),
    "burdens": ("household__village__parent", "member"),
}


EMPTY = {
    "collective": "县、乡镇、村投保的先登记保单，再导入参保名单。",
    "burdens": "筛查发现以后，点“从筛查更新”登记。",
}


def register_list(request: HttpRequest, kind: str = "loans") -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "support.view")
    if kind not in LISTS:
        raise NotFound
    if kind in GUARDED:
        require(actor, "support.registers")
    title, purpose, model, table, filters = LISTS[kind]
    rows = model.objects.visible_to(actor).select_related(*RELATED[kind])
    return list_page(
        request,
        queryset=rows,
        table=table,
        filterset=filters,
        title=f"{title}台账",
        purpose=purpose,
        template="support/register.html",
        actions=_list_actions(actor, kind),
        empty=Empty(f"还没有{title}记录", EMPTY.get(kind, "在一户帮扶计划里登记，或导入工作簿。")),
        export_right="support.export",
        extra={
            "tabs": _tabs(actor, kind),
            "figures": _loan_figures(rows) if kind == "loans" else [],
        },
        source=f"{title}台账",
    )


def _tabs(actor: Actor, kind: str) -> list[Tab]:
    return [
        Tab(values[0], reverse("support:register", args=[key]), None, key == kind)
        for key, values in LISTS.items()
        if key not in GUARDED or actor.can("support.registers")
    ]


def _list_actions(actor: Actor, kind: str) -> list[Action]:
    found = []
    if kind in SHEETS and actor.can(RIGHTS.get(kind, "support.registers")):
        url = reverse("support:import", args=[kind])
        found.append(Action("导入", url, "file-import", is_main=True))
    if kind in SUMS:
        found.append(Action("按乡镇合计", reverse("support:by-town", args=[kind]), "chart-bar"))
    found += collective_actions(actor, kind) + burden_actions(actor, kind)
    if kind == "resettlement":
        found.append(Action("入住、拆旧、复垦率", reverse("support:rates"), "chart-bar"))
    if kind == "pensions":
        url = reverse("support:pension-coverage")
        found.append(Action("困难群体参保", url, "chart-bar"))
    if kind == "industries":
        found.append(Action("按村和类别合计", reverse("support:industry-totals"), "chart-bar"))
    if actor.can("support.registers") and receipts_are_behind():
        url = reverse("support:receipts")
        found.append(Action("更新部门发放", url, "refresh", method="post"))
    return found


def _loan_figures(rows: QuerySet[Loan]) -> list[Figure]:
    today, url = clock.today(), reverse("support:register", args=["loans"])
    overdue = rows.filter(in_timing(OVERDUE, today)).count()
    due = rows.filter(in_timing(DUE, today)).count()
    against = rows.filter(verdict="not_met").count()
    return [
        Figure("已逾期", overdue, "笔", f"{url}?timing={OVERDUE}"),
        Figure("即将到期", due, "笔", f"{url}?timing={DUE}"),
        Figure("放款条件不符合", against, "笔", f"{url}?verdict=not_met"),
    ]


def new_row(request: HttpRequest, household_no: str, kind: str) -> HttpResponse:
    """The form of one register for one household."""
    actor = actor_of(request)
    household = household_of(actor, household_no, "support.registers")
    if kind not in FORMS:
        raise NotFound
    title, make, save = FORMS[kind]
    form = make(posted(request), household)
    back = f"{reverse('support:household', args=[household_no])}?tab=money"
    return form_page(
        request,
        form,
        lambda given: save(actor, household, given),
        title=title,
        purpose=f"{household}，{household.village.name}。",
        submit="登记",
        back_url=back,
        done=f"{title.removeprefix('登记')}已登记。",
    )


def _save_loan(actor: Actor, household: Any, given: dict[str, Any]) -> Loan:
    rate = given.pop("rate")
    given["for_production"] = flag(given["for_production"])
    return record_loan(
        actor, given.pop("member"), rate=None if rate is None else rate / 100, **given
    )


def _save_aid(actor: Actor, household: Any, given: dict[str, Any]) -> StudentAid:
    given["boards"] = flag(given["boards"])
    return record_student_aid(actor, given.pop("member"), **given)


def _save_house(actor: Actor, household: Any, given: dict[str, Any]) -> HouseRenovation:
    return record_renovation(actor, household, **given)


FORMS: dict[str, tuple[str, Callable[[Any, Any], Any], Callable[..., Any]]] = {
    "loans": (
        "登记小额信贷",
        lambda data, household: LoanForm(data, members=members_of(household)),
        _save_loan,
    ),
    "student-aid": (
        "登记助学",
        lambda data, household: StudentAidForm(data, members=members_of(household)),
        _save_aid,
    ),
    "renovations": ("登记住房改造", lambda data, household: RenovationForm(data), _save_house),
    **LEDGER_FORMS,
    **STANDING_FORMS,
    **COLLECTIVE_FORMS,
}


def loan_page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "support.view")
    rows: QuerySet[Loan] = Loan.objects.visible_to(actor)
    loan: Loan = one(rows.select_related("household__village__parent", "borrower"), pk=pk)
    may = actor.can_at("support.registers", loan.household.village.path)
    if request.method == "POST":
        require(actor, "support.registers", loan.household.village.path)
    tone, words = loan_timing(loan, clock.today())
    initial = {"balance": loan.balance, "version": loan.version}
    tones = {"met": "done", "not_met": "late", "unknown": "idle"}
    labels = {"met": "符合", "not_met": "不符合", "unknown": "无法判断"}
    return form_page(
        request,
        BalanceForm(posted(request), initial=initial),
        lambda given: update_loan(actor, loan, **given),
        title=f"{loan.borrower}的小额信贷",
        purpose=f"{loan.bank}，{loan.granted_on:%Y-%m-%d} 放款。",
        submit="登记还款",
        back_url=reverse("support:register", args=["loans"]),
        done="余额已更新。",
        record=loan,
        done_url=reverse("support:loan", args=[loan.pk]),
        template="support/loan.html",
        loan=loan,
        may_register=may,
        timing=(tone, words),
        checks=[(what, tones[state], labels[state], said) for what, state, said in loan.checks],
        facts=_loan_facts(loan),
    )


def _loan_facts(loan: Loan) -> list[tuple[str, Any]]:
    rate = f"{loan.rate * 100:.2f}%" if loan.rate is not None else ""
    aid = f"{loan.interest_aid:,} 元" if loan.interest_aid is not None else ""
    return [
        ("借款人", loan.borrower.name),
        ("放款日农户类别", loan.household_state),
        ("金额", f"{loan.amount:,} 元"),
        ("未还余额", f"{loan.balance:,} 元"),
        ("期限", f"{loan.months} 个月"),
        ("年利率", rate),
        ("贴息", aid),
        ("用途", loan.purpose),
        ("放款日期", formats.day(loan.granted_on)),
        ("到期日期", formats.day(loan.due_on)),
        ("合同号", loan.contract_no),
        ("备注", loan.note),
    ]


def relief_page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    application = _relief(actor, pk)
    actions = [
        Action(
            offer.transition.label,
            reverse("support:relief-step", args=[pk, offer.transition.action]),
            is_main=place == 0,
            reason=offer.reason,
        )
        for place, offer in enumerate(relief_offers(actor, application))
    ]
    facts = [
        ("申请人", application.member.name if application.member else "全户"),
        ("原因", application.risk_label),
        ("申请金额", f"{application.asked:,} 元"),
        ("核定金额", f"{application.granted:,} 元" if application.granted else ""),
        ("申请日期", formats.day(application.applied_on)),
        ("发放日期", formats.day(application.payment.paid_on) if application.payment else ""),
        ("发放方式", application.payment.channel if application.payment else ""),
    ]
    events = [
        Event(step.at, step.label, step.actor_label, step.note,
              relief_table().state(step.to_state).tone)
        for step in application.steps.order_by("-pk")
    ]  # fmt: skip
    context = {
        "application": application, "household": application.household, "actions": actions,
        "facts": facts, "events": events, "panel": panel(actor, "support.relief", pk),
    }  # fmt: skip
    return render(request, "support/relief.html", context)


def _relief(actor: Actor, pk: int) -> ReliefApplication:
    require(actor, "support.view")
    rows: QuerySet[ReliefApplication] = ReliefApplication.objects.visible_to(actor)
    found: ReliefApplication = one(
        rows.select_related("household__village__parent", "member", "payment"), pk=pk
    )
    return found


def relief_step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    actor = actor_of(request)
    application = _relief(actor, pk)
    row, gone = relief_table().row(application.state, action), ""
    if row is None:
        row = next((each for each in relief_table().transitions if each.action == action), None)
        if row is None:
            raise NotFound
        who = faster(application) or "状态已变化"
        gone = f"{who}，现在是“{application.state_label}”，不能再办“{row.label}”。请返回申请核对。"
    require(actor, row.right, application.household.village.path)
    initial = {
        "version": application.version, "granted": application.granted or application.asked,
    }  # fmt: skip
    waits = "；".join(
        offer.reason for offer in relief_offers(actor, application)
        if offer.transition.action == action and offer.reason
    )  # fmt: skip
    return form_page(
        request,
        ReliefStepForm(posted(request), row=row, initial=initial),
        lambda given: take_relief_step(actor, application, action, **given),
        title=row.label,
        purpose=f"{application.household}申请 {application.asked:,} 元，{application.risk_label}。",
        submit=row.label,
        back_url=reverse("support:relief", args=[pk]),
        done=f"已{row.label}。",
        waits=waits,
        record=application,
        gone=gone,
    )


def import_page(request: HttpRequest, kind: str) -> HttpResponse:
    """A workbook of one kind; what is wrong is told by row, and nothing of it is kept."""
    actor = actor_of(request)
    sheet = SHEETS.get(kind)
    if sheet is None:
        raise NotFound
    require(actor, RIGHTS.get(kind, "support.registers"))
    form = SheetForm(posted(request), request.FILES or None)
    outcome: Imported | None = None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            outcome = _received(actor, kind, upload)
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            if not outcome.faults:
                messages.success(
                    request, f"已导入 {outcome.added} 行，已有 {outcome.unchanged} 行没有变化。"
                )
                return redirect(_after(kind))
    context = {
        "form": form, "sheet": sheet, "outcome": outcome, "back_url": _after(kind),
        "template_url": reverse("support:import-template", args=[kind]),
        "required": [column.header for column in sheet.columns if column.required],
    }  # fmt: skip
    status = 422 if form.errors or outcome else 200
    return render(request, "support/import.html", context, status=status)


def _received(actor: Actor, kind: str, upload: Any) -> Imported:
    with kept(upload) as path:
        return import_sheet(actor, kind, path, name=str(upload.name)[-200:])


@contextmanager
def kept(upload: Any) -> Iterator[Path]:
    """An uploaded workbook as a file, as long as it is read."""
    folder = Path(settings.SHOUWANG_DATA_DIR) / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".upload") as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        yield Path(file.name)


def _after(kind: str) -> str:
    if kind == "pairings":
        return reverse("support:pairings")
    if kind == "insured":
        return reverse("support:register", args=["collective"])
    if kind == "payments":
        return reverse("support:measures")
    if kind in ("needs", "offers"):
        return reverse(f"support:{kind}")
    return reverse("support:register", args=[kind])


def import_template(request: HttpRequest, kind: str) -> HttpResponseBase:
    """An empty workbook with the heads of one kind, the required ones marked."""
    actor = actor_of(request)
    sheet = SHEETS.get(kind)
    if sheet is None:
        raise NotFound
    require(actor, RIGHTS.get(kind, "support.registers"))
    return blank_workbook(sheet)


def blank_workbook(sheet: Sheet) -> FileResponse:
    """The heads of a sheet to be filled in, those that are required in another colour."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    page = book.add_worksheet(sheet.title)
    text = book.add_format({"num_format": "@"})
    head = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1})
    must = book.add_format({"bold": True, "bg_color": "#FFF3DE", "border": 1})
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, column.header, must if column.required else head)
        page.set_column(place, place, 18, text if column.type == "text" else None)
        if column.choices:
            options = list(dict.fromkeys(column.choices))
            page.data_validation(1, place, 1000, place, {"validate": "list", "source": options})
    page.freeze_panes(1, 0)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{sheet.title}-空表.xlsx")


@require_POST
def receipts(request: HttpRequest) -> HttpResponse:
    made = refresh_receipts(actor_of(request))
    messages.success(request, f"已按部门文件更新 {made.count} 条发放记录。")
    return redirect("support:register")
