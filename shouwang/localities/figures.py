"""自动数 (figures) of localities: works tested and late, grids that have a keeper."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Max, Q

from shouwang.core.figures import Counted, Figure, roll_up

from .models import Grid, GridMember, WaterProblem, WaterWorks
from .queries import late_tests
from .states import GridRole


def _late(paths: Sequence[str], day: date) -> Counted:
    """Works whose test is missing; they stand at the place that runs them."""
    found = WaterWorks.objects.annotate(last_test=Max("tests__tested_on")).filter(late_tests(day))
    return roll_up(((path, 1) for path in found.values_list("division__path", flat=True)), paths)


def _problems(paths: Sequence[str], day: date) -> Counted:
    rows = WaterProblem.objects.unsolved().values_list("works__division__path")
    return roll_up(rows.annotate(Count("pk")).order_by(), paths)


def _kept(paths: Sequence[str], day: date) -> Counted:
    held = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))
    keepers = GridMember.objects.filter(held, role=GridRole.KEEPER).values("grid")
    rows = Grid.objects.filter(pk__in=keepers, ended_on=None).values_list("village__path")
    return roll_up(rows.annotate(Count("pk")).order_by(), paths)


FIGURES = (
    Figure("localities.tests_late", "水质超期未检工程", "处", "上一期没有检测的饮水工程。", _late),
    Figure("localities.water_problems", "饮水工程未销号问题", "个", "按今天。", _problems),
    Figure("localities.grids_kept", "有网格员的网格", "个", "当天有网格员的网格。", _kept),
)
