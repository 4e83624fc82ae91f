"""行: the rows of a feed's batches that a quantity reads: linked rows, needed columns only."""

from datetime import date
from typing import Any

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.batches import Batch
from shouwang.engine.rules.calendar import window
from shouwang.engine.rules.relation import SQL_TYPES, Frame
from shouwang.engine.rules.sql import Sql
from shouwang.engine.rules.typed import Quantity, Type
from shouwang.engine.rules.workspace import Workspace

EPOCH = date(1970, 1, 1)


def feed_rows(
    work: Workspace,
    quantity: Quantity,
    columns: list[str],
    where: Sql | None,
    frame: Frame,
    *,
    distinct: bool = False,
) -> exp.Query:
    """Linked rows of the visible batches."""
    batches = _pruned(work, quantity)
    if not batches:
        return _no_rows(work.catalog.feeds[quantity.source.feed].columns, columns)
    asked = {leaf.name for leaf in where.find_all(exp.Column)} if where is not None else set()
    work.reading((batch.rows for batch in batches), {*columns, *asked, "person_id"})
    person = sql.bare("person_id")
    parts = [sql.is_known(person)]
    if quantity.by == "person" and (work.restricted or not frame.is_whole):
        parts = [sql.within(person, sql.query([sql.bare("person_id")], sql.table(frame.person)))]
    parts += [where] if where is not None else []
    feed = work.catalog.feeds[quantity.source.feed]
    if feed.mode == "survey":
        parts.append(on_time(work, feed.event_date))
    files = exp.Array(expressions=[sql.text(str(batch.rows)) for batch in batches])
    chosen = [sql.bare(name) for name in columns]
    read = sql.call("read_parquet", files)
    return sql.query(chosen, read, where=sql.both(parts), distinct=distinct)


def survey_rows(work: Workspace, quantity: Quantity, columns: list[str], frame: Frame) -> exp.Query:
    """Rows of a survey up to the day with their place in time.

    The place packs date, batch and row into one number that is different for every row: days × 2⁴⁶
    + batch × 2³² + row, good for 16,384 batches and until the year 2300."""
    feed = work.catalog.feeds[quantity.source.feed]
    batches = work.calendar.all(feed.key)
    if not batches:
        columns = [*columns, "place"]
        return _no_rows({**feed.columns, "place": Type("amount")}, columns)
    work.reading((batch.rows for batch in batches), {*columns, "person_id", "row", feed.event_date})
    queries: list[exp.Query] = []
    for at, batch in enumerate(batches):
        chosen = [sql.bare(name) for name in columns]
        chosen.append(sql.alias(_place(feed.event_date, at), "place"))
        read = sql.call("read_parquet", sql.text(str(batch.rows)))
        queries.append(sql.query(chosen, read, where=on_time(work, feed.event_date)))
    return sql.union_all(queries)


def on_time(work: Workspace, dated: str) -> Sql:
    """A survey may say something of a later day; that is not known yet."""
    return sql.binary(exp.LTE, sql.bare(dated), sql.day(work.moment.day))


def _place(dated: str, batch: int) -> Sql:
    since = sql.call("DATE_DIFF", sql.text("day"), sql.day(EPOCH), sql.bare(dated))
    place = sql.binary(exp.Mul, sql.cast(since, "BIGINT"), sql.number(2**46))
    inside = sql.binary(exp.Add, sql.bare("row"), sql.number(batch * 2**32))
    return sql.binary(exp.Add, place, inside)


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


def _no_rows(types: Any, columns: list[str]) -> exp.Query:
    known: dict[str, Type] = dict(types)
    chosen = []
    for name in columns:
        kind = SQL_TYPES[known[name].kind] if name in known else "INTEGER"
        chosen.append(sql.alias(sql.cast(sql.NULL, kind), name))
    return sql.query(chosen, where=exp.false())
