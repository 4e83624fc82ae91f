"""特征表: the tables that rules share. Quantities with the same rows and conditions share a scan;
a table holds only persons or households that have such rows."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.absence import node_of, of_rows
from shouwang.engine.rules.calendar import window
from shouwang.engine.rules.catalog import HITS
from shouwang.engine.rules.compiler import Compiler
from shouwang.engine.rules.days import flag, flagged_rows, of_one_day
from shouwang.engine.rules.relation import KEYS, WHOLE, Frame, Relation
from shouwang.engine.rules.rows import feed_rows, survey_rows
from shouwang.engine.rules.sql import Sql
from shouwang.engine.rules.typed import Quantity, Typed, conjunction, conjuncts
from shouwang.engine.rules.workspace import Workspace

Aggregate = Callable[[Sql | None], Sql]
Group = tuple[object, ...]
LONG = frozenset({"", "YTD", "M12"})  # windows that overlap from one month end to the next
Flags = tuple[list[Sql], dict[int, list[Sql]]]


def ensure(work: Workspace, parts: Iterable[Typed], frame: Frame = WHOLE) -> None:
    """Make the tables of all quantities that expressions name, the inner ones first.

    Over a frame of candidates the tables belong to the stratum; inner quantities are always made
    for everybody."""
    wanted = dict.fromkeys(quantity for part in parts for quantity in part.quantities())
    missing = [quantity for quantity in wanted if not work.has(quantity)]
    if not missing:
        return
    inner = [part for quantity in missing for part in quantity.inner()]
    summed = [_part(quantity) for quantity in missing if _rolls_up(work, quantity, frame)]
    work.summed.update(summed)
    ensure(work, [*inner, *map(node_of, summed)])
    groups: dict[Group, list[Quantity]] = {}
    for quantity in missing:
        groups.setdefault(_group(work, quantity, frame), []).append(quantity)
    shared = [group for group in groups.values() if _is_shared(group[0], frame)]
    own = [group for group in groups.values() if not _is_shared(group[0], frame)]
    _make(work, shared, frame, work.shared)
    if not frame.is_whole:  # a text names its frame, and only hits change while it is there
        same = [group for group in own if group[0].source.scope != "hits"]
        own = [group for group in own if group[0].source.scope == "hits"]
        _make(work, same, frame, work.same)
    _make(work, own, frame, None)


def _make(
    work: Workspace, groups: list[list[Quantity]], frame: Frame, known: dict[str, str] | None
) -> None:
    wanted = [("feature", _query(work, group, frame)) for group in groups]
    places = work.places if frame.is_whole else work.local
    for group, table in zip(groups, work.create_all(wanted, known), strict=True):
        places.update({quantity: (table, name) for quantity, name in _names(group).items()})
        if work.summed.intersection(group):
            work.homes.add(table)


def _names(group: list[Quantity]) -> dict[Quantity, str]:
    return {quantity: f"q{at}" for at, quantity in enumerate(group)}


def _group(work: Workspace, quantity: Quantity, frame: Frame) -> Group:
    """Over members and hits one scan serves all, and so it does where few rows are read; over a
    whole feed only equal conditions share one, because a selective scan is cheaper than a wide
    aggregate."""
    if quantity.source.scope in ("last_row", "sharing"):
        return (quantity,)
    if quantity.source.scope == "hits":
        return quantity.by, quantity.source, quantity.day
    if work.restricted or quantity.source.scope == "members":
        return quantity.by, quantity.source
    if _rolls_up(work, quantity, frame):
        return quantity.source, work.place(_part(quantity))[0]
    return (quantity.by, quantity.source, quantity.where, quantity.window, quantity.on,
            quantity.agg in ("persons", "households"), quantity.agg == "sum",
            None if _for_all_days(quantity) else quantity.day)  # fmt: skip


def _for_all_days(quantity: Quantity) -> bool:
    """Whether one scan serves several days: of a list or a short window, each day reads files of
    its own."""
    if quantity.source.scope != "all" or quantity.window not in LONG:
        return False
    return not any(of_one_day(part) for part in conjuncts(quantity.where) if not of_rows(part))


def _is_shared(quantity: Quantity, frame: Frame) -> bool:
    """Tables over everybody that depend on files alone serve other days too."""
    return frame.is_whole and quantity.source.scope not in ("members", "hits", "sharing")


def _query(work: Workspace, group: list[Quantity], frame: Frame) -> exp.Query:
    first, names = group[0], _names(group)
    if _rolls_up(work, first, frame):
        return _rolled_up(work, names)
    if first.source.scope == "last_row":
        return _last_row(work, first, names[first], frame)
    if first.source.scope == "sharing":
        return _sharing(work, first, names[first])
    if work.restricted or first.source.scope in ("members", "hits"):
        return _side_by_side(work, names, frame)
    return _over_feed(work, names, frame)


def _part(quantity: Quantity) -> Quantity:
    """The member's part of a household's sum."""
    return replace(quantity, by="person")


def _rolls_up(work: Workspace, quantity: Quantity, frame: Frame) -> bool:
    """A household's sum is the sum of its members' sums, which other rules may use too."""
    return (
        frame.is_whole
        and not work.restricted
        and quantity.agg == "sum"
        and quantity.by == "household"
        and quantity.source.scope in ("all", "latest")
        and of_rows(quantity.where)
    )


def _rolled_up(work: Workspace, names: dict[Quantity, str]) -> exp.Query:
    parts = {quantity: work.place(_part(quantity)) for quantity in names}
    (table,) = {table for table, _ in parts.values()}
    relation = Relation(work, "row", sql.table(table, "r"), homes=table in work.homes)
    key = relation.key("household")
    columns = [sql.alias(key, "household_id")]
    columns += [
        sql.alias(exp.Sum(this=sql.column("r", parts[quantity][1])), name)
        for quantity, name in names.items()
    ]
    known = [sql.is_known(sql.column("r", name)) for _, name in parts.values()]
    return relation.select(columns, sql.either(known), group=key)


def _over_feed(work: Workspace, names: dict[Quantity, str], frame: Frame) -> exp.Query:
    """Aggregates over rows of a feed that all meet the same conditions."""
    first = next(iter(names))
    own = [part for part in conjuncts(first.where) if of_rows(part)]
    joined = [part for part in conjuncts(first.where) if not of_rows(part)]
    if len({quantity.day for quantity in names}) > 1:
        return _over_days(work, names, own, joined, frame)
    inner = Compiler(work.moments[first.day], lambda node: sql.bare(node.value[1]))
    filters = row_conditions(work, first, inner, own)
    filters += _known(first, inner) if len(names) == 1 else []
    relation = _rows(work, names, joined, sql.both(filters) if filters else None, frame)
    return _aggregated(work, names, relation, joined, flagged=False)


def _over_days(
    work: Workspace,
    names: dict[Quantity, str],
    own: list[Typed],
    joined: list[Typed],
    frame: Frame,
) -> exp.Query:
    """The same for several days: what depends on the day is a flag of the row."""
    first = next(iter(names))
    inner = Compiler(work.moments[first.day], lambda node: sql.bare(node.value[1]))
    always = [inner.condition(part) for part in own if not of_one_day(part)]
    if len({(quantity.agg, quantity.value) for quantity in names}) == 1:
        always += _known(first, inner)
    of_day = [part for part in own if of_one_day(part)]
    by_day: dict[int, list[Sql]] = {}
    for quantity in names:
        if quantity.day not in by_day:
            compiler = Compiler(work.moments[quantity.day], inner.resolve)
            by_day[quantity.day] = row_conditions(work, quantity, compiler, of_day)
    relation = _rows(work, names, joined, None, frame, flags=(always, by_day))
    return _aggregated(work, names, relation, joined, flagged=True)


def _aggregated(
    work: Workspace,
    names: dict[Quantity, str],
    relation: Relation,
    joined: list[Typed],
    *,
    flagged: bool,
) -> exp.Query:
    first = next(iter(names))
    compiler = Compiler(work.moments[first.day], relation.resolve)
    key = relation.key(first.by)
    condition = conjunction(joined)
    where = compiler.condition(condition) if condition is not None else None
    chosen = [sql.alias(key, KEYS[first.by])]
    if work.summed.intersection(names):
        home = sql.call("ANY_VALUE", relation.key("household"))
        chosen.append(sql.alias(home, "household_id"))
    for quantity, name in names.items():
        kept = [sql.column("r", flag(quantity.day))] if flagged else []
        kept += _known(quantity, compiler) if len(names) > 1 else []
        rest = sql.both(kept) if kept else None
        chosen.append(sql.alias(aggregate(quantity, compiler, relation)(rest), name))
    return relation.select(chosen, where, group=key)


def _rows(
    work: Workspace,
    names: dict[Quantity, str],
    joined: list[Typed],
    where: Sql | None,
    frame: Frame,
    flags: Flags | None = None,
) -> Relation:
    """The rows: of persons, or of households where the household is what counts."""
    first = next(iter(names))
    people = first.agg == "persons"
    columns = {"person_id", *(() if people else _columns(names)), *_columns_of(joined)}
    at_home = first.by != "person" or bool(joined) or bool(work.summed.intersection(names))
    if at_home:
        columns.add("household_id")
    at_households = first.agg == "households" and not joined
    if at_households:
        columns = {"household_id"}
    once = at_households or people
    if flags is None:
        query = feed_rows(work, first, sorted(columns), where, frame, distinct=once)
    else:
        listed = sorted(columns)
        query = flagged_rows(work, list(names), listed, *flags, frame, distinct=once)
    if at_households:
        return Relation(work, "keyed", sql.subquery(query, "r"), frame=frame)
    joins = WHOLE if first.by == "person" else frame  # a frame has not all columns of its persons
    return Relation(work, "row", sql.subquery(query, "r"), frame=joins, homes=at_home)


def _side_by_side(work: Workspace, names: dict[Quantity, str], frame: Frame) -> exp.Query:
    """Aggregates over the same rows, each with conditions of its own: over members of households,
    the hits of other rules, or the rows of a feed for a part of the registry."""
    first = next(iter(names))
    relation = _same_rows(work, names, frame)
    key = relation.key(first.by)
    chosen, filters = [sql.alias(key, KEYS[first.by])], []
    for quantity, name in names.items():
        compiler = Compiler(work.moments[quantity.day], relation.resolve)
        parts = row_conditions(work, quantity, compiler, conjuncts(quantity.where))
        parts += _known(quantity, compiler)
        condition = sql.both(parts) if parts else None
        filters.append(condition)
        rest = condition if len(names) > 1 else None
        counted = aggregate(quantity, compiler, relation, once=False)
        chosen.append(sql.alias(counted(rest), name))
    given = [part for part in filters if part is not None]
    where = sql.either(given) if len(given) == len(filters) else None
    return relation.select(chosen, where, group=key)


def _same_rows(work: Workspace, names: dict[Quantity, str], frame: Frame) -> Relation:
    first = next(iter(names))
    if first.source.scope == "members":
        return Relation(work, "member", frame=frame)
    if first.source.scope == "hits":
        return Relation(work, "keyed", sql.subquery(_hit_rows(first.day), "r"), frame=frame)
    columns = {"person_id", "household_id", *_columns(names), *(one.on for one in names if one.on)}
    columns |= _columns_of(one.where for one in names if one.where is not None)
    rows = feed_rows(work, replace(first, window=""), sorted(columns), None, frame)
    return Relation(work, "row", sql.subquery(rows, "r"), frame=frame, homes=True)


def row_conditions(
    work: Workspace, quantity: Quantity, compiler: Compiler, own: list[Typed]
) -> list[Sql]:
    """The window and the conditions that a row meets by itself."""
    parts: list[Sql] = []
    if quantity.window:
        period = window(quantity.window, work.moments[quantity.day].day)
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


def _last_row(work: Workspace, quantity: Quantity, name: str, frame: Frame) -> exp.Query:
    """The row with the greatest place: date, then period end, then row number."""
    wanted = sorted(work.needs.rows.get(quantity, ()))
    by = KEYS[quantity.by]
    rows = survey_rows(work, quantity, [by, *wanted], frame)
    base = "row" if quantity.by == "person" else "keyed"
    relation = Relation(work, base, sql.subquery(rows, "r"), frame=frame)
    key = relation.key(quantity.by)
    whole = sql.call("ROW", *(sql.column("r", column) for column in wanted))
    last = sql.call("ARG_MAX", whole, sql.column("r", "place"))
    newest = relation.select([sql.alias(key, by), sql.alias(last, "last")], group=key)
    kept = [sql.column("n", by), sql.alias(exp.true(), name)]
    kept += [
        sql.alias(
            sql.call("STRUCT_EXTRACT_AT", sql.column("n", "last"), sql.number(at)),
            f"{name}_{column}",
        )
        for at, column in enumerate(wanted, 1)
    ]
    return sql.query(kept, sql.subquery(newest, "n"))


def _sharing(work: Workspace, quantity: Quantity, name: str) -> exp.Query:
    """For each person, how many persons have the same value in a column."""
    relation = Relation(work, "person")
    compiler = Compiler(work.moments[quantity.day], relation.resolve)
    value = sql.column("p", quantity.source.feed)
    count = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[value])
    conditions = [sql.is_known(value)]
    if quantity.where is not None:
        conditions.append(compiler.condition(quantity.where))
    columns = [sql.alias(sql.column("p", "person_id"), "person_id"), sql.alias(count, name)]
    return relation.select(columns, sql.both(conditions))


def _hit_rows(day: int) -> exp.Query:
    """The hits of a day with what is known of their rules."""
    columns = [sql.column("x", name) for name in ("person_id", "household_id")]
    columns += [sql.column("k", name) for name in HITS]
    on = sql.binary(exp.EQ, sql.column("x", "rule_index"), sql.column("k", "rule_index"))
    same = sql.binary(exp.EQ, sql.column("k", "day"), sql.number(day))
    joins = [sql.join("rule_list", on, as_name="k")]
    return sql.query(columns, sql.table("hits", "x"), joins=joins, where=same)


def aggregate(
    quantity: Quantity, compiler: Compiler, relation: Relation, *, once: bool = True
) -> Aggregate:
    """The aggregate as a function of its filter; `once` if rows tell each subject only once."""
    value = compiler.sql(quantity.value) if quantity.value is not None else sql.NULL
    inner: Sql
    match quantity.agg:
        case "count":
            inner = exp.Count(this=exp.Star())
        case "persons":
            inner = exp.Count(this=exp.Star()) if once else _distinct(relation.key("person"))
        case "households":
            inner = _distinct(relation.key("household"))
            if once and of_rows(quantity.where):
                inner = exp.Count(this=exp.Star())
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
