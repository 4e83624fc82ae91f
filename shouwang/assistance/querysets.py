"""Reads of the assistance room: what an actor may see first, then the named filters."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.module_loading import import_string

from shouwang.core.actor import Actor
from shouwang.registry.models import Household, Member
from shouwang.registry.querysets import within

from .states import Side

if TYPE_CHECKING:
    from .models import HouseholdTier, Referral, TierTag  # noqa: F401 - named in quotes below

LABOUR = ("普通劳动力", "技能劳动力", "弱劳动力或半劳动力")
"""劳动技能 of a person who counts as labour; weak or half included (monitoring.md §5.1)."""


class TierTagQuerySet(models.QuerySet["TierTag"]):
    def visible_to(self, actor: Actor, right: str = "assistance.view") -> Self:
        return self.filter(within(actor, right, "household__village__"))

    def on(self, day: date) -> Self:
        """Tags in force on a day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)

    def current(self) -> Self:
        """Tags that the newest list still carries."""
        return self.filter(valid_to=None)


class HouseholdTierQuerySet(models.QuerySet["HouseholdTier"]):
    def visible_to(self, actor: Actor, right: str = "assistance.view") -> Self:
        return self.filter(within(actor, right, "household__village__"))


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, actor: Actor, right: str = "assistance.view") -> Self:
        return self.filter(within(actor, right, "household__village__"))


def monitored() -> Q:
    """Households whose risk the national register has not marked as eliminated, and those that
    casework here monitors already (SHOUWANG_MONITORED_HOUSEHOLDS: a query of their keys); without
    those that have left here though it still names them (SHOUWANG_LEFT_HOUSEHOLDS)."""
    registered = Q(monitor_class__gt="") & (Q(eliminated=None) | ~Q(eliminated="是"))
    if left := getattr(settings, "SHOUWANG_LEFT_HOUSEHOLDS", ""):
        registered &= ~Q(pk__in=import_string(left)())
    dotted = getattr(settings, "SHOUWANG_MONITORED_HOUSEHOLDS", "")
    return registered | Q(pk__in=import_string(dotted)()) if dotted else registered


def with_labour() -> Exists:
    """Whether any present member counts as labour."""
    return Exists(
        Member.objects.filter(household=OuterRef("pk"), absent_since=None, labour__in=LABOUR)
    )


def on_side(actor: Actor, side: str) -> QuerySet[Household]:
    """Households of the actor's scope in both registers, or only in one of them."""
    seen: QuerySet[Household] = Household.objects.visible_to(actor, "assistance.view")
    seen = seen.filter(absent_since=None)
    conditions = {
        Side.BOTH.value: monitored() & Q(low_income__isnull=False),
        Side.CIVIL_ONLY.value: ~monitored() & Q(low_income__isnull=False),
        Side.MONITORED_ONLY.value: monitored() & Q(low_income__isnull=True),
    }
    return seen.filter(conditions[side])
