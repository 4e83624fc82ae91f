"""读规则书: parameters, terms, rules and checks from their files, every complaint with its line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from shouwang.engine import contracts
from shouwang.engine.errors import RulebookError
from shouwang.engine.rules import yamlfile
from shouwang.engine.rules.catalog import Catalog, build_catalog
from shouwang.engine.rules.checker import Checker, Scope
from shouwang.engine.rules.model import Check, Rule, Term
from shouwang.engine.rules.parameters import UNITS, Entry, Parameter, Region
from shouwang.engine.rules.parser import parse
from shouwang.engine.rules.problems import Problem, RuleError
from shouwang.engine.rules.rulefile import read_check, read_rule
from shouwang.engine.rules.typed import Type, Typed

PARAMETER_KEYS = frozenset(
    {"key", "title", "unit", "type", "values", "basis", "checked_on", "checked_by"}
)
ENTRY_KEYS = frozenset({"region", "valid_from", "valid_to", "value", "source", "note"})
TERM_KEYS = frozenset({"name", "of", "title", "let", "is"})


@dataclass
class RuleSet:
    """规则集: everything of the rulebook that this part of the engine reads."""

    path: Path
    catalog: Catalog
    parameters: dict[str, Parameter] = field(default_factory=dict)
    regions: dict[str, Region] = field(default_factory=dict)
    sources: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    terms: dict[tuple[str, str], Term] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    checks: dict[str, Check] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def load_parameters(path: Path) -> Mapping[str, Parameter]:
    return load(path).parameters


def load_rules(path: Path) -> Mapping[str, Rule]:
    return load(path).rules


def load_checks(path: Path) -> Mapping[str, Check]:
    return load(path).checks


def load(path: Path) -> RuleSet:
    """The whole rule set; a rulebook with problems is refused with all of them."""
    from shouwang.engine.rulebook import PACKAGED, content_version

    version = _packaged_version() if path == PACKAGED else content_version(path)
    found = _cached(path.resolve(), version)
    if found.problems:
        raise RulebookError("\n".join(str(problem) for problem in found.problems[:20]))
    return found


@cache
def _packaged_version() -> str:
    """The program's own rulebook changes only with a release, so its files are read once."""
    from shouwang.engine.rulebook import PACKAGED, content_version

    return content_version(PACKAGED)


@lru_cache(maxsize=8)
def _cached(path: Path, version: str) -> RuleSet:
    return read(path)


def read(path: Path) -> RuleSet:
    """The rule set as far as it can be read, with the problems found on the way."""
    feeds = contracts.load_feeds(path)
    codes = contracts.load_codes(path / "codes.yaml")
    registry = contracts.load_registry(path / "registry.yaml")
    return _Reader(RuleSet(path, build_catalog(feeds.values(), registry, codes))).read()


class _HitValues(Mapping[str, Type]):
    """Types of what the rules about persons show; a rule is read when it is first asked for."""

    def __init__(self, reader: "_Reader") -> None:
        self.reader = reader

    def __getitem__(self, rule: str) -> Type:
        found = self.reader.rule(rule)
        if found is None or found.level != "person":
            raise KeyError(rule)
        return found.value.expression.type

    def __contains__(self, rule: object) -> bool:
        raw = self.reader.raw_rules.get(str(rule))
        return raw is not None and raw.get("level") == "person"

    def __iter__(self) -> Iterator[str]:
        return iter(self.reader.raw_rules)

    def __len__(self) -> int:
        return len(self.reader.raw_rules)


class _Reader:
    """Reads files in the order in which they need each other."""

    def __init__(self, found: RuleSet) -> None:
        self.found = found
        self.raw_rules: dict[str, yamlfile.Mapping] = {}
        self.raw_terms: dict[tuple[str, str], yamlfile.Mapping] = {}
        self.reading: list[Any] = []

    def read(self) -> RuleSet:
        for step in (self._regions, self._sources, self._parameters, self._raw_terms):
            self._guard(step)
        self._guard(self._raw_rules)
        self.found.catalog = self.found.catalog.with_rules(self.raw_rules)
        self.checker = Checker(
            self.found.catalog,
            self.found.parameters,
            self._term,
            lambda level: [name for at, name in self.raw_terms if at == level],
            _HitValues(self),
            self.found.labels,
        )
        for level, name in self.raw_terms:
            self._guard(lambda key=(level, name): self._term(*key))
        for rule in self.raw_rules:
            self._guard(lambda rule=rule: self.rule(rule))
        self.found.rules = {
            key: self.found.rules[key] for key in self.raw_rules if key in self.found.rules
        }
        self._checks()
        self.found.problems = sorted(set(self.found.problems))
        return self.found

    def _guard(self, step: Any) -> None:
        try:
            step()
        except RuleError as error:
            self.found.problems.append(error.problem())

    def _files(self, folder: str) -> Iterator[yamlfile.Mapping]:
        for file in sorted((self.found.path / folder).rglob("*.yaml")):
            try:
                yield yamlfile.read_yaml(file, self.found.path)
            except RuleError as error:
                self.found.problems.append(error.problem())

    def _regions(self) -> None:
        for item in yamlfile.read_yaml(self.found.path / "regions.yaml", self.found.path).items_of(
            "regions"
        ):
            region = Region(item.text("code"), item.text("name"), item.text("parent", "") or None)
            self.found.regions[region.code] = region

    def _sources(self) -> None:
        book = yamlfile.read_yaml(self.found.path / "sources.yaml", self.found.path)
        self.found.sources = dict(book.mapping("sources"))

    def _parameters(self) -> None:
        for book in self._files("parameters"):
            for item in book.items_of("parameters"):
                self._guard(lambda item=item: self._parameter(item))

    def _parameter(self, item: yamlfile.Mapping) -> None:
        item.only(PARAMETER_KEYS)
        key, kind = item.text("key"), item.text("type")
        if key in self.found.parameters:
            raise RuleError(item.place("key"), f"参数“{key}”写了两次。")
        if kind not in UNITS:
            raise RuleError(item.place("type"), f"type 应当是 {'、'.join(UNITS)} 之一。")
        entries = tuple(_entry(value) for value in item.items_of("values"))
        self.found.parameters[key] = Parameter(
            key, item.text("title"), item.text("unit"), UNITS[kind], entries, item.text("basis"),
            item.file, item.line, item.day("checked_on"), item.text("checked_by", ""),
        )  # fmt: skip

    def _raw_terms(self) -> None:
        book = yamlfile.read_yaml(self.found.path / "terms.yaml", self.found.path)
        for key in book.mapping("value_labels"):
            self.found.labels[key] = book.mapping("value_labels").text(key)
        for item in book.items_of("terms"):
            item.only(TERM_KEYS)
            self.raw_terms[item.text("of"), item.text("name")] = item

    def _term(self, level: str, name: str) -> Typed | None:
        key = (level, name)
        if key in self.found.terms:
            return self.found.terms[key].expression
        item = self.raw_terms.get(key)
        if item is None:
            return None
        if key in self.reading:
            raise RuleError(item.place(), f"术语“{name}”绕了一圈又引用了自己。")
        self.reading.append(key)
        try:
            lets = read_lets(item, self.checker, level)
            text, place = item.text("is"), item.place("is")
            expression = self.checker.infer(parse(text, place), Scope(level, lets=lets), place)
        finally:
            self.reading.remove(key)
        self.found.terms[key] = Term(name, level, item.text("title"), text, expression)
        return expression

    def _raw_rules(self) -> None:
        for book in self._files("rules"):
            if "id" not in book:
                self.found.problems.append(Problem(book.file, 1, "缺少规则编号 id。"))
            elif book.text("id") in self.raw_rules:
                place = book.place("id")
                self.found.problems.append(Problem(place.file, place.line, "规则编号重复。"))
            else:
                self.raw_rules[book.text("id")] = book

    def rule(self, key: str) -> Rule | None:
        if key in self.found.rules or key not in self.raw_rules:
            return self.found.rules.get(key)
        if key in self.reading:
            raise RuleError(self.raw_rules[key].place("id"), f"规则“{key}”绕了一圈又引用了自己。")
        self.reading.append(key)
        try:
            self.found.rules[key] = read_rule(self.raw_rules[key], self.checker, self.found.sources)
        finally:
            self.reading.remove(key)
        return self.found.rules[key]

    def _checks(self) -> None:
        for book in self._files("quality"):
            for item in book.items_of("checks"):
                try:
                    check = read_check(item, self.checker, book)
                    self.found.checks[check.id] = check
                except RuleError as error:
                    self.found.problems.append(error.problem())


def _entry(item: yamlfile.Mapping) -> Entry:
    item.only(ENTRY_KEYS)
    start, value = item.day("valid_from"), item.get("value")
    if start is None:
        raise RuleError(item.place(), "缺少 valid_from，从哪一天起有效？")
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise RuleError(item.place("value"), "value 应当是一个数。")
    return Entry(
        item.text("region"), start, item.day("valid_to"), Decimal(value), item.text("source"),
        item.text("note", ""), item.line,
    )  # fmt: skip


def read_lets(item: yamlfile.Mapping, checker: Checker, level: str) -> dict[str, Typed]:
    """The named quantities of a term."""
    from shouwang.engine.rules.rulefile import read_let

    found: dict[str, Typed] = {}
    lets = item.mapping("let")
    for name in lets:
        found[name] = read_let(lets, name, checker, level, found)
    return found


__all__ = ["RuleSet", "load", "load_checks", "load_parameters", "load_rules", "read"]
