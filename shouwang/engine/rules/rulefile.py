"""规则文件: one YAML file is one rule; checks stand several in a file."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shouwang.engine.rules import typed, yamlfile
from shouwang.engine.rules.catalog import KINDS, LEVELS, RISKS
from shouwang.engine.rules.checker import Checker, Scope
from shouwang.engine.rules.model import Case, Check, Let, Requirement, Rule, Shown
from shouwang.engine.rules.parser import parse
from shouwang.engine.rules.problems import RuleError
from shouwang.engine.rules.quantities import read_quantity
from shouwang.engine.rules.typed import Quantity, Source, Type, Typed

RULE_KEYS = frozenset({
    "id", "title", "level", "risk", "severity", "kind", "feeds", "population", "let", "require",
    "when", "value", "threshold", "missing", "source", "explanation", "about", "valid_from",
    "valid_to", "cases", "note",
})  # fmt: skip
CHECK_KEYS = frozenset({"id", "title", "level", "let", "when", "cases", "note"})
SHOWN_KEYS = frozenset({"show", "as"})
REQUIRE_KEYS = frozenset({"every_month_of", "months", "that", "missing"})
CASE_KEYS = frozenset({
    "name", "kind", "as_of", "household", "persons", "rows", "others", "no_batch", "expect",
})  # fmt: skip
CASE_KINDS = ("hit", "miss", "line", "before_change", "after_change", "missing")
SHOWN_AS: dict[str, frozenset[str]] = {
    "amount": frozenset({"amount"}),
    "ratio": frozenset({"ratio", "int"}),
    "int": frozenset({"int", "number"}),
    "date": frozenset({"date"}),
    "code": frozenset({"code", "text"}),
}
FOREVER = date(1, 1, 1)


def read_rule(book: yamlfile.Mapping, checker: Checker, sources: Mapping[str, Any]) -> Rule:
    book.only(RULE_KEYS)
    level = _one_of(book, "level", LEVELS)
    lets = _lets(book, checker, level)
    scope = Scope(level, lets={let.name: let.expression for let in lets})
    population = _condition(book, "population", checker, scope)
    when = _condition(book, "when", checker, scope)
    if when is None:
        raise RuleError(book.place(), "缺少 when，什么情况下命中？")
    _known(book, "feeds", {*checker.catalog.feeds, "registry", "all"})
    _known(book, "source", sources)
    return Rule(
        id=book.text("id"),
        title=book.text("title"),
        level=level,
        risk=_one_of(book, "risk", RISKS),
        severity=int(_one_of(book, "severity", ("1", "2", "3"))),
        kind=_one_of(book, "kind", KINDS),
        feeds=book.texts("feeds"),
        population_text=book.text("population", ""),
        population=population,
        lets=lets,
        when_text=book.text("when"),
        when=when,
        value=_shown(book, "value", checker, scope),
        threshold=_shown(book, "threshold", checker, scope) if book.get("threshold") else None,
        require=tuple(_requirement(item, checker, scope) for item in book.items_of("require")),
        missing=book.text("missing"),
        source=book.text("source"),
        explanation=book.text("explanation"),
        about=_about(book, checker),
        valid_from=book.day("valid_from") or FOREVER,
        valid_to=book.day("valid_to"),
        cases=tuple(_case(item) for item in book.items_of("cases")),
        file=book.file,
        line=book.line,
        raw=book,
    )


def read_check(item: yamlfile.Mapping, checker: Checker, book: yamlfile.Mapping) -> Check:
    """A check of a file; its cases are of the file's date where they do not say another."""
    item.only(CHECK_KEYS)
    level = _one_of(item, "level", ("person", "household"))
    lets = _lets(item, checker, level)
    scope = Scope(level, lets={let.name: let.expression for let in lets})
    when = _condition(item, "when", checker, scope)
    if when is None:
        raise RuleError(item.place(), "缺少 when，什么情况下算有问题？")
    as_of = book.day("cases_as_of")
    cases = tuple(_case(case, as_of) for case in item.items_of("cases"))
    return Check(
        item.text("id"), item.text("title"), book.text("title", "其他"), level, item.text("when"),
        when, cases, item.file, item.line,
    )  # fmt: skip


def read_let(
    lets: yamlfile.Mapping, name: str, checker: Checker, level: str, known: dict[str, Typed]
) -> Typed:
    """A quantity over rows, or an expression (a text, or `is` with a title) over earlier ones."""
    spec, text, place = lets[name], "", lets.place(name)
    if isinstance(spec, yamlfile.Mapping) and "is" not in spec:
        return read_quantity(spec, checker, level)
    if isinstance(spec, yamlfile.Mapping):
        spec.only(frozenset({"is", "title"}))
        text, place = spec.text("is"), spec.place("is")
    return checker.infer(parse(text or lets.text(name), place), Scope(level, lets=known), place)


def _lets(book: yamlfile.Mapping, checker: Checker, level: str) -> tuple[Let, ...]:
    found: list[Let] = []
    lets = book.mapping("let")
    for name in lets:
        if not name.isidentifier() or name in ("D", "person", "household", "param", "hits"):
            raise RuleError(lets.place(name), f"“{name}”不能作量的名称，请换一个词。")
        known = {let.name: let.expression for let in found}
        expression = read_let(lets, name, checker, level, known)
        spec = lets[name]
        title = spec.text("title", "") if isinstance(spec, yamlfile.Mapping) else ""
        found.append(Let(name, _shown_text(spec), expression, title))
    return tuple(found)


def _shown_text(spec: Any) -> str:
    if isinstance(spec, yamlfile.Mapping):
        parts = [f"{key}: {value}" for key, value in spec.items() if key != "title"]
        return "; ".join(parts)
    return str(spec)


def _condition(book: yamlfile.Mapping, key: str, checker: Checker, scope: Scope) -> Typed | None:
    if book.get(key) is None:
        return None
    place = book.place(key)
    return checker.condition(parse(book.text(key), place), scope, place)


def _one_of(book: yamlfile.Mapping, key: str, known: Any) -> str:
    text = book.text(key)
    if text not in known:
        raise RuleError(book.place(key), f"{key} 应当是 {'、'.join(known)} 之一，写的是“{text}”。")
    return text


def _known(book: yamlfile.Mapping, key: str, known: Any) -> None:
    for item in book.texts(key):
        if item not in known:
            raise RuleError(book.place(key), f"{key} 里的“{item}”没有定义。")


def _shown(book: yamlfile.Mapping, key: str, checker: Checker, scope: Scope) -> Shown:
    spec = book.mapping(key)
    if not spec:
        raise RuleError(book.place(key), f"{key} 要写 show（给出什么）和 as（格式）。")
    spec.only(SHOWN_KEYS)
    text, place = spec.text("show"), spec.place("show")
    form = _one_of(spec, "as", SHOWN_AS)
    node = parse(text, place)
    literal = checker.labels.get(text)
    if literal is not None:
        expression = Typed("literal", Type("code"), value=text)
    else:
        expression = checker.infer(node, scope, place)
    if expression.type.kind not in SHOWN_AS[form]:
        wanted = "或".join(typed.TITLES[kind] for kind in sorted(SHOWN_AS[form]))
        raise RuleError(place, f"格式 {form} 应当是{wanted}，这里是{expression.type}。")
    return Shown(text, expression, form)


def _requirement(item: yamlfile.Mapping, checker: Checker, scope: Scope) -> Requirement:
    item.only(REQUIRE_KEYS)
    if item.get("that") is not None:
        condition = _condition(item, "that", checker, scope)
        return Requirement(
            condition=condition, text=item.text("that"), missing=item.text("missing")
        )
    _known(item, "every_month_of", checker.catalog.feeds)
    place = item.place("months")
    months = checker.infer(parse(item.text("months"), place), scope, place)
    constant = all(node.op in ("param", "literal") for node in months.walk())
    if months.type != typed.INT or not constant:
        raise RuleError(place, f"months 应当是整数或参数，这里是{months.type}。")
    return Requirement(feed=item.text("every_month_of"), months=months, text=item.text("months"))


def _about(book: yamlfile.Mapping, checker: Checker) -> Quantity | None:
    """The member whose name the sentence of a household rule gives."""
    condition = _condition(book, "about", checker, Scope("person"))
    if condition is None:
        return None
    person = Typed("column", typed.INT, value=("person", "person_id"))
    return Quantity("min", Source("members"), "household", typed.INT, person, condition)


def _case(item: yamlfile.Mapping, as_of: date | None = None) -> Case:
    item.only(CASE_KEYS)
    kind = _one_of(item, "kind", CASE_KINDS)
    expect = item.get("expect")
    if not isinstance(expect, str | yamlfile.Mapping):
        raise RuleError(
            item.place("expect"), "expect 写 none、unknown、found，或写 value 和 threshold。"
        )
    found = {"state": expect} if isinstance(expect, str) else {"state": "met", **expect}
    as_of = item.day("as_of") or as_of
    if as_of is None:
        raise RuleError(item.place(), "用例缺少 as_of。")
    return Case(item.text("name"), kind, as_of, item, found, item.line)
