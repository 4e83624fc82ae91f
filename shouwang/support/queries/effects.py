"""成效 (effects): how a household stood before help and how it stands now, by the records."""

from dataclasses import dataclass, field
from decimal import Decimal

from shouwang.cases.models import Case, HouseholdCheck
from shouwang.registry.household_page import per_capita
from shouwang.registry.models import Household, IncomeStatement

from ..operations.reviewing import GUARANTEES


@dataclass(frozen=True)
class Standing:
    """人均纯收入 and guarantees at one time, and in words where they are from."""

    per_person: Decimal | None = None
    words: str = ""
    guarantees: dict[str, bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Effect:
    before: Standing
    after: Standing

    @property
    def change(self) -> Decimal | None:
        if self.before.per_person is None or self.after.per_person is None:
            return None
        return self.after.per_person - self.before.per_person

    @property
    def rows(self) -> list[tuple[str, bool | None, bool | None]]:
        return [
            (label, self.before.guarantees.get(key), self.after.guarantees.get(key))
            for key, label in GUARANTEES.items()
        ]

    def initial(self) -> dict[str, str]:
        """The guarantees as they were seen last, as answers of the form."""
        words = {True: "yes", False: "no"}
        return {
            key: words[value] for key, value in self.after.guarantees.items() if value is not None
        }


def effect_of(household: Household, case: Case | None) -> Effect:
    """Before: the check of the identification, else the register's year of it. After: the newest
    check or yearly statement since."""
    checks = [
        each
        for each in HouseholdCheck.objects.filter(household=household, state="submitted").order_by(
            "visited_on", "pk"
        )
        if not each.is_void and each.visited_on is not None
    ]
    first = next((each for each in checks if case and each.case_id == case.pk), None)
    statements = list(
        household.statements.filter(kind=IncomeStatement.Kind.ANNUAL).order_by("year")
    )
    before = _of_check(first) if first else _before(household, case, statements)
    later = [each for each in checks if first is None or each.pk != first.pk]
    if later:
        after = _of_check(later[-1])
    else:
        after = _after(_year(household, case), household, statements)
    return Effect(before, after)


def _of_check(check: HouseholdCheck) -> Standing:
    flags = {key: getattr(check, key) for key in GUARANTEES}
    words = f"{check.visited_on:%Y-%m-%d} {check.get_kind_display()}"
    return Standing(check.per_person, words, flags)


def _statement(household: Household, statement: IncomeStatement) -> Standing:
    return Standing(per_capita(household, statement), f"{statement.year} 年国家系统")


def _year(household: Household, case: Case | None) -> int | None:
    if case is not None:
        return (case.identified_on or case.clock_started_on).year
    return household.identified_month.year if household.identified_month else None


def _before(household: Household, case: Case | None, statements: list[IncomeStatement]) -> Standing:
    """The year before the identification, else the year of it, else what its first says of the
    year before."""
    year = _year(household, case)
    if year is None or not statements:
        return Standing()
    known = {each.year: each for each in statements}
    for wanted in (year - 1, year):
        if wanted in known:
            return _statement(household, known[wanted])
    first = statements[0]
    if first.year > year and first.prev_per_capita is not None:
        return Standing(first.prev_per_capita, f"{first.year - 1} 年国家系统")
    return Standing()


def _after(year: int | None, household: Household, statements: list[IncomeStatement]) -> Standing:
    """The newest whole year after that of the identification."""
    later = [each for each in statements if year is None or each.year > year]
    return _statement(household, later[-1]) if later else Standing()
