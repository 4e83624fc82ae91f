"""评估时点: parameters in force, rules that apply, and rules that cannot be evaluated on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from shouwang.engine.rules import calendar
from shouwang.engine.rules.batches import Calendar
from shouwang.engine.rules.compiler import Moment
from shouwang.engine.rules.loading import RuleSet
from shouwang.engine.rules.model import Rule, inner_parts
from shouwang.engine.rules.parameters import chain
from shouwang.engine.rules.typed import Typed, rules_used
from shouwang.engine.rules.workspace import Needs

LISTED = {"latest": "最近一期", "month_end": "本月末一期", "previous_month_end": "上月末一期"}


@dataclass(frozen=True)
class Blocked:
    """A rule that says nothing on this day, and the feed (or parameter) that is missing."""

    reason: str
    feed: str = ""


def moment_of(book: RuleSet, county: str, day: date) -> Moment:
    """Everything that follows from the day and the county, worked out once."""
    regions = chain(county, book.regions)
    parameters: dict[str, Fraction | None] = {}
    for key, parameter in book.parameters.items():
        entry = parameter.entry(day, regions)
        parameters[key] = parameter.exact(entry) if entry else None
    return Moment(
        day=day,
        parameters=parameters,
        steps={key: parameter.steps(regions) for key, parameter in book.parameters.items()},
        county=book.regions[county].name if county in book.regions else "",
        lists={name: tuple(items) for name, items in book.catalog.lists.items()},
    )


def strata(rules: Iterable[Rule]) -> list[list[Rule]]:
    """Rules in the order of their references: a rule comes after those whose result it reads."""
    known = {rule.id: rule for rule in rules}
    uses = {
        rule.id: {name for part in top_parts(rule) for name in rules_used(part)}
        for rule in known.values()
    }
    free = [name for name in known if "*" not in uses[name]]
    for name in known:
        if "*" in uses[name]:
            uses[name] = {*uses[name] - {"*"}, *free}
    done: dict[str, int] = {}
    while len(done) < len(known):
        ready = [
            name
            for name in known
            if name not in done and all(used in done or used not in known for used in uses[name])
        ]
        if not ready:
            break
        for name in ready:
            done[name] = 1 + max((done.get(used, -1) for used in uses[name]), default=-1)
    levels = max(done.values(), default=-1) + 1
    return [[known[name] for name in known if done.get(name) == at] for at in range(levels)]


def top_parts(rule: Rule) -> list[Typed]:
    """The expressions evaluated for the subject itself."""
    parts = [rule.when, rule.value.expression]
    parts += [rule.population] if rule.population is not None else []
    parts += [rule.threshold.expression] if rule.threshold else []
    parts += [need.condition for need in rule.require if need.condition is not None]
    parts += [Typed("quantity", rule.about.type, value=(rule.about, ""))] if rule.about else []
    return parts


def with_used(book: RuleSet, wanted: set[str]) -> list[Rule]:
    """The rules and those whose results they read, in the order of the rulebook."""
    todo = list(wanted)
    while todo:
        rule = book.rules[todo.pop()]
        used = {name for part in top_parts(rule) for name in rules_used(part)}
        if "*" in used:
            used = set(book.rules)
        todo += used - wanted
        wanted |= used
    return [rule for name, rule in book.rules.items() if name in wanted]


def needs_of(rules: Iterable[Rule]) -> Needs:
    needs = Needs()
    for rule in rules:
        needs.add(top_parts(rule))
    return needs


def blocked(
    book: RuleSet, rules: Iterable[Rule], moment: Moment, batches: Calendar
) -> dict[str, Blocked]:
    """Rules that cannot be evaluated at all on this day."""
    found: dict[str, Blocked] = {}
    for level in strata(rules):
        for rule in level:
            why = _why(book, rule, moment, batches, found)
            if why is not None:
                found[rule.id] = why
    return found


def _why(
    book: RuleSet, rule: Rule, moment: Moment, batches: Calendar, found: dict[str, Blocked]
) -> Blocked | None:
    if not rule.in_force(moment.day):
        return Blocked("规则在这一天不在有效期内")
    for key in rule.params:
        if moment.parameters.get(key) is None:
            return Blocked(f"参数“{book.parameters[key].title}”在这一天没有取值")
    parts = [*top_parts(rule), *inner_parts(top_parts(rule))]
    for part in parts:
        for node in part.walk():
            if node.op in ("hit", "hit_value") and node.value in found:
                return found[node.value]
        for quantity in part.quantities():
            source = quantity.source
            if source.scope in LISTED and not batches.of(source.scope, source.feed):
                title = book.catalog.feeds[source.feed].title
                return Blocked(f"没有{title}的{LISTED[source.scope]}", source.feed)
    return _uncovered(book, rule, moment, batches)


def _uncovered(book: RuleSet, rule: Rule, moment: Moment, batches: Calendar) -> Blocked | None:
    for need in rule.require:
        if need.months is None:
            continue
        months = need.months
        count = moment.parameters[months.value] if months.op == "param" else months.value
        ended = batches.months_ended(need.feed)
        for back in range(int(count or 0)):
            month = calendar.month_start(moment.day, back)
            if month not in ended:
                title = book.catalog.feeds[need.feed].title
                return Blocked(f"没有{month.year}年{month.month}月的{title}", need.feed)
    return None
