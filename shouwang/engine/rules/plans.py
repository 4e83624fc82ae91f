"""解释方案: the queries that explain a household, kept ready for the next household.

They follow from the rulebook, the batches and the day alone; the household that is asked about
stands in a table of one row, so that the same text serves every household."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.batches import ScreeningInput
from shouwang.engine.rules.features import ensure
from shouwang.engine.rules.loading import RuleSet
from shouwang.engine.rules.moment import (
    Blocked,
    blocked,
    moment_of,
    needs_of,
    strata,
    top_parts,
    with_used,
)
from shouwang.engine.rules.relation import Relation
from shouwang.engine.rules.rows import load_part
from shouwang.engine.rules.screening import evaluate_level, list_rules, prepare
from shouwang.engine.rules.sql import Sql
from shouwang.engine.rules.verdicts import Asked, questions
from shouwang.engine.rules.workspace import Workspace

KEPT = 8
Key = tuple[object, ...]


@dataclass
class Plan:
    """Statements and questions in their order; `everywhere` are rules that are evaluated for the
    whole village, because a rule about the village reads them."""

    book: RuleSet
    work: Workspace
    stopped: dict[str, Blocked]
    everywhere: set[str]
    steps: list[list[str] | Asked]
    is_complete: bool = False

    def begin(self, con: Any, household_id: int, village_code: str | None) -> Workspace:
        """A workspace for one household."""
        con.execute("CREATE TABLE subject (household_id INTEGER, village_code VARCHAR)")
        con.execute("INSERT INTO subject VALUES (?, ?)", [household_id, village_code])
        if not self.is_complete:
            return self.work
        work = copy(self.work)
        work.con = con
        list_rules(con, self.book.rules.values())
        return work

    def run(self, work: Workspace) -> Iterator[Asked]:
        """The questions, each when the tables for it are there."""
        if not self.is_complete:
            yield from self._first(work)
            return
        for step in self.steps:
            if isinstance(step, Asked):
                yield step
            else:
                work.run_all(step)

    def _first(self, work: Workspace) -> Iterator[Asked]:
        work.recorded = self.steps
        rules = list(self.book.rules.values())
        prepare(work, rules, _is_asked(sql.bare("village_code"), "village_code"))
        load_part(work)
        for level in strata(rule for rule in rules if rule.id not in self.stopped):
            evaluate_level(work, [rule for rule in level if rule.id in self.everywhere], whole=True)
            ensure(work, [part for rule in level for part in top_parts(rule)])
            asked = questions(work, level, _only)
            self.steps.append(asked)
            yield asked
        work.recorded = None
        work.con = None
        self.is_complete = True


_plans: dict[Key, Plan] = {}


def plan_for(book: RuleSet, inputs: ScreeningInput, day: date, con: Any) -> Plan:
    """The plan of these inputs, or a new one, which is kept when it has been run to its end."""
    key = (inputs.registry, inputs.county, day, *inputs.batches)
    known = _plans.get(key)
    if known is not None and known.book is book and known.is_complete:
        return known
    rules = list(book.rules.values())
    moment = moment_of(book, inputs.county, day)
    work = Workspace(con, inputs, moment, book.catalog, needs_of(rules), restricted=True)
    villages = {rule.id for rule in rules if rule.level == "village"}
    everywhere = {rule.id for rule in with_used(book, villages)} if villages else set()
    stopped = blocked(book, rules, moment, work.calendar)
    plan = Plan(book, work, stopped, everywhere, [])
    while len(_plans) >= KEPT:
        _plans.pop(next(iter(_plans)), None)
    _plans[key] = plan
    return plan


def _only(level: str, relation: Relation) -> Sql:
    if level == "village":
        return _is_asked(sql.column("v", "village_code"), "village_code")
    return _is_asked(relation.key("household"), "household_id")


def _is_asked(key: Sql, name: str) -> Sql:
    asked = sql.query([sql.bare(name)], sql.table("subject")).subquery(copy=False)
    return sql.binary(exp.EQ, key, asked)
