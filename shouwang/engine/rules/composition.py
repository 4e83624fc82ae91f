"""构成: which hits a rule over hits counts, which households make up the number of a village."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.batches import Calendar, ScreeningInput
from shouwang.engine.rules.compiler import Compiler, Moment
from shouwang.engine.rules.database import connect
from shouwang.engine.rules.loading import RuleSet, load
from shouwang.engine.rules.model import Rule
from shouwang.engine.rules.moment import blocked, moment_of, needs_of, strata, top_parts
from shouwang.engine.rules.relation import Relation
from shouwang.engine.rules.screening import evaluate_level, list_rules, prepare
from shouwang.engine.rules.typed import Typed
from shouwang.engine.rules.workspace import Workspace

if TYPE_CHECKING:
    from shouwang.engine.rulebook import Rulebook


@dataclass(frozen=True)
class Share:
    """What one household adds to each of a village rule's numbers."""

    household_id: int
    values: tuple[int, ...]


@dataclass(frozen=True)
class Composition:
    """The numbers of a village's rule by name, and the households behind them; those that add to
    the first number alone come first, for they are what the rule speaks of."""

    titles: tuple[str, ...]
    shares: tuple[Share, ...]


def rules_counted(rulebook: "Rulebook", county: str, rule_id: str, as_of: date) -> tuple[str, ...]:
    """The rules whose hits a rule reads, by name or by their risk, kind, level and severity."""
    book = load(rulebook.path)
    return _counted(book, moment_of(book, county, as_of), book.rules[rule_id])


def composition(
    rulebook: "Rulebook",
    inputs: ScreeningInput,
    rule_id: str,
    *,
    village_code: str,
    as_of: date,
) -> Composition:
    """A village rule's numbers again, household by household, from the same inputs."""
    book = load(rulebook.path)
    rule = book.rules[rule_id]
    lets = [let for let in rule.lets if let.quantity is not None and let.quantity.counts]
    parts = [
        Typed("quantity", let.quantity.type, value=(replace(let.quantity, by="household"), ""))
        for let in lets
        if let.quantity is not None
    ]
    moment = moment_of(book, inputs.county, as_of)
    rules = [book.rules[name] for name in _counted(book, moment, rule)]
    needs = needs_of([rule, *rules])
    needs.add(parts)
    with connect(None, 2, None) as con:
        work = Workspace(con, inputs, moment, book.catalog, needs, restricted=True)
        here = sql.binary(exp.EQ, sql.bare("village_code"), sql.text(village_code))
        prepare(work, book.rules.values(), here)
        stopped = blocked(book, rules, moment, Calendar(inputs.batches, as_of))
        for level in strata(each for each in rules if each.id not in stopped):
            evaluate_level(work, level, whole=True)
        return Composition(tuple(let.title or let.name for let in lets), _shares(work, parts))


def _shares(work: Workspace, parts: list[Typed]) -> tuple[Share, ...]:
    from shouwang.engine.rules.features import ensure

    ensure(work, parts)
    relation = Relation(work, "household")
    compiler = Compiler(work.moment, relation.resolve)
    counts = [compiler.sql(part) for part in parts]
    some = sql.either([sql.binary(exp.GT, count, sql.number(0)) for count in counts])
    query = relation.select([relation.key("household"), *counts], some)
    shares = [Share(key, tuple(map(int, values))) for key, *values in work.run(query).fetchall()]
    return tuple(sorted(shares, key=_order))


def _order(share: Share) -> tuple[int, ...]:
    first, *others = share.values
    return (-first, *others, share.household_id)


def _counted(book: RuleSet, moment: Moment, rule: Rule) -> tuple[str, ...]:
    named: set[str] = set()
    conditions: list[Typed | None] = []
    for part in [*top_parts(rule), *(let.expression for let in rule.lets)]:
        for node in part.walk():
            if node.op in ("hit", "hit_value"):
                named.add(node.value)
            elif node.op == "quantity" and node.value[0].source.scope == "hits":
                conditions.append(node.value[0].where)
    if conditions:
        named |= _selected(book, moment, rule, conditions)
    return tuple(name for name in book.rules if name in named)


def _selected(
    book: RuleSet, moment: Moment, rule: Rule, conditions: list[Typed | None]
) -> set[str]:
    """Rules that come before this one and are what its conditions on hits ask for."""
    before: set[str] = set()
    for level in strata(book.rules.values()):
        if rule.id in {each.id for each in level}:
            break
        before |= {each.id for each in level}
    compiler = Compiler(moment, lambda node: sql.column("k", node.value[1]))
    tests = [compiler.condition(where) if where else exp.true() for where in conditions]
    with connect(None, 1, None) as con:
        list_rules(con, book.rules.values())
        query = sql.query([sql.column("k", "rule")], sql.table("rule_list", "k"),
                          where=sql.either(tests))  # fmt: skip
        return before & {name for (name,) in con.execute(sql.render(query)).fetchall()}
