"""措施: the list, one measure with its steps and payments, the work of a department, statistics."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from shouwang.core import clock, formats
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty, Event, Figure
from shouwang.core.errors import DomainError, NotFound
from shouwang.core.lifecycle import Transition
from shouwang.core.requests import actor_of
from shouwang.core.tables import Column, NumberColumn, Table
from shouwang.core.views import MassAction, list_page, selected
from shouwang.documents.panels import panel
from shouwang.screening.states import Risk, risk_label

from ..catalogue import catalogue
from ..facts import source_title
from ..filters import InboxFilter, MeasureFilter
from ..forms import ChangeForm, IndustryOfForm, PaymentForm, ReasonForm, StepForm
from ..models import Measure, MeasureStep, Payment
from ..operations import (
    assign_many,
    cancel_payment,
    change_measure,
    name_industry,
    record_payment,
    take_measure_step,
)
from ..operations.paying import PAYABLE, may_pay
from ..operations.working import is_own_work, offers
from ..operations.writing import faster
from ..queries.plans import amount_words
from ..states import HELPING, OPEN, measure_table
from ..tables import MeasureTable
from .access import measure_of, own_industries
from .posting import form_page, posted


def _rows(rows: QuerySet[Measure]) -> QuerySet[Measure]:
    return rows.select_related("household", "village__parent", "member")


def measure_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "support.view")
    mass = []
    if actor.can("support.assign"):
        url = reverse("support:assign-many")
        mass.append(MassAction("交办部门", url, "把勾选的 {count} 项措施交办到责任部门？", "send"))
    return list_page(
        request,
        queryset=_rows(Measure.objects.visible_to(actor)),
        table=MeasureTable,
        filterset=MeasureFilter,
        title="帮扶措施",
        purpose="每项措施由哪个部门办、办到哪一步、什么时候应办完。",
        actions=[
            Action("按风险和类别统计", reverse("support:statistics"), "chart-bar"),
            Action("措施目录", reverse("support:catalogue"), "book-2"),
        ],
        empty=Empty("还没有帮扶措施", "打开一户帮扶户，从系统建议中勾选，或自己拟定。"),
        export_right="support.export",
        mass_actions=mass,
        source="帮扶措施台账",
    )


@require_POST
def assign_selected(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "support.assign")
    rows = _rows(Measure.objects.visible_to(actor, "support.assign").filter(state="proposed"))
    outcome = assign_many(actor, selected(request, rows, MeasureFilter).select_related("case"))
    messages.success(request, f"已交办 {outcome.done} 项。")
    for what, why in list(outcome.refused.items())[:5]:
        messages.warning(request, f"{what}：{why}")
    return redirect("support:measures")


def measure_page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    measure = measure_of(actor, pk)
    item = catalogue().item(measure.item)
    sees_place = actor.can_at("support.view", measure.village.path)
    context = {
        "measure": measure,
        "household": measure.household,
        "household_url": reverse("support:household", args=[measure.household.household_no])
        if sees_place
        else "",
        "actions": _actions(actor, measure),
        "waiting": [offer for offer in offers(actor, measure) if not offer.is_possible],
        "register_url": _register_url(actor, measure),
        "facts": _facts(measure),
        "item": item,
        "item_amount": amount_words(measure.item),
        "item_source": f"{source_title(item.source)}：{item.source_words}" if item else "",
        "payments": measure.payments.select_related("member"),
        "may_pay": may_pay(actor, measure) and measure.state in PAYABLE,
        "events": [_event(step) for step in measure.steps.order_by("-pk")],
        "panel": panel(actor, "support.measure", measure.pk),
    }
    return render(request, "support/measure.html", context)


def _actions(actor: Actor, measure: Measure) -> list[Action]:
    found: list[Action] = []
    for offer in offers(actor, measure):
        row = offer.transition
        if offer.is_possible:
            url = reverse("support:measure-step", args=[measure.pk, row.action])
            found.append(Action(row.label, url, is_main=not found and not row.is_back))
    if measure.state == "proposed" and actor.can_at("support.plan", measure.village.path):
        found.append(Action("修改内容", reverse("support:measure-change", args=[measure.pk])))
    if _may_name_industry(actor, measure):
        url = reverse("support:measure-industry", args=[measure.pk])
        found.append(Action("对应产业", url))
    return found


def _may_name_industry(actor: Actor, measure: Measure) -> bool:
    """A household without an industry that is going on has nothing to name."""
    may = measure.state in OPEN and actor.can_at("support.plan", measure.village.path)
    return may and (
        measure.industry_id is not None
        or measure.household.industries.filter(ended_on=None).exists()
    )


def measure_industry(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the industry of the household's register that this measure helps."""
    actor = actor_of(request)
    measure = measure_of(actor, pk)
    require(actor, "support.plan", measure.village.path)
    if not _may_name_industry(actor, measure):
        raise DomainError("这一户没有登记在经营的产业，请先在家庭产业台账里登记。")
    form = IndustryOfForm(
        posted(request), industries=own_industries(measure.household),
        initial={"industry": measure.industry_id or "", "version": measure.version},
    )  # fmt: skip
    return form_page(
        request,
        form,
        lambda given: name_industry(
            actor, measure, industry=given.get("industry"), version=given["version"]
        ),
        title="对应产业",
        purpose=f"{measure.household}的“{measure.title}”帮扶的是哪项家庭产业。",
        submit="保存",
        back_url=reverse("support:measure", args=[measure.pk]),
        done="对应的产业已登记。",
        record=measure,
    )


def _register_url(actor: Actor, measure: Measure) -> str:
    """Where a loan, a student's aid or a house is noted one by one."""
    item = catalogue().item(measure.item)
    if item is None or not item.register:
        return ""
    if not actor.can_at("support.registers", measure.village.path):
        return ""
    return reverse("support:new-row", args=[measure.household.household_no, item.register])


def _facts(measure: Measure) -> list[tuple[str, Any]]:
    facts = [
        ("类别", f"{measure.kind_label}{'，开发式帮扶' if measure.is_development else ''}"),
        ("给谁", measure.member.name if measure.member else "全户"),
        ("针对风险", measure.risk_label),
        ("对应产业", _industry_link(measure)),
        ("责任部门", measure.department),
        ("计划金额", f"{measure.amount:,} 元" if measure.amount is not None else ""),
        ("答复期限", _day(measure.answer_due_on)),
        ("落实期限", _day(measure.due_on)),
        ("开始日期", _day(measure.starts_on)),
        ("到期日期", _day(measure.contract_end)),
        ("期限", measure.get_ends_display()),
        ("办理结果", measure.result),
        ("来源", measure.get_origin_display()),
    ]
    return [(label, value) for label, value in facts if value]


def _industry_link(measure: Measure) -> str:
    one = measure.industry
    if one is None:
        return ""
    url = reverse("support:industry", args=[one.pk])
    return format_html('<a href="{}">{}年 {}</a>', url, one.year, one.what)


def _day(value: date | None) -> str:
    return formats.day(value) if value else ""


def _event(step: MeasureStep) -> Event:
    tone = "late" if step.was_late else measure_table().state(step.to_state).tone
    late = "（已超期）" if step.was_late else ""
    return Event(step.at, f"{step.label}{late}", step.actor_label, step.note, tone)


def measure_step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    actor = actor_of(request)
    measure = measure_of(actor, pk)
    row, gone = _row(actor, measure, action)
    form = StepForm(posted(request), row=row, measure=measure, initial={"version": measure.version})
    back = reverse("support:measure", args=[measure.pk])
    waits = "；".join(
        offer.reason for offer in offers(actor, measure)
        if offer.transition.action == action and offer.reason
    )  # fmt: skip
    return form_page(
        request,
        form,
        lambda given: take_measure_step(actor, measure, action, **given),
        title=row.label,
        purpose=f"{measure.household}的“{measure.title}”。{row.confirm}",
        submit=row.label,
        back_url=back,
        done=f"已{row.label}。",
        waits=waits,
        record=measure,
        gone=gone,
    )


def _row(actor: Actor, measure: Measure, action: str) -> tuple[Transition, str]:
    """The step as a form; where the measure has moved on, the step and who was faster."""
    row, gone = measure_table().row(measure.state, action), ""
    if row is None:
        row = next((each for each in measure_table().transitions if each.action == action), None)
        if row is None:
            raise NotFound
        who = faster(measure) or "状态已变化"
        gone = f"{who}，现在是“{measure.state_label}”，不能再办“{row.label}”。请返回措施核对。"
    if row.right == "support.answer" and not is_own_work(actor, measure):
        require(actor, "support.answer", measure.village.path)
        raise NotFound
    require(actor, row.right, measure.village.path)
    return row, gone


def measure_change(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    measure = measure_of(actor, pk)
    require(actor, "support.plan", measure.village.path)
    initial = {
        "department": measure.department, "note": measure.note, "amount": measure.amount,
        "due_on": measure.due_on, "version": measure.version,
    }  # fmt: skip
    return form_page(
        request,
        ChangeForm(posted(request), initial=initial),
        lambda given: change_measure(actor, measure, **given),
        title="修改措施",
        purpose=f"{measure.household}的“{measure.title}”，交办之前可以修改。",
        submit="保存",
        back_url=reverse("support:measure", args=[measure.pk]),
        done="措施已修改。",
        record=measure,
    )


def new_payment(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    measure = measure_of(actor, pk)
    if not may_pay(actor, measure):
        require(actor, "support.pay", measure.village.path)
    form = PaymentForm(posted(request), initial={"amount": measure.amount})
    return form_page(
        request,
        form,
        lambda given: record_payment(actor, measure, **given),
        title="登记发放",
        purpose=f"{measure.household}的“{measure.title}”。",
        submit="登记发放",
        back_url=reverse("support:measure", args=[measure.pk]),
        done="发放已登记。",
    )


def payment_cancel(request: HttpRequest, pk: int, payment: int) -> HttpResponse:
    actor = actor_of(request)
    measure = measure_of(actor, pk)
    found: Payment | None = measure.payments.filter(pk=payment).first()
    if found is None:
        raise NotFound
    if not may_pay(actor, measure):
        require(actor, "support.pay", measure.village.path)
    return form_page(
        request,
        ReasonForm(posted(request)),
        lambda given: cancel_payment(actor, found, reason=given["reason"]),
        title="作废发放登记",
        purpose=f"{found.paid_on} 发放 {found.amount:,} 元的登记。作废后仍留在记录里，不计入合计。",
        submit="作废",
        back_url=reverse("support:measure", args=[measure.pk]),
        done="发放登记已作废。",
    )


def inbox(request: HttpRequest) -> HttpResponseBase:
    """部门办理: what came to the actor's own department."""
    actor = actor_of(request)
    require(actor, "support.answer")
    rows = Measure.objects.of_department(actor)
    return list_page(
        request,
        queryset=_rows(_waiting_first(rows)),
        table=InboxTable,
        filterset=InboxFilter,
        title="部门办理",
        purpose="交办给本部门的帮扶措施：先答复，再落实，按期登记结果。",
        template="support/inbox.html",
        empty=Empty("没有交办给本部门的措施", "乡镇或县里交办后会出现在这里。"),
        export_right="support.answer",
        extra={"figures": _work(rows)},
        source="帮扶措施台账",
    )


def _waiting_first(rows: QuerySet[Measure]) -> QuerySet[Measure]:
    """What waits for an answer, then what is going on, the nearest date first."""
    order = ("assigned", "accepted", "under_way")
    place = Case(
        *(When(state=state, then=Value(number)) for number, state in enumerate(order)),
        default=Value(len(order)),
    )
    return rows.order_by(place, F("due_on").asc(nulls_last=True))


def _work(rows: QuerySet[Measure]) -> list[Figure]:
    url = reverse("support:inbox")
    today = clock.today()
    counts = rows.aggregate(
        assigned=Count("pk", filter=Q(state="assigned")),
        going=Count("pk", filter=Q(state__in=("accepted", "under_way"))),
        done=Count("pk", filter=Q(state="done")),
    )
    late = rows.filter(pk__in=Measure.objects.late(today).values("pk")).count()
    return [
        Figure("待答复", counts["assigned"], "项", f"{url}?state=assigned"),
        Figure("办理中", counts["going"], "项", f"{url}?state=under_way"),
        Figure("已超期", late, "项", f"{url}?timing=late"),
        Figure("已落实", counts["done"], "项", f"{url}?state=done"),
    ]


class InboxTable(MeasureTable):
    """What a department sees: its own work, with the place and the person."""

    default_columns = (
        "title", "head", "village", "member", "state", "limit", "amount", "starts_on",
    )  # fmt: skip


class CountTable(Table):
    """措施统计: risk × kind, measures and households."""

    risk = Column(verbose_name="针对风险", orderable=False, attrs={"td": {"class": "name"}})
    kind = Column(verbose_name="类别", orderable=False)
    measures = NumberColumn(verbose_name="措施", unit="项", orderable=False)
    households = NumberColumn(verbose_name="覆盖农户", unit="户", orderable=False)
    unstable = NumberColumn(verbose_name="脱贫不稳定户", unit="户", orderable=False)
    marginal = NumberColumn(verbose_name="边缘易致贫户", unit="户", orderable=False)
    sudden = NumberColumn(verbose_name="突发严重困难户", unit="户", orderable=False)

    unit = "行"
    card_columns = ("risk", "kind", "measures")


def statistics(request: HttpRequest) -> HttpResponseBase:
    """§5.3: measures countable by risk × class × kind."""
    actor = actor_of(request)
    require(actor, "support.view")
    if actor.can("support.answer") and not actor.can("support.view"):
        raise NotFound
    rows = Measure.objects.visible_to(actor).filter(state__in=HELPING)
    counted = rows.order_by().values("risk", "kind").annotate(
        measures=Count("pk"),
        households=Count("household", distinct=True),
        **{
            name: Count("household", distinct=True, filter=Q(case__class_key=key))
            for name, key in (
                ("unstable", "unstable_exit"), ("marginal", "marginal"),
                ("sudden", "sudden_hardship"),
            )
        },
    )  # fmt: skip
    order = [key for key, _ in Risk.choices]
    kinds = list(catalogue().kinds)
    table = sorted(
        counted,
        key=lambda row: (
            order.index(row["risk"]) if row["risk"] in order else len(order),
            kinds.index(row["kind"]) if row["kind"] in kinds else len(kinds),
        ),
    )
    for row in table:
        row["risk"] = risk_label(row["risk"]) if row["risk"] else "不针对某项风险"
        row["kind"] = catalogue().kinds.get(row["kind"], row["kind"])
    return list_page(
        request,
        queryset=table,
        table=CountTable,
        title="措施统计",
        purpose="部门已接收和落实的措施，按风险、类别和认定类别统计；一户有几项措施的各算一项。",
        export_right="support.export",
        source="帮扶措施台账",
    )
