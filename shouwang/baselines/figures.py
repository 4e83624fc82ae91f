"""自动数 (figures) of baselines: the number of the year; indicators take it as their base."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from shouwang.core.figures import Counted, Figure

from .models import BaselineValue
from .series import Series, all_series


def _of_year(kind: Series, paths: Sequence[str], day: date) -> Counted:
    """What was noted for exactly this place and year; where nobody noted it there is no value."""
    rows = BaselineValue.objects.filter(
        series=kind.key, year=day.year, division__path__in=list(paths)
    )
    found: list[tuple[str, Decimal]] = list(rows.values_list("division__path", "value"))
    return dict(found)


FIGURES = tuple(
    Figure(
        f"baselines.{kind.key}", f"历史基数：{kind.label}", kind.unit,
        f"历史基数里当年登记的{kind.label}，没有登记的没有值。", partial(_of_year, kind), True,
    )
    for kind in all_series().values()
)  # fmt: skip
