"""Reads of the log; the log's own rows can be added, never changed or removed."""

from typing import TYPE_CHECKING, Any, Never, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from shouwang.core.actor import Actor

if TYPE_CHECKING:
    from .models import AuditEntry  # noqa: F401


def _refuse(*args: Any, **kwargs: Any) -> Never:
    from .models import AppendOnlyError

    raise AppendOnlyError("audit records are never changed or removed")


class AppendOnlyQuerySet(models.QuerySet[Any]):
    update = _refuse
    bulk_update = _refuse
    delete = _refuse


class EntryQuerySet(models.QuerySet["AuditEntry"]):
    update = _refuse
    bulk_update = _refuse
    delete = _refuse

    def visible_to(self, actor: Actor) -> Self:
        """Entries of the places in scope; those of no place concern whoever watches the log."""
        scopes = actor.scopes_with("audit.view")
        if not scopes:
            return self.none()
        condition = Q(division_path="")
        for scope in scopes:
            condition |= Q(division_path__startswith=scope.division_path)
        return self.filter(condition)

    def about(self, target_type: str, target_id: object) -> Self:
        return self.filter(target_type=target_type, target_id=str(target_id))

    def without_seal(self) -> Self:
        from .models import AuditSeal

        return self.filter(~Exists(AuditSeal.objects.filter(entry=OuterRef("pk"))))

    def with_sequence(self) -> Self:
        """Add `sequence`, the number in the chain; None while the seal is still to come."""
        from .models import AuditSeal

        seals = AuditSeal.objects.filter(entry=OuterRef("pk"))
        return self.annotate(sequence=Subquery(seals.values("sequence")[:1]))
