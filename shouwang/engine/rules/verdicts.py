"""判断: every rule for every subject of a workspace, three-valued, with what is missing.

The queries are those of a screening run; here they also give back each part of the condition, so
that "not met" can be told from "cannot tell": no row in a complete file means no; a missing file,
an empty field or a null value means unknown."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlglot import exp

from shouwang.engine.rules import sql, typed
from shouwang.engine.rules.calendar import window
from shouwang.engine.rules.compiler import Compiler
from shouwang.engine.rules.features import ensure
from shouwang.engine.rules.formats import shown_sql
from shouwang.engine.rules.model import Rule, Shown
from shouwang.engine.rules.moment import top_parts
from shouwang.engine.rules.relation import Relation
from shouwang.engine.rules.screening import rule_condition, subject_columns
from shouwang.engine.rules.sql import Sql
from shouwang.engine.rules.typed import BOOL, NUMERIC, Quantity, Typed
from shouwang.engine.rules.workspace import Workspace

FORMATS = {"amount": "amount", "ratio": "ratio", "int": "int", "number": "int", "date": "date",
           "month": "date", "code": "code", "text": "code"}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One rule and one subject: the state, what is shown, and what could not be known."""

    rule: Rule
    state: str  # met, not_met, unknown
    applies: bool
    household_id: int | None
    person_id: int | None
    village_code: str | None
    value: str = ""
    threshold: str = ""
    about: int | None = None
    missing: str = ""
    facts: dict[str, str] = field(default_factory=dict)


Findings = list[Finding]
Only = Callable[[str, Relation], Sql]


@dataclass(frozen=True)
class Asked:
    """What is asked of the rules of a stratum: one query for those of a level."""

    queries: list["_Query"]
    levels: list[list["_Query"]]
    texts: list[str]

    def findings(self, work: Workspace) -> list[Findings]:
        """The verdicts, for each rule in the order asked."""
        found: dict[str, Findings] = {}
        for of, rows in zip(self.levels, work.fetch_all(self.texts), strict=True):
            for query in of:
                found[query.rule.id] = [query.finding(row) for row in rows]
        return [found[query.rule.id] for query in self.queries]


def findings(work: Workspace, rules: Sequence[Rule]) -> list[Findings]:
    """The verdicts of rules on all their subjects in the workspace."""
    return questions(work, rules).findings(work)


def questions(work: Workspace, rules: Sequence[Rule], only: Only | None = None) -> Asked:
    """The queries for verdicts on all subjects in the workspace, or on those that `only` names.

    The rules must not read each other's results."""
    queries = [_Query(work, rule) for rule in rules]
    ensure(work, [part for query in queries for part in query.extra()])
    levels: dict[str, list[_Query]] = {}
    for query in queries:
        levels.setdefault(query.rule.level, []).append(query)
    texts = [sql.render(_together(work, level, of, only)) for level, of in levels.items()]
    return Asked(queries, list(levels.values()), texts)


def _together(work: Workspace, level: str, queries: list["_Query"], only: Only | None) -> exp.Query:
    """One row a subject; the columns of each rule stand side by side."""
    relation = Relation(work, level)
    compiler = Compiler(work.moment, relation.resolve)
    columns: list[Sql] = []
    for query in queries:
        for name, value in query.columns(compiler, relation):
            query.places[name] = len(columns)
            columns.append(sql.alias(value, f"c{len(columns)}"))
    return relation.select(columns, only(level, relation) if only is not None else None)


class _Query:
    """The condition of a rule taken apart into atoms and the leaves they read."""

    def __init__(self, work: Workspace, rule: Rule) -> None:
        self.work = work
        self.rule = rule
        self.lets = [let for let in rule.lets if let.quantity is not None]
        self.atoms: dict[Typed, str] = {}
        self.leaves: dict[Typed, str] = {}
        self.places: dict[str, int] = {}  # name of a column → where it stands in a row
        for part in (rule.population, *(need.condition for need in rule.require), rule.when):
            for atom in _atoms(part):
                self.atoms.setdefault(atom, f"a{len(self.atoms)}")
                for leaf in _leaves(atom):
                    self.leaves.setdefault(leaf, f"l{len(self.leaves)}")
        self.nulls = {
            leaf: null for leaf in self.leaves if (null := _null_values(leaf)) is not None
        }
        own = {let.quantity for let in self.lets}
        self.uncovered = {
            leaf: feed
            for leaf in self.leaves
            if leaf.op == "quantity"
            and leaf.value[0] in own
            and (feed := self._uncovered(leaf.value[0]))
        }

    def _uncovered(self, quantity: Quantity) -> str:
        """The feed of a quantity whose window has a month without a batch."""
        source = quantity.source
        if source.scope != "all" or self.work.catalog.feeds[source.feed].mode != "event":
            return ""
        period = window(quantity.window or "MONTH", self.work.moment.day)
        return source.feed if self.work.calendar.months_without(source.feed, period) else ""

    def extra(self) -> list[Typed]:
        return [*top_parts(self.rule), *self.nulls.values(), *(let.expression for let in self.lets)]

    def columns(self, compiler: Compiler, relation: Relation) -> Iterator[tuple[str, Sql]]:
        rule = self.rule
        keys = ("person_id", "household_id", "village_code")
        yield from zip(keys, subject_columns(rule, relation), strict=True)
        yield "value", shown_sql(rule.value, compiler)
        yield "threshold", shown_sql(rule.threshold, compiler) if rule.threshold else sql.text("")
        about = Typed("quantity", rule.about.type, value=(rule.about, "")) if rule.about else None
        yield "about", compiler.sql(about) if about else sql.NULL
        for atom, name in self.atoms.items():
            yield name, compiler.condition(atom)
        for leaf, name in self.leaves.items():
            yield name, sql.is_null(relation.resolve(leaf))
            if leaf in self.nulls:
                yield f"{name}_nulls", compiler.sql(self.nulls[leaf])
        yield from self._facts(compiler, relation)

    def _facts(self, compiler: Compiler, relation: Relation) -> Iterator[tuple[str, Any]]:
        """Texts of the named quantities; of a last row, the columns that the rule reads."""
        for let in self.rule.lets:
            expression = let.expression
            if expression.type.kind == "row":
                quantity: Quantity = expression.value[0]
                for column in sorted(
                    {
                        leaf.value[1]
                        for leaf in self.leaves
                        if leaf.op == "quantity" and leaf.value[0] == quantity
                    }
                ):
                    kind = self.work.catalog.feeds[quantity.source.feed].columns[column]
                    node = Typed("quantity", kind, value=(quantity, column))
                    yield f"f_{let.name}.{column}", _text(node, compiler)
            elif expression.type.kind in FORMATS:
                yield f"f_{let.name}", _text(expression, compiler)

    # ---- three values

    def finding(self, values: Sequence[Any]) -> Finding:
        row = {name: values[at] for name, at in self.places.items()}
        missing: list[Typed] = []
        population = self._judge(self.rule.population, row, missing)
        state, words = "not_met", ""
        if self._holds(rule_condition(self.rule), row):
            state = "met"
        elif population is not False:
            state, words = self._state(row, missing)
        return Finding(
            rule=self.rule,
            state=state,
            applies=population is not False,
            household_id=row["household_id"],
            person_id=row["person_id"],
            village_code=row["village_code"],
            value=row["value"] or "",
            threshold=row["threshold"] or "",
            about=row["about"],
            missing=words,
            facts={name[2:]: value or "" for name, value in row.items() if name.startswith("f_")},
        )

    def _holds(self, node: Typed, row: dict[str, Any]) -> bool | None:
        """The condition as a screening tests it, put together from its atoms."""
        if node.op not in ("and", "or", "not"):
            value: bool | None = row[self.atoms[node]]
            return value
        values = [self._holds(arg, row) for arg in node.args]
        if node.op == "not":
            return None if values[0] is None else not values[0]
        decisive = node.op == "or"
        if decisive in values:
            return decisive
        return None if None in values else not decisive

    def _state(self, row: dict[str, Any], missing: list[Typed]) -> tuple[str, str]:
        for need in self.rule.require:
            if need.condition is not None and not self._judge(need.condition, row, []):
                return "unknown", need.missing
        found = self._judge(self.rule.when, row, missing)
        if found is False or (found and not missing):
            return "not_met", ""
        return "unknown", self._words(missing, row)

    def _judge(self, node: Typed | None, row: dict[str, Any], missing: list[Typed]) -> bool | None:
        """Kleene's logic over the atoms; leaves that made an atom unknown are collected."""
        if node is None:
            return True
        if node.op == "not":
            found = self._judge(node.args[0], row, missing)
            return None if found is None else not found
        if node.op in ("and", "or"):
            parts: list[Typed] = []
            values = []
            for arg in node.args:
                here: list[Typed] = []
                values.append(self._judge(arg, row, here))
                parts += here
            decisive = node.op == "or"
            if decisive in values:
                return decisive
            missing += parts
            return None if None in values else not decisive
        return self._atom(node, row, missing)

    def _atom(self, node: Typed, row: dict[str, Any], missing: list[Typed]) -> bool | None:
        value = row[self.atoms[node]]
        if value:
            return True
        leaves = list(_leaves(node))
        uncovered = [leaf for leaf in leaves if leaf in self.uncovered]
        if uncovered:
            missing += uncovered
            return None
        if value is not None and (node.op, node.value) != ("is", "known"):
            return False
        unknown = [leaf for leaf in leaves if row[self.leaves[leaf]] and not self._empty(leaf, row)]
        missing += unknown
        return None if unknown else False

    def _empty(self, leaf: Typed, row: dict[str, Any]) -> bool:
        """No such row in files that are there: that is an answer, not a gap."""
        if leaf.op != "quantity" or leaf.value[0].agg == "last_row":
            return leaf.op == "hit_value"
        return not row.get(f"{self.leaves[leaf]}_nulls")

    def _words(self, missing: Iterable[Typed], row: dict[str, Any]) -> str:
        """The feed that is missing, else the fields."""
        words: dict[str, None] = {}
        for leaf in missing:
            if leaf in self.uncovered:
                return self.uncovered[leaf]
            catalog = self.work.catalog
            if leaf.op == "column":
                words[catalog.headers.get(leaf.value[1], leaf.value[1])] = None
                continue
            quantity, column = leaf.value
            feed = catalog.feeds.get(quantity.source.feed)
            if feed is None:
                continue
            if quantity.agg == "last_row" and self._no_row(quantity, row):
                return feed.key
            named = column or next(iter(_row_columns(quantity.value)), "")
            words[f"{feed.title}的{feed.headers.get(named, named)}"] = None
        return "、".join(words)

    def _no_row(self, quantity: Quantity, row: dict[str, Any]) -> bool:
        columns = [
            leaf for leaf in self.leaves if leaf.op == "quantity" and leaf.value[0] == quantity
        ]
        return all(row[self.leaves[leaf]] for leaf in columns)


def _text(node: Typed, compiler: Compiler) -> Any:
    form = FORMATS[node.type.kind]
    return shown_sql(Shown("", node, form), compiler)


def _atoms(node: Typed | None) -> Iterator[Typed]:
    if node is None:
        return
    if node.op in ("and", "or", "not"):
        for arg in node.args:
            yield from _atoms(arg)
    else:
        yield node


def _leaves(atom: Typed) -> Iterator[Typed]:
    for node in atom.walk():
        if node.op in ("column", "quantity", "hit_value"):
            yield node


def _null_values(leaf: Typed) -> Typed | None:
    """How many rows were left out of an aggregate because their value is missing."""
    if leaf.op != "quantity":
        return None
    quantity: Quantity = leaf.value[0]
    if quantity.agg not in ("sum", "min", "max", "first") or quantity.value is None:
        return None
    if quantity.source.scope not in ("all", "latest", "month_end", "previous_month_end"):
        return None
    parts = [Typed("is", BOOL, (quantity.value,), "missing")]
    if quantity.value.type.kind in NUMERIC and quantity.value.op != "column":
        parts = [typed.Typed("or", BOOL, tuple(
            Typed("is", BOOL, (node,), "missing")
            for node in quantity.value.walk() if node.op == "column"
        ))]  # fmt: skip
    where = quantity.where
    condition = parts[0] if where is None else Typed("and", BOOL, (where, *parts))
    counted = replace(quantity, agg="count", type=typed.INT, value=None, where=condition, order=())
    return Typed("quantity", typed.INT, value=(counted, ""))


def _row_columns(node: Typed | None) -> Iterator[str]:
    for part in node.walk() if node else ():
        if part.op == "column" and part.value[0] == "row":
            yield part.value[1]
