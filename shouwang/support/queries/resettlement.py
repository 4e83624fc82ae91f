"""搬迁入住、拆旧、复垦的比例 (rates) by town, village and site; one query each.

A rate counts who is to do it: exempt houses are left out, what nobody noted stands apart.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from ..models import Resettlement

BY = {
    "town": ("household__village__parent__code", "household__village__parent__name"),
    "village": ("household__village__code", "household__village__name"),
    "site": ("site", "site"),
}
COUNTS: dict[str, Any] = {
    "homes": Count("pk"),
    "persons": Sum("people"),
    "moved": Count("pk", filter=Q(moved_on__isnull=False)),
    "due": Count("pk", filter=Q(demolition="due")),
    "demolished": Count("pk", filter=Q(demolished_on__isnull=False)),
    "exempt": Count("pk", filter=Q(demolition="exempt")),
    "unnoted": Count("pk", filter=Q(demolition="")),
    "to_reclaim": Count("pk", filter=Q(reclaim="due")),
    "reclaimed": Count("pk", filter=Q(reclaimed_on__isnull=False)),
    "area": Sum("reclaim_area"),
    "area_done": Sum("reclaim_area", filter=Q(reclaimed_on__isnull=False)),
}


@dataclass(frozen=True)
class Rates:
    """One place or site."""

    key: str
    label: str
    homes: int
    persons: int | None
    moved: int
    due: int
    demolished: int
    exempt: int
    unnoted: int
    to_reclaim: int
    reclaimed: int
    area: Decimal | None
    area_done: Decimal | None

    @property
    def moved_rate(self) -> Decimal | None:
        return percent(self.moved, self.homes)

    @property
    def demolished_rate(self) -> Decimal | None:
        return percent(self.demolished, self.due)

    @property
    def reclaimed_rate(self) -> Decimal | None:
        return percent(self.reclaimed, self.to_reclaim)


def percent(part: int, whole: int) -> Decimal | None:
    """Percent to one place; none where nobody is to do it. It is 100 only when all is done."""
    if not whole:
        return None
    return (Decimal(part) * 1000 // whole) / 10


def rates(rows: QuerySet[Resettlement], by: str) -> list[Rates]:
    code, name = BY[by]
    found = rows.order_by().values(*dict.fromkeys((code, name))).annotate(**COUNTS).order_by(code)
    without = "分散安置或没有填" if by == "site" else "—"
    return [_rates(row, row[code] or "", row[name] or without) for row in found]


def whole(rows: QuerySet[Resettlement]) -> Rates:
    return _rates(rows.order_by().aggregate(**COUNTS), "", "合计")


def _rates(row: dict[str, Any], key: str, label: str) -> Rates:
    return Rates(key, label, **{name: row[name] for name in COUNTS})
