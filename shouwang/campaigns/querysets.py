"""Reads of the campaigns room: what an actor may see first, then the named filters."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from shouwang.core.actor import Actor
from shouwang.registry.querysets import within

if TYPE_CHECKING:
    from .models import Bulletin, Dossier, Sweep, SweepItem  # noqa: F401 - named in quotes below


def touching(actor: Actor, right: str) -> Q:
    """Rows of a division that lies within a scope of the actor, or that holds one."""
    condition = within(actor, right, "division__")
    for scope in actor.scopes_with(right):
        keys = [int(part) for part in scope.division_path.split("/") if part]
        condition |= Q(division__in=keys)
    return condition


class SweepQuerySet(models.QuerySet["Sweep"]):
    def visible_to(self, actor: Actor, right: str = "campaigns.view") -> Self:
        """Sweeps of the own place and those of a higher level that reach it."""
        return self.filter(touching(actor, right))


class SweepItemQuerySet(models.QuerySet["SweepItem"]):
    def visible_to(self, actor: Actor, right: str = "campaigns.view") -> Self:
        return self.filter(within(actor, right, "village__"))

    def waiting(self) -> Self:
        return self.filter(state="todo")


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, actor: Actor, right: str = "campaigns.view") -> Self:
        return self.filter(within(actor, right, "village__"))

    def unsolved(self) -> Self:
        return self.exclude(state__in=("closed", "mistaken"))

    def late(self, on: date) -> Self:
        return self.unsolved().filter(due_on__lt=on)


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    def visible_to(self, actor: Actor, right: str = "campaigns.bulletins") -> Self:
        """Drafts to who may write them; issued and recalled ones to every place they reach.

        A department sees the kinds in which departments stand.
        """
        from .bulletin_kinds import all_kinds

        drafts = within(actor, "campaigns.manage", "division__") | within(
            actor, "campaigns.issue", "division__"
        )
        seen = touching(actor, right) & ~Q(state="draft")
        if all(scope.department is not None for scope in actor.scopes_with(right)):
            seen &= Q(kind__in=[one.key for one in all_kinds().values() if one.is_for_departments])
        return self.filter(seen | drafts)
