"""依据: the rows of department files from which a hit was computed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.batches import Batch, Calendar, ScreeningInput
from shouwang.engine.rules.calendar import window
from shouwang.engine.rules.compiler import Compiler, Moment
from shouwang.engine.rules.database import connect
from shouwang.engine.rules.loading import RuleSet, load
from shouwang.engine.rules.model import Rule
from shouwang.engine.rules.moment import moment_of, top_parts
from shouwang.engine.rules.sql import Sql
from shouwang.engine.rules.typed import Quantity, Typed, conjuncts, rules_used

if TYPE_CHECKING:
    from shouwang.engine.rulebook import Rulebook

NEVER = frozenset({"id_hash", "name", "birth_date", "hospital", "remark", "reason"})


@dataclass(frozen=True)
class EvidenceRow:
    """One row of a batch, without identity columns."""

    feed: str
    batch_key: str
    row: int
    person_id: int
    values: dict[str, Any]


def evidence_rows(
    rulebook: "Rulebook",
    inputs: ScreeningInput,
    rule_id: str,
    *,
    household_id: int | None,
    person_id: int | None,
    as_of: date,
) -> list[EvidenceRow]:
    """Rows of the rule's quantities for a person, or for all members of a household, by feed and
    batch; rules that read other rules show the rows of those."""
    book = load(rulebook.path)
    moment = moment_of(book, inputs.county, as_of)
    calendar = Calendar(inputs.batches, as_of)
    found: dict[tuple[str, str, int], EvidenceRow] = {}
    with connect(None, 2, None) as con:
        people = [person_id] if person_id is not None else _members(con, inputs, household_id)
        for quantity in _quantities(book, rule_id):
            for batch in calendar.of(quantity.source.scope, quantity.source.feed):
                for row in _rows(con, book, moment, quantity, batch, people):
                    found[row.feed, row.batch_key, row.row] = row
    return [found[key] for key in sorted(found)]


def _members(con: Any, inputs: ScreeningInput, household_id: int | None) -> list[int]:
    rows = con.execute(
        "SELECT person_id FROM read_parquet(?) WHERE household_id = ?",
        [str(inputs.persons), household_id],
    ).fetchall()
    return [row[0] for row in rows]


def _quantities(book: RuleSet, rule_id: str) -> list[Quantity]:
    """The quantities over feeds that a rule names, those of rules it reads included."""
    found: dict[Quantity, None] = {}
    seen: set[str] = set()

    def collect(rule: Rule) -> None:
        if rule.id in seen:
            return
        seen.add(rule.id)
        for let in rule.lets:
            for quantity in let.expression.quantities():
                if quantity.source.feed in book.catalog.feeds:
                    found[quantity] = None
        for part in top_parts(rule):
            for used in rules_used(part):
                if used in book.rules:
                    collect(book.rules[used])

    collect(book.rules[rule_id])
    return list(found)


def _rows(
    con: Any, book: RuleSet, moment: Moment, quantity: Quantity, batch: Batch, people: list[int]
) -> Iterator[EvidenceRow]:
    feed = book.catalog.feeds[quantity.source.feed]
    compiler = Compiler(moment, lambda node: sql.column("r", node.value[1]))
    parts: list[Sql] = (
        [sql.one_of(sql.column("r", "person_id"), people)] if people else [exp.false()]
    )
    if quantity.window:
        period = window(quantity.window, moment.day)
        on = sql.column("r", quantity.on)
        parts.append(sql.between(on, sql.day(period.first), sql.day(period.last)))
    parts += [compiler.condition(part) for part in conjuncts(quantity.where) if _of_row(part)]
    names = [name for name in feed.columns if name not in NEVER]
    columns = [sql.column("r", name) for name in ("row", "person_id", *names)]
    read = exp.Table(this=sql.call("read_parquet", sql.text(str(batch.rows))))
    read.set("alias", exp.TableAlias(this=exp.to_identifier("r")))
    query = sql.query(columns, read, where=sql.both(parts))
    for number, person, *values in con.execute(sql.render(query)).fetchall():
        yield EvidenceRow(
            feed.key, batch.key, number, person, dict(zip(names, values, strict=True))
        )


def _of_row(node: Typed) -> bool:
    """Conditions on the member (alive) choose no rows here."""
    return all(
        part.op not in ("quantity", "hit", "hit_value")
        and (part.op != "column" or part.value[0] == "row")
        for part in node.walk()
    )
