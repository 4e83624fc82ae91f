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
    files = exp.Array(expressions=[sql.text(str(batch.rows)) for batch in batches])
    chosen = [sql.bare(name) for name in columns]
    read = sql.call("read_parquet", files)
    return sql.query(chosen, read, where=sql.both(parts), distinct=distinct)


# ---- surveys: rows are about households, and several rules read them


def has_store(work: Workspace, quantity: Quantity) -> bool:
    """Whether a quantity reads survey rows by household."""
    feed = work.catalog.feeds.get(quantity.source.feed)
    return feed is not None and feed.mode == "survey" and quantity.by != "person"


def store_of(work: Workspace, key: str) -> str:
    """A survey's rows up to the day with their household and their place in time, joined once.

    The place packs date, batch and row into one number that is different for every row: days × 2⁴⁶
    + batch × 2³² + row, good for 16,384 batches and until the year 2300."""
    if key in work.stores:
        return work.stores[key]
    feed = work.catalog.feeds[key]
    columns = sorted({"person_id", "row", feed.event_date, *_asked(work, key)})
    batches = work.calendar.all(key)
    work.reading((batch.rows for batch in batches), columns)
    queries: list[exp.Query] = []
    for at, batch in enumerate(batches):
        chosen = [*(sql.bare(name) for name in columns), sql.alias(sql.number(at), "batch")]
        read = sql.call("read_parquet", sql.text(str(batch.rows)))
        on_time = sql.binary(exp.LTE, sql.bare(feed.event_date), sql.day(work.moment.day))
        queries.append(sql.query(chosen, read, where=on_time))
    rows = sql.union_all(queries) if queries else _no_rows(feed.columns, [*columns, "batch"])
    on = sql.binary(exp.EQ, sql.column("p", "person_id"), sql.column("r", "person_id"))
    kept = [sql.column("p", "household_id"), sql.alias(_place(feed.event_date), "place")]
    kept += [sql.column("r", name) for name in columns if name != "row"]
    query = sql.query(kept, sql.subquery(rows, "r"), joins=[sql.join("person", on, as_name="p")])
    (work.stores[key],) = work.create_all([("survey", query)], share=True)
    return work.stores[key]


def store_rows(
    work: Workspace,
    quantity: Quantity,
    columns: list[str],
    where: Sql | None,
    frame: Frame,
    *,
    distinct: bool = False,
) -> exp.Query:
    """Rows of a survey with their households, of candidates only if the frame says so."""
    parts = [where] if where is not None else []
    if not frame.is_whole:
        homes = sql.query([sql.bare("household_id")], sql.table(frame.household))
        parts.append(sql.within(sql.bare("household_id"), homes))
    table = sql.table(store_of(work, quantity.source.feed))
    chosen = [sql.bare(name) for name in columns]
    return sql.query(chosen, table, where=sql.both(parts) if parts else None, distinct=distinct)


def _asked(work: Workspace, feed: str) -> set[str]:
    """Columns of a feed that any quantity of this evaluation reads."""
    found: set[str] = set()
    for quantity, columns in work.needs.rows.items():
        if quantity.source.feed == feed:
            found |= columns | ({quantity.on} if quantity.on else set())
            for part in quantity.inner():
                columns_read = (node.value for node in part.walk() if node.op == "column")
                found |= {name for table, name in columns_read if table == "row"}
    return found


def _place(dated: str) -> Sql:
    since = sql.call("DATE_DIFF", sql.text("day"), sql.day(EPOCH), sql.column("r", dated))
    place = sql.binary(exp.Mul, sql.cast(since, "BIGINT"), sql.number(2**46))
    batch = sql.binary(exp.Mul, sql.cast(sql.column("r", "batch"), "BIGINT"), sql.number(2**32))
    return sql.binary(exp.Add, sql.binary(exp.Add, place, batch), sql.column("r", "row"))


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
