"""特征表: the few tables that all rules share. Each feed is scanned once for a set of quantities;
a table holds only persons or households that have such rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.batches import Batch, Calendar, ScreeningInput
from shouwang.engine.rules.calendar import window
from shouwang.engine.rules.catalog import HITS, Catalog
from shouwang.engine.rules.compiler import Compiler, Moment
from shouwang.engine.rules.sql import Sql
from shouwang.engine.rules.typed import Quantity, Source, Type, Typed

SQL_TYPES = {
    "bool": "BOOLEAN", "int": "INTEGER", "number": "DECIMAL(18,3)", "amount": "BIGINT",
    "ratio": "BIGINT", "date": "DATE", "month": "DATE", "code": "VARCHAR", "text": "VARCHAR",
}  # fmt: skip
KEYS = {"person": "person_id", "household": "household_id", "village": "village_code"}


@dataclass
class Needs:
    """What a set of rules reads: columns of the registry and columns of last rows."""

    persons: set[str] = field(default_factory=set)
    households: set[str] = field(default_factory=set)
    rows: dict[Quantity, set[str]] = field(default_factory=dict)

    def add(self, parts: Iterable[Typed]) -> None:
        for part in parts:
            for node in part.walk():
                if node.op == "column" and node.value[0] == "person":
                    self.persons.add(node.value[1])
                elif node.op == "column" and node.value[0] == "household":
                    self.households.add(node.value[1])
                elif node.op == "quantity":
                    self._quantity(*node.value)

    def _quantity(self, quantity: Quantity, column: str) -> None:
        columns = self.rows.setdefault(quantity, set())
        if column:
            columns.add(column)
        if quantity.source.scope == "sharing":
            self.persons.add(quantity.source.feed)
        self.add(quantity.inner())


class Workspace:
    """One evaluation: a connection, the registry tables, the feature tables made so far."""

    def __init__(
        self,
        con: Any,
        inputs: ScreeningInput,
        moment: Moment,
        catalog: Catalog,
        needs: Needs,
        *,
        restricted: bool = False,
    ) -> None:
        self.con = con
        self.inputs = inputs
        self.moment = moment
        self.catalog = catalog
        self.needs = needs
        self.restricted = restricted
        self.calendar = Calendar(inputs.batches, moment.day)
        self.places: dict[Quantity, tuple[str, str]] = {}
        self.hit_tables: dict[str, str] = {}
        self.rule_index: dict[str, int] = {}
        self.made = 0

    def run(self, query: Sql | str) -> Any:
        return self.con.execute(query if isinstance(query, str) else sql.render(query))

    # ---- quantities

    def ensure(self, parts: Iterable[Typed]) -> None:
        """Make the tables of all quantities that expressions name, the inner ones first."""
        wanted = {quantity: None for part in parts for quantity in part.quantities()}
        missing = [quantity for quantity in wanted if quantity not in self.places]
        if not missing:
            return
        for quantity in missing:
            self.ensure(quantity.inner())
        groups: dict[tuple[str, Source, bool], list[Quantity]] = {}
        for quantity in missing:
            groups.setdefault((quantity.by, quantity.source, _joins(quantity)), []).append(quantity)
        for (by, source, _), quantities in groups.items():
            self._make(by, source, quantities)

    def _make(self, by: str, source: Source, quantities: list[Quantity]) -> None:
        self.made += 1
        name = f"feature_{self.made}"
        names = {quantity: f"q{at}" for at, quantity in enumerate(quantities)}
        if source.scope == "last_row":
            query = self._last_row(source, by, names)
        elif source.scope == "sharing":
            query = self._sharing(source, names)
        else:
            query = self._aggregate(source, by, names)
        self.run(sql.create_table(name, query))
        for quantity, column in names.items():
            self.places[quantity] = (name, column)

    def _aggregate(self, source: Source, by: str, names: dict[Quantity, str]) -> exp.Query:
        relation = self._relation(source, list(names))
        compiler = Compiler(self.moment, relation.resolve)
        conditions = {quantity: self._condition(quantity, compiler) for quantity in names}
        key = relation.key(by)
        columns = [sql.alias(key, KEYS[by])]
        for quantity, name in names.items():
            value = _aggregated(quantity, compiler, relation)
            single = len(names) == 1
            columns.append(sql.alias(value(None if single else conditions[quantity]), name))
        query = relation.select(columns)
        filters = list(conditions.values())
        if all(condition is not None for condition in filters):
            query = query.where(sql.either([part for part in filters if part is not None]))
        return query.group_by(key.copy())

    def _condition(self, quantity: Quantity, compiler: Compiler) -> Sql | None:
        parts: list[Sql] = []
        if quantity.window:
            period = window(quantity.window, self.moment.day)
            value = sql.column("r", quantity.on)
            parts.append(sql.between(value, sql.day(period.first), sql.day(period.last)))
        if quantity.where is not None:
            parts.append(compiler.condition(quantity.where))
        if quantity.agg in ("sum", "min", "max") and quantity.value is not None:
            parts.append(sql.is_known(compiler.sql(quantity.value)))
        if quantity.agg == "first" and quantity.value is not None:
            parts.append(sql.one_of(compiler.sql(quantity.value), quantity.order))
        return sql.both(parts) if parts else None

    def _last_row(self, source: Source, by: str, names: dict[Quantity, str]) -> exp.Query:
        """The row with the greatest date, then period end, then row number."""
        ((quantity, name),) = names.items()
        relation = self._relation(source, [quantity])
        key = relation.key(by)
        dated = sql.column("r", self.catalog.feeds[source.feed].event_date)
        newest = [exp.Ordered(this=part.copy(), desc=True) for part in (
            dated, sql.column("r", "period_end"), sql.column("r", "row"), sql.column("r", "batch")
        )]  # fmt: skip
        rank = exp.Window(
            this=exp.RowNumber(), partition_by=[key.copy()], order=exp.Order(expressions=newest)
        )
        wanted = sorted(self.needs.rows.get(quantity, ()))
        columns = [sql.alias(key, KEYS[by]), sql.alias(rank, "place")]
        columns += [sql.alias(sql.column("r", column), f"{name}_{column}") for column in wanted]
        on_time = sql.binary(exp.LTE, dated, sql.day(self.moment.day))
        ranked = sql.subquery(relation.select(columns).where(on_time), "ranked")
        kept = [sql.bare(KEYS[by]), sql.alias(exp.true(), name)]
        kept += [sql.bare(f"{name}_{column}") for column in wanted]
        return (
            sql.select(kept)
            .from_(ranked)
            .where(sql.binary(exp.EQ, sql.bare("place"), sql.number(1)))
        )

    def _sharing(self, source: Source, names: dict[Quantity, str]) -> exp.Query:
        """For each person, how many persons have the same value in a column."""
        ((quantity, name),) = names.items()
        relation = Relation(self, "person")
        compiler = Compiler(self.moment, relation.resolve)
        value = sql.column("p", source.feed)
        count = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[value])
        query = relation.select(
            [sql.alias(sql.column("p", "person_id"), "person_id"), sql.alias(count, name)]
        )
        conditions = [sql.is_known(value)]
        if quantity.where is not None:
            conditions.append(compiler.condition(quantity.where))
        return query.where(sql.both(conditions))

    # ---- rows

    def _relation(self, source: Source, quantities: list[Quantity]) -> "Relation":
        if source.scope == "members":
            return Relation(self, "person")
        if source.scope == "hits":
            return Relation(self, "hits", sql.subquery(self._hit_rows(), "r"))
        columns = {"person_id"}
        for quantity in quantities:
            columns.add(quantity.on)
            for part in quantity.inner():
                columns |= {
                    node.value[1]
                    for node in part.walk()
                    if node.op == "column" and node.value[0] == "row"
                }
            columns |= self.needs.rows.get(quantity, set())
        columns.discard("")
        batches = self._pruned(source, quantities)
        rows = sql.subquery(self._rows(source, sorted(columns), batches), "r")
        return Relation(self, "row", rows)

    def _pruned(self, source: Source, quantities: list[Quantity]) -> list[Batch]:
        """Batches that ended before every window began hold no row of the windows: an event after
        its period is rejected at the door."""
        batches = self.calendar.of(source.scope, source.feed)
        feed = self.catalog.feeds[source.feed]
        windows = [quantity.window for quantity in quantities if quantity.on == feed.event_date]
        if (
            source.scope != "all"
            or feed.mode != "event"
            or len(windows) < len(quantities)
            or not all(windows)
        ):
            return batches
        first = min(window(name, self.moment.day).first for name in windows)
        return [batch for batch in batches if batch.period_end >= first]

    def _rows(self, source: Source, columns: list[str], batches: list[Batch]) -> exp.Query:
        feed = self.catalog.feeds[source.feed]
        numbered = source.scope == "last_row"
        if numbered:
            columns = [*columns, "row"]
        if not batches:
            return self._no_rows(feed.columns, columns, numbered)
        linked = sql.is_known(sql.bare("person_id"))
        if self.restricted:
            members = sql.select([sql.bare("person_id")]).from_(sql.table("person"))
            linked = exp.In(this=sql.bare("person_id"), query=members.subquery())
        if not numbered:
            files = exp.Array(expressions=[sql.text(str(batch.rows)) for batch in batches])
            query = sql.select([sql.bare(name) for name in columns])
            return query.from_(sql.call("read_parquet", files)).where(linked)
        queries: list[exp.Query] = []
        for at, batch in enumerate(batches):
            picked = [sql.bare(name) for name in columns]
            picked += [
                sql.alias(sql.day(batch.period_end), "period_end"),
                sql.alias(sql.number(at), "batch"),
            ]
            read = sql.call("read_parquet", sql.text(str(batch.rows)))
            queries.append(sql.select(picked).from_(read).where(linked.copy()))
        return sql.union_all(queries)

    def _no_rows(self, types: Any, columns: list[str], numbered: bool) -> exp.Query:
        known: dict[str, Type] = dict(types)
        picked = []
        for name in columns:
            kind = SQL_TYPES[known[name].kind] if name in known else "INTEGER"
            picked.append(sql.alias(sql.cast(sql.NULL, kind), name))
        if numbered:
            picked += [
                sql.alias(sql.cast(sql.NULL, "DATE"), "period_end"),
                sql.alias(sql.number(0), "batch"),
            ]
        return sql.select(picked).where(exp.false())

    def _hit_rows(self) -> exp.Query:
        columns = [sql.column("x", name) for name in ("person_id", "household_id")]
        columns += [sql.column("k", name) for name in HITS]
        joined = exp.Join(
            this=sql.table("rule_list", "k"),
            on=sql.binary(exp.EQ, sql.column("x", "rule_index"), sql.column("k", "rule_index")),
        )
        query = sql.select(columns).from_(sql.table("hits", "x"))
        query.append("joins", joined)
        return query

    def hit_table(self, rule: str) -> str:
        """Persons for whom a rule is true, with the value it shows."""
        if rule not in self.hit_tables:
            name = f"hit_{self.rule_index[rule]}"
            query = sql.select([sql.bare("person_id"), sql.bare("value")])
            same = sql.binary(exp.EQ, sql.bare("rule_index"), sql.number(self.rule_index[rule]))
            self.run(sql.create_table(name, query.from_(sql.table("hits")).where(same)))
            self.hit_tables[rule] = name
        return self.hit_tables[rule]


def _joins(quantity: Quantity) -> bool:
    """Whether the rows must be joined with the registry for the quantity."""
    return any(
        node.op in ("hit", "hit_value", "quantity")
        or (node.op == "column" and node.value[0] != "row")
        for part in quantity.inner()
        for node in part.walk()
    )


def _aggregated(quantity: Quantity, compiler: Compiler, relation: "Relation") -> Any:
    """The aggregate as a function of its filter."""
    value = compiler.sql(quantity.value) if quantity.value is not None else None
    inner: Sql
    match quantity.agg:
        case "count":
            inner = exp.Count(this=exp.Star())
        case "persons":
            inner = _distinct(relation.key("person"))
        case "households":
            inner = _distinct(relation.key("household"))
        case "distinct":
            inner = _distinct(value if value is not None else sql.NULL)
        case "first":
            ranks = [(sql.binary(exp.EQ, value or sql.NULL, sql.text(item)), sql.number(at))
                     for at, item in enumerate(quantity.order)]  # fmt: skip
            return _first(exp.Min(this=sql.case(ranks)), quantity.order)
        case _:
            kinds: dict[str, type[exp.Func]] = {"sum": exp.Sum, "min": exp.Min, "max": exp.Max}
            inner = kinds[quantity.agg](this=value)
    return lambda condition: sql.filtered(inner, condition)


def _first(rank: Sql, order: tuple[str, ...]) -> Any:
    """The code that stands first in the order, from its rank."""

    def decoded(condition: Sql | None) -> Sql:
        lowest = sql.filtered(rank.copy(), condition)
        return sql.case(
            (sql.binary(exp.EQ, lowest, sql.number(at)), sql.text(item))
            for at, item in enumerate(order)
        )

    return decoded


def _distinct(value: Sql) -> Sql:
    return exp.Count(this=exp.Distinct(expressions=[value.copy()]))


class Relation:
    """A FROM clause that joins the registry and feature tables as expressions ask for them."""

    def __init__(self, work: Workspace, base: str, rows: exp.Expr | None = None) -> None:
        self.work = work
        self.base = base
        self.rows = rows
        self.joins: dict[str, exp.Join] = {}

    def key(self, by: str) -> Sql:
        if self.base == by:
            return sql.column(self.base[0], KEYS[by])
        if self.base == "hits" and by != "village":
            return sql.column("r", KEYS[by])
        if by == "person" and self.base == "row":
            return sql.column("r", "person_id")
        if by == "household" and self.base in ("row", "person"):
            self._person()
            return sql.column("p", "household_id")
        if by == "village":
            self._household()
            return sql.column("h", "village_code")
        raise ValueError(f"no {by} for rows of {self.base}")

    def resolve(self, node: Typed) -> Sql:
        if node.op == "column":
            table, name = node.value
            if table == "row":
                return sql.column("r", name)
            if table == "person":
                self._person()
                return sql.column("p", name)
            self._household()
            return sql.column("h", name)
        if node.op in ("hit", "hit_value"):
            return self._hit(node)
        quantity, column = node.value
        table, name = self.work.places[quantity]
        self._left(table, KEYS[quantity.by], self.key(quantity.by))
        if quantity.agg == "last_row":
            return sql.column(table, f"{name}_{column}" if column else name)
        found = sql.column(table, name)
        return sql.coalesce(found, sql.number(0)) if quantity.counts else found

    def _hit(self, node: Typed) -> Sql:
        table = self.work.hit_table(node.value)
        self._left(table, "person_id", self.key("person"))
        if node.op == "hit":
            return sql.is_known(sql.column(table, "person_id"))
        return sql.try_cast(sql.column(table, "value"), SQL_TYPES[node.type.kind])

    def _person(self) -> None:
        if self.base in ("row", "hits"):
            self._inner("person", "p", "person_id", sql.column("r", "person_id"))

    def _household(self) -> None:
        if self.base == "household":
            return
        self._inner("household", "h", "household_id", self.key("household"))

    def _inner(self, table: str, name: str, column: str, key: Sql) -> None:
        if name not in self.joins:
            on = sql.binary(exp.EQ, sql.column(name, column), key)
            self.joins[name] = exp.Join(this=sql.table(table, name), on=on)

    def _left(self, table: str, column: str, key: Sql) -> None:
        if table not in self.joins:
            on = sql.binary(exp.EQ, sql.column(table, column), key)
            self.joins[table] = exp.Join(this=sql.table(table), side="LEFT", on=on)

    def select(self, columns: list[Sql]) -> exp.Select:
        base = self.base[0]
        start = sql.table(self.base, base) if self.rows is None else self.rows
        query = sql.select(columns).from_(start)
        for join in self.joins.values():
            query.append("joins", join)
        return query
