"""登记表: persons, households and villages of a snapshot with the columns that rules name."""

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.sql import Sql
from shouwang.engine.rules.typed import Type
from shouwang.engine.rules.workspace import Workspace


def load_registry(work: Workspace, only: Sql | None = None, *, raw: bool = False) -> None:
    """Persons, households and villages with the columns that the rules name. A code outside its
    list is no data for rules; quality checks see the raw text."""
    for table, types, extra, columns, path in (
        ("household", work.catalog.households, ("household_id", "village_code"),
         work.needs.households, work.inputs.households),
        ("person", work.catalog.persons, ("person_id", "household_id"),
         work.needs.persons, work.inputs.persons),
    ):  # fmt: skip
        picked = [sql.bare(name) for name in extra]
        for name in sorted(columns - set(extra)):
            picked.append(_registry_column(work, name, types[name], raw))
        where = None
        if only is not None and table == "household":
            where = only
        elif only is not None:
            kept = sql.query([sql.bare("household_id")], sql.table("household"))
            where = sql.within(sql.bare("household_id"), kept)
        read = sql.call("read_parquet", sql.text(str(path)))
        work.reading([path], {*extra, *columns})
        work.run(sql.create_table(table, sql.query(picked, read, where=where)))
    code = sql.bare("village_code")
    villages = sql.query([code], sql.table("household"), where=sql.is_known(code), distinct=True)
    work.run(sql.create_table("village", villages))


def _registry_column(work: Workspace, name: str, kind: Type, raw: bool) -> Sql:
    """A code becomes a member of an enumeration: small, and no data outside its list."""
    if kind.kind != "code" or raw:
        return sql.bare(name)
    listed = exp.Array(expressions=[sql.text(item) for item in work.moment.lists[kind.codes]])
    enumeration = f"list_{kind.codes}"
    labels = ", ".join(sql.render(item) for item in listed.expressions)
    work.run(f"CREATE TYPE IF NOT EXISTS {sql.identifier(enumeration)} AS ENUM ({labels})")
    return sql.alias(sql.try_enum(sql.bare(name), enumeration), name)
