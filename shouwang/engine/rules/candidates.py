"""候选对象: who can be hit by a rule at all. The exact condition is tested on candidates only.

A rule's condition is a conjunction. If one of its parts cannot be true without rows of some feed,
the persons or households that have such rows are the candidates; a rule that asks for absence takes
its population and leaves out those who have the rows. Leaving a part of the condition out of this
choice only makes the choice wider, never wrong."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.compiler import Compiler
from shouwang.engine.rules.features import ensure, row_conditions
from shouwang.engine.rules.model import Rule
from shouwang.engine.rules.moment import top_parts
from shouwang.engine.rules.relation import KEYS, Frame, Relation
from shouwang.engine.rules.rows import feed_rows
from shouwang.engine.rules.sql import Sql
from shouwang.engine.rules.typed import Quantity, Typed, conjuncts
from shouwang.engine.rules.workspace import Workspace

FEW = 12  # a population of less than one household in twelve is narrowed by itself
UNKNOWN = "unknown"


def rejects(node: Typed, absent: frozenset[Typed | Quantity], compiler: Compiler) -> bool:
    """Whether a condition cannot be true for a subject without rows of the absent quantities."""
    return _without(node, absent, compiler) in (False, None)


def _without(node: Typed, absent: frozenset[Typed | Quantity], compiler: Compiler) -> Any:
    """The value with the absent quantities null (or 0): a value, None for null, or UNKNOWN."""
    if node.op == "quantity" and node.value[0] in absent:
        return Fraction(0) if node.value[0].counts else None
    if node.op in ("hit", "hit_value") and node in absent:
        return False if node.op == "hit" else None
    constant = compiler.constant(node)
    if constant is not None:
        return constant
    values = [_without(arg, absent, compiler) for arg in node.args]
    if node.op == "and":
        return None if any(value in (False, None) for value in values) else UNKNOWN
    if node.op == "or":
        return None if all(value in (False, None) for value in values) else UNKNOWN
    if node.op == "is" and values[0] is None:
        return node.value in ("missing",)
    if node.op == "compare":
        return _compared(node.value, values)
    if node.op in ("in", "within", "+", "-", "*", "/") and None in values:
        return None
    if node.op == "call" and None in values:
        return None if node.value != "earliest" or set(values) == {None} else UNKNOWN
    return UNKNOWN


def _compared(operator: str, values: list[Any]) -> Any:
    if None in values:
        return None
    if not all(isinstance(value, Fraction) for value in values):
        return UNKNOWN
    a, b = values
    return {"=": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[operator]


def leaves(node: Typed) -> Iterator[Typed]:
    for part in node.walk():
        if part.op in ("column", "quantity", "hit", "hit_value"):
            yield part


def of_subject(node: Typed) -> bool:
    """A condition on the registry alone."""
    return all(leaf.op == "column" for leaf in leaves(node))


class Candidates:
    """The candidates of all rules of a stratum, and the frame of small tables made from them."""

    def __init__(self, work: Workspace, rules: list[Rule]) -> None:
        self.work = work
        self.rules = rules
        self.plain = Compiler(work.moment, lambda node: sql.NULL)
        self.persons: list[exp.Query] = []
        self.households: list[exp.Query] = []
        self.with_members: list[exp.Query] = []
        self.surveys: dict[Quantity, list[Sql]] = {}
        self.shares = self._shares()

    def frame(self) -> Frame:
        """Small tables of the candidates; households of candidate persons are among them."""
        for rule in self.rules:
            if rule.level != "village" and not by_registry(rule):
                self._collect(rule)
        self._collect_surveys()
        person = self._persons()
        members = self._ids("household_id", self.with_members)
        inside = sql.within(sql.bare("household_id"), _all("household_id", members))
        member = self.work.create(
            "few_members", sql.query([exp.Star()], sql.table("person"), where=inside)
        )
        keys = [_all("household_id", members), *self.households]
        where = sql.within(sql.bare("household_id"), sql.union_all(keys))
        household = self.work.create(
            "few_households", sql.query([exp.Star()], sql.table("household"), where=where)
        )
        return Frame(person, member, household)

    def _ids(self, key: str, queries: list[exp.Query]) -> str:
        rows = sql.union_all(list(queries)) if queries else _none(key)
        return self.work.create(
            "ids", sql.query([sql.bare(key)], sql.subquery(rows, "u"), distinct=True)
        )

    def _persons(self) -> str:
        """Candidate persons with the columns of their households."""
        inner = sql.union_all(list(self.persons)) if self.persons else _none("person_id")
        chosen = sql.within(sql.bare("person_id"), inner)
        few = self.work.create("ids", sql.query([exp.Star()], sql.table("person"), where=chosen))
        on = sql.binary(exp.EQ, sql.column("h", "household_id"), sql.column("p", "household_id"))
        columns: list[Sql] = [exp.Column(this=exp.Star(), table=exp.to_identifier("p"))]
        columns += [
            sql.alias(sql.column("h", name), f"h_{name}")
            for name in sorted(self.work.needs.households | {"village_code"})
        ]
        joins = [sql.join("household", on, as_name="h")]
        return self.work.create("few_persons", sql.query(columns, sql.table(few, "p"), joins=joins))

    # ---- one rule

    def _collect(self, rule: Rule) -> None:
        parts = _parts(rule)
        query = self._choose(rule, parts)
        if query is None:
            return
        kept = self.households
        if rule.level == "person":
            kept = self.persons
        elif self._needs_members(rule):
            kept = self.with_members
        if query not in kept:
            kept.append(query)

    def _needs_members(self, rule: Rule) -> bool:
        """Whether quantities of the rule are still to be made from rows of members."""
        quantities = {quantity for part in top_parts(rule) for quantity in part.quantities()}
        return any(
            quantity.by == "household"
            and quantity.source.scope != "hits"
            and not self.work.has(quantity)
            for quantity in quantities
        )

    def _choose(self, rule: Rule, parts: list[Typed]) -> exp.Query | None:
        """The narrowest of the possible starts; None if the rows are collected elsewhere."""
        level = rule.level
        if self.shares.get(rule.id, FEW) < FEW:
            hit = self._by_hit(parts, level)
            return hit if hit is not None else self._by_subject(parts, level)
        for start in (self._by_hit, self._by_members, self._by_survey, self._by_feature):
            query = start(parts, level)
            if query is not None:
                return query
        if any(
            leaf.op == "quantity" and leaf.value[0] in self.surveys
            for part in parts
            for leaf in leaves(part)
        ):
            return None
        return self._by_subject(parts, level)

    def _by_hit(self, parts: list[Typed], level: str) -> exp.Query | None:
        """Persons of whom another rule is true."""
        for part in parts:
            for leaf in leaves(part):
                if (
                    level == "person"
                    and leaf.op == "hit"
                    and rejects(part, frozenset({leaf}), self.plain)
                ):
                    return _all("person_id", self.work.hit_table(leaf.value))
        return None

    def _by_feature(self, parts: list[Typed], level: str) -> exp.Query | None:
        """Those in a feature table; several tables of one source together if it takes them all."""
        quantities = self._own(parts, level)
        singles = [
            q
            for q in quantities
            if any(rejects(part, frozenset({q}), self.plain) for part in parts)
        ]
        singles.sort(key=lambda q: not self._decides(parts, q))
        if singles:
            return self._from_table(singles[0], parts, level)
        together = frozenset(quantities)
        if together and any(rejects(part, together, self.plain) for part in parts):
            ensure(self.work, [_node(quantity) for quantity in quantities])
            return sql.union_all([_all(KEYS[level], self.work.place(q)[0]) for q in quantities])
        return None

    def _own(self, parts: list[Typed], level: str) -> list[Quantity]:
        found = {quantity: None for part in parts for quantity in part.quantities()}
        return [
            quantity for quantity in found
            if quantity.by == level
            and quantity.source.scope not in ("members", "last_row", "sharing")
        ]  # fmt: skip

    def _decides(self, parts: list[Typed], quantity: Quantity) -> bool:
        """Whether a part of the condition on the quantity alone narrows it."""
        return any(
            part.op != "is" and set(_quantities(part)) == {quantity} and _only_quantities(part)
            for part in parts
        )

    def _from_table(self, quantity: Quantity, parts: list[Typed], level: str) -> exp.Query:
        """Rows of a feature table that meet what can be tested there. The registry is joined only
        if nothing else narrows the table."""
        decides = self._decides(parts, quantity)
        ensure(self.work, [_node(quantity)])
        table, _ = self.work.place(quantity)
        sparse = decides or quantity.where is not None or quantity.source.scope == "hits"
        base = "row" if level == "person" else "keyed"
        relation = Relation(self.work, base, sql.table(table, "r"), own=table)
        compiler = Compiler(self.work.moment, relation.resolve)
        tested = [
            part for part in parts
            if set(_quantities(part)) <= {quantity} and (_only_quantities(part) or not sparse)
            and not any(leaf.op in ("hit", "hit_value") for leaf in leaves(part))
        ]  # fmt: skip
        key = relation.key(level)
        conditions = [compiler.condition(part) for part in tested]
        if not decides:
            conditions += self._absences(parts, level, key)
        return relation.select([sql.alias(key, KEYS[level])], sql.both(conditions))

    def _by_members(self, parts: list[Typed], level: str) -> exp.Query | None:
        """Households with a member who has something rare: a death, a hit."""
        for quantity in dict.fromkeys(q for part in parts for q in part.quantities()):
            if quantity.source.scope != "members" or quantity.where is None:
                continue
            if not any(rejects(part, frozenset({quantity}), self.plain) for part in parts):
                continue
            start = self._rare_members(conjuncts(quantity.where))
            if start is None:
                continue
            relation = Relation(self.work, "row", sql.subquery(start, "r"))
            key = relation.key(level)
            compiler = Compiler(self.work.moment, relation.resolve)
            where = compiler.condition(quantity.where)
            return relation.select([sql.alias(key, KEYS[level])], where)
        return None

    def _rare_members(self, parts: list[Typed]) -> exp.Query | None:
        hit = self._by_hit(parts, "person")
        if hit is not None:
            return hit
        quantities = frozenset(quantity for part in parts for quantity in part.quantities())
        if not quantities or not any(rejects(part, quantities, self.plain) for part in parts):
            return None
        ensure(self.work, [_node(quantity) for quantity in quantities])
        tables = sorted({self.work.place(quantity)[0] for quantity in quantities})
        rows = sql.union_all([_all("person_id", table) for table in tables])
        return sql.query([sql.bare("person_id")], sql.subquery(rows, "u"), distinct=True)

    def _by_survey(self, parts: list[Typed], level: str) -> exp.Query | None:
        """A household whose last row meets a condition has a row that meets it."""
        for part in parts:
            for quantity in _quantities(part):
                if quantity.source.scope != "last_row":
                    continue
                relation = Relation(self.work, "row", own="rows")
                compiler = Compiler(self.work.moment, relation.resolve)
                tested = [
                    compiler.condition(one) for one in parts
                    if set(_quantities(one)) == {quantity} and _only_quantities(one)
                ]  # fmt: skip
                self.surveys.setdefault(quantity, []).append(sql.both(tested))
                return None
        return None

    def _collect_surveys(self) -> None:
        """One scan a survey for the conditions of all its rules."""
        for quantity, conditions in self.surveys.items():
            feed = self.work.catalog.feeds[quantity.source.feed]
            columns = sorted({"person_id", feed.event_date, *self.work.needs.rows[quantity]})
            rows = feed_rows(self.work, quantity, columns, None, Frame())
            relation = Relation(self.work, "row", sql.subquery(rows, "r"), own="rows")
            key = relation.key("household")
            chosen = [sql.alias(key, "household_id")]
            self.with_members.append(relation.select(chosen, sql.either(conditions)))

    # ---- populations

    def _shares(self) -> dict[str, float]:
        """Of a hundred households, how many belong to a rule's population by the registry."""
        wanted: dict[str, Typed] = {}
        for rule in self.rules:
            if rule.level != "household" or by_registry(rule):
                continue
            parts = [part for part in conjuncts(rule.population) if of_subject(part)]
            if parts:
                wanted[rule.id] = Typed("and", parts[0].type, tuple(parts))
        if not wanted:
            return {}
        relation = Relation(self.work, "household")
        compiler = Compiler(self.work.moment, relation.resolve)
        counts: list[Sql] = [exp.Count(this=exp.Star())]
        different = list(dict.fromkeys(wanted.values()))
        counts += [
            sql.filtered(exp.Count(this=exp.Star()), compiler.condition(part)) for part in different
        ]
        total, *found = self.work.run(relation.select(counts)).fetchone()
        share = {
            part: 100 * count / max(total, 1) for part, count in zip(different, found, strict=True)
        }
        return {rule: share[part] for rule, part in wanted.items()}

    def _by_subject(self, parts: list[Typed], level: str) -> exp.Query:
        """The population, without those for whom rows are there that should be absent."""
        relation = Relation(self.work, level)
        compiler = Compiler(self.work.moment, relation.resolve)
        conditions = [compiler.condition(part) for part in parts if of_subject(part)]
        key = relation.key(level)
        conditions += self._absences(parts, level, key)
        return relation.select([sql.alias(key, KEYS[level])], sql.both(conditions))

    def _absences(self, parts: list[Typed], level: str, key: Sql) -> list[Sql]:
        return [
            sql.outside(key, query)
            for part in parts
            if (query := self._absent(part, level)) is not None
        ]

    def _absent(self, part: Typed, level: str) -> exp.Query | None:
        """For `count = 0`: those with a row that is counted."""
        if part.op != "compare" or part.value != "=" or part.args[0].op != "quantity":
            return None
        quantity: Quantity = part.args[0].value[0]
        if self.plain.constant(part.args[1]) != 0 or not quantity.counts or quantity.by != level:
            return None
        if quantity.source.scope == "members":
            ensure(self.work, quantity.inner())
            relation = Relation(self.work, "member")
            compiler = Compiler(self.work.moment, relation.resolve)
            where = compiler.condition(quantity.where) if quantity.where is not None else None
            return relation.select([sql.column("p", "household_id")], where)
        own = conjuncts(quantity.where)
        rows_only = all(
            leaf.op == "column" and leaf.value[0] == "row" for one in own for leaf in leaves(one)
        )
        if level != "person" or quantity.source.scope == "hits" or not rows_only:
            return None
        inner = Compiler(self.work.moment, lambda node: sql.bare(node.value[1]))
        conditions = row_conditions(self.work, quantity, inner, own)
        return feed_rows(
            self.work,
            quantity,
            ["person_id"],
            sql.both(conditions) if conditions else None,
            Frame(),
        )


def by_registry(rule: Rule) -> bool:
    """A rule that reads nothing but households needs no candidates."""
    return rule.level == "household" and all(of_subject(part) for part in top_parts(rule))


def _parts(rule: Rule) -> list[Typed]:
    found = conjuncts(rule.population)
    for need in rule.require:
        found += conjuncts(need.condition)
    return found + conjuncts(rule.when)


def _quantities(node: Typed) -> Iterable[Quantity]:
    return dict.fromkeys(leaf.value[0] for leaf in leaves(node) if leaf.op == "quantity")


def _only_quantities(node: Typed) -> bool:
    found = list(leaves(node))
    return bool(found) and all(leaf.op == "quantity" for leaf in found)


def _node(quantity: Quantity) -> Typed:
    return Typed("quantity", quantity.type, value=(quantity, ""))


def _all(key: str, table: str) -> exp.Query:
    return sql.query([sql.bare(key)], sql.table(table))


def _none(key: str) -> exp.Query:
    return sql.query([sql.alias(sql.cast(sql.NULL, "INTEGER"), key)], where=exp.false())
