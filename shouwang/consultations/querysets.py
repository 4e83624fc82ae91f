"""Reads of the consultations room: what an actor may see first."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from shouwang.cases.querysets import places_with
from shouwang.core import clock
from shouwang.core.actor import Actor

if TYPE_CHECKING:
    from .models import Comment, Consultation  # noqa: F401 - named in quotes below

RIGHT = "consultations.view"
TOLD = ("open", "sorting", "published")
"""What those who only answer or look on get to see; a draft is its makers' own."""


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Of the own place and of those above it; departments see those that they are asked."""
        told = places_with(actor, RIGHT, "division")
        for scope in actor.scopes_with(RIGHT):
            told |= Q(division__in=[int(key) for key in scope.division_path.split("/") if key])
        asked = Q(pk__in=[])
        for scope in actor.scopes_with("consultations.answer"):
            if scope.department:
                inside = Q(division__path__startswith=scope.division_path)
                asked |= inside & Q(units__department__name=scope.department)
        manage = places_with(actor, "consultations.manage", "division")
        return self.filter(((told | asked) & Q(state__in=TOLD)) | manage).distinct()

    def for_the_public(self) -> Self:
        """From the first day on; before it the draft is not told."""
        begun = Q(opens_on__lte=clock.today())
        return self.filter(begun, audience="public", state__in=TOLD)


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, actor: Actor) -> Self:
        """The county sees all; a town or a department what it said itself."""
        seen = Q(pk__in=[])
        for scope in actor.scopes_with(RIGHT):
            seen |= Q(consultation__division__path__startswith=scope.division_path)
        for scope in actor.scopes_with("consultations.answer"):
            if scope.department:
                seen |= Q(
                    consultation__division__path__startswith=scope.division_path,
                    department__name=scope.department,
                )
            else:
                seen |= Q(division__path__startswith=scope.division_path)
        return self.filter(seen)
