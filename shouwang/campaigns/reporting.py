"""排查的数字: counts of a sweep, by town and village, from its lines alone."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from .models import Sweep, SweepItem

COUNTS: dict[str, Any] = {
    "total": Count("pk"),
    "done": Count("pk", filter=Q(state="done")),
    "first": Count("pk", filter=Q(weight__gt=0)),
    "first_done": Count("pk", filter=Q(weight__gt=0, state="done")),
    "clues": Count("pk", filter=Q(finding="clue")),
    "known": Count("pk", filter=Q(finding="known")),
    "away": Count("pk", filter=Q(finding="away")),
    "sampled": Count("pk", filter=Q(is_sampled=True)),
    "agrees": Count("pk", filter=Q(is_sampled=True, recheck="agrees")),
    "differs": Count("pk", filter=Q(is_sampled=True, recheck="differs")),
}


@dataclass(frozen=True)
class Place:
    """One village's part of a sweep."""

    code: str
    town: str
    name: str
    counts: dict[str, int]

    @property
    def share(self) -> float:
        return self.counts["done"] / self.counts["total"] if self.counts["total"] else 0.0

    @property
    def tone(self) -> str:
        if self.counts["done"] == self.counts["total"]:
            return "done"
        return "going" if self.counts["done"] else "idle"


def totals(items: QuerySet[SweepItem]) -> dict[str, int]:
    return dict(items.order_by().aggregate(**COUNTS))


def by_village(items: QuerySet[SweepItem]) -> list[Place]:
    """Villages with the least done first."""
    names = ("village__code", "village__parent__name", "village__name")
    rows = items.order_by().values(*names).annotate(**COUNTS)
    places = [
        Place(row[names[0]], row[names[1]], row[names[2]], {key: row[key] for key in COUNTS})
        for row in rows
    ]
    return sorted(places, key=lambda place: (place.share, place.code))


def figures_of(sweep: Sweep) -> dict[str, Any]:
    """What is frozen when a sweep is closed."""
    items = SweepItem.objects.filter(sweep=sweep)
    reasons: dict[str, int] = {}
    for words in items.exclude(reasons="").values_list("reasons", flat=True):
        for reason in words.split("、"):
            reasons[reason] = reasons.get(reason, 0) + 1
    villages = [
        {"town": place.town, "village": place.name, **place.counts} for place in by_village(items)
    ]
    return {"totals": totals(items), "villages": villages, "reasons": reasons}
