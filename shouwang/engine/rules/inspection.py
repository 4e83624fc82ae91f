"""检查规则书: all that can be said against a rulebook before it is used, with file and line."""

from datetime import timedelta
from pathlib import Path

from shouwang.engine.errors import RulebookError
from shouwang.engine.rules.loading import RuleSet, read
from shouwang.engine.rules.model import Check, Rule, inner_parts
from shouwang.engine.rules.moment import strata, top_parts
from shouwang.engine.rules.parameters import Parameter
from shouwang.engine.rules.problems import Problem
from shouwang.engine.rules.sentences import PLACEHOLDERS, placeholders
from shouwang.engine.rules.typed import rules_used

FEWEST_CASES = 5
WANTED = {"hit": "命中", "miss": "未命中", "line": "正好在线上", "missing": "缺数据"}


def check_rulebook(path: Path) -> list[Problem]:
    """All problems of a rulebook folder; empty if it can be used."""
    try:
        book = read(path)
    except RulebookError as error:
        return [Problem(path.name, 1, str(error))]
    found = list(book.problems)
    for parameter in book.parameters.values():
        found += _parameter(book, parameter)
    for rule in book.rules.values():
        found += _rule(book, rule)
    for check in book.checks.values():
        found += _check_cases(check)
    found += _circles(book)
    return sorted(set(found))


def _parameter(book: RuleSet, parameter: Parameter) -> list[Problem]:
    found: list[Problem] = []
    if not parameter.entries:
        found.append(Problem(parameter.file, parameter.line, f"参数“{parameter.key}”没有取值。"))
    last: dict[str, int] = {}
    for at, entry in enumerate(parameter.entries):
        if entry.region not in book.regions:
            found.append(Problem(parameter.file, entry.line, f"没有地区 {entry.region}。"))
        if entry.source not in book.sources:
            message = f"依据“{entry.source}”不在 sources.yaml 里。"
            found.append(Problem(parameter.file, entry.line, message))
        if entry.valid_to is not None and entry.valid_to < entry.valid_from:
            found.append(Problem(parameter.file, entry.line, "valid_to 早于 valid_from。"))
        if entry.region in last:
            before = parameter.entries[last[entry.region]]
            if before.valid_to is None or before.valid_to >= entry.valid_from:
                day = entry.valid_from - timedelta(days=1)
                message = f"和上一个值的日期重叠或次序颠倒，上一个值应当到 {day} 为止。"
                found.append(Problem(parameter.file, entry.line, message))
        last[entry.region] = at
    return found


def _rule(book: RuleSet, rule: Rule) -> list[Problem]:
    found: list[Problem] = []

    def say(message: str, line: int = rule.line) -> None:
        found.append(Problem(rule.file, line, message))

    expected = f"rules/{rule.id.replace('.', '/', 1)}.yaml"
    if rule.file != expected:
        say(f"规则 {rule.id} 应当放在 {expected}。")
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        say("valid_to 早于 valid_from。")
    unknown = placeholders(rule) - PLACEHOLDERS
    if unknown:
        say(f"说明里的 {'、'.join(sorted(unknown))} 没有对应的内容。")
    found += _feeds(book, rule)
    found += _cases(book, rule)
    return found


def _feeds(book: RuleSet, rule: Rule) -> list[Problem]:
    """The feeds that a rule's own quantities read must be named in `feeds`."""
    own = [let.expression for let in rule.lets]
    read_from = {
        quantity.source.feed
        for part in [*own, *inner_parts(own)]
        for quantity in part.quantities()
        if quantity.source.feed in book.catalog.feeds
    }
    alive = {"police_event", "hukou_change"}  # read by every rule that asks who is alive
    missing = read_from - set(rule.feeds) - alive
    if missing and "all" not in rule.feeds:
        line = rule.raw.lines.get("feeds", rule.line)  # type: ignore[attr-defined]
        return [Problem(rule.file, line, f"feeds 里少写了 {'、'.join(sorted(missing))}。")]
    return []


def _cases(book: RuleSet, rule: Rule) -> list[Problem]:
    kinds = {case.kind for case in rule.cases}
    wanted = dict(WANTED)
    if _changes(book, rule):
        wanted |= {"before_change": "参数变动前一天", "after_change": "参数变动后"}
    missing = [title for kind, title in wanted.items() if kind not in kinds]
    if missing:
        return [Problem(rule.file, rule.line, f"缺少测试用例：{'、'.join(missing)}。")]
    if len(rule.cases) < FEWEST_CASES:
        return [Problem(rule.file, rule.line, f"测试用例太少，至少 {FEWEST_CASES} 个。")]
    return []


def _check_cases(check: Check) -> list[Problem]:
    kinds = {case.kind for case in check.cases}
    missing = [WANTED[kind] for kind in ("hit", "miss", "missing") if kind not in kinds]
    if not missing:
        return []
    message = f"检查 {check.id} 缺少测试用例：{'、'.join(missing)}。"
    return [Problem(check.file, check.line, message)]


def _changes(book: RuleSet, rule: Rule) -> bool:
    return any(len(book.parameters[key].entries) > 1 for key in rule.params)


def _circles(book: RuleSet) -> list[Problem]:
    """Rules that wait for each other never get their turn."""
    placed = {rule.id for level in strata(book.rules.values()) for rule in level}
    found = [
        Problem(rule.file, rule.line, f"规则 {rule.id} 和它引用的规则互相等待，请去掉一个引用。")
        for rule in book.rules.values()
        if rule.id not in placed
    ]
    for rule in book.rules.values():
        for name in {used for part in top_parts(rule) for used in rules_used(part)} - {"*"}:
            if name not in book.rules:
                found.append(Problem(rule.file, rule.line, f"引用的规则“{name}”不存在或有错。"))
    return found
