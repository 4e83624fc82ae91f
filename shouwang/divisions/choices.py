"""乡镇和村的选项: the towns and villages by which a person may narrow a list."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from shouwang.core.actor import Actor
from shouwang.core.requests import actor_of

from .levels import Level
from .models import Division

Choices = list[tuple[str, str]]


def villages_with(actor: Actor, right: str) -> QuerySet[Division]:
    """The villages within those posts of the actor that carry the right."""
    inside = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        inside |= Q(path__startswith=scope.division_path)
    return Division.objects.filter(inside, level=Level.VILLAGE)


def towns_with(actor: Actor, right: str) -> QuerySet[Division]:
    """The towns that hold such a village."""
    return Division.objects.filter(pk__in=villages_with(actor, right).values("parent"))


def town_choices(request: HttpRequest, right: str) -> Choices:
    return listed(towns_with(actor_of(request), right))


def villages_asked(request: HttpRequest, right: str) -> QuerySet[Division]:
    """The villages of the town that the request has chosen, or all; a town may be anything that
    somebody typed into an address."""
    villages = villages_with(actor_of(request), right).order_by("code")
    town = request.GET.get("town", "").replace("\x00", "")
    return villages.filter(parent__code=town) if town else villages


def village_choices(request: HttpRequest, right: str) -> Choices:
    return listed(villages_asked(request, right))


def offer_places(filterset: Any, right: str) -> None:
    """Fill the conditions 乡镇 and 村 of a list, as far as it has them."""
    for name, choices in (("town", town_choices), ("village", village_choices)):
        if filterset.request is not None and name in filterset.filters:
            filterset.filters[name].extra["choices"] = choices(filterset.request, right)


def listed(places: QuerySet[Division]) -> Choices:
    return list(places.order_by("code").values_list("code", "name"))
