"""工作区: one evaluation: a connection, the registry tables, the feature tables made so far."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.batches import Calendar, ScreeningInput
from shouwang.engine.rules.catalog import Catalog
from shouwang.engine.rules.compiler import Moment
from shouwang.engine.rules.sql import Sql
from shouwang.engine.rules.typed import Quantity, Typed


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
        known = quantity in self.rows
        columns = self.rows.setdefault(quantity, set())
        if column:
            columns.add(column)
        if known:
            return
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
        restricted: bool = False,
    ) -> None:
        self.con = con
        self.inputs = inputs
        self.moment = moment
        self.catalog = catalog
        self.needs = needs
        self.restricted = restricted  # the registry tables hold a part of the registry only
        self.calendar = Calendar(inputs.batches, moment.day)
        self.places: dict[Quantity, tuple[str, str]] = {}
        self.local: dict[Quantity, tuple[str, str]] = {}
        self.shared: dict[str, str] = {}  # query → table, kept from one day to the next
        self.hit_tables: dict[str, str] = {}
        self.rule_index: dict[str, int] = {}
        self.reads: dict[str, set[str]] = {}  # Parquet file → columns, as the run reads them
        self.made = 0

    def run(self, query: Sql | str) -> Any:
        return self.con.execute(query if isinstance(query, str) else sql.render(query))

    def reading(self, files: Iterable[Any], columns: Iterable[str]) -> None:
        """Notes what is read, for the report of a run and for the measure of speed."""
        for file in files:
            self.reads.setdefault(str(file), set()).update(columns)

    def name(self, kind: str) -> str:
        self.made += 1
        return f"{kind}_{self.made}"

    def create(self, kind: str, query: exp.Query, *, share: bool = False) -> str:
        """A new table; with `share`, the table that the same query made before."""
        text = sql.render(query)
        if share and text in self.shared:
            return self.shared[text]
        name = self.name(kind)
        self.con.execute(f"CREATE TEMP TABLE {name} AS {text}")
        if share:
            self.shared[text] = name
        return name

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
