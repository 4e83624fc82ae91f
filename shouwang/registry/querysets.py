"""Reads of the registry: every one that leaves the server begins with `visible_to`."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from shouwang.core.actor import Actor

if TYPE_CHECKING:
    from .models import Household, Member, QualityFinding, RegistryImport  # noqa: F401 - quoted


def within(actor: Actor, right: str, prefix: str) -> Q:
    """Rows whose division at `prefix` lies in a scope that carries the right; else no row."""
    condition = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        condition |= Q(**{f"{prefix}path__startswith": scope.division_path})
    return condition


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, actor: Actor, right: str = "registry.view") -> Self:
        return self.filter(within(actor, right, "village__"))

    def with_findings(self, **conditions: Any) -> Self:
        """Households that a quality check names, each once."""
        from .models import QualityFinding

        found = QualityFinding.objects.filter(**conditions).values("household")
        return self.filter(pk__in=found)


class MemberQuerySet(models.QuerySet["Member"]):
    def visible_to(self, actor: Actor, right: str = "registry.view") -> Self:
        return self.filter(within(actor, right, "household__village__"))


class ImportQuerySet(models.QuerySet["RegistryImport"]):
    def visible_to(self, actor: Actor) -> Self:
        """Imports concern the county as a whole: who may import sees them all."""
        return self.all() if actor.can("registry.import") else self.none()


class FindingQuerySet(models.QuerySet["QualityFinding"]):
    def visible_to(self, actor: Actor, right: str = "quality.view") -> Self:
        return self.filter(within(actor, right, "household__village__"))
