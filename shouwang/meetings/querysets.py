"""Reads of the meetings room: what an actor may see first."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from shouwang.core.actor import Actor

if TYPE_CHECKING:
    from .models import Meeting  # noqa: F401 - named in quotes below


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, actor: Actor, right: str = "meetings.view") -> Self:
        """Meetings of the own divisions; a department's officer sees those of the department."""
        condition = Q(pk__in=[])
        for scope in actor.scopes_with(right):
            own = Q(division__path__startswith=scope.division_path)
            if scope.department is not None:
                own &= Q(department__name=scope.department)
            condition |= own
        return self.filter(condition)

    def counted(self) -> Self:
        return self.filter(voided_at=None)
