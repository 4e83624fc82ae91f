"""自动数 (figures) of screening: current clues under a place."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from django.db.models import Count, Q

from shouwang.core.figures import Counted, Figure, roll_up

from .models import Clue
from .queries import newest_date


def _clues(where: Q, paths: Sequence[str], day: date) -> Counted:
    newest = newest_date()
    if newest is None:
        return {}
    rows = Clue.objects.current(newest).filter(where).values_list("village__path")
    return roll_up(rows.annotate(Count("pk")).order_by(), paths)


FIGURES = (
    Figure("screening.clues", "本期风险线索", "条", "最近一次筛查的线索。", partial(_clues, Q())),
    Figure("screening.clues_waiting", "没有处理的风险线索", "条", "最近一次筛查里还没有人看过的。",
           partial(_clues, Q(triage=""))),
)  # fmt: skip
