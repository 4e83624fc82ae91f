"""工作区: one evaluation: a connection, the registry tables, the feature tables made so far."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.batches import Calendar, ScreeningInput
from shouwang.engine.rules.catalog import Catalog
from shouwang.engine.rules.compiler import Moment
from shouwang.engine.rules.sql import Sql
from shouwang.engine.rules.typed import Quantity, Typed

WITH_HOUSEHOLD = "SELECT DISTINCT file_name FROM parquet_schema(?) WHERE name = 'household_id'"


@dataclass
class Needs:
    """What a set of rules reads: columns of the registry, of last rows, and of feeds."""

    persons: set[str] = field(default_factory=set)
    households: set[str] = field(default_factory=set)
    rows: dict[Quantity, set[str]] = field(default_factory=dict)
    feeds: dict[str, set[str]] = field(default_factory=dict)

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
        known = quantity in self.rows
        columns = self.rows.setdefault(quantity, set())
        read = self.feeds.setdefault(quantity.source.feed, set())
        if column:
            columns.add(column)
            read.add(column)
        if known:
            return
        read.update(quantity.row_columns())
        if quantity.source.scope == "sharing":
            self.persons.add(quantity.source.feed)
        self.add(quantity.inner())


class Workspace:
    """Tables of features are found by their quantity; those made for the candidates of one stratum
    are forgotten with it."""

    def __init__(
        self,
        con: Any,
        inputs: ScreeningInput,
        moment: Moment,
        catalog: Catalog,
        needs: Needs,
        *,
        others: Sequence[Moment] = (),
        restricted: bool = False,
    ) -> None:
        self.con = con
        self.inputs = inputs
        self.moment = moment
        self.moments = [moment, *others]  # the days of the run; a quantity tells which is its own
        self.catalog = catalog
        self.needs = needs
        self.restricted = restricted  # the registry tables hold a part of the registry only
        self.calendars = [Calendar(inputs.batches, each.day) for each in self.moments]
        self.calendar = self.calendars[0]
        self.places: dict[Quantity, tuple[str, str]] = {}
        self.local: dict[Quantity, tuple[str, str]] = {}
        self.shared: dict[str, str] = {}  # query → table, kept from some days to the next
        self.same: dict[str, str] = {}  # query → table, for several days of one run
        self.hit_tables: dict[str, str] = {}
        self.rule_index: dict[str, int] = {}
        self.reads: dict[str, set[str]] = {}  # Parquet file → columns, as the run reads them
        self.lookups: dict[str, Any] = {}  # texts of the registry files, read once
        self.bits: dict[str, str] = {}  # query → variable that holds its keys as bits
        self.absent: dict[str, str] = {}  # query over such variables → table
        self.older: set[str] | None = None  # files of rows that do not tell the household
        self.summed: set[Quantity] = set()  # sums by person that are parts of households' sums
        self.homes: set[str] = set()  # tables of these: they tell the household too
        self.parts: dict[str, str] = {}  # feed → its rows for a part of the registry
        self.spans: dict[str, tuple[int, int] | None] = {}  # level → smallest, greatest key
        self.recorded: list[Any] | None = None  # what is run, for the next time
        self.own: list[str] = []
        self.lanes = 2
        self.made = 0

    def follow(self, before: "Workspace") -> None:
        """Goes on in the database of an earlier day: tables of the same files are kept."""
        self.shared, self.made, self.lookups = before.shared, before.made, before.lookups
        self.reads, self.older, self.spans = before.reads, before.older, before.spans
        self.summed, self.homes = before.summed, before.homes

    def drop_own_tables(self) -> None:
        """Leaves the tables that another day may use."""
        kept = set(self.shared.values())
        self.run_all([f"DROP TABLE {name}" for name in self.own if name not in kept])
        self.own.clear()

    def run(self, query: Sql | str) -> Any:
        text = query if isinstance(query, str) else sql.render(query)
        if self.recorded is not None:
            self.recorded.append([text])
        return self.con.execute(text)

    def insert(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        """A few rows that were worked out here."""
        if rows:
            one = f"({', '.join('?' * len(rows[0]))})"
            every = f"INSERT INTO {table} VALUES {', '.join([one] * len(rows))}"  # noqa: S608
            self.con.execute(every, [value for row in rows for value in row])

    def reading(self, files: Iterable[Any], columns: Iterable[str]) -> None:
        """Notes what is read, for the report of a run and for the measure of speed."""
        for file in files:
            self.reads.setdefault(str(file), set()).update(columns)

    def without_household(self, files: list[str]) -> list[str]:
        """Those of the files whose rows do not tell the household of their person."""
        if self.older is None:
            every = sorted({str(batch.rows) for batch in self.inputs.batches})
            found = self.con.execute(WITH_HOUSEHOLD, [every]).fetchall()
            self.older = set(every) - {file for (file,) in found}
        return [file for file in files if file in self.older]

    def name(self, kind: str) -> str:
        self.made += 1
        self.own.append(f"{kind}_{self.made}")
        return self.own[-1]

    def create(self, kind: str, query: exp.Query) -> str:
        """A new table."""
        return self.create_all([(kind, query)])[0]

    def create_all(
        self, wanted: list[tuple[str, exp.Query]], known: dict[str, str] | None = None
    ) -> list[str]:
        """New tables, made side by side, or those that the same queries are known to have made."""
        names, todo = [], []
        for kind, query in wanted:
            text = sql.render(query)
            name = known.get(text) if known is not None else None
            if name is None:
                name = self.name(kind)
                todo.append(f"CREATE TABLE {name} AS {text}")
                if known is not None:
                    known[text] = name
            names.append(name)
        self.run_all(todo)
        return names

    def run_all(self, statements: list[str]) -> None:
        """Statements that do not need each other, on two lanes: while one plans, one works."""
        if self.recorded is not None:
            self.recorded.append(statements)
        if len(statements) < 2 or self.lanes < 2:
            for statement in statements:
                self.con.execute(statement)
            return
        with ThreadPoolExecutor(self.lanes) as pool:
            for done in [pool.submit(self._on_lane, statement) for statement in statements]:
                done.result()

    def _on_lane(self, statement: str) -> None:
        with self.con.cursor() as lane:
            lane.execute(statement)

    def fetch_all(self, queries: list[str]) -> list[list[tuple[Any, ...]]]:
        """The rows of queries, on two lanes."""
        with ThreadPoolExecutor(self.lanes) as pool:
            return list(pool.map(self._fetch, queries))

    def _fetch(self, query: str) -> list[tuple[Any, ...]]:
        with self.con.cursor() as lane:
            rows: list[tuple[Any, ...]] = lane.execute(query).fetchall()
            return rows

    def has(self, quantity: Quantity) -> bool:
        return quantity in self.places or quantity in self.local

    def place(self, quantity: Quantity) -> tuple[str, str]:
        """Table and column of a quantity."""
        return self.local.get(quantity) or self.places[quantity]

    def hit_table(self, rule: str) -> str:
        """Persons for whom a rule is true, with the value it shows."""
        if rule not in self.hit_tables:
            columns = [sql.bare("person_id"), sql.bare("value")]
            same = sql.binary(exp.EQ, sql.bare("rule_index"), sql.number(self.rule_index[rule]))
            query = sql.query(columns, sql.table("hits"), where=same)
            self.hit_tables[rule] = self.create("hit", query)
        return self.hit_tables[rule]
