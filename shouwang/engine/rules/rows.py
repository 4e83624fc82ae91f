"""行: the rows of a feed's batches that a quantity reads: linked rows, needed columns only."""

from typing import Any

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.batches import Batch
from shouwang.engine.rules.calendar import window
from shouwang.engine.rules.relation import SQL_TYPES, Frame
from shouwang.engine.rules.sql import Sql
from shouwang.engine.rules.typed import Quantity, Type
from shouwang.engine.rules.workspace import Workspace


def feed_rows(
    work: Workspace,
    quantity: Quantity,
    columns: list[str],
    where: Sql | None,
    frame: Frame,
    *,
    distinct: bool = False,
    numbered: bool = False,
) -> exp.Query:
    """Linked rows of the visible batches; `numbered` adds what orders rows of equal date."""
    batches = _pruned(work, quantity)
    if numbered:
        columns = [*columns, "row"]
    if not batches:
        return _no_rows(work.catalog.feeds[quantity.source.feed].columns, columns, numbered)
    person = sql.bare("person_id")
    asked = {leaf.name for leaf in where.find_all(exp.Column)} if where is not None else set()
    work.reading((batch.rows for batch in batches), {*columns, *asked, "person_id"})
    parts = [sql.is_known(person)]
    if quantity.by == "person" and (work.restricted or not frame.is_whole):
        parts = [sql.within(person, sql.query([sql.bare("person_id")], sql.table(frame.person)))]
    parts += [where] if where is not None else []
    if not numbered:
        files = exp.Array(expressions=[sql.text(str(batch.rows)) for batch in batches])
        chosen = [sql.bare(name) for name in columns]
        read = sql.call("read_parquet", files)
        return sql.query(chosen, read, where=sql.both(parts), distinct=distinct)
    queries: list[exp.Query] = []
    for at, batch in enumerate(batches):
        chosen = [sql.bare(name) for name in columns]
        chosen.append(sql.alias(sql.number(at), "batch"))
        read = sql.call("read_parquet", sql.text(str(batch.rows)))
        queries.append(sql.query(chosen, read, where=sql.both(parts)))
    return sql.union_all(queries)


def _pruned(work: Workspace, quantity: Quantity) -> list[Batch]:
    """Batches that ended before the window began hold no row of it: an event after its period is
    rejected at the door. That holds for the event date only."""
    batches = work.calendar.of(quantity.source.scope, quantity.source.feed)
    feed = work.catalog.feeds[quantity.source.feed]
    if quantity.source.scope != "all" or feed.mode != "event" or not quantity.window:
        return batches
    if quantity.on != feed.event_date:
        return batches
    first = window(quantity.window, work.moment.day).first
    return [batch for batch in batches if batch.period_end >= first]


def _no_rows(types: Any, columns: list[str], numbered: bool) -> exp.Query:
    known: dict[str, Type] = dict(types)
    chosen = []
    for name in columns:
        kind = SQL_TYPES[known[name].kind] if name in known else "INTEGER"
        chosen.append(sql.alias(sql.cast(sql.NULL, kind), name))
    if numbered:
        chosen.append(sql.alias(sql.number(0), "batch"))
    return sql.query(chosen, where=exp.false())
