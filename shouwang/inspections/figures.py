"""自动数 (figures) of the inspections room: problems and coverage under a place."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from django.db.models import Count, Q

from shouwang.core.figures import Counted, Figure, roll_up, share
from shouwang.divisions.models import Division

from .coverage import covered_by
from .models import Problem
from .states import CLOSED
from .terms import terms

Where = Callable[[date], Q]


def _problems(where: Where, paths: Sequence[str], day: date) -> Counted:
    found = Problem.objects.counted().filter(where(day), batch__received_on__lte=day)
    rows = found.values_list("division__path").annotate(Count("pk")).order_by()
    return roll_up(rows, paths)


def _all(day: date) -> Q:
    return Q()


def _signed(day: date) -> Q:
    return Q(state__in=CLOSED)


def _overdue(day: date) -> Q:
    return Q(due_on__lt=day) & ~Q(state__in=CLOSED)


def _rate(paths: Sequence[str], day: date) -> Counted:
    return share(_problems(_signed, paths, day), _problems(_all, paths, day))


def _covered(key: str, paths: Sequence[str], day: date) -> Counted:
    """Percent covered of each county or prefecture asked for; nothing to cover has no value."""
    rule = next((one for one in terms().coverage if one.key == key and one.holds(day)), None)
    found: Counted = {}
    if rule is None:
        return found
    for place in Division.objects.filter(path__in=paths, level=rule.inspector):
        result = covered_by(rule, place, day)
        if result.bodies:
            percent = Decimal(100 * result.done) / len(result.bodies)
            found[place.path] = percent.quantize(Decimal("0.01"))
    return found


FIGURES = (
    Figure("inspections.problems", "整改问题", "个", "登记的问题，误登的不算；按登记的一级计。",
           partial(_problems, _all)),
    Figure("inspections.signed", "已销号问题", "个", "已批准销号的问题。",
           partial(_problems, _signed)),
    Figure("inspections.overdue", "超期未销号问题", "个", "过了整改时限还没有销号的问题。",
           partial(_problems, _overdue)),
    Figure("inspections.signed_rate", "问题销号率", "%", "已销号问题占全部问题的百分比。", _rate),
    *(
        Figure(f"inspections.coverage_{rule.key}", f"{rule.title}覆盖率", "%",
               f"{rule.words}；本期已督查的占比。", partial(_covered, rule.key), has_past=True)
        for rule in terms().coverage
    ),
)  # fmt: skip
