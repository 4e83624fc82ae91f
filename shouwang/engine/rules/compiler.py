"""编译: a typed expression becomes a SQL tree. Numbers stay exact: a value is a numerator over a
positive denominator, and comparisons multiply across instead of dividing."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from sqlglot import exp

from shouwang.engine.rules import calendar, sql
from shouwang.engine.rules.sql import Sql
from shouwang.engine.rules.typed import INT, NUMERIC, Typed

COMPARE: dict[str, type[exp.Binary]] = {
    "=": exp.EQ, "!=": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE,
}  # fmt: skip
SEPARATORS = "[+、,;]"
SMALL = 2**31


@dataclass(frozen=True)
class Moment:
    """What is fixed for one evaluation: the as-of date, the parameters in force, the county."""

    day: date
    parameters: dict[str, Fraction | None]
    steps: dict[str, list[tuple[date, date | None, Fraction]]]
    county: str
    lists: dict[str, tuple[str, ...]]
    raw: bool = False  # registry codes as written; otherwise one outside its list is no data


@dataclass(frozen=True)
class Exact:
    """A number: numerator and denominator, each a SQL tree or a plain integer."""

    num: Sql | int
    den: Sql | int = 1
    decimal: bool = False  # DECIMAL column: multiplied as it is, never cast
    small: bool = False  # the denominator is a count: 64 bits hold its product with a constant


SIZE = Typed("column", INT, value=("household", "size"))
Resolve = Callable[[Typed], Sql]


@dataclass(frozen=True)
class Compiler:
    """Compiles against a resolver that knows where columns and quantities stand in a query."""

    moment: Moment
    resolve: Resolve

    def sql(self, node: Typed) -> Sql:
        if node.type.kind in NUMERIC:
            found = self.exact(node)
            if not isinstance(found.den, int) or found.den != 1:
                raise ValueError("a fraction has no plain SQL value")
            return _tree(found.num)
        return self._plain(node)

    def condition(self, node: Typed) -> Sql:
        return self._plain(node)

    def _plain(self, node: Typed) -> Sql:
        match node.op:
            case "column" | "quantity" | "hit" | "hit_value":
                return self.resolve(node)
            case "literal":
                return sql.constant(node.value)
            case "day":
                return sql.day(self.moment.day)
            case "county":
                return sql.text(self.moment.county)
            case "and":
                return sql.both(self._plain(arg) for arg in node.args)
            case "or":
                return sql.either(self._plain(arg) for arg in node.args)
            case "not":
                return sql.paren(exp.Not(this=sql.paren(self._plain(node.args[0]))))
            case "compare":
                return self._compare(node)
            case "in":
                return sql.one_of(self.sql(node.args[0]), node.value)
            case "is":
                return self._is(node)
            case "within":
                period = calendar.window(node.value, self.moment.day)
                value = self.sql(node.args[0])
                return sql.between(value, sql.day(period.first), sql.day(period.last))
            case "else":
                return sql.coalesce(*(self._plain(arg) for arg in node.args))
            case "given":
                return sql.case([(self._plain(node.args[0]), self._plain(node.args[1]))])
            case "+" | "-":
                kind = exp.Add if node.op == "+" else exp.Sub
                return sql.cast(
                    sql.binary(kind, self.sql(node.args[0]), self._integer(node.args[1])), "DATE"
                )
            case "call":
                return self._call(node)
        raise ValueError(f"unknown operation {node.op}")

    def _integer(self, node: Typed) -> Sql:
        return sql.cast(self.sql(node), "INTEGER")

    def _is(self, node: Typed) -> Sql:
        operand = node.args[0]
        if node.value in ("missing", "known"):
            value = self._value_marker(operand)
            return sql.is_null(value) if node.value == "missing" else sql.is_known(value)
        value = self.sql(operand)
        if operand.op == "column" and operand.value[0] != "row" and not self.moment.raw:
            return sql.is_known(value) if node.value == "listed" else exp.false()
        listed = sql.one_of(value, self.moment.lists[operand.type.codes])
        if node.value == "listed":
            return sql.coalesce(listed, exp.false())
        return sql.both([sql.is_known(value), exp.Not(this=listed)])

    def _value_marker(self, operand: Typed) -> Sql:
        """An expression that is null exactly if the value is."""
        if operand.type.kind not in NUMERIC:
            return self._plain(operand)
        found = self.exact(operand)
        if isinstance(found.den, int):
            return _tree(found.num)
        return sql.case([(sql.is_known(found.den), _tree(found.num))])

    def _compare(self, node: Typed) -> Sql:
        left, right = node.args
        kind = COMPARE[node.value]
        for simpler in (self._age_compared, self._months_compared):
            found = simpler(node)
            if found is not None:
                return found
        if left.type.kind not in NUMERIC:
            return sql.binary(kind, self._plain(left), self._plain(right))
        a, b = self.exact(left), self.exact(right)
        first, second = _times(a.num, b.den, a), _times(b.num, a.den, replace(b, small=a.small))
        return sql.binary(kind, _tree(first), _tree(second))

    def _age_compared(self, node: Typed) -> Sql | None:
        """An age against a whole number is a birth date against a day: no sum per person."""
        left, right = node.args
        if (left.op, left.value) != ("call", "age") or node.value not in (">=", "<=", ">", "<"):
            return None
        on, years = self.constant(left.args[1]), self.constant(right)
        if not isinstance(on, date) or not isinstance(years, Fraction) or years.denominator != 1:
            return None
        reached = node.value in (">=", ">")  # that many years completed, or not yet
        wanted = int(years) + (1 if node.value in (">", "<=") else 0)
        if not 0 < wanted < on.year - 1:
            return None
        kind = exp.LTE if reached else exp.GT
        return sql.binary(
            kind, self._plain(left.args[0]), sql.day(calendar.years_before(on, wanted))
        )

    def _months_compared(self, node: Typed) -> Sql | None:
        """Months up to a fixed day against a whole number: a date against the first of a month."""
        left, right = node.args
        if (left.op, left.value) != ("call", "months_between") or node.value not in (">", ">="):
            return None
        last, count = self.constant(left.args[1]), self.constant(right)
        if not isinstance(last, date) or not isinstance(count, Fraction):
            return None
        back = math.floor(count) if node.value == ">" else math.ceil(count) - 1
        if not 0 <= back < 12 * (last.year - 1):
            return None
        first = calendar.month_start(last, back)
        return sql.binary(exp.LT, self._plain(left.args[0]), sql.day(first))

    # ---- numbers

    def exact(self, node: Typed) -> Exact:
        constant = self.constant(node)
        if isinstance(constant, Fraction):
            return Exact(constant.numerator, constant.denominator)
        match node.op:
            case "column" | "quantity" | "hit_value":
                return Exact(self.resolve(node), decimal=node.type.kind == "number")
            case "param":
                return Exact(sql.NULL)
            case "param_at":
                return self._param_at(node)
            case "+" | "-":
                return _add(self.exact(node.args[0]), self.exact(node.args[1]), node.op)
            case "*":
                a, b = (self.exact(arg) for arg in node.args)
                return Exact(_times(a.num, b.num, a), _times(a.den, b.den, a))
            case "/":
                found = _divide(self.exact(node.args[0]), self.exact(node.args[1]))
                return replace(found, small=node.args[1] == SIZE)
            case "else":
                a, b = (self.exact(arg) for arg in node.args)
                return Exact(sql.coalesce(_tree(a.num), _tree(b.num)), 1, a.decimal)
            case "given":
                condition, value = self._plain(node.args[0]), self.exact(node.args[1])
                return replace(value, num=sql.case([(condition, _tree(value.num))]))
            case "call":
                return Exact(self._call(node))
        raise ValueError(f"{node.op} is no number")

    def constant(self, node: Typed) -> Fraction | date | None:
        """The value of an expression that D and the parameters decide alone."""
        match node.op:
            case "literal":
                return node.value if isinstance(node.value, Fraction | date) else None
            case "day":
                return self.moment.day
            case "param":
                return self.moment.parameters.get(node.value)
            case "*":
                a, b = (self.constant(arg) for arg in node.args)
                return a * b if isinstance(a, Fraction) and isinstance(b, Fraction) else None
            case "call":
                return self._constant_call(node)
        return None

    def _constant_call(self, node: Typed) -> Fraction | date | None:
        args = [self.constant(arg) for arg in node.args]
        match node.value, args:
            case "year", [date() as day]:
                return Fraction(day.year)
            case "school_year", [date() as day]:
                return Fraction(calendar.school_year(day))
            case "month", [date() as day]:
                return calendar.month_start(day)
            case "month_end", [date() as day]:
                return calendar.month_end(day)
            case "date", [Fraction() as y, Fraction() as m, Fraction() as d]:
                return date(int(y), int(m), int(d))
        return None

    def _param_at(self, node: Typed) -> Exact:
        day = self._plain(node.args[0])
        steps = self.moment.steps[node.value]
        den = math.lcm(1, *(value.denominator for _, _, value in steps))
        branches = []
        for first, last, value in steps:
            inside = sql.binary(exp.GTE, day, sql.day(first))
            if last is not None:
                inside = sql.between(day, sql.day(first), sql.day(last))
            branches.append((inside, sql.number(int(value * den))))
        return Exact(sql.case(branches) if branches else sql.NULL, den)

    # ---- functions

    def _call(self, node: Typed) -> Sql:
        constant = self._constant_call(node)
        if constant is not None:
            return sql.constant(constant)
        name, args = node.value, node.args
        if name == "age":
            born, on = (self._ymd(arg) for arg in args)
            return exp.Paren(
                this=exp.IntDiv(this=sql.binary(exp.Sub, on, born), expression=sql.number(10000))
            )
        if name == "months_between":
            first, last = (self._month_index(arg) for arg in args)
            return sql.binary(exp.Sub, last, first)
        if name in ("contains", "only", "has_any", "starts_with"):
            return self._words(name, self._plain(args[0]), str(args[1].value))
        values = [self.sql(arg) for arg in args]
        match name:
            case "year":
                return sql.call("YEAR", values[0])
            case "month":
                return sql.cast(sql.call("DATE_TRUNC", sql.text("month"), values[0]), "DATE")
            case "month_end":
                return sql.call("LAST_DAY", values[0])
            case "date":
                return sql.call("MAKE_DATE", *values)
            case "earliest":
                return sql.call("LEAST", *values)
            case "int":
                return sql.try_cast(values[0], "INTEGER")
            case "school_year":
                early = sql.binary(exp.LT, sql.call("MONTH", values[0]), sql.number(9))
                return sql.binary(exp.Sub, sql.call("YEAR", values[0]), sql.cast(early, "INTEGER"))
        raise ValueError(f"unknown function {name}")

    def _ymd(self, node: Typed) -> Sql:
        constant = self.constant(node)
        if isinstance(constant, date):
            return sql.number(constant.year * 10000 + constant.month * 100 + constant.day)
        value = self._plain(node)
        return _linear((sql.call("YEAR", value), 10000), (sql.call("MONTH", value), 100),
                       (sql.call("DAY", value), 1))  # fmt: skip

    def _month_index(self, node: Typed) -> Sql:
        constant = self.constant(node)
        if isinstance(constant, date):
            return sql.number(constant.year * 12 + constant.month)
        value = self._plain(node)
        return _linear((sql.call("YEAR", value), 12), (sql.call("MONTH", value), 1))

    def _words(self, name: str, value: Sql, part: str) -> Sql:
        if name == "starts_with":
            return sql.call("STARTS_WITH", value, sql.text(part))
        if name == "has_any":
            pattern = "[" + re.escape(part).replace("/", "\\/") + "]"
            return sql.call("REGEXP_MATCHES", value, sql.text(pattern))
        trimmed = sql.call("TRIM", value, sql.text("+、,;"))
        items = sql.call("REGEXP_SPLIT_TO_ARRAY", trimmed, sql.text(SEPARATORS))
        if name == "contains":
            return sql.call("LIST_CONTAINS", items, sql.text(part))
        single = sql.binary(
            exp.EQ, sql.call("LEN", sql.call("LIST_DISTINCT", items)), sql.number(1)
        )
        return sql.both([single, sql.call("LIST_CONTAINS", items, sql.text(part))])


def _linear(*parts: tuple[Sql, int]) -> Sql:
    found: Sql | None = None
    for value, factor in parts:
        term = value if factor == 1 else sql.binary(exp.Mul, value, sql.number(factor))
        found = term if found is None else sql.binary(exp.Add, found, term)
    return found if found is not None else sql.NULL


def _tree(value: Sql | int) -> Sql:
    return sql.number(value) if isinstance(value, int) else value


def _times(a: Sql | int, b: Sql | int, of: Exact) -> Sql | int:
    """A product in 128 bits; products with 1 and of constants cost nothing."""
    if isinstance(a, int) and isinstance(b, int):
        return a * b
    if isinstance(a, int):
        a, b = b, a
    if isinstance(b, int) and b == 1:
        return a
    wide = _tree(a) if of.decimal else sql.cast(_tree(a), "HUGEINT")
    if isinstance(b, int) and abs(b) < SMALL and of.small:
        wide = sql.cast(_tree(a), "BIGINT")
    return sql.binary(exp.Mul, wide, _tree(b))


def _add(a: Exact, b: Exact, op: str) -> Exact:
    kind = exp.Add if op == "+" else exp.Sub
    decimal = a.decimal or b.decimal
    if isinstance(a.den, int) and a.den == b.den:
        return Exact(sql.binary(kind, _tree(a.num), _tree(b.num)), a.den, decimal)
    left, right = _times(a.num, b.den, a), _times(b.num, a.den, b)
    return Exact(sql.binary(kind, _tree(left), _tree(right)), _times(a.den, b.den, a), decimal)


def _divide(a: Exact, b: Exact) -> Exact:
    """Dividing by zero or by a negative number gives no data, never an error."""
    if isinstance(b.num, int):
        if b.num <= 0:
            return Exact(sql.NULL)
        return Exact(_times(a.num, b.den, a), _times(a.den, b.num, a))
    positive = sql.case([(sql.binary(exp.GT, b.num, sql.number(0)), b.num)])
    return Exact(_times(a.num, b.den, a), _times(a.den, positive, replace(a, decimal=False)))
