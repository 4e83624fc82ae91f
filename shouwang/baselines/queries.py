"""按年对照 (by year): a series by year and place, and the years of exit beside the registry."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from shouwang.core.actor import Actor
from shouwang.divisions.models import Division
from shouwang.registry.models import Household
from shouwang.support.facts import POOR
from shouwang.support.models import ExitYear

from .models import BaselineValue
from .series import Series


@dataclass(frozen=True)
class YearLine:
    """One year of a series: the place's own number, its parts, and what is left between them."""

    year: int
    own: BaselineValue | None
    parts: Sequence[BaselineValue | None]
    adds: bool

    @property
    def together(self) -> Decimal | None:
        """Of the parts; none while one of them is missing."""
        known = [one.value for one in self.parts if one is not None]
        if not self.adds or not self.parts or len(known) < len(self.parts):
            return None
        return sum(known, Decimal(0))

    @property
    def missing(self) -> int:
        return sum(one is None for one in self.parts)

    @property
    def gap(self) -> Decimal | None:
        together = self.together
        return None if self.own is None or together is None else self.own.value - together


def parts_of(actor: Actor, place: Division) -> list[Division]:
    """The towns of a county, the villages of a town, as far as the actor may see."""
    level = {"county": "town", "town": "village"}.get(place.level, "")
    rows = Division.objects.visible_to(actor, "baselines.view").current().below(place)
    return list(rows.filter(level=level).order_by("code")) if level else []


def by_year(
    actor: Actor, kind: Series, place: Division, parts: Sequence[Division]
) -> list[YearLine]:
    """From the first year that anybody noted to the last; a year that nobody noted is not there."""
    rows = BaselineValue.objects.visible_to(actor).filter(series=kind.key)
    rows = rows.filter(division__in=[place, *parts]).select_related("division")
    found: dict[int, dict[int, BaselineValue]] = {}
    for one in rows:
        found.setdefault(one.year, {})[one.division_id] = one
    return [
        YearLine(year, own.get(place.pk), [own.get(part.pk) for part in parts], kind.adds)
        for year, own in sorted(found.items())
    ]


@dataclass(frozen=True)
class ExitLine:
    """One year of exits: what the paper says and what the register of households holds."""

    year: int
    homes_said: BaselineValue | None
    people_said: BaselineValue | None
    homes: int
    people: int | None
    without_people: int

    @property
    def homes_gap(self) -> Decimal | None:
        return None if self.homes_said is None else self.homes_said.value - self.homes

    @property
    def people_gap(self) -> Decimal | None:
        """None where some household's number of people is not known: it is not zero."""
        if self.people_said is None or self.people is None or self.without_people:
            return None
        return self.people_said.value - self.people


def exits_of(actor: Actor, place: Division) -> list[ExitLine]:
    held = {
        row["year"]: row
        for row in ExitYear.objects.visible_to(actor)
        .filter(household__village__path__startswith=place.path)
        .order_by()
        .values("year")
        .annotate(homes=Count("pk"), sum_people=Sum("people"), known=Count("people"))
    }
    said: dict[tuple[int, str], BaselineValue] = {
        (one.year, one.series): one
        for one in BaselineValue.objects.visible_to(actor).filter(
            division=place, series__in=("exited_homes", "exited_people")
        )
    }
    return [
        ExitLine(
            year, said.get((year, "exited_homes")), said.get((year, "exited_people")),
            *_held(held.get(year)),
        )
        for year in sorted({*held, *(year for year, _ in said)})
    ]  # fmt: skip


def _held(row: dict[str, Any] | None) -> tuple[int, int | None, int]:
    if row is None:
        return 0, None, 0
    return row["homes"], row["sum_people"], row["homes"] - row["known"]


def without_exit(actor: Actor) -> QuerySet[Household]:
    """脱贫户 of which nobody noted the year."""
    rows: QuerySet[Household] = Household.objects.visible_to(actor, "support.view")
    return rows.filter(household_type=POOR, absent_since=None, exit_year=None)
