"""村级台账的清点 (queries): works with their newest test, villages with their grids."""

from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from shouwang.core.actor import Actor
from shouwang.divisions.choices import villages_with
from shouwang.registry.models import Household

from .models import Grid, GridMember, WaterProblem, WaterTest, WaterWorks
from .states import GridRole
from .waterworks import demands, periods


def works_of(actor: Actor) -> QuerySet[Any]:
    """Works with the day and outcome of the newest test, and whether a problem stands open."""
    newest = WaterTest.objects.filter(works=OuterRef("pk")).order_by("-tested_on", "-pk")
    unsolved = WaterProblem.objects.filter(works=OuterRef("pk")).exclude(
        state__in=("closed", "mistaken")
    )
    return (
        WaterWorks.objects.visible_to(actor)
        .select_related("division")
        .annotate(
            last_test=Subquery(newest.values("tested_on")[:1]),
            last_passed=Subquery(newest.values("passed")[:1]),
            has_problem=Exists(unsolved),
        )
        .order_by("last_test", "division__code", "name")
    )


def late_tests(day: date) -> Q:
    """Works whose test of the period before this one is missing; see `waterworks.test_state`."""
    asked = demands()
    now = periods(day, asked.months)
    missing = Q(last_test=None) | Q(last_test__lt=now.before)
    is_new = Q(built_on__isnull=False, built_on__gte=now.begins)
    return Q(kind__in=asked.tested) & missing & ~is_new


def villages_with_grids(actor: Actor) -> QuerySet[Any]:
    """Villages with their households, grids and people; what is missing can be filtered."""
    villages = villages_with(actor, "localities.view").filter(valid_to=None)
    grids = Grid.objects.filter(village=OuterRef("pk"), ended_on=None).order_by()
    people = GridMember.objects.filter(
        grid__village=OuterRef("pk"), grid__ended_on=None, valid_to=None
    ).order_by()

    def counted(rows: QuerySet[Any], by: str) -> Subquery:
        return Subquery(rows.values(by).annotate(n=Count("pk")).values("n"))

    homes = Household.objects.filter(village=OuterRef("pk"), absent_since=None).order_by()
    bare = grids.exclude(
        pk__in=GridMember.objects.filter(valid_to=None, role=GridRole.KEEPER).values("grid")
    )
    return (
        villages.select_related("parent")
        .annotate(
            homes=counted(homes, "village"),
            grid_count=counted(grids, "village"),
            covered=Subquery(grids.values("village").annotate(n=Sum("households")).values("n")),
            keepers=counted(people.filter(role=GridRole.KEEPER), "grid__village"),
            informants=counted(people.filter(role=GridRole.INFORMANT), "grid__village"),
            without_keeper=counted(bare, "village"),
        )
        .order_by("code")
    )


GAPS = {
    "grids": ("没有划分网格", Q(grid_count=None)),
    "keepers": ("有网格没有网格员", Q(without_keeper__gt=0)),
    "informants": ("没有信息员", Q(informants=None)),
}
