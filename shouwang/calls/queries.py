"""吹哨的清点 (queries): the list, what waits, the board by department."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from shouwang.core import clock
from shouwang.core.actor import Actor

from .models import Call, CallDepartment
from .states import OPEN, WITH_DEPARTMENT


def calls_of(actor: Actor) -> QuerySet[Any]:
    rows = Call.objects.visible_to(actor).select_related("division")
    return rows.prefetch_related("parts__department")


def badge(actor: Actor) -> int:
    """How many calls wait for this person."""
    return Call.objects.waiting_for(actor).count()


@dataclass(frozen=True)
class Row:
    """One department on the board; a share without anything to divide by is None."""

    code: str
    name: str
    total: int
    open: int
    late: int
    on_time: float | None
    satisfied: float | None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def board(actor: Actor) -> list[Row]:
    """Every department that was called; parts handed to another one do not count."""
    parts = CallDepartment.objects.visible_to(actor).exclude(state="reassigned").order_by()
    late = Q(state__in=WITH_DEPARTMENT, due_on__lt=clock.today())
    rows = parts.values("department__code", "department__name").annotate(
        total=Count("pk"), open=Count("pk", filter=Q(state__in=OPEN)),
        late=Count("pk", filter=late), answered=Count("pk", filter=Q(on_time__isnull=False)),
        on_time=Count("pk", filter=Q(on_time=True)),
        rated=Count("pk", filter=Q(satisfied__isnull=False)),
        good=Count("pk", filter=Q(satisfied=True)),
    )  # fmt: skip
    found = [
        Row(
            row["department__code"], row["department__name"], row["total"], row["open"],
            row["late"], _share(row["on_time"], row["answered"]),
            _share(row["good"], row["rated"]),
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda row: (-row.late, -row.open, row.code))
