"""收入对比 (incomes): how the income of each group grows beside that of all rural people.

A group must grow faster by so many points as the dated lines say; below it the line is red.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max

from shouwang.core.figures import asked_once, get_figure
from shouwang.divisions.models import Division
from shouwang.registry.models import IncomeStatement

from .models import IncomeBenchmark
from .parameters import gaps_on, growth_on
from .querysets import keys_of

GROUPS = (("rural", "农村居民"), ("alleviated", "脱贫人口"), ("monitored", "监测对象"),
          ("relocated", "易地搬迁脱贫人口"))  # fmt: skip
COUNTED = ("rural", "alleviated", "monitored")


@dataclass(frozen=True)
class GroupIncome:
    """One group at one place."""

    key: str
    title: str
    before: Decimal | None
    now: Decimal | None
    growth: Decimal | None
    lead: Decimal | None
    """Points by which it grows faster than all rural people."""
    asked_lead: Decimal | None
    asked_growth: Decimal | None
    asked_least: Decimal | None
    missing: str
    source: str

    @property
    def tone(self) -> str:
        if self.lead is None or self.asked_lead is None:
            return "idle"
        return "done" if self.lead >= self.asked_lead else "late"

    @property
    def words(self) -> str:
        if self.missing:
            return self.missing
        if self.asked_lead is None:
            return "作为比较的基准"
        if self.lead is None:
            return "数据不全，没法比"
        if self.lead >= self.asked_lead:
            return "达到要求"
        return f"差 {self.asked_lead - self.lead} 个百分点"

    own_lead: Decimal | None = None
    """The same beside the mean of the registry, where the bureau's figure is the benchmark."""


@dataclass(frozen=True)
class PlaceIncome:
    place: Division
    groups: list[GroupIncome]
    benchmark: IncomeBenchmark | None = None


def incomes_of(places: Sequence[Division], on: date) -> list[PlaceIncome]:
    """All groups of all places, from a few questions to the registry."""
    paths = [one.path for one in places]
    with asked_once():
        counted = {
            (kind, key): get_figure(f"registry.{kind}_{key}").count(paths, on)
            for key in COUNTED
            for kind in ("income_before", "income", "growth")
        }
    published = _published(places, income_year(on))
    return [
        PlaceIncome(
            place,
            [
                _group(key, title, place, counted, on, published.get(place.pk))
                for key, title in GROUPS
            ],
            published.get(place.pk),
        )
        for place in places
    ]


def income_year(on: date) -> int | None:
    """The year of the newest incomes of the registry."""
    annual = IncomeStatement.objects.filter(
        kind=IncomeStatement.Kind.ANNUAL, year__lte=on.year, household__absent_since=None
    )
    found: int | None = annual.aggregate(newest=Max("year"))["newest"]
    return found


def _published(places: Sequence[Division], year: int | None) -> dict[int, IncomeBenchmark]:
    """The bureau's figure of the year for each place, its own or that of the nearest one above."""
    keys = {key for place in places for key in keys_of(place.path)}
    rows = IncomeBenchmark.objects.filter(division__in=keys, year=year or 0)
    known = {one.division_id: one for one in rows.select_related("division")}
    found = {}
    for place in places:
        line = [known[key] for key in keys_of(place.path) if key in known]
        if line:
            found[place.pk] = line[-1]
    return found


def _group(
    key: str,
    title: str,
    place: Division,
    counted: dict[tuple[str, str], dict[str, Decimal]],
    on: date,
    published: IncomeBenchmark | None,
) -> GroupIncome:
    def of(kind: str, of_key: str = key) -> Decimal | None:
        return counted.get((kind, of_key), {}).get(place.path)

    growth, rural = of("growth"), of("growth", "rural")
    gap, asked = gaps_on(on).get(key), growth_on(on).get(key)
    own = growth - rural if growth is not None and rural is not None and gap else None
    lead = own
    if published is not None and gap:
        lead = growth - published.growth if growth is not None else None
    missing = "" if key in COUNTED else "农户档案里没有易地搬迁的标识，不能统计"
    return GroupIncome(
        key, title, of("income_before"), of("income"), growth, lead, gap.gap if gap else None,
        asked.growth if asked else None, asked.least if asked else None, missing,
        "；".join(one.source for one in (gap, asked) if one), own if published else None,
    )  # fmt: skip
