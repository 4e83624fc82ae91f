"""Reads of the registry: every one that leaves the server begins with `visible_to`."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from shouwang.core.actor import Actor

if TYPE_CHECKING:
    from .models import Household, Member, QualityFinding, RegistryImport

    HouseholdBase = models.QuerySet[Household]
    MemberBase = models.QuerySet[Member]
    FindingBase = models.QuerySet[QualityFinding]
    ImportBase = models.QuerySet[RegistryImport]
else:
    HouseholdBase = MemberBase = FindingBase = ImportBase = models.QuerySet


def within(actor: Actor, right: str, prefix: str) -> Q:
    """Rows whose division at `prefix` lies in a scope that carries the right; else no row."""
    condition = Q(pk__in=[])
    for scope in actor.scopes_with(right):
        condition |= Q(**{f"{prefix}path__startswith": scope.division_path})
    return condition


class HouseholdQuerySet(HouseholdBase):
    def visible_to(self, actor: Actor, right: str = "registry.view") -> Self:
        return self.filter(within(actor, right, "village__"))

    def with_findings(self, **conditions: Any) -> Self:
        """Households that a quality check names, each once."""
        from .models import QualityFinding

        found = QualityFinding.objects.filter(**conditions).values("household")
        return self.filter(pk__in=found)


class MemberQuerySet(MemberBase):
    def visible_to(self, actor: Actor, right: str = "registry.view") -> Self:
        return self.filter(within(actor, right, "household__village__"))


class ImportQuerySet(ImportBase):
    def visible_to(self, actor: Actor) -> Self:
        """Imports concern the county as a whole: who may import sees them all."""
        return self.all() if actor.can("registry.import") else self.none()


class FindingQuerySet(FindingBase):
    def visible_to(self, actor: Actor, right: str = "quality.view") -> Self:
        return self.filter(within(actor, right, "household__village__"))
