"""自动数 (figures) of casework: rounds under way, identified, resolved, taken back, late."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from django.db.models import Count, Q

from shouwang.core.figures import Counted, Figure, roll_up

from .models import Case, RegisteredClue
from .querysets import in_time

Where = Callable[[date], Q]


def _cases(where: Where, paths: Sequence[str], day: date) -> Counted:
    rows = Case.objects.filter(where(day)).values_list("village__path")
    return roll_up(rows.annotate(Count("pk")).order_by(), paths)


def _clues(paths: Sequence[str], day: date) -> Counted:
    found = RegisteredClue.objects.filter(received_on__gte=_january(day), received_on__lte=day)
    rows = found.exclude(village=None).values_list("village__path").annotate(Count("pk"))
    return roll_up(rows.order_by(), paths)


def _january(day: date) -> date:
    return date(day.year, 1, 1)


def _in_year(field: str) -> Where:
    return lambda day: Q(**{f"{field}__gte": _january(day), f"{field}__lte": day})


def _going(day: date) -> Q:
    return Q(is_open=True)


def _late(day: date) -> Q:
    """Late as the board counts it: the step's limit has passed, or that of the whole way."""
    return Q(is_open=True) & in_time("late", day, day)


def _case(key: str, title: str, explanation: str, where: Where, has_past: bool = True) -> Figure:
    return Figure(f"cases.{key}", title, "户", explanation, partial(_cases, where), has_past)


FIGURES = (
    _case("open", "办理中的个案", "没有办结的个案，按今天。", _going, False),
    _case("late", "超期的个案", "本环节或全程期限已过还没有办的个案，与看板一致。", _late, False),
    _case("identified", "当年新识别户", "当年识别为监测对象的户。", _in_year("identified_on")),
    _case("resolved", "当年风险消除户", "当年消除风险的户。", _in_year("resolved_on")),
    _case("taken_back", "当年回退户", "当年消除风险后又回退的户。", _in_year("taken_back_on")),
    Figure("cases.clues", "当年登记线索", "条", "当年登记的风险线索，不分渠道。", _clues, True),
)
