"""候选对象: who can be hit by a rule at all. The exact condition is tested on candidates only.

A rule's condition is a conjunction. If one of its parts cannot be true without rows of some feed,
the persons or households that have such rows are the candidates; a rule that asks for absence takes
its population and leaves out those who have the rows. Leaving a part of the condition out of this
choice only makes the choice wider, never wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlglot import exp

from shouwang.engine.rules import bitmaps, sql
from shouwang.engine.rules.absence import (
    leaves,
    node_of,
    of_rows,
    of_subject,
    only_quantities,
    quantities_of,
    rejects,
)
from shouwang.engine.rules.compiler import Compiler, Resolve
from shouwang.engine.rules.days import plain_name
from shouwang.engine.rules.features import ensure, row_conditions
from shouwang.engine.rules.model import Rule
from shouwang.engine.rules.moment import needs_of, top_parts
from shouwang.engine.rules.relation import KEYS, Frame, Relation
from shouwang.engine.rules.rows import feed_rows
from shouwang.engine.rules.sql import Sql
from shouwang.engine.rules.typed import Quantity, Typed, conjuncts
from shouwang.engine.rules.workspace import Workspace

FEW = 12  # per cent: a smaller share of the households is narrow enough by itself


@dataclass(frozen=True)
class Start:
    """Where the candidates of a rule come from: the tables needed first, then the query."""

    needs: tuple[Typed, ...]
    build: Callable[[], exp.Query]


class Candidates:
    """The candidates of all rules of a stratum, and the frame of small tables made from them."""

    def __init__(self, work: Workspace, rules: list[Rule]) -> None:
        self.work = work
        self.rules = [rule for rule in rules if rule.level != "village" and not by_registry(rule)]
        self.persons: list[exp.Query] = []
        self.households: list[exp.Query] = []
        self.with_members: list[exp.Query] = []
        self.surveys: dict[Quantity, dict[str, list[Typed]]] = {}
        self.found: dict[Quantity, str] = {}
        self.shares = self._shares()

    def frame(self) -> Frame:
        """Small tables of the candidates."""
        starts = [(rule, self._start(rule, _parts(rule))) for rule in self.rules]
        ensure(self.work, [part for _, start in starts for part in start.needs])
        self.found = self._surveyed()
        known: set[tuple[int, str]] = set()
        for rule, start in starts:
            kept, query = self._kept(rule), start.build()
            asked = (id(kept), sql.render(query))
            if asked not in known:
                known.add(asked)
                kept.append(query)
        person = self._persons()
        members = self.work.create("ids", _either("household_id", self.with_members))
        inside = sql.within(sql.bare("household_id"), _all("household_id", members))
        keys = [_all("household_id", members), *self.households]
        everything = sql.query([exp.Star()], sql.table("household", "h"))
        chosen = sql.union_all(keys)
        household = bitmaps.among(self.work, "few_households", "household", everything, chosen)
        all_of = sql.query([exp.Star()], sql.table("person"), where=inside)
        member = self.work.create("few_members", all_of)
        return Frame(person, member, household, self._alone())

    def _kept(self, rule: Rule) -> list[exp.Query]:
        """Households need their members if quantities are still to be made from members."""
        if rule.level == "person":
            return self.persons
        missing = [one for one in _household_quantities(rule) if not self.work.has(one)]
        return self.with_members if any(map(_reads_members, missing)) else self.households

    def _persons(self) -> str:
        """Candidate persons with the columns of their households that rules over persons name."""
        rules = [rule for rule in self.rules if rule.level == "person"]
        inner = sql.union_all(list(self.persons)) if self.persons else _none("person_id")
        on = sql.binary(exp.EQ, sql.column("h", "household_id"), sql.column("p", "household_id"))
        columns: list[Sql] = [exp.Column(this=exp.Star(), table=exp.to_identifier("p"))]
        columns += [
            sql.alias(sql.column("h", name), f"h_{name}")
            for name in sorted(needs_of(rules).households)
        ]
        query = sql.query(
            columns,
            sql.table("person", "p"),
            joins=[sql.join("household", on, as_name="h")],
        )
        few = bitmaps.among(self.work, "few_persons", "person", query, inner)
        if any(_household_quantities(rule) for rule in rules):
            self.with_members.append(_all("household_id", few))
        return few

    # ---- where to start

    def _start(self, rule: Rule, parts: list[Typed]) -> Start:
        """The narrowest of the possible starts."""
        level, day = rule.level, rule.day
        if self.shares.get(plain_name(rule.id), FEW) < FEW:
            return self._by_hit(parts, level, day) or self._by_subject(parts, level, day)
        return (
            self._by_hit(parts, level, day)
            or self._by_members(parts, day)
            or self._by_survey(parts, rule)
            or self._by_feature(parts, level, day)
            or self._by_subject(parts, level, day)
        )

    def _compiler(self, day: int, resolve: Resolve) -> Compiler:
        return Compiler(self.work.moments[day], resolve)

    def _plain(self, day: int) -> Compiler:
        return self._compiler(day, lambda node: sql.NULL)

    def _needs(self, parts: list[Typed], absent: frozenset[Typed | Quantity], day: int) -> bool:
        """Whether the condition cannot hold without rows of what is absent."""
        return any(rejects(part, absent, self._plain(day)) for part in parts)

    def _by_hit(self, parts: list[Typed], level: str, day: int) -> Start | None:
        """Persons of whom another rule is true."""
        for leaf in (leaf for part in parts for leaf in leaves(part)):
            if (
                level == "person"
                and leaf.op == "hit"
                and self._needs(parts, frozenset({leaf}), day)
            ):
                return Start((), partial(self._hit_by, leaf.value))
        return None

    def _hit_by(self, rule: str) -> exp.Query:
        return _all("person_id", self.work.hit_table(rule))

    def _by_feature(self, parts: list[Typed], level: str, day: int) -> Start | None:
        """Those in a feature table; several tables of one source together if it takes them all."""
        found = dict.fromkeys(quantity for part in parts for quantity in part.quantities())
        own = [
            quantity
            for quantity in found
            if quantity.by == level
            and quantity.source.scope not in ("members", "last_row", "sharing")
        ]
        singles = [one for one in own if self._needs(parts, frozenset({one}), day)]
        singles.sort(key=lambda quantity: not _decides(parts, quantity))
        if singles:
            first = singles[0]
            return Start((node_of(first),), partial(self._from_table, first, parts, level))
        if own and self._needs(parts, frozenset(own), day):
            nodes = tuple(node_of(quantity) for quantity in own)
            return Start(nodes, partial(self._from_tables, own, level))
        return None

    def _from_tables(self, quantities: list[Quantity], level: str) -> exp.Query:
        tables = dict.fromkeys(self.work.place(quantity)[0] for quantity in quantities)
        return sql.union_all([_all(KEYS[level], table) for table in tables])

    def _from_table(self, quantity: Quantity, parts: list[Typed], level: str) -> exp.Query:
        """Rows of a feature table that meet what can be tested there. The registry is joined only
        if nothing else narrows the table."""
        decides = _decides(parts, quantity)
        table, _ = self.work.place(quantity)
        sparse = decides or quantity.where is not None or quantity.source.scope == "hits"
        base = "row" if level == "person" else "keyed"
        homes = table in self.work.homes
        relation = Relation(self.work, base, sql.table(table, "r"), own=table, homes=homes)
        compiler = self._compiler(quantity.day, relation.resolve)
        tested = [
            part
            for part in parts
            if set(quantities_of(part)) <= {quantity}
            and (only_quantities(part) or not sparse)
            and not any(leaf.op in ("hit", "hit_value") for leaf in leaves(part))
        ]
        key = relation.key(level)
        conditions = [compiler.condition(part) for part in tested]
        if not decides:
            conditions += self._absences(parts, level, quantity.day, key)
        return relation.select([sql.alias(key, KEYS[level])], sql.both(conditions))

    def _by_members(self, parts: list[Typed], day: int) -> Start | None:
        """Households with a member who has something rare: a death, a hit."""
        for quantity in dict.fromkeys(q for part in parts for q in part.quantities()):
            where = quantity.where
            if quantity.source.scope != "members" or where is None:
                continue
            if not self._needs(parts, frozenset({quantity}), day):
                continue
            rare = self._rare_members(conjuncts(where), day)
            if rare is not None:
                return Start(rare.needs, partial(self._households_of, rare, where, day))
        return None

    def _households_of(self, rare: Start, where: Typed, day: int) -> exp.Query:
        relation = Relation(self.work, "row", sql.subquery(rare.build(), "r"))
        key = relation.key("household")
        condition = self._compiler(day, relation.resolve).condition(where)
        return relation.select([sql.alias(key, "household_id")], condition)

    def _rare_members(self, parts: list[Typed], day: int) -> Start | None:
        hit = self._by_hit(parts, "person", day)
        if hit is not None:
            return hit
        rare = list(dict.fromkeys(quantity for part in parts for quantity in part.quantities()))
        if not rare or not self._needs(parts, frozenset(rare), day):
            return None
        nodes = tuple(node_of(quantity) for quantity in rare)
        return Start(nodes, lambda: _distinct("person_id", self._from_tables(rare, "person")))

    def _by_survey(self, parts: list[Typed], rule: Rule) -> Start | None:
        """A household whose last row meets a condition has a row that meets it."""
        for quantity in dict.fromkeys(q for part in parts for q in quantities_of(part)):
            tested = [
                part
                for part in parts
                if set(quantities_of(part)) == {quantity} and only_quantities(part)
            ]
            if quantity.source.scope != "last_row":
                continue
            if self._needs(tested, frozenset({quantity}), rule.day):
                self.surveys.setdefault(quantity, {})[rule.id] = tested
                return Start((), partial(self._from_survey, quantity))
        return None

    def _from_survey(self, quantity: Quantity) -> exp.Query:
        return _all(KEYS[quantity.by], self.found[quantity])

    def _surveyed(self) -> dict[Quantity, str]:
        """Tables of the subjects who have such rows: one scan of a survey for all its rules."""
        wanted = [("ids", self._survey_scan(quantity)) for quantity in self.surveys]
        return dict(zip(self.surveys, self.work.create_all(wanted), strict=True))

    def _survey_scan(self, quantity: Quantity) -> exp.Query:
        tests = self.surveys[quantity].values()
        named = {leaf.value[1] for tested in tests for part in tested for leaf in leaves(part)}
        key = KEYS[quantity.by]
        columns = sorted({key, *(self.work.needs.rows[quantity] & named)})
        rows = feed_rows(self.work, quantity, columns, None, Frame())
        base = "row" if quantity.by == "person" else "keyed"
        relation = Relation(self.work, base, sql.subquery(rows, "r"), own="rows")
        compiler = self._compiler(quantity.day, relation.resolve)
        each = [sql.both(compiler.condition(part) for part in tested) for tested in tests]
        found = sql.alias(relation.key(quantity.by), key)
        return relation.select([found], sql.either(each), distinct=True)

    def _alone(self) -> dict[Quantity, str]:
        """Last rows that nobody reads but the rules that start from them: only those found there
        need them."""
        return {
            quantity: table
            for quantity, table in self.found.items()
            if all(
                rule.id in self.surveys[quantity]
                for rule in self.rules
                if rule.day == quantity.day
                and any(quantity in part.quantities() for part in top_parts(rule))
            )
        }

    # ---- populations

    def _shares(self) -> dict[str, float]:
        """Of a hundred households, how many belong to a rule's population by the registry."""
        wanted: dict[str, Typed] = {}
        days: dict[Typed, int] = {}
        for rule in self.rules:
            parts = [part for part in conjuncts(rule.population) if of_subject(part)]
            if parts and rule.level == "household":
                whole = Typed("and", parts[0].type, tuple(parts))
                wanted.setdefault(plain_name(rule.id), whole)
                days.setdefault(whole, rule.day)
        if not wanted:
            return {}
        relation = Relation(self.work, "household")
        different = list(dict.fromkeys(wanted.values()))
        counts: list[Sql] = [exp.Count(this=exp.Star())]
        for part in different:
            condition = self._compiler(days[part], relation.resolve).condition(part)
            counts.append(sql.filtered(exp.Count(this=exp.Star()), condition))
        total, *found = self.work.run(relation.select(counts)).fetchone()
        share = dict(zip(different, found, strict=True))
        return {rule: 100 * share[part] / max(total, 1) for rule, part in wanted.items()}

    def _by_subject(self, parts: list[Typed], level: str, day: int) -> Start:
        """The population, without those for whom rows are there that should be absent."""
        needs = [
            inner
            for part in parts
            if (quantity := self._counted(part, level, day)) is not None
            for inner in quantity.inner()
        ]
        return Start(tuple(needs), partial(self._population, parts, level, day))

    def _population(self, parts: list[Typed], level: str, day: int) -> exp.Query:
        """By what the subject is itself and by the rows that are missing; only then are persons
        joined to their households."""
        plain = Relation(self.work, level)
        compiler = self._compiler(day, plain.resolve)
        counted = [one for part in parts if (one := self._counted(part, level, day)) is not None]
        rows = None
        if counted:
            itself = [compiler.condition(part) for part in parts if _of_itself(part, level)]
            others = [self._counted_rows(one) for one in counted]
            kept = bitmaps.not_among(self.work, level, itself, others)
            rows = sql.subquery(kept, plain.letter)
        relation = Relation(self.work, level, rows)
        compiler = self._compiler(day, relation.resolve)
        rest = [part for part in parts if of_subject(part)]
        conditions = [compiler.condition(part) for part in rest]
        return relation.select([sql.alias(relation.key(level), KEYS[level])], sql.both(conditions))

    def _counted(self, part: Typed, level: str, day: int) -> Quantity | None:
        """The quantity of `count = 0` if its rows can be looked for directly."""
        if part.op != "compare" or part.value != "=" or part.args[0].op != "quantity":
            return None
        quantity: Quantity = part.args[0].value[0]
        if self._plain(day).constant(part.args[1]) != 0 or quantity.by != level:
            return None
        if quantity.agg not in ("count", "persons"):
            return None
        if quantity.source.scope == "members":
            return quantity
        plain = level == "person" and quantity.source.scope != "hits" and of_rows(quantity.where)
        return quantity if plain else None

    def _absences(self, parts: list[Typed], level: str, day: int, key: Sql) -> list[Sql]:
        """For each `count = 0`: not among those with a row that is counted."""
        found = [self._counted(part, level, day) for part in parts]
        return [sql.outside(key, self._counted_rows(one)) for one in found if one is not None]

    def _counted_rows(self, quantity: Quantity) -> exp.Query:
        if quantity.source.scope == "members":
            relation = Relation(self.work, "member")
            compiler = self._compiler(quantity.day, relation.resolve)
            where = compiler.condition(quantity.where) if quantity.where is not None else None
            return relation.select([sql.column("p", "household_id")], where)
        inner = self._compiler(quantity.day, lambda node: sql.bare(node.value[1]))
        conditions = row_conditions(self.work, quantity, inner, conjuncts(quantity.where))
        where = sql.both(conditions) if conditions else None
        return feed_rows(self.work, quantity, ["person_id"], where, Frame())


def by_registry(rule: Rule) -> bool:
    """A rule that reads nothing but households needs no candidates."""
    return rule.level == "household" and all(of_subject(part) for part in top_parts(rule))


def _of_itself(part: Typed, level: str) -> bool:
    return all(leaf.op == "column" and leaf.value[0] == level for leaf in leaves(part))


def _household_quantities(rule: Rule) -> list[Quantity]:
    found = {quantity: None for part in top_parts(rule) for quantity in part.quantities()}
    return [
        quantity
        for quantity in found
        if quantity.by == "household" and quantity.source.scope != "hits"
    ]


def _reads_members(quantity: Quantity) -> bool:
    """Whether a household's quantity is made from its members, not from rows alone."""
    if quantity.source.scope == "members":
        return True
    found = (leaf for part in quantity.inner() for leaf in leaves(part))
    return any(leaf.op == "column" and leaf.value[0] == "person" for leaf in found)


def _decides(parts: list[Typed], quantity: Quantity) -> bool:
    """Whether a part of the condition on the quantity alone narrows it."""
    return any(
        part.op != "is" and set(quantities_of(part)) == {quantity} and only_quantities(part)
        for part in parts
    )


def _parts(rule: Rule) -> list[Typed]:
    found = conjuncts(rule.population)
    for need in rule.require:
        found += conjuncts(need.condition)
    return found + conjuncts(rule.when)


def _all(key: str, table: str) -> exp.Query:
    return sql.query([sql.bare(key)], sql.table(table))


def _distinct(key: str, rows: exp.Query) -> exp.Query:
    return sql.query([sql.bare(key)], sql.subquery(rows, "u"), distinct=True)


def _either(key: str, queries: list[exp.Query]) -> exp.Query:
    return _distinct(key, sql.union_all(list(queries)) if queries else _none(key))


def _none(key: str) -> exp.Query:
    return sql.query([sql.alias(sql.cast(sql.NULL, "INTEGER"), key)], where=exp.false())
