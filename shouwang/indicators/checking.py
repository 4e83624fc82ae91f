"""等我审核的数值 (values to check): what was reported and who may take it, with what was before."""

from collections.abc import Sequence

from shouwang.core.actor import Actor

from . import queries
from .models import Actual
from .operations.actuals import may_check

LOOKED_AT = 500


def to_check(actor: Actor) -> list[Actual]:
    """Reported values that nobody has looked at and this person may take, the oldest first."""
    if not actor.can("indicators.check"):
        return []
    seen = queries.actuals_visible_to(actor).current().filter(state="submitted")
    found = seen.select_related("definition__division", "division").order_by("reported_at", "pk")
    return [one for one in found[:LOOKED_AT] if may_check(actor, one)]


def with_former(actuals: Sequence[Actual]) -> list[tuple[Actual, Actual | None]]:
    """Each value with the one of the period before it at the same place, if there is one."""
    rows = Actual.objects.current().filter(
        definition__in={one.definition_id for one in actuals},
        division__in={one.division_id for one in actuals},
    )
    series: dict[tuple[int, int], list[Actual]] = {}
    for one in rows.order_by("period_end", "pk"):
        series.setdefault((one.definition_id, one.division_id), []).append(one)
    return [
        (
            one,
            next(
                (
                    former
                    for former in reversed(series[one.definition_id, one.division_id])
                    if former.period_end < one.period_end
                ),
                None,
            ),
        )
        for one in actuals
    ]
