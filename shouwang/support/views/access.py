"""One record for one person: out of scope it does not exist (404), without the right 403."""

from typing import Any

from django.db.models import QuerySet

from shouwang.core.actor import Actor, require
from shouwang.core.errors import NotFound
from shouwang.divisions.models import Division
from shouwang.registry.models import Household, Member

from ..facts import present_members
from ..models import Industry, Measure


def household_of(actor: Actor, household_no: str, right: str = "support.view") -> Household:
    """A household that the actor may see; with another right also one he may work on."""
    require(actor, "support.view")
    rows: QuerySet[Household] = Household.objects.visible_to(actor, "support.view")
    found = (
        rows.select_related("village__parent")
        .filter(household_no=household_no.replace("\x00", ""))
        .first()
    )
    if found is None:
        raise NotFound("没有找到这一户，编号可能有误，或不在您的管辖范围内。")
    if right != "support.view":
        require(actor, right, found.village.path)
    return found


def measure_of(actor: Actor, pk: int) -> Measure:
    if not actor.can("support.view"):
        require(actor, "support.answer")
    rows = Measure.objects.visible_to(actor)
    found: Measure = one(
        rows.select_related("household__village__parent", "village", "member", "case", "industry"),
        pk=pk,
    )
    return found


def division_of(actor: Actor, pk: int) -> Division:
    """A village, town or county whose duties the actor may see."""
    require(actor, "support.view")
    found: Division = one(Division.objects.visible_to(actor), pk=pk)
    require(actor, "support.view", found.path)
    return found


def own_industries(household: Household) -> list[Industry]:
    """What the household does now, the newest year first."""
    return list(Industry.objects.filter(household=household, ended_on=None))


def one(rows: QuerySet[Any], **which: Any) -> Any:
    found = rows.filter(**which).first()
    if found is None:
        raise NotFound
    return found


def members_of(household: Household) -> list[Member]:
    return present_members(household)
