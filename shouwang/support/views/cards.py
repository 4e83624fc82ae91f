"""明白纸 (policy card): a page and a sheet of one household, with a code that leads back."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action
from shouwang.core.errors import NotFound
from shouwang.core.requests import actor_of
from shouwang.documents.codes import svg

from ..forms import HandOverForm
from ..models import PolicyCard
from ..operations import card_for, hand_over, note_print
from ..operations.pairing import phone_of
from ..queries.plans import Card, Plan, card_of, plan_of
from .access import household_of, one
from .posting import form_page, posted


@dataclass(frozen=True)
class Contact:
    """Who helps, with the number that the household may call."""

    name: str
    unit: str
    post: str
    phone: str


def card_of_household(request: HttpRequest, household_no: str) -> HttpResponse:
    """The way from the household's page to its card; makes the card when it is first asked for."""
    actor = actor_of(request)
    card = card_for(actor, household_of(actor, household_no))
    return redirect("support:card", token=card.token)


def _card(actor: Actor, token: UUID) -> PolicyCard:
    require(actor, "support.view")
    found: PolicyCard = one(
        PolicyCard.objects.visible_to(actor).select_related("household__village__parent"),
        token=token,
    )
    return found


def _content(plan: Plan) -> Card:
    contacts = [Contact(one.name, one.unit, one.post, phone_of(one)) for one in plan.contacts]
    return card_of(plan, contacts)


def _for_anybody(request: HttpRequest, token: UUID) -> HttpResponse:
    """Who scans the sheet without an account is led to the village's page; the household is never
    drawn, only its village is read."""
    card = PolicyCard.objects.select_related("household__village").filter(token=token).first()
    if card is None:
        raise NotFound("没有这个二维码，请到村委会询问。")
    shown: HttpResponse = import_string(settings.SHOUWANG_PUBLIC_CARD)(
        request, card.household.village
    )
    return shown


@login_not_required
@never_cache
def card_page(request: HttpRequest, token: UUID) -> HttpResponse:
    if not request.user.is_authenticated:
        return _for_anybody(request, token)
    actor = actor_of(request)
    card = _card(actor, token)
    household = card.household
    actions = [Action("打印", reverse("support:card-print", args=[token]), "printer", is_main=True)]
    if actor.can_at("support.plan", household.village.path):
        actions.append(Action("登记发放", reverse("support:card-hand", args=[token]), "check"))
    context = {
        "card": card, "content": _content(plan_of(household)), "household": household,
        "actions": actions,
        "household_url": reverse("support:household", args=[household.household_no]),
        "code": svg(_address(request, token)),
    }  # fmt: skip
    return render(request, "support/card.html", context)


def _address(request: HttpRequest, token: UUID) -> str:
    """What the code holds: the card for who may see it, the village's public page for others."""
    return request.build_absolute_uri(reverse("support:card", args=[token]))


@never_cache
def card_print(request: HttpRequest, token: UUID) -> HttpResponse:
    """The sheet on paper."""
    actor = actor_of(request)
    card = _card(actor, token)
    note_print(actor, card)
    context = {
        "card": card, "content": _content(plan_of(card.household)), "household": card.household,
        "maker": actor.label, "today": clock.today(), "code": svg(_address(request, token)),
        "back_url": reverse("support:card", args=[token]),
    }  # fmt: skip
    return render(request, "support/card_print.html", context)


def card_hand(request: HttpRequest, token: UUID) -> HttpResponse:
    actor = actor_of(request)
    card = _card(actor, token)
    require(actor, "support.plan", card.household.village.path)
    return form_page(
        request,
        HandOverForm(posted(request), initial={"received_by": card.household.head_name}),
        lambda given: hand_over(actor, card, **given),
        title="登记明白纸发放",
        purpose=f"{card.household}收到明白纸的日期和签收人。",
        submit="登记发放",
        back_url=reverse("support:card", args=[token]),
        done="发放已登记。",
    )
