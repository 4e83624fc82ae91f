"""Reads of the evaluations room: what an actor may see first, then the named filters."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from shouwang.core.actor import Actor
from shouwang.registry.querysets import within

if TYPE_CHECKING:
    from .models import Appeal, Round, Scheme, Sheet, Survey  # noqa: F401 - named in quotes below

PUBLIC = ("published", "archived")


def _around(actor: Actor, right: str, prefix: str = "") -> Q:
    """Rows of a county that holds one of the actor's posts, or lies within one."""
    condition = within(actor, right, f"{prefix}division__")
    for scope in actor.scopes_with(right):
        keys = [int(part) for part in scope.division_path.split("/") if part]
        condition |= Q(**{f"{prefix}division__in": keys})
    return condition


def own_sheets(actor: Actor, right: str = "evaluations.view", prefix: str = "") -> Q:
    """Sheets of the own unit: the department's, or those of the own place and below."""
    condition = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        if scope.department is not None:
            condition |= Q(
                **{
                    f"{prefix}department__name": scope.department,
                    f"{prefix}round__division__path__startswith": scope.division_path,
                }
            )
        else:
            condition |= Q(**{f"{prefix}division__path__startswith": scope.division_path})
    return condition


class SchemeQuerySet(models.QuerySet["Scheme"]):
    def visible_to(self, actor: Actor, right: str = "evaluations.view") -> Self:
        """Approved schemes of the own county; drafts to who sees the whole."""
        seen = _around(actor, right) & Q(state__in=("approved", "retired"))
        return self.filter(seen | within(actor, "evaluations.whole", "division__"))


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, actor: Actor, right: str = "evaluations.view") -> Self:
        """Rounds of the own county: that one is running is no secret, its scores are."""
        return self.filter(_around(actor, right))


class SheetQuerySet(models.QuerySet["Sheet"]):
    def visible_to(self, actor: Actor, right: str = "evaluations.view") -> Self:
        """Own sheets with all that is in them; every sheet to who sees the whole."""
        whole = within(actor, "evaluations.whole", "round__division__")
        return self.filter(whole | own_sheets(actor, right))

    def in_league_of(self, actor: Actor) -> Self:
        """Totals and places: own ones, and all of a round that was published."""
        public = _around(actor, "evaluations.view", "round__") & Q(round__state__in=PUBLIC)
        whole = within(actor, "evaluations.whole", "round__division__")
        return self.filter(whole | own_sheets(actor) | public)


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, actor: Actor, right: str = "evaluations.view") -> Self:
        whole = within(actor, "evaluations.whole", "score__sheet__round__division__")
        return self.filter(whole | own_sheets(actor, right, "score__sheet__"))


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, actor: Actor, right: str = "evaluations.whole") -> Self:
        """Samples are not shown to those who are surveyed."""
        return self.filter(within(actor, right, "division__"))
