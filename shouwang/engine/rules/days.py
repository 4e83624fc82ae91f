"""多个时点: one scan of a feed for the windows of several days.

A row counts on a day if its batch is there by then and the row meets that day's conditions. Each
row tells it by one flag a day, and each day's aggregate takes the rows with its flag."""

from dataclasses import replace

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.batches import Batch
from shouwang.engine.rules.model import Rule, Shown
from shouwang.engine.rules.relation import KEYS, Frame
from shouwang.engine.rules.rows import (
    no_rows,
    of_subjects,
    on_time,
    read_batches,
    visible_batches,
)
from shouwang.engine.rules.sql import Sql
from shouwang.engine.rules.typed import Quantity, Typed
from shouwang.engine.rules.workspace import Workspace

OF_DAY = frozenset({"day", "param", "param_at", "within", "hit", "hit_value", "quantity"})


def on_day(rule: Rule, day: int) -> Rule:
    """A rule as it stands among those of several days: its quantities and the rules that it reads
    are those of its day."""
    if not day:
        return rule
    need = [
        replace(need, condition=_moved(need.condition, day)) if need.condition else need
        for need in rule.require
    ]
    return replace(
        rule,
        id=name_on(rule.id, day),
        day=day,
        when=_moved(rule.when, day),
        population=_moved(rule.population, day) if rule.population else None,
        value=_shown(rule.value, day),
        threshold=_shown(rule.threshold, day) if rule.threshold else None,
        require=tuple(need),
        about=_quantity(rule.about, day) if rule.about else None,
    )


def name_on(rule: str, day: int) -> str:
    return f"{rule}@{day}" if day else rule


def plain_name(rule: str) -> str:
    return rule.partition("@")[0]


def _shown(shown: Shown, day: int) -> Shown:
    return replace(shown, expression=_moved(shown.expression, day))


def _moved(node: Typed, day: int) -> Typed:
    if node.op == "quantity":
        quantity, column = node.value
        return replace(node, value=(_quantity(quantity, day), column))
    if node.op in ("hit", "hit_value"):
        return replace(node, value=name_on(node.value, day))
    if not node.args:
        return node
    return replace(node, args=tuple(_moved(arg, day) for arg in node.args))


def _quantity(quantity: Quantity, day: int) -> Quantity:
    return replace(
        quantity,
        day=day,
        value=_moved(quantity.value, day) if quantity.value else None,
        where=_moved(quantity.where, day) if quantity.where else None,
    )


def of_one_day(part: Typed) -> bool:
    """Whether a condition may say something else on another day."""
    return any(node.op in OF_DAY for node in part.walk())


def flag(day: int) -> str:
    return f"on_{day}"


def flagged_rows(
    work: Workspace,
    quantities: list[Quantity],
    columns: list[str],
    always: list[Sql],
    by_day: dict[int, list[Sql]],
    frame: Frame,
    *,
    distinct: bool = False,
) -> exp.Query:
    """Linked rows of the batches that any of the days sees, with a flag for each day. `always`
    holds on every day, `by_day` on one; `distinct` gives each combination of columns once."""
    first, days = quantities[0], sorted(by_day)
    feed = work.catalog.feeds[first.source.feed]
    key = KEYS["person" if first.by == "person" else "household"]
    always = [sql.is_known(sql.bare("person_id")), *always]
    if not frame.is_whole:
        always = [of_subjects(key, frame.subjects(first)), *always[1:]]
    if feed.mode == "survey":
        by_day = {day: [*by_day[day], on_time(work, feed.event_date, day)] for day in days}
    asked = [*always, *(part for parts in by_day.values() for part in parts)]
    named = {leaf.name for part in asked for leaf in part.find_all(exp.Column)}
    needed = {*columns, *named, "person_id"}
    parts: list[exp.Query] = []
    for seen, batches in _by_days(work, quantities).items():
        flags = {day: sql.both(by_day[day]) if day in seen else exp.false() for day in days}
        where = sql.both([*always, sql.either(flags[day] for day in seen)])
        chosen = [*map(sql.bare, columns)]
        chosen += [sql.alias(flags[day], flag(day)) for day in days]
        parts.append(sql.query(chosen, read_batches(work, batches, needed), where=where))
    if not parts:
        kinds = {**feed.columns}
        empty = sql.subquery(no_rows(kinds, columns), "e")
        falses = [sql.alias(exp.false(), flag(day)) for day in days]
        parts.append(sql.query([*map(sql.bare, columns), *falses], empty))
    rows = sql.union_all(parts)
    if not distinct:
        return rows
    chosen = [*map(sql.bare, columns)]
    chosen += [sql.alias(sql.call("BOOL_OR", sql.bare(flag(day))), flag(day)) for day in days]
    return sql.query(chosen, sql.subquery(rows, "f"), group=[*map(sql.bare, columns)])


def _by_days(work: Workspace, quantities: list[Quantity]) -> dict[tuple[int, ...], list[Batch]]:
    """The batches, those together that the same days see."""
    seen: dict[str, tuple[Batch, list[int]]] = {}
    for quantity in {each.day: each for each in quantities}.values():
        for batch in visible_batches(work, quantity):
            seen.setdefault(str(batch.rows), (batch, []))[1].append(quantity.day)
    found: dict[tuple[int, ...], list[Batch]] = {}
    for batch, days in seen.values():
        found.setdefault(tuple(sorted(days)), []).append(batch)
    return found
