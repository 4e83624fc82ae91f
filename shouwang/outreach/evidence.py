"""宣传的佐证材料: photos of an event, signed sheets of a leaflet."""

from typing import Any

from django.urls import reverse

from shouwang.core.actor import Actor
from shouwang.divisions.choices import villages_with
from shouwang.documents.targets import Place, Target

from .models import Leaflet, PublicityEvent


def _found(rows: Any, key: str) -> Any:
    return rows.filter(pk=int(key[:18])).first() if key.isdecimal() else None


def _place(actor: Actor, found: Any, title: str) -> Place | None:
    if found is None:
        return None
    may = actor.can_at("outreach.record", found.division.path)
    closed = "" if may else "您的岗位不登记这里的宣传，只能查看材料。"
    return Place(found.division.path, title, found.get_absolute_url(), closed)


def _event(actor: Actor, key: str) -> Place | None:
    found = _found(PublicityEvent.objects.visible_to(actor).select_related("division"), key)
    return _place(actor, found, "宣传活动")


def _signed(actor: Actor, key: str) -> Place | None:
    """The signed papers of one village: `<leaflet>-<village>`."""
    leaflet_key, _, village_key = key.partition("-")
    leaflet = _found(Leaflet.objects.visible_to(actor), leaflet_key)
    village = _found(villages_with(actor, "outreach.view"), village_key)
    if leaflet is None or village is None:
        return None
    may = actor.can_at("outreach.record", village.path)
    closed = "" if may else "您的岗位不登记这里的发放，只能查看材料。"
    url = reverse("outreach:papers", args=[leaflet.pk, village.code])
    return Place(village.path, f"{village.name}签收表", url, closed)


TARGETS = (
    Target("outreach.event", "宣传活动", _event),
    Target("outreach.signed", "签收表", _signed),
)
