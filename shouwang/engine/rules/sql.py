"""SQL 的积木: the few shapes from which queries are put together, as SQLGlot trees.

Identifiers are quoted, values are literal nodes; no text of a rule is ever pasted into SQL."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from sqlglot import exp

Sql = exp.Expr
NULL = exp.Null()


def column(table: str, name: str) -> Sql:
    return exp.column(name, table=table, quoted=True)


def bare(name: str) -> Sql:
    return exp.column(name, quoted=True)


def identifier(name: str) -> str:
    """A quoted name for the few statements that SQLGlot has no tree for."""
    return exp.to_identifier(name, quoted=True).sql(dialect="duckdb")


def text(value: str) -> Sql:
    return exp.Literal.string(value)


def number(value: int) -> Sql:
    literal = exp.Literal.number(str(abs(value)))
    return exp.Neg(this=literal) if value < 0 else literal


def day(value: date) -> Sql:
    return cast(text(value.isoformat()), "DATE")


def constant(value: Any) -> Sql:
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Fraction):
        return number(int(value))
    return number(value) if isinstance(value, int) else text(str(value))


def cast(value: Sql, kind: str) -> Sql:
    return exp.Cast(this=value, to=_type(kind))


def try_enum(value: Sql, kind: str) -> Sql:
    """The value as a member of an enumeration of this run; null if it is none."""
    named = exp.DataType(
        this=exp.DataType.Type.USERDEFINED, kind=exp.to_identifier(kind, quoted=True)
    )
    return exp.TryCast(this=value, to=named)


def try_cast(value: Sql, kind: str) -> Sql:
    return exp.TryCast(this=value, to=_type(kind))


@cache
def _type(kind: str) -> exp.DataType:
    return exp.DataType.build(kind, dialect="duckdb")


def call(name: str, *args: Sql) -> Sql:
    return exp.Anonymous(this=name, expressions=list(args))


def paren(value: Sql) -> Sql:
    return exp.Paren(this=value)


def binary(kind: type[exp.Binary], left: Sql, right: Sql) -> Sql:
    return exp.Paren(this=kind(this=left, expression=right))


def both(parts: Iterable[Sql]) -> Sql:
    """All of them; true for none."""
    return _joined(exp.And, parts, exp.true())


def either(parts: Iterable[Sql]) -> Sql:
    """One of them; false for none."""
    return _joined(exp.Or, parts, exp.false())


def _joined(kind: type[exp.Connector], parts: Iterable[Sql], empty: Sql) -> Sql:
    found: Sql | None = None
    for part in parts:
        found = part if found is None else kind(this=found, expression=part)
    return empty if found is None else exp.Paren(this=found)


def case(branches: Iterable[tuple[Sql, Sql]], default: Sql | None = None) -> Sql:
    ifs = [exp.If(this=when, true=then) for when, then in branches]
    return exp.Case(ifs=ifs, default=default if default is not None else None)


def is_null(value: Sql) -> Sql:
    return exp.Paren(this=exp.Is(this=value, expression=exp.Null()))


def is_known(value: Sql) -> Sql:
    return exp.Paren(this=exp.Not(this=is_null(value)))


def one_of(value: Sql, items: Iterable[Any]) -> Sql:
    return exp.Paren(this=exp.In(this=value, expressions=[constant(item) for item in items]))


def between(value: Sql, low: Sql, high: Sql) -> Sql:
    return exp.Paren(this=exp.Between(this=value, low=low, high=high))


def filtered(aggregate: Sql, condition: Sql | None) -> Sql:
    if condition is None:
        return aggregate
    return exp.Filter(this=aggregate, expression=exp.Where(this=condition))


def coalesce(*values: Sql) -> Sql:
    return call("COALESCE", *values)


def joined(*parts: Sql) -> Sql:
    """Texts one after another; no data if one is missing."""
    found = parts[0]
    for part in parts[1:]:
        found = exp.DPipe(this=found, expression=part)
    return found


def alias(value: Sql, name: str) -> Sql:
    return exp.alias_(value, name, quoted=True)


def table(name: str, as_name: str = "") -> exp.Table:
    found = exp.Table(this=exp.to_identifier(name))
    if as_name:
        found.set("alias", exp.TableAlias(this=exp.to_identifier(as_name)))
    return found


def query(
    columns: Iterable[Sql],
    source: Sql | None = None,
    *,
    joins: Iterable[exp.Join] = (),
    where: Sql | None = None,
    group: Iterable[Sql] = (),
    distinct: bool = False,
) -> exp.Select:
    """A SELECT. Trees are shared, not copied: they are only ever rendered."""
    found = exp.Select(expressions=list(columns))
    if source is not None:
        found.from_(source, copy=False)
    for part in joins:
        found.append("joins", part)
    if where is not None:
        found.where(where, copy=False)
    for key in group:
        found.group_by(key, copy=False)
    if distinct:
        found.distinct(copy=False)
    return found


def subquery(inner: exp.Query, name: str) -> exp.Subquery:
    return inner.subquery(name, copy=False)


def within(value: Sql, inner: exp.Query) -> Sql:
    """The value is among the results of a query."""
    return exp.Paren(this=exp.In(this=value, query=inner.subquery(copy=False)))


def outside(value: Sql, inner: exp.Query) -> Sql:
    """The value is not among them; the inner query must give no nulls."""
    return exp.Paren(this=exp.Not(this=within(value, inner)))


def insert(name: str, rows: exp.Query) -> str:
    return render(exp.Insert(this=exp.to_table(name), expression=rows))


def join(name: str, on: Sql, *, as_name: str = "", left: bool = False) -> exp.Join:
    found = exp.Join(this=table(name, as_name), on=on)
    if left:
        found.set("side", "LEFT")
    return found


def create_table(name: str, query: exp.Query) -> str:
    """The one statement that stores a step's result."""
    return render(exp.Create(this=exp.to_table(name), kind="TABLE", expression=query))


def union_all(queries: list[exp.Query]) -> exp.Query:
    """Balanced, so that a long union does not nest deeply."""
    while len(queries) > 1:
        pairs = [queries[at : at + 2] for at in range(0, len(queries), 2)]
        queries = [
            exp.Union(this=pair[0], expression=pair[1], distinct=False)
            if len(pair) == 2
            else pair[0]
            for pair in pairs
        ]
    return queries[0]


def render(query: Sql) -> str:
    """The text. Nothing changes a tree after it was put together, so none is copied for this."""
    return query.sql(dialect="duckdb", copy=False)
