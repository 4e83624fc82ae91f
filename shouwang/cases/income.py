"""收入 (income): the items of the national form and the one function that computes per person.

家庭人均纯收入 = (工资性 + 生产经营性 + 财产性 + 转移性 − 生产经营性支出) ÷ 共同生活人口.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from .regimes import regime, source_words

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Item:
    """One line of the form; `sign` is +, - or 0 (noted beside, not counted)."""

    key: str
    group: str
    group_label: str
    label: str
    sign: str
    hint: str = ""


@dataclass(frozen=True)
class Result:
    """Net income and per person; None while something is not asked, and what that is."""

    net: Decimal | None
    per_person: Decimal | None
    missing: tuple[str, ...]
    sentence: str


@cache
def items(regime_key: str = "2021") -> tuple[Item, ...]:
    """The lines of the form in its order."""
    data = regime(regime_key).data["income"]
    labels = {group["key"]: group["label"] for group in data["groups"]}
    return tuple(
        Item(
            each["key"],
            each["group"],
            labels[each["group"]],
            each["label"],
            each["sign"],
            each.get("hint", ""),
        )
        for each in data["items"]
    )


def per_person(
    amounts: Mapping[str, Decimal | None], size: int | None, regime_key: str = "2021"
) -> Result:
    """What the items come to per person; a line that nobody asked leaves the result open."""
    counted = [item for item in items(regime_key) if item.sign in "+-"]
    missing = tuple(item.label for item in counted if amounts.get(item.key) is None)
    if missing:
        return Result(None, None, missing, f"还有 {len(missing)} 项没有填：{'、'.join(missing)}")
    net = Decimal(0)
    for item in counted:
        amount = amounts[item.key] or Decimal(0)
        net += amount if item.sign == "+" else -amount
    net = net.quantize(CENT, ROUND_HALF_UP)
    if not size or size < 0:
        return Result(net, None, ("共同生活人口",), "还没有填共同生活人口")
    each = (net / size).quantize(CENT, ROUND_HALF_UP)
    return Result(net, each, (), f"纯收入 {net:,} 元 ÷ {size} 人 = 人均 {each:,} 元")


def period(on: date, months: int = 12) -> tuple[date, date]:
    """The full months before that of a day: identified in June 2021 → 2020-06-01…2021-05-31."""
    last = on.replace(day=1) - timedelta(days=1)
    index = on.year * 12 + on.month - 1 - months
    return date(index // 12, index % 12 + 1, 1), last


@dataclass(frozen=True)
class Line:
    """监测范围线 in force on a day: yuan per person and year, and who decided it."""

    amount: Decimal
    source: str
    valid_from: date


def line_on(day: date, county: str, parameter: str = "income.line") -> Line | None:
    """The line on a day in a county; None where none is published."""
    found = parameter_on(day, county, parameter)
    return None if found is None else Line(*found)


@cache
def parameter_on(day: date, county: str, key: str) -> tuple[Decimal, str, date] | None:
    """A parameter of the rulebook: value, words of the source, first day."""
    from shouwang.screening.queries import rulebook_in_force

    found = rulebook_in_force().parameters.get(key)
    if found is None:
        return None
    code = county[:6]
    entry = found.entry(day, (code, f"{code[:2]}0000", "000000"))
    if entry is None:
        return None
    return entry.value, source_words(entry.source), entry.valid_from
