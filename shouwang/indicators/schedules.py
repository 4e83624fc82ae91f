"""定时任务: automatic indicators are counted on the first of each month, for the day before."""

from datetime import date, timedelta

from shouwang.core.actor import system_actor
from shouwang.core.schedule import Schedule

from .models import Definition
from .operations.computing import compute_below, together
from .periods import Period
from .states import Source


def count_month(due_on: date) -> str:
    """Each rhythm's period of the day before: those that ended, and how the others stand.

    On 1 October: September, the third quarter, and what is known of the year so far.
    """
    day = due_on - timedelta(days=1)
    actor = system_actor("定时任务")
    groups: dict[tuple[int, str], list[Definition]] = {}
    for one in Definition.objects.on(day).filter(source=Source.FORMULA).select_related("division"):
        groups.setdefault((one.division_id, one.rhythm), []).append(one)
    if not groups:
        return "没有自动计算的指标。"
    done = together(
        [
            compute_below(actor, definitions, Period.of(rhythm, day))
            for (_, rhythm), definitions in sorted(groups.items())
        ]
    )
    return f"截至 {day:%Y-%m-%d}：{done.words}。"


SCHEDULES = (
    Schedule("indicators.month", "自动计算指标", "month", "indicators.manage", count_month),
)
"""Read by core.schedule."""
