"""行: the rows of a feed's batches that a quantity reads: linked rows, needed columns only.

Rows carry the household of their person. In files that were stored before they did, it is looked up
in the registry."""

from datetime import date
from typing import Any

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.batches import Batch
from shouwang.engine.rules.calendar import window
from shouwang.engine.rules.relation import KEYS, SQL_TYPES, Frame
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
    """Linked rows of the visible batches; over a frame, those of its persons or households."""
    batches = visible_batches(work, quantity)
    if not batches:
        return no_rows(work.catalog.feeds[quantity.source.feed].columns, columns)
    key = KEYS["person" if quantity.by == "person" else "household"]
    asked = {leaf.name for leaf in where.find_all(exp.Column)} if where is not None else set()
    needed = {*columns, *asked, "person_id"}
    parts = [sql.is_known(sql.bare("person_id"))]
    if work.restricted or not frame.is_whole:
        needed.add(key)
        parts = [of_subjects(key, frame.subjects(quantity))]
    parts += [where] if where is not None else []
    feed = work.catalog.feeds[quantity.source.feed]
    if feed.mode == "survey":
        needed.add(feed.event_date)
        parts.append(on_time(work, feed.event_date, quantity.day))
    chosen = [sql.bare(name) for name in columns]
    return sql.query(
        chosen, read_batches(work, batches, needed), where=sql.both(parts), distinct=distinct
    )


def survey_rows(work: Workspace, quantity: Quantity, columns: list[str], frame: Frame) -> exp.Query:
    """Rows of a survey up to the day with their place in time.

    The place packs date, batch and row into one number that is different for every row: days × 2⁴⁶
    + batch × 2³² + row, good for 16,384 batches and until the year 2300."""
    feed = work.catalog.feeds[quantity.source.feed]
    batches = work.calendars[quantity.day].all(feed.key)
    if not batches:
        columns = [*columns, "place"]
        return no_rows({**feed.columns, "place": Type("amount")}, columns)
    key = KEYS[quantity.by]
    needed = {*columns, key, "row", feed.event_date}
    parts = [on_time(work, feed.event_date, quantity.day), sql.is_known(sql.bare(key))]
    if work.restricted or not frame.is_whole:
        parts.append(of_subjects(key, frame.subjects(quantity)))
    queries: list[exp.Query] = []
    for at, batch in enumerate(batches):
        chosen = [sql.bare(name) for name in columns]
        chosen.append(sql.alias(_place(feed.event_date, at), "place"))
        queries.append(
            sql.query(chosen, read_batches(work, [batch], needed), where=sql.both(parts))
        )
    return sql.union_all(queries)


def of_subjects(key: str, table: str) -> Sql:
    return sql.within(sql.bare(key), sql.query([sql.bare(key)], sql.table(table)))


def read_batches(work: Workspace, batches: list[Batch], columns: set[str]) -> Sql:
    """The files of batches with at least these columns."""
    files = [str(batch.rows) for batch in batches]
    if batches[0].feed in work.parts:
        return _of_part(work, batches[0].feed, files)
    if "household_id" not in columns or not (without := work.without_household(files)):
        work.reading(files, columns)
        return _files(files)
    stored = sorted(columns - {"household_id"})
    work.reading(files, stored)
    on = sql.binary(exp.EQ, sql.column("p", "person_id"), sql.column("f", "person_id"))
    found = [sql.column("f", name) for name in stored]
    older = sql.query(
        [*found, sql.column("p", "household_id")],
        sql.query([exp.Star()], _files(without)).subquery("f", copy=False),
        joins=[sql.join("person", on, as_name="p")],
    )
    newer = [file for file in files if file not in set(without)]
    parts: list[exp.Query] = [older]
    if newer:
        bare = [sql.bare(name) for name in (*stored, "household_id")]
        parts.append(sql.query(bare, _files(newer)))
    return sql.subquery(sql.union_all(parts), "f")


def load_part(work: Workspace) -> None:
    """The rows of all feeds for a part of the registry, read once: few, so they stay in memory."""
    read = {feed: columns for feed, columns in work.needs.feeds.items() if work.calendar.all(feed)}
    wanted = [("rows", _part(work, feed, columns)) for feed, columns in read.items()]
    work.parts = dict(zip(read, work.create_all(wanted), strict=True))


def _part(work: Workspace, feed: str, columns: set[str]) -> exp.Query:
    files = [str(batch.rows) for batch in work.calendar.all(feed)]
    dated = work.catalog.feeds[feed].event_date
    stored = sorted({*columns, "person_id", "row", *([dated] if dated else [])})
    work.reading(files, stored)
    with_name = exp.PropertyEQ(this=exp.to_identifier("filename"), expression=exp.true())
    listed = exp.Array(expressions=[sql.text(file) for file in files])
    on = sql.binary(exp.EQ, sql.column("p", "person_id"), sql.column("f", "person_id"))
    chosen = [sql.column("f", name) for name in (*stored, "filename")]
    return sql.query(
        [*chosen, sql.column("p", "household_id")],
        sql.subquery(sql.query([exp.Star()], sql.call("read_parquet", listed, with_name)), "f"),
        joins=[sql.join("person", on, as_name="p")],
    )


def _of_part(work: Workspace, feed: str, files: list[str]) -> Sql:
    table = sql.table(work.parts[feed])
    if len(files) == len(work.calendar.all(feed)):
        return table
    inside = sql.one_of(sql.bare("filename"), files)
    return sql.subquery(sql.query([exp.Star()], table, where=inside), "f")


def _files(files: list[str]) -> Sql:
    listed = exp.Array(expressions=[sql.text(file) for file in files])
    return sql.call("read_parquet", listed)


def on_time(work: Workspace, dated: str, day: int = 0) -> Sql:
    """A survey may say something of a later day; that is not known yet."""
    return sql.binary(exp.LTE, sql.bare(dated), sql.day(work.moments[day].day))


def _place(dated: str, batch: int) -> Sql:
    since = sql.call("DATE_DIFF", sql.text("day"), sql.day(EPOCH), sql.bare(dated))
    place = sql.binary(exp.Mul, sql.cast(since, "BIGINT"), sql.number(2**46))
    inside = sql.binary(exp.Add, sql.bare("row"), sql.number(batch * 2**32))
    return sql.binary(exp.Add, place, inside)


def visible_batches(work: Workspace, quantity: Quantity) -> list[Batch]:
    """Batches that ended before the window began hold no row of it: an event after its period is
    rejected at the door. That holds for the event date only."""
    batches = work.calendars[quantity.day].of(quantity.source.scope, quantity.source.feed)
    feed = work.catalog.feeds[quantity.source.feed]
    if quantity.source.scope != "all" or feed.mode != "event" or not quantity.window:
        return batches
    if quantity.on != feed.event_date:
        return batches
    first = window(quantity.window, work.moments[quantity.day].day).first
    return [batch for batch in batches if batch.period_end >= first]


def no_rows(types: Any, columns: list[str]) -> exp.Query:
    known: dict[str, Type] = dict(types)
    chosen = []
    for name in columns:
        kind = SQL_TYPES[known[name].kind] if name in known else "INTEGER"
        chosen.append(sql.alias(sql.cast(sql.NULL, kind), name))
    return sql.query(chosen, where=exp.false())
