"""Reads of the room: every one that leaves the server begins with `visible_to`."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from shouwang.core.actor import Actor

if TYPE_CHECKING:
    from .models import Attachment, LetterTemplate  # noqa: F401 - quoted


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, actor: Actor, right: str = "documents.view") -> Self:
        """Files of the places in scope; whether the record itself may be seen its room says."""
        condition = Q(pk__in=[])
        for scope in actor.scopes_with(right):
            condition |= Q(division_path__startswith=scope.division_path)
        return self.filter(condition)

    def of(self, target_type: str, target_id: object) -> Self:
        return self.filter(target_type=target_type, target_id=str(target_id))

    def in_force(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)


class TemplateQuerySet(models.QuerySet["LetterTemplate"]):
    def visible_to(self, actor: Actor, right: str = "documents.letters") -> Self:
        """The templates of the counties in scope."""
        condition = Q(pk__in=[])
        for scope in actor.scopes_with(right):
            condition |= Q(county__path__startswith=scope.division_path)
        return self.filter(condition)
