"""自动数 (figures) of the low-income register: people and households on the lists of a day."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q

from shouwang.core.figures import Counted, Figure, roll_up

from .models import TierTag


def _tags(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))


def _people(paths: Sequence[str], day: date) -> Counted:
    rows = TierTag.objects.filter(_tags(day)).values_list("household__village__path")
    return roll_up(rows.annotate(Count("member", distinct=True)).order_by(), paths)


def _households(paths: Sequence[str], day: date) -> Counted:
    rows = TierTag.objects.filter(_tags(day)).values_list("household__village__path")
    return roll_up(rows.annotate(Count("household", distinct=True)).order_by(), paths)


FIGURES = (
    Figure("assistance.people", "低收入人口", "人", "民政名单当天还在册的人，不重复计。",
           _people, True),
    Figure("assistance.households", "低收入家庭", "户", "有在册人员的户，不重复计。",
           _households, True),
)  # fmt: skip
