"""有类型的表达式: a rule after names and types are known. Immutable and hashable, so that the same
quantity in two rules is one quantity."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

TITLES = {
    "bool": "是否条件", "int": "整数", "number": "小数", "amount": "金额", "ratio": "比例",
    "date": "日期", "month": "月份", "code": "代码", "text": "文字", "row": "一行记录",
}  # fmt: skip
NUMERIC = frozenset({"int", "number", "amount", "ratio"})


@dataclass(frozen=True)
class Type:
    """Kind of a value; `codes` names the code list of a code. `exact` ints may carry fractions."""

    kind: str
    codes: str = ""

    def __str__(self) -> str:
        title = TITLES[self.kind]
        return f"{title}（{self.codes}）" if self.codes else title


BOOL, INT, NUMBER, AMOUNT = Type("bool"), Type("int"), Type("number"), Type("amount")
RATIO, DATE, MONTH, TEXT, ROW = (
    Type("ratio"),
    Type("date"),
    Type("month"),
    Type("text"),
    Type("row"),
)


@dataclass(frozen=True)
class Typed:
    """One node: what it does, its type, its arguments, and a plain value where it has one."""

    op: str
    type: Type
    args: tuple["Typed", ...] = ()
    value: Any = None

    def walk(self) -> Iterator["Typed"]:
        yield self
        for arg in self.args:
            yield from arg.walk()

    def quantities(self) -> Iterator["Quantity"]:
        """The quantities named directly, those inside other quantities not included."""
        for node in self.walk():
            if node.op == "quantity":
                yield node.value[0]


@dataclass(frozen=True)
class Source:
    """Where the rows of a quantity come from.

    scope: all (visible rows), latest (last list), month_end and previous_month_end (the list whose
    period ends on D or a month before), last_row (latest survey row), members, hits."""

    scope: str
    feed: str = ""


@dataclass(frozen=True)
class Quantity:
    """量: an aggregate over rows, one value a person, household or village."""

    agg: str  # sum count persons households distinct min max first last_row
    source: Source
    by: str  # person, household, village
    type: Type
    value: Typed | None = None
    where: Typed | None = None
    on: str = ""  # the date column a window tests
    window: str = ""
    order: tuple[str, ...] = ()
    day: int = 0  # which of the days of a run

    @property
    def counts(self) -> bool:
        """Nothing counted is 0; nothing summed is no data."""
        return self.agg in ("count", "persons", "households", "distinct")

    def inner(self) -> Iterator[Typed]:
        for part in (self.value, self.where):
            if part is not None:
                yield part

    def row_columns(self) -> Iterator[str]:
        """The columns that it reads of its rows."""
        if self.on:
            yield self.on
        for part in self.inner():
            for node in part.walk():
                if node.op == "column" and node.value[0] == "row":
                    yield node.value[1]

    def needs(self) -> Iterator["Quantity"]:
        """Quantities that must be there before this one (death dates for "alive")."""
        for part in self.inner():
            yield from part.quantities()

    def rules_used(self) -> Iterator[str]:
        for part in self.inner():
            yield from rules_used(part)


def rules_used(node: Typed) -> Iterator[str]:
    """Rules whose result an expression reads, through its quantities too."""
    for part in node.walk():
        if part.op in ("hit", "hit_value"):
            yield part.value
        elif part.op == "quantity":
            yield from part.value[0].rules_used()
            if part.value[0].source.scope == "hits":
                yield from _rules_selected(part.value[0].where)


def _rules_selected(where: Typed | None) -> Iterator[str]:
    """Rules named by `rule = …` or `rule in {…}`; "*" where none is named: all others."""
    found: list[str] = []
    for part in where.walk() if where else ():
        if part.op in ("in", "compare") and part.args[0].op == "column":
            if part.args[0].value[1] != "rule":
                continue
            items = part.value if part.op == "in" else (part.args[1].value,)
            found.extend(items)
    yield from found or ["*"]


def conjuncts(node: Typed | None) -> list[Typed]:
    """The parts joined by `and` at the top."""
    if node is None:
        return []
    if node.op == "and":
        return [part for arg in node.args for part in conjuncts(arg)]
    return [node]


def conjunction(parts: list[Typed]) -> Typed | None:
    """The parts joined by `and`; nothing for no parts."""
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Typed("and", BOOL, tuple(parts))
