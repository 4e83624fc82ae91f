"""规则、指标、术语: what the rulebook says, read and typed, ready to compile and to show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shouwang.engine.rules.typed import Quantity, Typed


@dataclass(frozen=True)
class Shown:
    """A value that a hit shows: the expression, its text, and the format it is written in."""

    text: str
    expression: Typed
    format: str  # amount ratio int date code


@dataclass(frozen=True)
class Requirement:
    """What must be there before a rule says anything: months of a feed, or a condition."""

    feed: str = ""
    months: Typed | None = None
    condition: Typed | None = None
    text: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Case:
    """测试用例: a little household, its rows, and what the rule must say."""

    name: str
    kind: str
    as_of: date
    given: Mapping[str, Any]
    expect: Mapping[str, Any]
    line: int


@dataclass(frozen=True)
class Term:
    """术语: a named condition or amount of a person or household, defined once."""

    name: str
    level: str
    title: str
    text: str
    expression: Typed


@dataclass(frozen=True)
class Let:
    """A named quantity of a rule as written and as typed."""

    name: str
    text: str
    expression: Typed
    title: str = ""

    @property
    def quantity(self) -> Quantity | None:
        if self.expression.op == "quantity" and not self.expression.value[1]:
            quantity: Quantity = self.expression.value[0]
            return quantity
        return None


@dataclass(frozen=True)
class Rule:
    """规则: who, what, when true, what is shown and why."""

    id: str
    title: str
    level: str
    risk: str
    severity: int
    kind: str
    feeds: tuple[str, ...]
    population_text: str
    population: Typed | None
    lets: tuple[Let, ...]
    when_text: str
    when: Typed
    value: Shown
    threshold: Shown | None
    require: tuple[Requirement, ...]
    missing: str
    source: str
    explanation: str
    about: Quantity | None
    valid_from: date
    valid_to: date | None
    cases: tuple[Case, ...]
    file: str
    line: int
    raw: Mapping[str, Any] = field(compare=False, hash=False, repr=False)
    day: int = 0  # which of the days of a run

    @property
    def params(self) -> tuple[str, ...]:
        """Keys of the parameters the rule reads, in order of first use."""
        found: dict[str, None] = {}
        for part in self.parts():
            for node in part.walk():
                if node.op in ("param", "param_at"):
                    found[node.value] = None
        return tuple(found)

    def parts(self) -> list[Typed]:
        """Every expression of the rule, those inside its quantities included."""
        found: list[Typed] = [self.when, self.value.expression]
        found += [part for part in (self.population,) if part is not None]
        found += [self.threshold.expression] if self.threshold else []
        for need in self.require:
            found += [part for part in (need.months, need.condition) if part is not None]
        return [*found, *inner_parts(found)]

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def inner_parts(parts: list[Typed]) -> list[Typed]:
    """Expressions inside the quantities of expressions, to any depth."""
    found: list[Typed] = []
    for part in parts:
        for quantity in part.quantities():
            inner = list(quantity.inner())
            found += [*inner, *inner_parts(inner)]
    return found


@dataclass(frozen=True)
class Check:
    """质量检查: a condition over the registry that a record should not meet."""

    id: str
    title: str
    group: str  # what the file of checks is about, for pages
    level: str
    when_text: str
    when: Typed
    cases: tuple[Case, ...]
    file: str
    line: int
