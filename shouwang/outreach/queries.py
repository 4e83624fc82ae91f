"""宣传的清点 (queries): codes and reports by village, who has got a leaflet."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from shouwang.core.actor import Actor
from shouwang.divisions.choices import villages_with
from shouwang.divisions.models import Division
from shouwang.registry.models import Household

from .models import Handout, Leaflet, ReportCode, SelfReport


def villages_with_codes(actor: Actor) -> QuerySet[Any]:
    """Villages in force with the day of their code, and how many reports came in."""
    code = ReportCode.objects.filter(village=OuterRef("pk"), withdrawn_at=None)
    reports = (
        SelfReport.objects.filter(code__village=OuterRef("pk"))
        .order_by()
        .values("code__village")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return (
        villages_with(actor, "outreach.view")
        .filter(valid_to=None)
        .select_related("parent")
        .annotate(code_made=Subquery(code.values("made_at")[:1]), reports=Subquery(reports))
        .order_by("code")
    )


def code_of(village: Division) -> ReportCode | None:
    found: ReportCode | None = ReportCode.objects.filter(village=village, withdrawn_at=None).first()
    return found


def households_of(actor: Actor, leaflet: Leaflet) -> QuerySet[Any]:
    """Households that the leaflet is for, each with whether it has got it."""
    got = Handout.objects.filter(leaflet=leaflet, household=OuterRef("pk"))
    return (
        Household.objects.visible_to(actor, "outreach.view")
        .filter(absent_since=None, village__path__startswith=leaflet.division.path)
        .select_related("village__parent")
        .annotate(
            has_got=Exists(got),
            handed_on=Subquery(got.values("handed_on")[:1]),
            received_by=Subquery(got.values("received_by")[:1]),
        )
        .order_by("village__code", "household_no")
    )


@dataclass(frozen=True)
class Coverage:
    """One village: households, how many have got the leaflet."""

    village: Division
    households: int
    handed: int

    @property
    def missing(self) -> int:
        return self.households - self.handed

    @property
    def percent(self) -> int:
        return 100 * self.handed // self.households if self.households else 100


def coverage(actor: Actor, leaflet: Leaflet) -> list[Coverage]:
    """By village, those with the most households missing first; two queries."""
    own = Household.objects.visible_to(actor, "outreach.view").filter(
        absent_since=None, village__path__startswith=leaflet.division.path
    )
    counts = dict(own.values_list("village").annotate(Count("pk")).order_by())
    handed = dict(
        Handout.objects.filter(leaflet=leaflet, household__absent_since=None)
        .filter(Q(household__in=own))
        .values_list("household__village")
        .annotate(Count("pk"))
        .order_by()
    )
    villages = Division.objects.select_related("parent").in_bulk(list(counts))
    rows = [Coverage(villages[key], n, handed.get(key, 0)) for key, n in counts.items()]
    return sorted(rows, key=lambda row: (-row.missing, row.village.code))
