"""量的读法: the YAML of a named quantity, such as {sum: self_paid, of: …}, becomes a Quantity."""

import re
from typing import Any

from shouwang.engine.rules import typed
from shouwang.engine.rules.catalog import Catalog, FeedColumns
from shouwang.engine.rules.checker import Checker, Scope
from shouwang.engine.rules.parser import WINDOWS, parse
from shouwang.engine.rules.problems import Place, RuleError
from shouwang.engine.rules.typed import Quantity, Source, Type, Typed
from shouwang.engine.rules.yamlfile import Mapping

AGGREGATES = ("sum", "count", "count_distinct", "min", "max", "first", "last_row")
KEYS = frozenset({*AGGREGATES, "of", "where", "within", "on", "order", "by", "sharing", "title"})
COUNTED = {"rows": "count", "members": "count", "persons": "persons", "households": "households"}
SCOPES = ("latest", "month_end", "previous_month_end")
SOURCE = re.compile(r"(?:(?P<scope>[a-z_]+)\((?P<inner>[a-z_]+)\)|(?P<plain>[a-z_]+))")


def read_quantity(spec: Mapping, checker: Checker, level: str) -> Typed:
    """The quantity as a node that rules can name."""
    spec.only(KEYS)
    aggregate = _aggregate(spec)
    source, scope = _source(spec, aggregate, checker.catalog)
    by = spec.text("by", level)
    if by != level:
        raise RuleError(spec.place("by"), f"by 应当和规则的层级一致，写 {level} 或不写。")
    where = None
    if spec.get("where") is not None:
        node = parse(spec.text("where"), spec.place("where"))
        where = checker.condition(node, scope, spec.place("where"))
    on, window = _window(spec, scope)
    value, kind, agg, order = _value(spec, aggregate, scope, checker)
    quantity = Quantity(agg, source, by, kind, value, where, on, window, order)
    return Typed("quantity", kind, value=(quantity, ""))


def _aggregate(spec: Mapping) -> str:
    found = [key for key in AGGREGATES if key in spec]
    if len(found) != 1:
        known = "、".join(AGGREGATES)
        raise RuleError(spec.place(), f"一个量要写明一种算法：{known}，这里写了 {len(found)} 种。")
    return found[0]


def _source(spec: Mapping, aggregate: str, catalog: Catalog) -> tuple[Source, Scope]:
    if aggregate == "last_row":
        feed = _feed(spec, "last_row", spec.text("last_row"), catalog)
        if feed.mode != "survey":
            raise RuleError(spec.place("last_row"), f"{feed.title}不是入户调查表，没有“最近一行”。")
        return Source("last_row", feed.key), Scope("row", feed)
    if spec.get("sharing") is not None:
        column = spec.text("sharing")
        if column not in catalog.persons:
            raise RuleError(spec.place("sharing"), f"人口表没有“{column}”这一栏。")
        return Source("sharing", column), Scope("person")
    if aggregate == "count" and spec.text("count") == "members" and "of" not in spec:
        return Source("members"), Scope("person")
    return _named_source(spec, catalog)


def _named_source(spec: Mapping, catalog: Catalog) -> tuple[Source, Scope]:
    text = spec.text("of").replace(" ", "")
    match = SOURCE.fullmatch(text)
    if match is None:
        raise RuleError(
            spec.place("of"), f"“{text}”看不懂，应当写 latest(civil_assist) 这样的来源。"
        )
    if match["plain"] == "members":
        return Source("members"), Scope("person")
    if match["plain"] == "hits":
        return Source("hits"), Scope("hits")
    if match["plain"]:
        feed = _feed(spec, "of", match["plain"], catalog)
        if feed.mode == "snapshot":
            raise RuleError(
                spec.place("of"), f"{feed.title}是在册名单，请写 latest({feed.key})，用最近一期。"
            )
        return Source("all", feed.key), Scope("row", feed)
    if match["scope"] not in SCOPES:
        raise RuleError(spec.place("of"), f"没有“{match['scope']}”，可以写：{'、'.join(SCOPES)}。")
    feed = _feed(spec, "of", match["inner"], catalog)
    if feed.mode != "snapshot":
        raise RuleError(spec.place("of"), f"{feed.title}不是在册名单，不能用 {match['scope']}。")
    return Source(match["scope"], feed.key), Scope("row", feed)


def _feed(spec: Mapping, key: str, name: str, catalog: Catalog) -> FeedColumns:
    feed = catalog.feeds.get(name)
    if feed is None:
        known = "、".join(catalog.feeds)
        raise RuleError(spec.place(key), f"没有“{name}”这种报送表，可以写：{known}。")
    return feed


def _window(spec: Mapping, scope: Scope) -> tuple[str, str]:
    """The date column and the window; the feed's own event date if none is named."""
    window = spec.text("within", "")
    if window and window not in WINDOWS:
        raise RuleError(
            spec.place("within"), f"没有时间窗“{window}”，可以写：{'、'.join(WINDOWS)}。"
        )
    if scope.feed is None:
        if window:
            raise RuleError(spec.place("within"), "时间窗只能用于报送表的行，请写在 where 里。")
        return "", ""
    on = spec.text("on", scope.feed.event_date)
    if on and (
        on not in scope.feed.columns or scope.feed.columns[on].kind not in ("date", "month")
    ):
        raise RuleError(spec.place("on"), f"“{on}”不是{scope.feed.title}的日期栏。")
    if window and not on:
        raise RuleError(
            spec.place("within"), f"{scope.feed.title}没有事件日期，请用 on 指明日期栏。"
        )
    return on, window


def _value(
    spec: Mapping, aggregate: str, scope: Scope, checker: Checker
) -> tuple[Typed | None, Type, str, tuple[str, ...]]:
    if aggregate == "last_row":
        return None, typed.ROW, "last_row", ()
    text, place = spec.text(aggregate), spec.place(aggregate)
    if aggregate == "count":
        if text not in COUNTED:
            raise RuleError(
                place, f"count 可以数 rows、members、persons、households，没有“{text}”。"
            )
        return None, typed.INT, COUNTED[text], ()
    value = checker.infer(parse(text, place), scope, place)
    if aggregate == "count_distinct":
        return value, typed.INT, "distinct", ()
    if aggregate == "sum" and value.type.kind not in ("amount", "int", "number"):
        raise RuleError(place, f"sum 只能加金额或数，这里是{value.type}。")
    if aggregate in ("min", "max") and value.type.kind in ("code", "text", "bool", "row", "ratio"):
        raise RuleError(
            place, f"{aggregate} 只能用于数和日期，这里是{value.type}；代码请用 first。"
        )
    return value, value.type, aggregate, _order(spec, aggregate, value, checker, place)


def _order(
    spec: Mapping, aggregate: str, value: Typed, checker: Checker, place: Place
) -> tuple[str, ...]:
    if aggregate != "first":
        return ()
    if value.type.kind != "code":
        raise RuleError(place, f"first 只能用于代码，这里是{value.type}。")
    order = spec.texts("order")
    known: Any = checker.catalog.lists.get(value.type.codes, {})
    for item in order:
        if item not in known:
            raise RuleError(
                spec.place("order"), f"“{item}”不在代码表 {value.type.codes} 内，请改 order。"
            )
    if not order:
        raise RuleError(place, "first 要用 order 写明先后，例如 order: [dropout, other_leave]。")
    return order
