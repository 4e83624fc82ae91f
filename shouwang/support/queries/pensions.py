"""养老保险覆盖 (pension coverage): who of the hard groups is insured, by village, and who is not.

The register of the year says it first, then the national export; where neither says anything it is
not known, which is not the same as not insured.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Sum, Value, When

from shouwang.assistance.models import TierTag
from shouwang.cases.models import Case as CaseOfHousehold
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.registry.models import Member

from ..facts import NO, YES, law
from ..models import PensionYear
from ..pension_groups import Group, groups
from .resettlement import percent

COVERED, UNCOVERED, UNKNOWN = "covered", "uncovered", "unknown"
LABELS = {COVERED: "已参保", UNCOVERED: "没有参保", UNKNOWN: "不详"}
TONES = {COVERED: "done", UNCOVERED: "late", UNKNOWN: "near"}
PLACES = {
    "town": ("household__village__parent__code", "household__village__parent__name"),
    "village": ("household__village__code", "household__village__name"),
}


def of_group(group: Group) -> Q:
    """Members of one hard group, as of today."""
    wanted = Q(pk__in=[])
    if group.tiers:
        tags = TierTag.objects.current().filter(tier__in=group.tiers)
        wanted |= Q(pk__in=tags.order_by().values("member"))
    if group.monitored:
        cases = CaseOfHousehold.objects.live().filter(identified_on__isnull=False)
        wanted |= Q(household__in=cases.order_by().values("household"))
    return wanted


def concerned(actor: Actor, year: int, group: str = "") -> QuerySet[Member]:
    """People of the hard groups who are of age and not at school, with `pension` and `aided`.

    Whose birth nobody knows is among them: he may be of age.
    """
    day = min(clock.today(), date(year, 12, 31))
    youngest = _years_before(day, law(day).days("pension_from_age"))
    chosen = [groups()[group]] if group in groups() else list(groups().values())
    anybody = Q(pk__in=[])
    for one in chosen:
        anybody |= of_group(one)
    found: QuerySet[Member] = Member.objects.visible_to(actor, "support.view").filter(
        anybody, Q(birth__lte=youngest) | Q(birth=None), absent_since=None
    )
    at_school = Q(school_status__isnull=False) & ~Q(school_status="")
    rows = PensionYear.objects.filter(member=OuterRef("pk"), year=year)
    return found.exclude(at_school).annotate(
        pension=Case(
            When(Exists(rows.filter(insured=True)), then=Value(COVERED)),
            When(Exists(rows.filter(insured=False)), then=Value(UNCOVERED)),
            When(resident_pension=YES, then=Value(COVERED)),
            When(resident_pension=NO, then=Value(UNCOVERED)),
            default=Value(UNKNOWN),
            output_field=CharField(),
        ),
        from_register=Exists(rows),
        aided=Exists(rows.filter(aid__isnull=False)),
    )


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


@dataclass(frozen=True)
class Covered:
    """One place."""

    key: str
    label: str
    people: int
    covered: int
    uncovered: int
    unknown: int
    aided: int

    @property
    def rate(self) -> Any:
        return percent(self.covered, self.people)


COUNTS: dict[str, Any] = {
    "people": Count("pk"),
    "n_covered": Count("pk", filter=Q(pension=COVERED)),
    "n_uncovered": Count("pk", filter=Q(pension=UNCOVERED)),
    "n_unknown": Count("pk", filter=Q(pension=UNKNOWN)),
    "n_aided": Count("pk", filter=Q(aided=True)),
}


def coverage_of(rows: QuerySet[Member], level: str) -> list[Covered]:
    code, name = PLACES[level]
    found = rows.order_by().values(code, name).annotate(**COUNTS).order_by(code)
    return [_covered(row, row[code] or "", row[name] or "—") for row in found]


def whole_coverage(rows: QuerySet[Member]) -> Covered:
    return _covered(rows.order_by().aggregate(**COUNTS), "", "合计")


def _covered(row: dict[str, Any], key: str, label: str) -> Covered:
    return Covered(
        key, label, row["people"], row["n_covered"], row["n_uncovered"], row["n_unknown"],
        row["n_aided"],
    )  # fmt: skip


def aid_of(actor: Actor, year: int) -> Any:
    """What government paid in a year, for how many."""
    rows = PensionYear.objects.visible_to(actor).filter(year=year, aid__isnull=False)
    return rows.order_by().aggregate(money=Sum("aid"), people=Count("pk"))
