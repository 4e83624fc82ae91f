"""筛查: all rules as of a day over a registry snapshot and the accepted batches.

Steps: registry tables, feature tables (one scan a feed), one query a level, hits in a fixed order.
Rules that read other rules' results come after those. The same inputs give the same file."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.batches import ScreeningInput
from shouwang.engine.rules.candidates import Candidates, by_registry
from shouwang.engine.rules.compiler import Compiler
from shouwang.engine.rules.database import connect
from shouwang.engine.rules.features import ensure
from shouwang.engine.rules.formats import shown_sql
from shouwang.engine.rules.hitfile import write_hits
from shouwang.engine.rules.loading import RuleSet, load
from shouwang.engine.rules.model import Rule
from shouwang.engine.rules.moment import Blocked, blocked, moment_of, needs_of, strata, top_parts
from shouwang.engine.rules.registry_tables import load_registry
from shouwang.engine.rules.relation import WHOLE, Frame, Relation
from shouwang.engine.rules.rewriting import without_zeros
from shouwang.engine.rules.sql import Sql
from shouwang.engine.rules.typed import Typed
from shouwang.engine.rules.workspace import Workspace

if TYPE_CHECKING:
    from shouwang.engine.rulebook import Rulebook

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class ScreeningResult:
    """What a run gives: the file of hits, counts, seconds, and the rules that said nothing."""

    as_of: date
    hits: Path
    counts: dict[str, int]
    not_evaluated: dict[str, str]
    seconds: dict[str, float] = field(compare=False)
    reads: dict[str, frozenset[str]] = field(compare=False, default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def screen(
    rulebook: "Rulebook",
    inputs: ScreeningInput,
    as_of: date,
    *,
    out: Path,
    memory_limit: str | None = None,
    threads: int = 2,
    progress: Progress | None = None,
) -> ScreeningResult:
    """Evaluates every rule as of a month end and writes out/hits.parquet."""
    return screen_many(
        rulebook, inputs, [as_of], out=out, memory_limit=memory_limit, threads=threads,
        progress=progress, folders=[out],
    )[0]  # fmt: skip


def screen_many(
    rulebook: "Rulebook",
    inputs: ScreeningInput,
    as_of_dates: Iterable[date],
    *,
    out: Path,
    memory_limit: str | None = None,
    threads: int = 2,
    progress: Progress | None = None,
    folders: Iterable[Path] | None = None,
) -> list[ScreeningResult]:
    """The same for several days; each day's hits lie in out/<day>/hits.parquet.

    The registry is read once, and tables that depend on the same files and dates are made once."""
    book = load(rulebook.path)
    days = list(as_of_dates)
    targets = list(folders) if folders is not None else [out / day.isoformat() for day in days]
    found: list[ScreeningResult] = []
    with connect(memory_limit, threads, out) as con:
        before: _Run | None = None
        for day, target in zip(days, targets, strict=True):
            started = time.perf_counter()
            run = _Run(book, inputs, day, con, progress or _silent, before)
            run.evaluate()
            counts = run.write(target)
            run.seconds["total"] = time.perf_counter() - started
            found.append(run.result(target, counts))
            run.work.drop_own_tables()
            before = run
    return found


def _silent(done: int, total: int, text: str) -> None:
    return None


class _Run:
    """One evaluation for one day."""

    def __init__(
        self,
        book: RuleSet,
        inputs: ScreeningInput,
        day: date,
        con: Any,
        progress: Progress,
        before: "_Run | None",
    ) -> None:
        self.book = book
        self.con = con
        self.progress = progress
        self.seconds: dict[str, float] = {}
        moment = moment_of(book, inputs.county, day)
        rules = list(book.rules.values())
        self.work = Workspace(con, inputs, moment, book.catalog, needs_of(rules))
        self.before = before
        if before is not None:
            self.work.follow(before.work)
        self.blocked: dict[str, Blocked] = blocked(book, rules, moment, self.work.calendar)
        plain = Compiler(moment, lambda node: sql.NULL)
        self.rules = [without_zeros(rule, plain) for rule in rules if rule.id not in self.blocked]
        self.order = {rule.id: at for at, rule in enumerate(rules)}

    def evaluate(self) -> None:
        self._mark("start")
        prepare(self.work, self.book.rules.values(), again=self.before is not None)
        self._mark("registry")
        levels = strata(self.rules)
        for at, level in enumerate(levels):
            self.progress(at, len(levels) + 1, "正在比对规则")
            evaluate_level(self.work, level)
        self._mark("rules")

    def _mark(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = now - getattr(self, "last", now)
        self.last = now

    def result(self, out: Path, counts: dict[str, int]) -> ScreeningResult:
        reasons = {rule: why.reason for rule, why in self.blocked.items()}
        reads = {file: frozenset(columns) for file, columns in self.work.reads.items()}
        return ScreeningResult(
            self.work.moment.day, out / "hits.parquet", counts, reasons, self.seconds, reads
        )

    def write(self, out: Path) -> dict[str, int]:
        """Hits with household and person numbers, in the order of rules and subjects."""
        names = list(self.order)
        out.mkdir(parents=True, exist_ok=True)
        target = out / "hits.parquet"
        write_hits(self.work, target.with_suffix(".part"))
        target.with_suffix(".part").rename(target)
        counted = self.con.execute("SELECT rule_index, COUNT(*) FROM hits GROUP BY ALL").fetchall()
        self._mark("write")
        return {names[at]: count for at, count in sorted(counted)}


def prepare(
    work: Workspace, rules: Iterable[Rule], only: Sql | None = None, *, again: bool = False
) -> None:
    """Registry tables, the list of rules, and the empty table of hits."""
    if again:
        work.rule_index = {rule.id: at for at, rule in enumerate(rules)}
        work.run("DELETE FROM hits")
        return
    load_registry(work, only)
    work.run(
        "CREATE TABLE hits (rule_index SMALLINT, person_id INTEGER, household_id INTEGER,"
        " village_code VARCHAR, value VARCHAR, threshold VARCHAR, about INTEGER)"
    )
    work.rule_index = list_rules(work.con, rules)


def list_rules(con: Any, rules: Iterable[Rule]) -> dict[str, int]:
    """A table of the rules, as rules over hits see them; the place of each."""
    con.execute(
        "CREATE TABLE rule_list (rule_index SMALLINT, rule VARCHAR, risk VARCHAR,"
        " kind VARCHAR, level VARCHAR, severity INTEGER)"
    )
    listed = list(rules)
    values = [
        value
        for at, rule in enumerate(listed)
        for value in (at, rule.id, rule.risk, rule.kind, rule.level, rule.severity)
    ]
    if listed:
        rows = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(listed))
        con.execute(f"INSERT INTO rule_list VALUES {rows}", values)  # noqa: S608
    return {rule.id: at for at, rule in enumerate(listed)}


def evaluate_level(work: Workspace, rules: list[Rule], *, whole: bool = False) -> None:
    """All rules of a stratum: their candidates, the features of those, then one query a rule.

    `whole` takes everybody as a candidate: for a household and its neighbours."""
    frame = WHOLE if whole else Candidates(work, rules).frame()
    villages = [rule for rule in rules if rule.level == "village"]
    ensure(work, (part for rule in villages for part in top_parts(rule)))
    ensure(work, (part for rule in rules for part in top_parts(rule)), frame)
    frames = {rule.id: WHOLE if by_registry(rule) else frame for rule in rules}
    work.run_all([sql.insert("hits", _hits(work, rule, frames[rule.id])) for rule in rules])
    work.local.clear()


def _hits(work: Workspace, rule: Rule, frame: Frame) -> exp.Query:
    relation = Relation(work, rule.level, frame=frame)
    compiler = Compiler(work.moment, relation.resolve)
    condition = compiler.condition(rule_condition(rule))
    columns = [sql.number(work.rule_index[rule.id])]
    columns += subject_columns(rule, relation)
    columns.append(shown_sql(rule.value, compiler))
    columns.append(shown_sql(rule.threshold, compiler) if rule.threshold else sql.text(""))
    about = Typed("quantity", rule.about.type, value=(rule.about, "")) if rule.about else None
    columns.append(compiler.sql(about) if about else sql.NULL)
    return relation.select(columns, condition)


def subject_columns(rule: Rule, relation: Relation) -> list[Sql]:
    """person, household and village of a subject; empty where the level has none."""
    if rule.level == "village":
        return [sql.NULL, sql.NULL, sql.column("v", "village_code")]
    person = relation.key("person") if rule.level == "person" else sql.NULL
    return [person, relation.key("household"), sql.NULL]


def rule_condition(rule: Rule) -> Typed:
    """Population, requirements and condition together."""
    parts = [rule.population] if rule.population is not None else []
    parts += [need.condition for need in rule.require if need.condition is not None]
    parts.append(rule.when)
    return parts[0] if len(parts) == 1 else Typed("and", rule.when.type, tuple(parts))
