"""明白纸: made once a household, printed and handed over with the name of who received it."""

import uuid
from datetime import date

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.documents.personal import found_in
from shouwang.registry.models import Household

from ..models import PolicyCard
from .writing import audited, not_future, reach, text


def card_for(actor: Actor, household: Household) -> PolicyCard:
    """The household's card; made when it is first asked for."""
    reach(actor, household, "support.view")
    known: PolicyCard | None = PolicyCard.objects.filter(household=household).first()
    if known is None:
        given = {"made_at": clock.now(), "token": plain_token()}
        known, _ = PolicyCard.objects.get_or_create(household=household, defaults=given)
    if found_in(str(known.token)):  # its code was never drawn, so no paper carries it
        known.token = plain_token()
        known.save(update_fields=["token"])
    return known


def plain_token() -> uuid.UUID:
    """A token in which no reader can see a phone or account number where there is none."""
    while True:
        token = uuid.uuid4()
        if not found_in(str(token)):
            return token


def note_print(actor: Actor, card: PolicyCard) -> PolicyCard:
    """A sheet with the household's measures leaves on paper: that is noted."""
    reach(actor, card.household, "support.view")
    with transaction.atomic():
        card.printed_at = clock.now()
        card.save(update_fields=["printed_at"])
        audited(actor, "card.printed", card.household, "打印明白纸")
    return card


def hand_over(actor: Actor, card: PolicyCard, *, handed_on: date, received_by: str) -> PolicyCard:
    reach(actor, card.household, "support.plan")
    with transaction.atomic():
        card.handed_on = not_future(handed_on, "发放日期")
        card.handed_by_label = actor.label[:120]
        card.received_by = text(received_by, "签收人", 40, required=True)
        card.save(update_fields=["handed_on", "handed_by_label", "received_by"])
        audited(actor, "card.handed", card.household, "发放明白纸")
    return card
