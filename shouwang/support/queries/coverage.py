"""四个全覆盖 (coverage): for each village whether leader, unit, team and contacts are there."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from shouwang.core.actor import Actor
from shouwang.divisions.models import Division
from shouwang.divisions.queries import ancestors

from ..models import Duty, Pairing
from ..states import COVERED, DutyKind
from .helped import helped, unpaired


@dataclass(frozen=True)
class VillageCoverage:
    """One village: who stands for it by kind, and how many of its households have a contact."""

    village: Division
    duties: dict[str, str]
    households: int
    unpaired: int

    @property
    def is_whole(self) -> bool:
        return self.unpaired == 0 and all(kind.value in self.duties for kind in COVERED)

    @property
    def missing(self) -> list[str]:
        words = [kind.label for kind in COVERED if kind.value not in self.duties]
        return words + ([f"{self.unpaired} 户没有联系人"] if self.unpaired else [])


def standing_duties(divisions: Sequence[int]) -> dict[int, dict[str, str]]:
    """By division: kind → names."""
    found: dict[int, dict[str, str]] = {}
    for duty in Duty.objects.filter(division__in=divisions, valid_to=None).order_by("pk"):
        own = found.setdefault(duty.division_id, {})
        own[duty.kind] = "、".join(filter(None, (own.get(duty.kind), duty.name)))
    return found


def coverage(actor: Actor, villages: QuerySet[Division]) -> list[VillageCoverage]:
    """The actor's villages with households under help; what stands for a town holds in its
    villages, and what stands for the county in all."""
    cases = helped(actor)
    counts = dict(cases.order_by().values_list("village").annotate(count=Count("pk")))
    lacking = dict(unpaired(cases).order_by().values_list("village").annotate(count=Count("pk")))
    places = list(villages.filter(pk__in=list(counts)).select_related("parent"))
    above = {key for place in places for key in place.ancestor_keys()}
    duties = standing_duties([*above, *counts])
    found = []
    for place in places:
        own: dict[str, str] = {}
        for key in (*place.ancestor_keys(), place.pk):
            own |= duties.get(key, {})
        found.append(VillageCoverage(place, own, counts[place.pk], lacking.get(place.pk, 0)))
    return sorted(found, key=lambda one: (one.is_whole, one.village.code))


@dataclass(frozen=True)
class Link:
    """One link of the chain of responsibility of a household."""

    label: str
    name: str
    detail: str = ""


def chain_of(village: Division, pairings: Sequence[Pairing]) -> list[Link]:
    """责任链: county leader, unit, town officer, team, contact; what is missing is said."""
    keys = [*(division.pk for division in ancestors(village)), village.pk]
    duties = list(Duty.objects.filter(division__in=keys, valid_to=None).select_related("division"))
    links = []
    for kind in DutyKind:
        own = [duty for duty in duties if duty.kind == kind.value]
        own.sort(key=lambda duty: keys.index(duty.division_id))
        nearest = [duty for duty in own if duty.division_id == own[-1].division_id] if own else []
        names = "、".join(duty.name for duty in nearest)
        detail = "、".join(filter(None, (duty.unit for duty in nearest)))
        links.append(Link(kind.label, names, detail))
    contacts = [pairing for pairing in pairings if pairing.valid_to is None]
    links.append(
        Link(
            "帮扶联系人",
            "、".join(pairing.name for pairing in contacts),
            "、".join(filter(None, (pairing.unit for pairing in contacts))),
        )
    )
    return links
