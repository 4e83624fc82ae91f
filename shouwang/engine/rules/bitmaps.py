"""位图: those who are not among others, found by one bit a subject.

To ask of millions whether they are among other millions is far cheaper of bits than of a hash
table. It needs keys that lie close together, as the registry's do; otherwise a plain NOT IN."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.relation import KEYS, Relation
from shouwang.engine.rules.sql import Sql

if TYPE_CHECKING:
    from shouwang.engine.rules.workspace import Workspace

SPARSE = 16  # bits for each subject: with more, the gaps cost more than the hashing


def not_among(
    work: "Workspace", level: str, conditions: list[Sql], others: list[exp.Query]
) -> exp.Query:
    """The persons or households of the registry that meet conditions on their own columns and
    stand in none of the other queries, which give keys."""
    relation, name = Relation(work, level), KEYS[level]
    key = relation.key(level)
    span = _span(work, level)
    if span is None:
        outside = [sql.outside(key, other) for other in others]
        return relation.select([exp.Star()], sql.both([*conditions, *outside]))
    variables = list(_bits(work, others, name, span))
    place = _place(key, span)
    for variable in variables:
        bit = sql.call("GET_BIT", sql.call("GETVARIABLE", sql.text(variable)), place)
        conditions = [*conditions, sql.binary(exp.EQ, bit, sql.number(0))]
    text = sql.render(relation.select([exp.Star()], sql.both(conditions)))
    if text not in work.absent:
        # a variable lives in one connection: no lane may run this
        work.absent[text] = work.name("absent")
        work.run(f"CREATE TABLE {work.absent[text]} AS {text}")
    return sql.query([exp.Star()], sql.table(work.absent[text]))


def among(work: "Workspace", kind: str, level: str, query: exp.Select, keys: exp.Query) -> str:
    """A new table of a query over the registry, of those rows whose key stands in `keys`."""
    span, name = _span(work, level), KEYS[level]
    letter = {"person": "p", "household": "h"}[level]
    key = sql.column(letter, name)
    if span is None:
        query.where(sql.within(key, keys), copy=False)
        return work.create(kind, query)
    (variable,) = _bits(work, [keys], name, span)
    bit = sql.call("GET_BIT", sql.call("GETVARIABLE", sql.text(variable)), _place(key, span))
    query.where(sql.binary(exp.EQ, bit, sql.number(1)), copy=False)
    table = work.name(kind)
    work.run(sql.create_table(table, query))
    return table


def _place(key: Sql, span: tuple[int, int]) -> Sql:
    return sql.binary(exp.Sub, key, sql.number(span[0]))


def _bits(
    work: "Workspace", others: list[exp.Query], name: str, span: tuple[int, int]
) -> Iterator[str]:
    """Variables that hold a bit for each key between the smallest and the greatest."""
    first, last = (sql.number(end) for end in span)
    none = sql.call("BITSTRING", sql.text("0"), sql.number(span[1] - span[0] + 1))
    for other in others:
        key = sql.column("s", name)
        bits = sql.query(
            [sql.coalesce(sql.call("BITSTRING_AGG", key, first, last), none)],
            sql.subquery(other, "s"),
            where=sql.between(key, first, last),
        )
        text = sql.render(bits)
        if text not in work.bits:
            work.bits[text] = f"among_{len(work.bits)}"
            work.run(f"SET VARIABLE {work.bits[text]} = ({text})")
        yield work.bits[text]


def _span(work: "Workspace", level: str) -> tuple[int, int] | None:
    """The smallest and the greatest key, if they lie close enough together."""
    if level not in work.spans:
        ends = f"SELECT MIN({KEYS[level]}), MAX({KEYS[level]}), COUNT(*) FROM {level}"  # noqa: S608
        first, last, count = work.run(ends).fetchone()
        work.spans[level] = (first, last) if count and last - first < SPARSE * count else None
    return work.spans[level]
