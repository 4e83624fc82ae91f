"""自动数 (figures) of campaigns: households checked, problems unsolved, late and signed off."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from django.db.models import Count, Q

from shouwang.core.figures import Counted, Figure, roll_up

from .kinds import kinds
from .models import Dossier, SweepItem

Where = Callable[[date], Q]
SOLVED = ("closed", "mistaken")


def _dossiers(where: Where, paths: Sequence[str], day: date) -> Counted:
    rows = Dossier.objects.filter(where(day)).values_list("village__path")
    return roll_up(rows.annotate(Count("pk")).order_by(), paths)


def _closed(day: date) -> Q:
    return Q(state="closed", closed_on__gte=date(day.year, 1, 1), closed_on__lte=day)


def _unsolved(day: date) -> Q:
    return ~Q(state__in=SOLVED)


def _late(day: date) -> Q:
    return _unsolved(day) & Q(due_on__lt=day)


def _of_kind(key: str, where: Where, day: date) -> Q:
    return where(day) & Q(kind=key)


def _checked(paths: Sequence[str], day: date) -> Counted:
    """Households at whose door a sweep of the year was; each once."""
    found = SweepItem.objects.filter(
        state="done", visited_on__gte=date(day.year, 1, 1), visited_on__lte=day
    )
    rows = found.values_list("village__path").annotate(Count("household", distinct=True))
    return roll_up(rows.order_by(), paths)


def _by_kind() -> tuple[Figure, ...]:
    """Each kind of problem: what is left, and what was signed off in the year."""
    found = []
    for kind in kinds().values():
        found.append(
            Figure(
                f"campaigns.{kind.key}_left", f"{kind.title}未解决", "个",
                f"{kind.title}问题里没有销号的，按今天。",
                partial(_dossiers, partial(_of_kind, kind.key, _unsolved)),
            )
        )  # fmt: skip
        found.append(
            Figure(
                f"campaigns.{kind.key}_closed", f"{kind.title}当年销号", "个",
                f"{kind.title}问题当年销号的。",
                partial(_dossiers, partial(_of_kind, kind.key, _closed)), True,
            )
        )  # fmt: skip
    return tuple(found)


FIGURES = (
    Figure("campaigns.checked", "当年排查户", "户", "当年集中排查登记过结果的户。", _checked, True),
    Figure(
        "campaigns.unsolved", "未解决的问题", "个", "没有销号的三保障和饮水问题，按今天。",
        partial(_dossiers, _unsolved),
    ),
    Figure(
        "campaigns.late", "超期的问题", "个", "解决期限已过没有销号的问题，按今天。",
        partial(_dossiers, _late),
    ),
    Figure(
        "campaigns.closed", "当年销号问题", "个", "当年销号的三保障和饮水问题。",
        partial(_dossiers, _closed), True,
    ),
    *_by_kind(),
)  # fmt: skip
