"""关系: a FROM clause that joins the registry and feature tables as expressions ask for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.sql import Sql
from shouwang.engine.rules.typed import Quantity, Typed

if TYPE_CHECKING:
    from shouwang.engine.rules.workspace import Workspace

KEYS = {"person": "person_id", "household": "household_id", "village": "village_code"}
SQL_TYPES = {
    "bool": "BOOLEAN", "int": "INTEGER", "number": "DECIMAL(18,3)", "amount": "BIGINT",
    "ratio": "BIGINT", "date": "DATE", "month": "DATE", "code": "VARCHAR", "text": "VARCHAR",
}  # fmt: skip


@dataclass(frozen=True)
class Frame:
    """The tables that stand for persons as subjects, persons as members, and households: the whole
    registry, or the candidates of a stratum. A candidate person carries his household's columns.
    Some last rows are needed of fewer subjects; `alone` names the tables of these."""

    person: str = "person"
    member: str = "person"
    household: str = "household"
    alone: Mapping[Quantity, str] = field(default_factory=dict)

    def subjects(self, quantity: Quantity) -> str:
        """The table of those for whom a quantity is needed."""
        kept = self.person if quantity.by == "person" else self.household
        return self.alone.get(quantity, kept)

    @property
    def is_whole(self) -> bool:
        return self.person == "person"


WHOLE = Frame()


class Relation:
    """Starts from persons, members, households, villages, feed rows (keyed by person; `homes` if
    they tell the household too) or other rows keyed by household; `own` names a feature table that
    is itself the start."""

    def __init__(
        self,
        work: "Workspace",
        base: str,
        rows: Sql | None = None,
        *,
        frame: Frame = WHOLE,
        own: str = "",
        homes: bool = False,
    ) -> None:
        self.work = work
        self.base = base
        self.rows = rows
        self.frame = frame
        self.own = own
        self.homes = homes
        self.joins: dict[str, exp.Join] = {}
        self.inline = base == "person" and not frame.is_whole
        self.letter = {"person": "p", "member": "p", "household": "h", "village": "v"}.get(
            base, "r"
        )

    def key(self, by: str) -> Sql:
        """The person, household or village of a row."""
        if self.base == by or (self.base, by) == ("member", "person"):
            return sql.column(self.letter, KEYS[by])
        if self.base == "keyed" and by != "village":
            return sql.column("r", KEYS[by])
        if by == "person" and self.base == "row":
            return sql.column("r", "person_id")
        if by == "household" and self.base == "row" and self.homes:
            return sql.column("r", "household_id")
        if by == "household" and self.base in ("row", "person", "member"):
            self._person()
            return sql.column("p", "household_id")
        if by == "village":
            self._household()
            if self.inline:
                return sql.column("p", "h_village_code")
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
            return sql.column("p", f"h_{name}") if self.inline else sql.column("h", name)
        if node.op in ("hit", "hit_value"):
            return self._hit(node)
        return self._quantity(node)

    def _quantity(self, node: Typed) -> Sql:
        quantity, column = node.value
        if self.own == "rows":  # a condition on the last row, tested on every row
            return sql.column("r", column)
        table, name = self.work.place(quantity)
        alias = "r"
        if table != self.own:
            alias = table
            self._left(table, KEYS[quantity.by], self.key(quantity.by))
        if quantity.agg == "last_row":
            return sql.column(alias, f"{name}_{column}" if column else name)
        found = sql.column(alias, name)
        return sql.coalesce(found, sql.number(0)) if quantity.counts else found

    def _hit(self, node: Typed) -> Sql:
        table = self.work.hit_table(node.value)
        alias = "r" if table == self.own else table
        if alias == table:
            self._left(table, "person_id", self.key("person"))
        if node.op == "hit":
            return sql.is_known(sql.column(alias, "person_id"))
        return sql.try_cast(sql.column(alias, "value"), SQL_TYPES[node.type.kind])

    def _person(self) -> None:
        if self.base in ("row", "keyed"):
            on = sql.binary(exp.EQ, sql.column("p", "person_id"), sql.column("r", "person_id"))
            self.joins.setdefault("p", sql.join(self.frame.member, on, as_name="p"))

    def _household(self) -> None:
        if self.inline or self.base == "household":
            return
        if "h" not in self.joins:
            on = sql.binary(exp.EQ, sql.column("h", "household_id"), self.key("household"))
            self.joins["h"] = sql.join(self.frame.household, on, as_name="h")

    def _left(self, table: str, column: str, key: Sql) -> None:
        if table not in self.joins:
            on = sql.binary(exp.EQ, sql.column(table, column), key)
            self.joins[table] = sql.join(table, on, left=True)

    def select(
        self,
        columns: list[Sql],
        where: Sql | None = None,
        *,
        group: Sql | None = None,
        distinct: bool = False,
    ) -> exp.Select:
        """The query; every expression in it must have been resolved before."""
        names = {"person": self.frame.person, "member": self.frame.member,
                 "household": self.frame.household, "village": "village"}  # fmt: skip
        start = self.rows if self.rows is not None else sql.table(names[self.base], self.letter)
        return sql.query(
            columns,
            start,
            joins=self.joins.values(),
            where=where,
            group=[group] if group is not None else (),
            distinct=distinct,
        )
