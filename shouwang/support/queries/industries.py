"""家庭产业合计: households, lines and money of one year by place and by kind; two queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from ..item_lists import industries
from ..models import Industry, Measure

PLACES = {
    "town": ("household__village__parent__code", "household__village__parent__name"),
    "village": ("household__village__code", "household__village__name"),
}


@dataclass(frozen=True)
class Total:
    """One line of the sums; money is empty where no line of it says any."""

    key: str
    label: str
    homes: int
    lines: int
    linked: int
    unknown: int
    output: Decimal | None
    income: Decimal | None


COUNTS: dict[str, Any] = {
    "homes": Count("household", distinct=True),
    "lines": Count("pk"),
    "linked": Count("pk", filter=~Q(link="")),
    "unknown": Count("pk", filter=Q(output=None)),
    "sum_output": Sum("output"),
    "sum_income": Sum("income"),
}


def by_place(rows: QuerySet[Industry], level: str) -> list[Total]:
    """By town or by village."""
    code, name = PLACES[level]
    found = rows.order_by().values(code, name).annotate(**COUNTS).order_by(code)
    return [_total(row, row[code] or "", row[name] or "—") for row in found]


def by_kind(rows: QuerySet[Industry]) -> list[Total]:
    """In the order of the code list; kinds that nobody has are left out."""
    found = {row["kind"]: row for row in rows.order_by().values("kind").annotate(**COUNTS)}
    order = [*(key for key in industries() if key in found), *(found.keys() - industries())]
    return [_total(found[key], key, industries().get(key, key)) for key in order]


def whole(rows: QuerySet[Industry]) -> Total:
    return _total(rows.order_by().aggregate(**COUNTS), "", "合计")


def _total(row: Mapping[str, Any], key: str, label: str) -> Total:
    return Total(
        key, label, row["homes"], row["lines"], row["linked"], row["unknown"], row["sum_output"],
        row["sum_income"],
    )  # fmt: skip


def measures_for(industry: Industry) -> list[Measure]:
    """What helps this industry, in whichever year it was registered when the help was planned."""
    same = Q(
        industry__household=industry.household_id, industry__kind=industry.kind,
        industry__what=industry.what,
    )  # fmt: skip
    return list(
        Measure.objects.filter(same)
        .select_related("member", "household", "industry")
        .annotate(paid=Sum("payments__amount", filter=Q(payments__cancelled_at=None)))
    )
