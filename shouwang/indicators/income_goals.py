"""增收目标 (income goals): for each group a target by year, the actual from the registry, the gap,
and where the last years lead. Three years at a time, as a county plans them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from shouwang.divisions.models import Division
from shouwang.registry.figures import INCOME_GROUPS, income_by_year

from .incomes import GROUPS
from .models import IncomeGoal
from .querysets import keys_of

PLAN_YEARS, BACK = 3, 3
CENT = Decimal("0.01")
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class GoalYear:
    """One group in one year: yuan per head."""

    year: int
    target: Decimal | None
    is_own: bool
    actual: Decimal | None
    growth: Decimal | None
    forecast: Decimal | None

    @property
    def gap(self) -> Decimal | None:
        """Beyond the target (positive) or short of it, by what is known or foreseen."""
        value = self.actual if self.actual is not None else self.forecast
        return None if value is None or self.target is None else value - self.target

    @property
    def own_text(self) -> str:
        """The own target as it is typed."""
        return f"{self.target:f}".removesuffix(".00") if self.is_own and self.target else ""

    @property
    def tone(self) -> str:
        if self.gap is None:
            return "idle"
        if self.gap >= 0:
            return "done"
        return "late" if self.actual is not None else "near"

    @property
    def words(self) -> str:
        if self.target is None:
            return "没有定目标"
        if self.actual is None and self.forecast is None:
            return "还没有收入数据，没法比"
        if self.gap is not None and self.gap >= 0:
            return "达到目标" if self.actual is not None else "推算能达到"
        return "没有达到" if self.actual is not None else "推算达不到"


@dataclass(frozen=True)
class GroupGoals:
    key: str
    title: str
    years: list[GoalYear]
    basis: str
    """How the forecast was made, or why there is none."""


def plan_of(place: Division, first: int) -> list[GroupGoals]:
    """All groups at a place: the years before with what was, the plan's years with what is aimed.

    A place without a target of its own is held to that of the place above.
    """
    years = list(range(first - BACK, first + PLAN_YEARS))
    goals = _goals(place, years)
    found = []
    for key, title in GROUPS:
        where = INCOME_GROUPS.get(key)
        actual: dict[int, Decimal] = {}
        if where is not None:
            counted = income_by_year(where, [place.path], years)
            actual = {year: each[place.path] for year, each in counted.items() if each}
        found.append(_group(key, title, years, goals, actual, is_counted=where is not None))
    return found


def _goals(place: Division, years: Sequence[int]) -> Mapping[tuple[str, int], tuple[Decimal, bool]]:
    """Targets by group and year, the nearest place first, and whether they are its own."""
    line = keys_of(place.path)
    rows = IncomeGoal.objects.filter(division__in=line, year__in=years)
    found: dict[tuple[str, int], tuple[Decimal, bool]] = {}
    for one in sorted(rows, key=lambda row: line.index(row.division_id)):
        found[one.group, one.year] = (one.value, one.division_id == place.pk)
    return found


def _group(
    key: str,
    title: str,
    years: Sequence[int],
    goals: Mapping[tuple[str, int], tuple[Decimal, bool]],
    actual: Mapping[int, Decimal],
    *,
    is_counted: bool,
) -> GroupGoals:
    known = sorted(actual)
    pace = _growth(actual, known[-1]) if known else None
    rows, ahead = [], actual.get(known[-1]) if known else None
    for year in years:
        target, is_own = goals.get((key, year), (None, False))
        foreseen = None
        if known and year > known[-1] and pace is not None and ahead is not None:
            ahead = (ahead * (HUNDRED + pace) / HUNDRED).quantize(CENT, ROUND_HALF_UP)
            foreseen = ahead
        rows.append(
            GoalYear(year, target, is_own, actual.get(year), _growth(actual, year), foreseen)
        )
    if not is_counted:
        basis = "农户档案里没有易地搬迁的标识，不能统计。"
    elif pace is None:
        basis = "要有相邻两年的收入才能推算。"
    else:
        basis = f"按 {known[-1]} 年比上年增长 {pace}% 推算以后各年。"
    return GroupGoals(key, title, rows, basis)


def _growth(actual: Mapping[int, Decimal], year: int) -> Decimal | None:
    now, before = actual.get(year), actual.get(year - 1)
    if now is None or before is None or before <= 0:
        return None
    return ((now - before) / before * HUNDRED).quantize(CENT, ROUND_HALF_UP)
