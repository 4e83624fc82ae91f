"""筛查: all rules as of a day over a registry snapshot and the accepted batches.

Steps: registry tables, feature tables (one scan a feed), one query a level, hits in a fixed order.
Rules that read other rules' results come after those. The same inputs give the same file."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
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
from shouwang.engine.rules.days import name_on, on_day
from shouwang.engine.rules.features import ensure
from shouwang.engine.rules.formats import shown_sql
from shouwang.engine.rules.hitfile import read_texts, write_hits
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
TOGETHER = 6  # days evaluated together: more would need more memory than they save time


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

    Several days are evaluated together: the registry is read once, each feed is scanned once for
    the windows of all days. `seconds` of a day are its share."""
    book = load(rulebook.path)
    days = list(as_of_dates)
    targets = list(folders) if folders is not None else [out / day.isoformat() for day in days]
    found: list[ScreeningResult] = []
    with connect(memory_limit, threads, out) as con:
        before: _Run | None = None
        for at in range(0, len(days), TOGETHER):
            run = _Run(book, inputs, days[at : at + TOGETHER], con, progress or _silent, before)
            run.evaluate()
            found += run.results(targets[at : at + TOGETHER])
            run.work.drop_own_tables()
            before = run
    return found


def _silent(done: int, total: int, text: str) -> None:
    return None


class _Run:
    """One evaluation for some days."""

    def __init__(
        self,
        book: RuleSet,
        inputs: ScreeningInput,
        days: list[date],
        con: Any,
        progress: Progress,
        before: "_Run | None",
    ) -> None:
        self.book = book
        self.con = con
        self.progress = progress
        self.seconds: dict[str, float] = {}
        moments = [moment_of(book, inputs.county, day) for day in days]
        rules = list(book.rules.values())
        self.count = len(rules)
        needs = needs_of(on_day(rule, at) for at in range(len(days)) for rule in rules)
        self.work = Workspace(con, inputs, moments[0], book.catalog, needs, others=moments[1:])
        self.before = before
        if before is not None:
            self.work.follow(before.work)
        self.blocked: list[dict[str, Blocked]] = []
        self.levels: list[list[Rule]] = []
        for at, moment in enumerate(moments):
            stopped = blocked(book, rules, moment, self.work.calendars[at])
            plain = Compiler(moment, lambda node: sql.NULL)
            left = [without_zeros(rule, plain) for rule in rules if rule.id not in stopped]
            self.blocked.append(stopped)
            for number, level in enumerate(strata(left)):
                self.levels += [[]] if number == len(self.levels) else []
                self.levels[number] += [on_day(rule, at) for rule in level]
        self.names = [rule.id for rule in rules]

    def evaluate(self) -> None:
        self._mark("start")
        with ThreadPoolExecutor(1) as beside:  # what the file of hits needs, read meanwhile
            texts = beside.submit(read_texts, self.work)
            prepare(self.work, self.book.rules.values(), again=self.before is not None)
            self._mark("registry")
            for at, level in enumerate(self.levels):
                self.progress(at, len(self.levels) + 1, "正在比对规则")
                evaluate_level(self.work, level)
            self._mark("rules")
        texts.result()

    def _mark(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = (now - getattr(self, "last", now)) / len(self.work.moments)
        self.last = now

    def results(self, folders: list[Path]) -> list[ScreeningResult]:
        """Writes the hits of each day."""
        counted = self.con.execute("SELECT rule_index, COUNT(*) FROM hits GROUP BY ALL").fetchall()
        counts: list[dict[str, int]] = [{} for _ in folders]
        for index, count in sorted(counted):
            counts[index // self.count][self.names[index % self.count]] = count
        for day, out in enumerate(folders):
            self._write(out, day)
        self._mark("write")
        self.seconds["total"] = sum(self.seconds.values())
        reads = {file: frozenset(columns) for file, columns in self.work.reads.items()}
        return [
            ScreeningResult(
                self.work.moments[day].day,
                out / "hits.parquet",
                counts[day],
                {rule: why.reason for rule, why in self.blocked[day].items()},
                dict(self.seconds),
                reads,
            )
            for day, out in enumerate(folders)
        ]

    def _write(self, out: Path, day: int) -> None:
        """Hits with household and person numbers, in the order of rules and subjects."""
        out.mkdir(parents=True, exist_ok=True)
        target = out / "hits.parquet"
        write_hits(self.work, target.with_suffix(".part"), day)
        target.with_suffix(".part").rename(target)


def prepare(
    work: Workspace, rules: Iterable[Rule], only: Sql | None = None, *, again: bool = False
) -> None:
    """Registry tables, the list of rules, and the empty table of hits."""
    days = len(work.moments)
    if again:
        work.rule_index = _places(list(rules), days)
        work.run("DELETE FROM hits")
        return
    load_registry(work, only)
    work.run(
        "CREATE TABLE hits (rule_index SMALLINT, person_id INTEGER, household_id INTEGER,"
        " village_code VARCHAR, value VARCHAR, threshold VARCHAR, about INTEGER)"
    )
    work.rule_index = list_rules(work.con, rules, days)


def list_rules(con: Any, rules: Iterable[Rule], days: int = 1) -> dict[str, int]:
    """A table of the rules of each day, as rules over hits see them; the place of each."""
    con.execute(
        "CREATE TABLE rule_list (rule_index SMALLINT, rule VARCHAR, risk VARCHAR,"
        " kind VARCHAR, level VARCHAR, severity INTEGER, day INTEGER)"
    )
    listed = list(rules)
    values = [
        value
        for at, rule in enumerate(listed)
        for value in (at, rule.id, rule.risk, rule.kind, rule.level, rule.severity)
    ]
    if listed:
        rows = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(listed))
        con.execute(
            "INSERT INTO rule_list SELECT i + d * ?, rule, risk, kind, level, severity, d"  # noqa: S608
            f" FROM (VALUES {rows}) l(i, rule, risk, kind, level, severity), range(?) t(d)",
            [len(listed), *values, days],
        )
    return _places(listed, days)


def _places(rules: list[Rule], days: int) -> dict[str, int]:
    return {
        name_on(rule.id, day): day * len(rules) + at
        for day in range(days)
        for at, rule in enumerate(rules)
    }


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
    compiler = Compiler(work.moments[rule.day], relation.resolve)
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
