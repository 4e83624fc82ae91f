"""供需对接的读取: offers for a need with their reasons, needs for an offer, needs nobody meets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from shouwang.core.actor import Actor

from ..matching import Match, Offered, Wanted, match, matches
from ..models import HouseholdNeed, SocialOffer

LEVEL_WORDS = {"county": "全县", "town": "全镇", "village": "本村"}


@dataclass(frozen=True)
class Chance:
    """An offer beside a need, or a need beside an offer."""

    need: HouseholdNeed
    offer: SocialOffer
    match: Match


def wanted_of(need: HouseholdNeed) -> Wanted:
    path = need.household.village.path
    return Wanted(need.kind, need.what, need.quantity, need.unit, path)


def offered_of(offer: SocialOffer) -> Offered:
    place = offer.division
    words = f"{place.name}（{LEVEL_WORDS.get(place.level, place.name)}）"
    return Offered(
        offer.pk, offer.kind, offer.what, offer.left, offer.unit, words, place.path, offer.until,
        offer.ended_on is not None,
    )  # fmt: skip


def match_of(need: HouseholdNeed, offer: SocialOffer, today: date) -> Match | None:
    if need.kind != offer.kind:
        return None
    return match(wanted_of(need), offered_of(offer), today)


def chances_for(actor: Actor, need: HouseholdNeed, today: date) -> list[Chance]:
    """Every offer of the kind that the actor may see, the most suitable first."""
    rows = SocialOffer.objects.visible_to(actor).filter(kind=need.kind, ended_on=None)
    offers = {one.pk: one for one in rows.select_related("division")}
    found = matches(wanted_of(need), map(offered_of, offers.values()), today)
    return [Chance(need, offers[one.key], one) for one in found]


def chances_of(actor: Actor, offer: SocialOffer, today: date) -> list[Chance]:
    """The open needs that this offer can meet, the longest waiting first."""
    rows: QuerySet[HouseholdNeed] = HouseholdNeed.objects.visible_to(actor)
    rows = rows.filter(
        state="open", kind=offer.kind, household__village__path__startswith=offer.division.path
    )
    found = []
    for need in rows.select_related("household__village__parent")[:50]:
        one = match_of(need, offer, today)
        if one is not None and one.fits:
            found.append(Chance(need, offer, one))
    return found


def with_chance(rows: QuerySet[Any], today: date) -> QuerySet[Any]:
    """Needs with `has_offer`: whether anything can be taken for them; one question for a list."""
    suiting = SocialOffer.objects.filter(
        Q(until=None) | Q(until__gte=today),
        Q(left=None) | Q(left__gt=0),
        kind=OuterRef("kind"),
        ended_on=None,
    ).annotate(
        village_path=ExpressionWrapper(
            OuterRef("household__village__path"), output_field=CharField()
        )
    )
    here = suiting.filter(village_path__startswith=F("division__path"))
    found: QuerySet[Any] = rows.annotate(has_offer=Exists(here))
    return found


def needs_of(household: Any) -> Sequence[HouseholdNeed]:
    return list(HouseholdNeed.objects.filter(household=household).select_related("offer"))
