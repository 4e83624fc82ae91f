"""登记表: persons, households and villages of a snapshot with the columns that rules name."""

from typing import Any

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.features import Workspace
from shouwang.engine.rules.sql import Sql


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
        query = sql.select(picked).from_(sql.call("read_parquet", sql.text(str(path))))
        if only is not None and table == "household":
            query = query.where(only)
        elif only is not None:
            kept = sql.select([sql.bare("household_id")]).from_(sql.table("household"))
            query = query.where(exp.In(this=sql.bare("household_id"), query=kept.subquery()))
        work.run(sql.create_table(table, query))
    villages = sql.select([sql.bare("village_code")]).distinct().from_(sql.table("household"))
    work.run(sql.create_table("village", villages.where(sql.is_known(sql.bare("village_code")))))


def _registry_column(work: Workspace, name: str, kind: Any, raw: bool) -> Sql:
    if kind.kind != "code" or raw:
        return sql.bare(name)
    listed = sql.one_of(sql.bare(name), work.moment.lists[kind.codes])
    return sql.alias(sql.case([(listed, sql.bare(name))]), name)
