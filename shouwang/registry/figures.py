"""自动数 (figures) of the registry: households, people, guarantees and incomes under a place.

All count the newest import. What an export does not say of a household is left out on both sides of
a share: missing is not zero.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from shouwang.core.figures import Counted, Figure, once, roll_up

from .models import Household, IncomeStatement, Member

PROTECTED = Q(household_type="脱贫户") | Q(monitor_class__gt="")
MONITORED = Q(monitor_class__gt="") & ~Q(eliminated="是")
CENT = Decimal("0.01")
SCHOOL_AGES = (7, 15)
BEFORE_SCHOOL = ("学龄前儿童", "学前教育")
Where = Callable[[date], Q]


def _households(where: Q, paths: Sequence[str], day: date) -> Counted:
    found = Household.objects.filter(where, absent_since=None)
    return roll_up(found.values_list("village__path").annotate(Count("pk")).order_by(), paths)


def _people(where: Where, paths: Sequence[str], day: date) -> Counted:
    found = Member.objects.filter(where(day), absent_since=None)
    rows = found.values_list("household__village__path").annotate(Count("pk")).order_by()
    return roll_up(rows, paths)


def _of(condition: Q) -> Q:
    """The same condition of a household, asked from its members."""
    turned = Q(_connector=condition.connector, _negated=condition.negated)
    for child in condition.children:
        if isinstance(child, Q):
            turned.children.append(_of(child))
        elif isinstance(child, tuple):
            turned.children.append((f"household__{child[0]}", child[1]))
    return turned


def _always(condition: Q) -> Where:
    return lambda day: condition


def _school_age(day: date) -> Q:
    """Children who are 7 to 15 years old on the day, by calendar years."""
    youngest, oldest = day.year - SCHOOL_AGES[0], day.year - SCHOOL_AGES[1]
    return _of(PROTECTED) & Q(birth__year__gte=oldest, birth__year__lte=youngest)


def _in_school(day: date) -> Q:
    return _school_age(day) & Q(school_status__gt="") & ~Q(school_status__in=BEFORE_SCHOOL)


Sums = tuple[Counted, Counted, Counted, Counted]


def _sums(where: Q, paths: Sequence[str], day: date) -> Sums:
    """Net income and people, and income and people of the year before, of the newest year."""
    key = ("registry.sums", where, tuple(paths), day)
    return once(key, lambda: _summed(where, paths, day))


def _newest_year(annual: QuerySet[IncomeStatement]) -> int | None:
    found: int | None = annual.aggregate(newest=Max("year"))["newest"]
    return found


def _summed(where: Q, paths: Sequence[str], day: date) -> Sums:
    annual = IncomeStatement.objects.filter(
        kind=IncomeStatement.Kind.ANNUAL, year__lte=day.year, household__absent_since=None
    )
    newest = once(("registry.newest_year", day), lambda: _newest_year(annual))
    return _of_year(where, paths, newest or 0)


def _of_year(where: Q, paths: Sequence[str], year: int) -> Sums:
    annual = IncomeStatement.objects.filter(
        kind=IncomeStatement.Kind.ANNUAL, year=year, household__absent_since=None
    )
    rows = list(_totals(annual.filter(where), "household__village__path"))
    return _rolled(rows, paths)


def _totals(annual: QuerySet[IncomeStatement], *by: str) -> Any:
    """Net income and people, and income and people of the year before, of each group of rows."""
    net = (
        F("wage_income") + F("business_income") + F("property_income") + F("transfer_income")
        - F("business_expense")
    )  # fmt: skip
    size = F("household__household_size")
    told = Q(
        wage_income__isnull=False, business_income__isnull=False, property_income__isnull=False,
        transfer_income__isnull=False, business_expense__isnull=False,
    )  # fmt: skip
    return (
        annual.filter(household__household_size__gt=0)
        .values_list(*by)
        .annotate(
            now=Sum(net),
            people=Sum(size, filter=told),
            before=Sum(F("prev_per_capita") * size),
            people_before=Sum(size, filter=Q(prev_per_capita__isnull=False)),
        )
        .order_by()
    )


def _rolled(rows: Sequence[Sequence[Any]], paths: Sequence[str]) -> Sums:
    one, two, three, four = (
        roll_up(((row[0], Decimal(str(row[at] or 0))) for row in rows), paths) for at in range(1, 5)
    )
    return one, two, three, four


def income_by_year(where: Q, paths: Sequence[str], years: Sequence[int]) -> dict[int, Counted]:
    """Net income per head of each year, from one question; a year of which only the one after
    tells is taken from what the households then said of the year before.
    """
    within = Q(pk__in=[])
    for path in paths:
        within |= Q(household__village__path__startswith=path)
    annual = IncomeStatement.objects.filter(
        within, where, kind=IncomeStatement.Kind.ANNUAL, household__absent_since=None,
        year__gte=min(years), year__lte=max(years) + 1,
    )  # fmt: skip
    rows: dict[int, list[Any]] = {}
    for year, *row in _totals(annual, "year", "household__village__path"):
        rows.setdefault(year, []).append(row)
    found: dict[int, Counted] = {}
    for year in years:
        total, people, _, _ = _rolled(rows.get(year, []), paths)
        _, _, before, before_people = _rolled(rows.get(year + 1, []), paths)
        found[year] = _per_head(before, before_people) | _per_head(total, people)
    return found


def _per_head(total: Counted, people: Counted) -> Counted:
    return {
        path: (total[path] / number).quantize(CENT) for path, number in people.items() if number
    }


def _income(where: Q, is_before: bool, paths: Sequence[str], day: date) -> Counted:
    total, people, before, before_people = _sums(where, paths, day)
    return _per_head(before, before_people) if is_before else _per_head(total, people)


def _growth(where: Q, paths: Sequence[str], day: date) -> Counted:
    total, people, before, before_people = _sums(where, paths, day)
    now, then = _per_head(total, people), _per_head(before, before_people)
    return {
        path: ((now[path] - base) / base * 100).quantize(CENT)
        for path, base in then.items()
        if base > 0 and path in now
    }


def _household(key: str, title: str, explanation: str, where: Q) -> Figure:
    return Figure(f"registry.{key}", title, "户", explanation, partial(_households, where))


def _person(key: str, title: str, explanation: str, where: Where) -> Figure:
    return Figure(f"registry.{key}", title, "人", explanation, partial(_people, where))


def _incomes(key: str, title: str, where: Q) -> tuple[Figure, ...]:
    newest = "档案最近一年的收入（工资、经营、财产、转移收入减经营支出），按人口平均。"
    return (
        Figure(f"registry.income_{key}", f"{title}人均纯收入", "元", newest,
               partial(_income, where, False)),
        Figure(f"registry.income_before_{key}", f"{title}上年人均纯收入", "元",
               "档案里的上年家庭人均纯收入，按人口平均。", partial(_income, where, True)),
        Figure(f"registry.growth_{key}", f"{title}人均纯收入增速", "%",
               "最近一年比上年增长的百分比。", partial(_growth, where)),
    )  # fmt: skip


INCOME_GROUPS = {
    "rural": Q(),
    "alleviated": Q(household__household_type="脱贫户"),
    "monitored": _of(MONITORED),
}
"""Whose income is told: by group, the condition on a statement."""
LATEST = "按最近一次导入。"
INSURED = Q(resident_medical="是") | Q(employee_medical="是")
ASKED_INSURANCE = Q(resident_medical__gt="") | Q(employee_medical__gt="")
FIGURES = (
    _household("households", "农户数", f"档案里的全部农户，{LATEST}", Q()),
    _person("people", "农村人口", f"档案里的全部成员，{LATEST}", _always(Q())),
    _household("monitored_households", "监测户", f"风险没有消除的监测户，{LATEST}", MONITORED),
    _person("monitored_people", "监测对象人数", f"风险没有消除的监测户的成员，{LATEST}",
            _always(_of(MONITORED))),
    _person("alleviated_people", "脱贫人口", f"脱贫户的成员，{LATEST}",
            _always(Q(household__household_type="脱贫户"))),
    _person("protected_people", "脱贫人口和监测对象", f"脱贫户和监测户的成员，{LATEST}",
            _always(_of(PROTECTED))),
    _person("protected_housing_known", "登记住房安全的脱贫人口和监测对象",
            f"写明是否危房的，{LATEST}", _always(_of(PROTECTED & Q(danger_house__gt="")))),
    _person("protected_safe_housing", "住房安全的脱贫人口和监测对象", f"不是危房户的，{LATEST}",
            _always(_of(PROTECTED & Q(danger_house="否")))),
    _person("protected_water_known", "登记饮水安全的脱贫人口和监测对象",
            f"写明是否解决安全饮水的，{LATEST}", _always(_of(PROTECTED & Q(water_ok__gt="")))),
    _person("protected_safe_water", "饮水安全的脱贫人口和监测对象", f"已解决安全饮水的，{LATEST}",
            _always(_of(PROTECTED & Q(water_ok="是")))),
    _person("protected_school_age", "义务教育年龄的脱贫人口和监测对象", f"7 到 15 岁的，{LATEST}",
            _school_age),
    _person("protected_in_school", "在学的义务教育年龄脱贫人口和监测对象",
            f"7 到 15 岁、写明在校年级的，{LATEST}", _in_school),
    _person("protected_insurance_known", "登记医保的脱贫人口和监测对象",
            f"写明是否参保的，{LATEST}", _always(_of(PROTECTED) & ASKED_INSURANCE)),
    _person("protected_insured", "参加基本医保的脱贫人口和监测对象",
            f"参加居民或职工医保的，{LATEST}", _always(_of(PROTECTED) & INSURED)),
    _household("toilet_known", "登记厕所的农户", f"写明是否有卫生厕所的，{LATEST}",
               Q(toilet__gt="")),
    _household("with_toilet", "有卫生厕所的农户", LATEST, Q(toilet="是")),
    *_incomes("rural", "农村居民", INCOME_GROUPS["rural"]),
    *_incomes("alleviated", "脱贫人口", INCOME_GROUPS["alleviated"]),
    *_incomes("monitored", "监测对象", INCOME_GROUPS["monitored"]),
)  # fmt: skip
