"""查找农户 (search): by name, pinyin, national number, ID number, phone or village; always scoped.

ID numbers and phones are looked up by keyed hash; what was typed goes no further than this module.
"""

import unicodedata
from dataclasses import dataclass

from django.db import connection
from django.db.models import Case, IntegerField, Q, Value, When
from django.urls import reverse

from shouwang.core import crypto
from shouwang.core.actor import Actor
from shouwang.core.components import SearchGroup, SearchHit
from shouwang.divisions.models import Division
from shouwang.engine.cleaning.identity import normalise_id, valid_number

from .models import Household, Member, NameSpelling
from .querysets import HouseholdQuerySet, MemberQuerySet

LONGEST = 60
LAST_CHARACTER = "\U0010ffff"
MOST_SPELLINGS = 500
HEAD = "户主"


@dataclass(frozen=True)
class Found:
    """People, households and villages that answer a search, best first."""

    members: list[Member]
    households: list[Household]
    villages: list[Division]

    def __bool__(self) -> bool:
        return bool(self.members or self.households or self.villages)


def begins_with(field: str, text: str) -> Q:
    """A prefix condition that uses the index: LIKE does on PostgreSQL, a range on SQLite."""
    if connection.vendor == "postgresql":
        return Q(**{f"{field}__startswith": text})
    return Q(**{f"{field}__gte": text, f"{field}__lt": text + LAST_CHARACTER})


def find(actor: Actor, text: str, *, limit: int = 8) -> Found:
    """What the actor may see of what was asked for."""
    text = unicodedata.normalize("NFKC", text).replace("\x00", "").strip()[:LONGEST]
    if not text or not actor.can("registry.view"):
        return Found([], [], [])
    members = MemberQuerySet(Member).visible_to(actor).select_related("household__village")
    return Found(
        members=list(_ranked(members, text)[:limit]) if _conditions(text) else [],
        households=list(_households(actor, text)[:limit]),
        villages=list(_villages(actor, text)[:limit]),
    )


def members_matching(actor: Actor, text: str) -> MemberQuerySet:
    """All visible people that a search text means, for the list page."""
    return MemberQuerySet(Member).visible_to(actor).filter(_conditions(text) or Q(pk__in=[]))


def _conditions(text: str) -> Q | None:
    """The one condition that this text can mean for a person."""
    text = text.strip()
    number = normalise_id(text)
    if _is_id(number):
        return Q(id_hash=crypto.provider().digest(valid_number(number) or number))
    compact = number.replace(" ", "")
    if compact.isascii() and compact.isdigit():
        if len(compact) == 11:
            return Q(phone_hash=crypto.provider().digest(compact)) | begins_with(
                "person_no", compact
            )
        return begins_with("person_no", compact) if len(compact) >= 4 else None
    if compact.isascii() and compact.isalpha():
        return Q(name_key__in=_names_spelled(compact.lower()))
    name = "".join(text.split())
    return begins_with("name_key", name) if name else None


def _is_id(number: str) -> bool:
    """15, 18 or more characters of an ID number or disability card, right or wrong."""
    body = number[:-1] if number.endswith("X") else number
    return body.isascii() and body.isdigit() and len(number) in (15, 16, 17, 18, 19, 20, 22)


def _names_spelled(letters: str) -> list[str]:
    found = NameSpelling.objects.filter(
        begins_with("initials", letters) | begins_with("pinyin", letters)
    )
    return list(found.order_by("initials").values_list("name_key", flat=True)[:MOST_SPELLINGS])


def _ranked(members: MemberQuerySet, text: str) -> MemberQuerySet:
    """The exact name first, heads of households before others."""
    condition = _conditions(text)
    assert condition is not None
    name = "".join(text.split())
    return (
        members.filter(condition)
        .annotate(
            rank=Case(
                When(name_key=name, relation=HEAD, then=Value(0)),
                When(name_key=name, then=Value(1)),
                When(relation=HEAD, then=Value(2)),
                default=Value(3),
                output_field=IntegerField(),
            )
        )
        .order_by("rank", "name_key", "household_id", "pk")
    )


def _households(actor: Actor, text: str) -> HouseholdQuerySet:
    digits = normalise_id(text)
    if not (digits.isascii() and digits.isdigit() and len(digits) >= 4) or len(digits) > 14:
        return HouseholdQuerySet(Household).none()
    condition = begins_with("household_no", digits)
    if len(digits) == 11:
        condition |= Q(phone_hash=crypto.provider().digest(digits))
    return (
        HouseholdQuerySet(Household)
        .visible_to(actor)
        .filter(condition)
        .select_related("village")
        .order_by("household_no")
    )


def _villages(actor: Actor, text: str) -> list[Division]:
    if _is_id(normalise_id(text)):
        return []
    found = Division.objects.visible_to(actor, "registry.view").current()
    return list(found.filter(level="village").matching(text).select_related("parent")[:8])


def suggestions(actor: Actor, text: str, *, limit: int = 8) -> list[SearchGroup]:
    """The groups under the search box; names and numbers, never an ID number."""
    found = find(actor, text, limit=limit)
    groups = []
    if found.members:
        groups.append(SearchGroup("人员", tuple(map(_member_hit, found.members))))
    if found.households:
        groups.append(SearchGroup("农户", tuple(map(_household_hit, found.households))))
    if found.villages:
        groups.append(SearchGroup("行政村", tuple(map(_village_hit, found.villages))))
    return groups


def household_url(household_no: str) -> str:
    return reverse("registry:household", args=[household_no])


def _member_hit(member: Member) -> SearchHit:
    household = member.household
    detail = (
        f"{household.village.name} · {member.relation or '关系不详'} · 户 {household.household_no}"
    )
    url = household_url(household.household_no)
    return SearchHit(member.name, f"{url}#member-{member.pk}", detail, "user")


def _household_hit(household: Household) -> SearchHit:
    detail = f"{household.village.name} · 户 {household.household_no}"
    return SearchHit(str(household), household_url(household.household_no), detail, "home-2")


def _village_hit(village: Division) -> SearchHit:
    town = village.parent.name if village.parent else ""
    return SearchHit(
        village.name, f"{reverse('registry:households')}?village={village.pk}", town, "map-pin"
    )
