"""自动数 (figures): named bodies by kind, and those recognised at a level or above, on a day."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from django.db.models import Count, Q

from shouwang.core.figures import Counted, Figure, roll_up

from .models import NamedBody, Recognition
from .states import RUNGS, BodyKind, Rung


def _bodies(kind: str, rungs: Sequence[str], paths: Sequence[str], day: date) -> Counted:
    found = NamedBody.objects.on(day).filter(kind=kind)
    if rungs:
        held = Recognition.objects.filter(
            Q(ended_on=None) | Q(ended_on__gt=day), rung__in=rungs, recognised_on__lte=day
        )
        found = found.filter(pk__in=held.values("body"))
    rows = found.values_list("division__path").annotate(Count("pk")).order_by()
    return roll_up(rows, paths)


def _of_kind(kind: BodyKind) -> list[Figure]:
    label = str(kind.label)
    known = [
        Figure(f"indicators.{kind.value}", label, "个", f"名录里当天还在的{label}。",
               partial(_bodies, kind.value, ()), True)
    ]  # fmt: skip
    for at, rung in enumerate(Rung):
        known.append(
            Figure(
                f"indicators.{kind.value}_{rung.value}", f"{rung.label}以上{label}", "个",
                f"当天有{rung.label}以上认定的{label}，一家只算一次。",
                partial(_bodies, kind.value, RUNGS[at:]), True,
            )
        )  # fmt: skip
    return known


FIGURES = tuple(figure for kind in BodyKind for figure in _of_kind(kind))
