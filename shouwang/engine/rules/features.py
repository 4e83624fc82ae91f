"""特征表: the tables that rules share. Quantities with the same rows and conditions share a scan;
a table holds only persons or households that have such rows."""

from collections.abc import Callable, Iterable
from datetime import date

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.calendar import window
from shouwang.engine.rules.catalog import HITS
from shouwang.engine.rules.compiler import Compiler
from shouwang.engine.rules.relation import KEYS, WHOLE, Frame, Relation
from shouwang.engine.rules.rows import feed_rows
from shouwang.engine.rules.sql import Sql
from shouwang.engine.rules.typed import Quantity, Typed, conjunction, conjuncts
from shouwang.engine.rules.workspace import Workspace

EPOCH = date(1970, 1, 1)
Aggregate = Callable[[Sql | None], Sql]
Group = tuple[object, ...]


def ensure(work: Workspace, parts: Iterable[Typed], frame: Frame = WHOLE) -> None:
    """Make the tables of all quantities that expressions name, the inner ones first.

    Over a frame of candidates the tables belong to the stratum; inner quantities are always made
    for everybody."""
    wanted = {quantity: None for part in parts for quantity in part.quantities()}
    missing = [quantity for quantity in wanted if not work.has(quantity)]
    for quantity in missing:
        ensure(work, quantity.inner())
    groups: dict[Group, list[Quantity]] = {}
    for quantity in missing:
        groups.setdefault(_group(quantity), []).append(quantity)
    for quantities in groups.values():
        _make(work, quantities, frame)


def _group(quantity: Quantity) -> Group:
    """Over members and hits one scan serves all; over a feed only equal conditions share one,
    because a selective scan is cheaper than a wide aggregate."""
    if quantity.source.scope in ("members", "hits"):
        return quantity.by, quantity.source
    return (quantity.by, quantity.source, quantity.where, quantity.window, quantity.on,
            quantity.agg in ("persons", "households"))  # fmt: skip


def _make(work: Workspace, quantities: list[Quantity], frame: Frame) -> None:
    first = quantities[0]
    if _rolls_up(first) and frame.is_whole:
        _roll_up(work, quantities)
        return
    names = {quantity: f"q{at}" for at, quantity in enumerate(quantities)}
    scope = first.source.scope
    if scope == "last_row":
        query = _last_row(work, first, names[first], frame)
    elif scope == "sharing":
        query = _sharing(work, first, names[first])
    elif scope in ("members", "hits"):
        query = _over_registry(work, names, frame)
    else:
        query = _over_feed(work, names, frame)
    table = work.create("feature", query, share=frame.is_whole and scope in _SHARED)
    places = work.places if frame.is_whole else work.local
    places.update({quantity: (table, name) for quantity, name in names.items()})


_SHARED = frozenset({"all", "latest", "month_end", "previous_month_end", "last_row"})


def _rolls_up(quantity: Quantity) -> bool:
    """A household's sum is the sum of its members' sums, which other rules may use too."""
    return (
        quantity.agg == "sum"
        and quantity.by == "household"
        and quantity.source.scope in ("all", "latest")
        and _of_rows(quantity.where)
    )


def _roll_up(work: Workspace, quantities: list[Quantity]) -> None:
    for quantity in quantities:
        part = Quantity(**{**quantity.__dict__, "by": "person"})
        node = Typed("quantity", part.type, value=(part, ""))
        ensure(work, [node])
        table, name = work.place(part)
        relation = Relation(work, "row", sql.table(table, "r"))
        key = relation.key("household")
        columns = [
            sql.alias(key, "household_id"),
            sql.alias(exp.Sum(this=sql.column("r", name)), "q0"),
        ]
        query = relation.select(columns, sql.is_known(sql.column("r", name)), group=key)
        work.places[quantity] = (work.create("feature", query, share=True), "q0")


def _over_feed(work: Workspace, names: dict[Quantity, str], frame: Frame) -> exp.Query:
    """Aggregates over rows of a feed that all meet the same conditions."""
    first = next(iter(names))
    own = [part for part in conjuncts(first.where) if _of_rows(part)]
    joined = [part for part in conjuncts(first.where) if not _of_rows(part)]
    inner = Compiler(work.moment, lambda node: sql.bare(node.value[1]))
    filters = row_conditions(work, first, inner, own)
    for quantity in names if len(names) == 1 else ():
        filters += _known(quantity, inner)
    people = first.agg in ("persons", "households")
    columns = {"person_id"} if people else {"person_id", *_columns(names), *_columns_of(joined)}
    once = people and first.agg == "persons"
    query = feed_rows(
        work, first, sorted(columns), sql.both(filters) if filters else None, frame, distinct=once
    )
    relation = Relation(work, "row", sql.subquery(query, "r"), frame=frame)
    if first.agg == "households" and first.by == "village" and not joined:
        homes = relation.select(
            [sql.alias(relation.key("household"), "household_id")], distinct=True
        )
        relation = Relation(work, "keyed", sql.subquery(homes, "r"), frame=frame)
        key = relation.key("village")
        count = sql.alias(exp.Count(this=exp.Star()), names[first])
        return relation.select([sql.alias(key, KEYS["village"]), count], group=key)
    compiler = Compiler(work.moment, relation.resolve)
    key = relation.key(first.by)
    if first.by != "person" or joined:
        relation.key("household")
    where = compiler.condition(found) if (found := conjunction(joined)) is not None else None
    chosen = [sql.alias(key, KEYS[first.by])]
    for quantity, name in names.items():
        rest = (
            sql.both(_known(quantity, compiler))
            if len(names) > 1 and _known(quantity, compiler)
            else None
        )
        chosen.append(sql.alias(aggregate(quantity, compiler, relation)(rest), name))
    return relation.select(chosen, where, group=key)


def _over_registry(work: Workspace, names: dict[Quantity, str], frame: Frame) -> exp.Query:
    """Aggregates over members of households, or over the hits of other rules."""
    first = next(iter(names))
    if first.source.scope == "members":
        relation = Relation(work, "member", frame=frame)
    else:
        relation = Relation(work, "keyed", sql.subquery(_hit_rows(), "r"), frame=frame)
    compiler = Compiler(work.moment, relation.resolve)
    key = relation.key(first.by)
    chosen, filters = [sql.alias(key, KEYS[first.by])], []
    for quantity, name in names.items():
        parts = _known(quantity, compiler)
        if quantity.where is not None:
            parts.append(compiler.condition(quantity.where))
        condition = sql.both(parts) if parts else None
        filters.append(condition)
        rest = condition if len(names) > 1 else None
        chosen.append(sql.alias(aggregate(quantity, compiler, relation)(rest), name))
    given = [part for part in filters if part is not None]
    where = sql.either(given) if len(given) == len(filters) else None
    return relation.select(chosen, where, group=key)


def row_conditions(
    work: Workspace, quantity: Quantity, compiler: Compiler, own: list[Typed]
) -> list[Sql]:
    """The window and the conditions that a row meets by itself."""
    parts: list[Sql] = []
    if quantity.window:
        period = window(quantity.window, work.moment.day)
        on = Typed("column", quantity.type, value=("row", quantity.on))
        parts.append(sql.between(compiler.resolve(on), sql.day(period.first), sql.day(period.last)))
    return parts + [compiler.condition(part) for part in own]


def _known(quantity: Quantity, compiler: Compiler) -> list[Sql]:
    """Rows without a value do not count."""
    if quantity.value is None:
        return []
    if quantity.agg in ("sum", "min", "max"):
        return [sql.is_known(compiler.sql(quantity.value))]
    if quantity.agg == "first":
        return [sql.one_of(compiler.sql(quantity.value), quantity.order)]
    return []


def _columns(quantities: Iterable[Quantity]) -> set[str]:
    return _columns_of(quantity.value for quantity in quantities if quantity.value is not None)


def _columns_of(parts: Iterable[Typed]) -> set[str]:
    return {
        node.value[1]
        for part in parts
        for node in part.walk()
        if node.op == "column" and node.value[0] == "row"
    }


def _of_rows(node: Typed | None) -> bool:
    """Whether a row decides a condition alone, without the registry or other quantities."""
    return node is None or all(
        part.op not in ("hit", "hit_value", "quantity")
        and (part.op != "column" or part.value[0] == "row")
        for part in node.walk()
    )


def _last_row(work: Workspace, quantity: Quantity, name: str, frame: Frame) -> exp.Query:
    """The row with the greatest date, then period end, then row number, packed into one number:
    batches are numbered by their period, so that number is different for every row."""
    wanted = sorted(work.needs.rows.get(quantity, ()))
    dated = work.catalog.feeds[quantity.source.feed].event_date
    on_time = sql.binary(exp.LTE, sql.bare(dated), sql.day(work.moment.day))
    columns = sorted({"person_id", dated, *wanted})
    rows = feed_rows(work, quantity, columns, on_time, frame, numbered=True)
    relation = Relation(work, "row", sql.subquery(rows, "r"), frame=frame)
    key, by = relation.key(quantity.by), KEYS[quantity.by]
    chosen = [sql.alias(key, by), sql.alias(_place(dated), "place")]
    chosen += [sql.alias(sql.column("r", column), f"{name}_{column}") for column in wanted]
    table = work.create("survey", relation.select(chosen))
    newest = sql.query(
        [sql.bare(by), sql.alias(exp.Max(this=sql.bare("place")), "place")],
        sql.table(table),
        group=[sql.bare(by)],
    )
    kept = [sql.column("s", by), sql.alias(exp.true(), name)]
    kept += [sql.column("s", f"{name}_{column}") for column in wanted]
    same = [
        sql.binary(exp.EQ, sql.column("s", part), sql.column("n", part)) for part in (by, "place")
    ]
    joined = exp.Join(this=sql.subquery(newest, "n"), on=sql.both(same))
    return sql.query(kept, sql.table(table, "s"), joins=[joined])


def _place(dated: str) -> Sql:
    """Days × 2⁴⁶ + batch × 2³² + row: good for 16,384 batches and until the year 2300."""
    days = sql.cast(
        sql.call("DATE_DIFF", sql.text("day"), sql.day(EPOCH), sql.column("r", dated)), "BIGINT"
    )
    place = sql.binary(exp.Mul, days, sql.number(2**46))
    batch = sql.cast(sql.column("r", "batch"), "BIGINT")
    place = sql.binary(exp.Add, place, sql.binary(exp.Mul, batch, sql.number(2**32)))
    return sql.binary(exp.Add, place, sql.column("r", "row"))


def _sharing(work: Workspace, quantity: Quantity, name: str) -> exp.Query:
    """For each person, how many persons have the same value in a column."""
    relation = Relation(work, "person")
    compiler = Compiler(work.moment, relation.resolve)
    value = sql.column("p", quantity.source.feed)
    count = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[value])
    conditions = [sql.is_known(value)]
    if quantity.where is not None:
        conditions.append(compiler.condition(quantity.where))
    columns = [sql.alias(sql.column("p", "person_id"), "person_id"), sql.alias(count, name)]
    return relation.select(columns, sql.both(conditions))


def _hit_rows() -> exp.Query:
    """Hits with what is known of their rules."""
    columns = [sql.column("x", name) for name in ("person_id", "household_id")]
    columns += [sql.column("k", name) for name in HITS]
    on = sql.binary(exp.EQ, sql.column("x", "rule_index"), sql.column("k", "rule_index"))
    return sql.query(
        columns, sql.table("hits", "x"), joins=[sql.join("rule_list", on, as_name="k")]
    )


def aggregate(quantity: Quantity, compiler: Compiler, relation: Relation) -> Aggregate:
    """The aggregate as a function of its filter."""
    value = compiler.sql(quantity.value) if quantity.value is not None else sql.NULL
    inner: Sql
    match quantity.agg:
        case "count":
            inner = exp.Count(this=exp.Star())
        case "persons":
            inner = exp.Count(this=exp.Star())
            if quantity.source.scope in ("hits", "members"):
                inner = _distinct(relation.key("person"))
        case "households":
            inner = _distinct(relation.key("household"))
        case "distinct":
            inner = _distinct(value)
        case "first":
            ranks = [
                (sql.binary(exp.EQ, value, sql.text(item)), sql.number(at))
                for at, item in enumerate(quantity.order)
            ]
            return _first(exp.Min(this=sql.case(ranks)), quantity.order)
        case "sum":
            inner = exp.Sum(this=value)
        case "min":
            inner = exp.Min(this=value)
        case _:
            inner = exp.Max(this=value)
    return lambda condition: sql.filtered(inner, condition)


def _first(rank: Sql, order: tuple[str, ...]) -> Aggregate:
    """The code that stands first in the order, from its rank."""

    def decoded(condition: Sql | None) -> Sql:
        lowest = sql.filtered(rank, condition)
        return sql.case(
            (sql.binary(exp.EQ, lowest, sql.number(at)), sql.text(item))
            for at, item in enumerate(order)
        )

    return decoded


def _distinct(value: Sql) -> Sql:
    return exp.Count(this=exp.Distinct(expressions=[value]))
