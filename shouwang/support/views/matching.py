"""供需对接的页面: needs and offers as lists, one of each, and the steps between them."""

from collections.abc import Callable
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from shouwang.cases.querysets import places_with
from shouwang.core import clock, formats
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty, Event, Figure, Tab
from shouwang.core.errors import NotFound
from shouwang.core.lifecycle import Transition
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.divisions.models import Division
from shouwang.registry.models import Household

from ..matching_lists import (
    NeedFilter,
    NeedForm,
    NeedStepForm,
    NeedTable,
    OfferEndForm,
    OfferFilter,
    OfferForm,
    OfferTable,
    amount,
    offer_state,
)
from ..models import HouseholdNeed, Industry, SocialOffer, Visit
from ..operations import (
    end_offer,
    need_steps,
    record_need,
    record_offer,
    take_need_step,
)
from ..operations.writing import faster
from ..queries.matching import chances_for, chances_of, with_chance
from ..states import need_table
from .access import household_of, one
from .posting import form_page, posted

PURPOSE = "农户缺什么、社会上谁能给什么：同类、同地的自动排在一起，认领、送达、反馈都有记录。"


def _tabs(current: str) -> list[Tab]:
    return [
        Tab("需求", reverse("support:needs"), None, current == "needs"),
        Tab("供给", reverse("support:offers"), None, current == "offers"),
    ]


def need_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "support.view")
    rows: QuerySet[HouseholdNeed] = HouseholdNeed.objects.visible_to(actor)
    rows = with_chance(rows, clock.today())
    return list_page(
        request,
        queryset=_waiting_first(rows).select_related("household__village__parent", "offer"),
        table=NeedTable,
        filterset=NeedFilter,
        title="社会帮扶需求",
        purpose=PURPOSE,
        template="support/register.html",
        actions=_actions(actor, "needs", "support.plan"),
        empty=Empty("还没有登记需求", "在一户的帮扶计划里按“登记需求”，走访时提出的也可以转过来。"),
        export_right="support.export",
        extra={"tabs": _tabs("needs"), "figures": _figures(rows)},
        source="社会帮扶供需对接",
    )


def _waiting_first(rows: QuerySet[HouseholdNeed]) -> QuerySet[HouseholdNeed]:
    """What waits for an offer, then what is on its way, the longest waiting first."""
    order = list(need_table().states)
    place = Case(*(When(state=key, then=Value(at)) for at, key in enumerate(order)))
    return rows.order_by(place, "raised_on", "pk")


def _actions(actor: Actor, kind: str, right: str) -> list[Action]:
    """Note one offer, or take in a whole list of what this page shows."""
    found = []
    if actor.can("support.registers"):
        found.append(Action("登记供给", reverse("support:new-offer"), "plus", is_main=True))
    if actor.can(right):
        found.append(Action("导入", reverse("support:import", args=[kind]), "file-import"))
    return found


def _figures(rows: QuerySet[HouseholdNeed]) -> list[Figure]:
    url = reverse("support:needs")
    counts = rows.aggregate(
        open=Count("pk", filter=Q(state="open")),
        none=Count("pk", filter=Q(state="open", has_offer=False)),
        taken=Count("pk", filter=Q(state="taken")),
        given=Count("pk", filter=Q(state="given")),
    )
    return [
        Figure("待对接", counts["open"], "项", f"{url}?state=open"),
        Figure("其中没有供给", counts["none"], "项", f"{url}?chance=none"),
        Figure("已认领，待送达", counts["taken"], "项", f"{url}?state=taken"),
        Figure("已送达，待反馈", counts["given"], "项", f"{url}?state=given"),
    ]


def offer_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "support.view")
    return list_page(
        request,
        queryset=SocialOffer.objects.visible_to(actor).select_related("division"),
        table=OfferTable,
        filterset=OfferFilter,
        title="社会帮扶供给",
        purpose="单位、企业和爱心人士愿意给什么、给哪里、还剩多少。",
        template="support/register.html",
        actions=_actions(actor, "offers", "support.registers"),
        empty=Empty(
            "还没有登记供给", "有单位或个人愿意帮扶时，登记在这里，系统自动找对得上的需求。"
        ),
        export_right="support.export",
        extra={"tabs": _tabs("offers")},
        source="社会帮扶供需对接",
    )


def new_need(request: HttpRequest, household_no: str) -> HttpResponse:
    """Raise a need; what a visit or an industry told is filled in."""
    actor = actor_of(request)
    household = household_of(actor, household_no, "support.plan")
    return form_page(
        request,
        NeedForm(posted(request), initial=_told(request, household)),
        lambda given: record_need(actor, household, **given),
        title="登记需求",
        purpose=f"{household}需要社会帮扶的一件事；系统随即列出对得上的供给。",
        submit="登记需求",
        back_url=reverse("support:household", args=[household_no]),
        done="需求已登记。",
    )


def _told(request: HttpRequest, household: Household) -> dict[str, Any]:
    """Words of the visit or industry from which the form was opened."""
    visit, industry = request.GET.get("visit", ""), request.GET.get("industry", "")
    if visit.isascii() and visit.isdecimal():
        told = Visit.objects.filter(household=household, pk=visit[:18]).first()
        if told is not None and told.needs:
            source = f"{told.visited_on:%Y-%m-%d} 走访时提出"
            return {"what": told.needs[:60], "source": source, "raised_on": told.visited_on}
    if industry.isascii() and industry.isdecimal():
        grown = Industry.objects.filter(household=household, pk=industry[:18]).first()
        if grown is not None and grown.needs:
            return {"what": grown.needs[:60], "source": f"产业需求：{grown.what}"}
    return {}


def _need(actor: Actor, pk: int) -> HouseholdNeed:
    require(actor, "support.view")
    rows: QuerySet[HouseholdNeed] = HouseholdNeed.objects.visible_to(actor)
    found: HouseholdNeed = one(
        rows.select_related("household__village__parent", "offer__division"), pk=pk
    )
    return found


def _offer(actor: Actor, pk: int) -> SocialOffer:
    require(actor, "support.view")
    rows: QuerySet[SocialOffer] = SocialOffer.objects.visible_to(actor)
    found: SocialOffer = one(rows.select_related("division"), pk=pk)
    return found


def need_page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    need = _need(actor, pk)
    is_open = need.state == "open"
    context = {
        "need": need,
        "household": need.household,
        "actions": _need_actions(actor, need),
        "facts": _need_facts(need),
        "is_open": is_open,
        "chances": chances_for(actor, need, clock.today()) if is_open else [],
        "may_take": actor.can_at("support.assign", need.household.village.path),
        "events": [
            Event(step.at, step.label, step.actor_label, step.note,
                  need_table().state(step.to_state).tone)
            for step in need.steps.order_by("-pk")
        ],
    }  # fmt: skip
    return render(request, "support/need.html", context)


def _need_actions(actor: Actor, need: HouseholdNeed) -> list[Action]:
    found: list[Action] = []
    for step in need_steps(actor, need):
        row = step.transition
        url = reverse("support:need-step", args=[need.pk, row.action])
        is_main = not found and row.action in {"give", "thank"}
        found.append(Action(row.label, url, is_main=is_main, reason=step.reason))
    return found


def _need_facts(need: HouseholdNeed) -> list[tuple[str, Any]]:
    offer = need.offer
    facts = [
        ("类别", need.kind_label),
        ("数量", amount(need.quantity, need.unit)),
        ("提出日期", formats.day(need.raised_on)),
        ("来源", need.source),
        ("提供方", str(offer) if offer else ""),
        ("认领数量", amount(need.granted, offer.unit or need.unit) if offer else ""),
        ("送达日期", formats.day(need.given_on) if need.given_on else ""),
        ("农户反馈", need.feedback),
        ("备注", need.note),
    ]
    return [(label, value) for label, value in facts if value]


def need_step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    actor = actor_of(request)
    need = _need(actor, pk)
    row, gone = _row(actor, need, action)
    offer = _asked_offer(request, actor) if action == "take" else None
    initial: dict[str, Any] = {"version": need.version, "offer": offer.pk if offer else None}
    if offer is not None and need.unit == offer.unit:
        initial["quantity"] = need.quantity
    form = NeedStepForm(posted(request), row=row, offer=offer, initial=initial)

    def save(given: dict[str, Any]) -> HouseholdNeed:
        if offer is not None:
            given["offer"] = offer
        return take_need_step(actor, need, action, **given)

    about = f"认领“{offer}”。" if offer else ""
    return form_page(
        request,
        form,
        save,
        title=row.label,
        purpose=f"{need.household}的需求“{need.what}”。{about}{row.confirm}",
        submit=row.label,
        back_url=reverse("support:need", args=[pk]),
        done=f"已{row.label}。",
        record=need,
        gone=gone,
    )


def _asked_offer(request: HttpRequest, actor: Actor) -> SocialOffer:
    sent = request.POST if request.method == "POST" else request.GET
    key = sent.get("offer", "")
    if not (key.isascii() and key.isdecimal()):
        raise NotFound("请在需求页上选择要认领的供给。")
    return _offer(actor, int(key[:18]))


def _row(actor: Actor, need: HouseholdNeed, action: str) -> tuple[Transition, str]:
    """The step as a form; where the need has moved on, the step and who was faster."""
    row, gone = need_table().row(need.state, action), ""
    if row is None:
        row = next((each for each in need_table().transitions if each.action == action), None)
        if row is None:
            raise NotFound
        who = faster(need) or "状态已变化"
        gone = f"{who}，现在是“{need.state_label}”，不能再办“{row.label}”。请返回需求核对。"
    require(actor, row.right, need.household.village.path)
    return row, gone


def new_offer(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "support.registers")
    places = Division.objects.filter(
        places_with(actor, "support.registers", "pk"), level__in=("county", "town", "village"),
        valid_to=None,
    ).order_by("code")  # fmt: skip
    save: Callable[[dict[str, Any]], Any] = lambda given: record_offer(actor, **given)  # noqa: E731
    return form_page(
        request,
        OfferForm(posted(request), places=places),
        save,
        title="登记供给",
        purpose="单位、企业或爱心人士愿意提供的帮扶；供给范围内同类的需求会自动列出来。",
        submit="登记供给",
        back_url=reverse("support:offers"),
        done="供给已登记。",
    )


def offer_page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    offer = _offer(actor, pk)
    may_end = offer.ended_on is None and actor.can_at("support.registers", offer.division.path)
    seen: QuerySet[HouseholdNeed] = HouseholdNeed.objects.visible_to(actor)
    context = {
        "offer": offer,
        "state": offer_state(offer),
        "actions": [Action("停止供给", reverse("support:offer-end", args=[pk]))]
        if may_end
        else [],
        "facts": [
            ("提供方", offer.provider), ("联系人", offer.contact), ("类别", offer.kind_label),
            ("总数", amount(offer.quantity, offer.unit) or "不限"),
            ("剩余", amount(offer.left, offer.unit) or "不限"),
            ("供给范围", offer.division.name),
            ("有效期至", formats.day(offer.until) if offer.until else "长期"),
            ("登记", offer.recorded_by_label), ("备注", offer.note),
            ("停止理由", offer.end_reason),
        ],
        "taken": seen.filter(offer=offer).select_related("household__village__parent"),
        "chances": [] if offer.ended_on else chances_of(actor, offer, clock.today()),
    }  # fmt: skip
    return render(request, "support/offer.html", context)


def offer_end(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    offer = _offer(actor, pk)
    require(actor, "support.registers", offer.division.path)
    return form_page(
        request,
        OfferEndForm(posted(request), initial={"version": offer.version}),
        lambda given: end_offer(actor, offer, **given),
        title="停止供给",
        purpose=f"{offer}。停止后不再认领，已认领的照常送达。",
        submit="停止供给",
        back_url=reverse("support:offer", args=[pk]),
        done="供给已停止。",
        record=offer,
    )
