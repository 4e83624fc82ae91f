"""登记质量检查: the quality checks over a registry snapshot, in the language of the rules.

Checks see values as they stand in the registry: a code outside its list is a value here."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from shouwang.engine.rules import sql
from shouwang.engine.rules.batches import ScreeningInput
from shouwang.engine.rules.compiler import Compiler
from shouwang.engine.rules.database import connect
from shouwang.engine.rules.features import ensure
from shouwang.engine.rules.loading import RuleSet, load
from shouwang.engine.rules.model import Check
from shouwang.engine.rules.moment import moment_of
from shouwang.engine.rules.registry_tables import load_registry
from shouwang.engine.rules.relation import Relation
from shouwang.engine.rules.workspace import Needs, Workspace

if TYPE_CHECKING:
    from shouwang.engine.rulebook import Rulebook


def run_quality_checks(
    rulebook: "Rulebook", registry: Path, export_date: date, *, threads: int = 2
) -> pa.Table:
    """One line a finding: check_id, household_no, person_no ('' for a household), and the keys."""
    book = load(rulebook.path)
    county = rulebook.conventions.county["code"]
    inputs = ScreeningInput(registry, [], county)
    with connect(None, threads, None) as con:
        work = prepare_checks(book, inputs, export_date, con, list(book.checks.values()))
        for at, check in enumerate(book.checks.values()):
            work.run(_insert(work, check, at))
        return _findings(work)


def prepare_checks(
    book: RuleSet, inputs: ScreeningInput, day: date, con: Any, checks: list[Check]
) -> Workspace:
    needs = Needs()
    needs.add(check.when for check in checks)
    moment = replace(moment_of(book, inputs.county, day), raw=True)
    work = Workspace(con, inputs, moment, book.catalog, needs)
    load_registry(work, raw=True)
    work.run("CREATE TABLE findings (check_at SMALLINT, household_id INTEGER, person_id INTEGER)")
    work.run("CREATE TABLE check_list (check_at SMALLINT, check_id VARCHAR)")
    for at, check in enumerate(checks):
        work.con.execute("INSERT INTO check_list VALUES (?, ?)", [at, check.id])
    ensure(work, (check.when for check in checks))
    return work


def _insert(work: Workspace, check: Check, at: int) -> str:
    relation = Relation(work, check.level)
    condition = Compiler(work.moment, relation.resolve).condition(check.when)
    person = relation.key("person") if check.level == "person" else sql.NULL
    columns = [sql.number(at), relation.key("household"), person]
    return sql.insert("findings", relation.select(columns, condition))


def _findings(work: Workspace) -> pa.Table:
    found: pa.Table = work.con.sql(
        "SELECT c.check_id, h.household_no, COALESCE(p.person_no, '') AS person_no,"
        " f.household_id, f.person_id"
        " FROM findings f JOIN check_list c ON c.check_at = f.check_at"
        " LEFT JOIN read_parquet(?) h ON h.household_id = f.household_id"
        " LEFT JOIN read_parquet(?) p ON p.person_id = f.person_id"
        " ORDER BY f.check_at, f.household_id, f.person_id",
        params=[str(work.inputs.households), str(work.inputs.persons)],
    ).to_arrow_table()
    return found
