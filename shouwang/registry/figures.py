"""自动数 (figures) of the registry: households and people under a place."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count

from shouwang.core.figures import Counted, Figure, roll_up

from .models import Household, Member


def _households(paths: Sequence[str], day: date) -> Counted:
    rows = Household.objects.values_list("village__path").annotate(Count("pk")).order_by()
    return roll_up(rows, paths)


def _people(paths: Sequence[str], day: date) -> Counted:
    rows = Member.objects.values_list("household__village__path").annotate(Count("pk")).order_by()
    return roll_up(rows, paths)


FIGURES = (
    Figure(
        "registry.households", "农户数", "户", "档案里的全部农户，按最近一次导入。", _households
    ),
    Figure("registry.people", "农村人口", "人", "档案里的全部成员，按最近一次导入。", _people),
)
