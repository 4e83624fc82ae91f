"""解释: every rule for a household and its members: met, not met or cannot tell, and why."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.batches import ScreeningInput
from shouwang.engine.rules.database import connect
from shouwang.engine.rules.loading import RuleSet, load
from shouwang.engine.rules.model import Rule, Shown
from shouwang.engine.rules.moment import Blocked, blocked, moment_of, needs_of, strata
from shouwang.engine.rules.parameters import Entry, chain
from shouwang.engine.rules.relation import Relation
from shouwang.engine.rules.screening import evaluate_level, prepare
from shouwang.engine.rules.sentences import household_kind, readable, sentence
from shouwang.engine.rules.typed import Typed
from shouwang.engine.rules.verdicts import FORMATS, Finding, findings
from shouwang.engine.rules.workspace import Workspace

if TYPE_CHECKING:
    from shouwang.engine.rulebook import Rulebook


@dataclass(frozen=True)
class Verdict:
    """判断: one rule for one subject. `missing` is a feed's key, or words for what is missing."""

    rule_id: str
    title: str
    level: str
    state: str  # met, not_met, unknown
    applies: bool
    household_no: str
    household_id: int
    person_no: str
    person_id: int | None
    name: str
    value: str
    threshold: str
    sentence: str
    facts: dict[str, str]
    missing: str
    source: str
    parameters: dict[str, Entry]


@dataclass(frozen=True)
class _Household:
    """What the sentences need to know of the household."""

    id: int
    no: str
    village_code: str
    village: str
    kind: str
    names: dict[int, tuple[str, str]]  # person → number, name


def explain(
    rulebook: "Rulebook", inputs: ScreeningInput, household_no: str, as_of: date
) -> list[Verdict]:
    """Every rule × subject of the household; an unknown household gives nothing."""
    book = load(rulebook.path)
    with connect(None, 2, None) as con:
        household = _household(con, inputs, household_no)
        if household is None:
            return []
        rules = list(book.rules.values())
        moment = moment_of(book, inputs.county, as_of)
        work = Workspace(con, inputs, moment, book.catalog, needs_of(rules), restricted=True)
        stopped = blocked(book, rules, moment, work.calendar)
        neighbours = sql.binary(exp.EQ, sql.bare("village_code"), sql.text(household.village_code))
        prepare(work, rules, neighbours)
        for level in strata(rule for rule in rules if rule.id not in stopped):
            evaluate_level(work, level, whole=True)
        found: list[Verdict] = []
        for rule in rules:
            found += _verdicts(rulebook, book, work, rule, household, stopped.get(rule.id))
        return found


def _verdicts(
    rulebook: "Rulebook",
    book: RuleSet,
    work: Workspace,
    rule: Rule,
    household: _Household,
    stopped: Blocked | None,
) -> list[Verdict]:
    if stopped is None:
        subjects = list(findings(work, rule, lambda relation: _only(rule, relation, household)))
    else:
        persons = household.names if rule.level == "person" else [None]
        missing = stopped.feed or stopped.reason
        subjects = [
            Finding(rule, "unknown", True, household.id, person, None, missing=missing)
            for person in persons
        ]
    return [_verdict(rulebook, book, work, finding, household) for finding in subjects]


def _only(rule: Rule, relation: Relation, household: _Household) -> Any:
    if rule.level == "village":
        return sql.binary(exp.EQ, sql.column("v", "village_code"), sql.text(household.village_code))
    return sql.binary(exp.EQ, relation.key("household"), sql.number(household.id))


def _verdict(
    rulebook: "Rulebook", book: RuleSet, work: Workspace, found: Finding, household: _Household
) -> Verdict:
    rule, day = found.rule, work.moment.day
    person_no, name = household.names.get(found.person_id or 0, ("", ""))
    regions = chain(work.inputs.county, book.regions)
    entries = {key: book.parameters[key].entry(day, regions) for key in rule.params}
    words = sentence(
        rulebook, rule.id, value=found.value, threshold=found.threshold, as_of=day,
        name=name or household.names.get(found.about or 0, ("", ""))[1],
        village=household.village, household_kind=household.kind,
    )  # fmt: skip
    return Verdict(
        rule_id=rule.id,
        title=rule.title,
        level=rule.level,
        state=found.state,
        applies=found.applies,
        household_no=household.no,
        household_id=household.id,
        person_no=person_no,
        person_id=found.person_id,
        name=name,
        value=found.value if found.state == "met" or rule.threshold else "",
        threshold=found.threshold,
        sentence=words if found.state == "met" else _otherwise(book, found),
        facts=dict(_fact(book, rule, key, value) for key, value in found.facts.items()),
        missing=found.missing,
        source=rule.source,
        parameters={key: entry for key, entry in entries.items() if entry is not None},
    )


def _otherwise(book: RuleSet, found: Finding) -> str:
    """Why a rule did not fire, in a sentence."""
    rule = found.rule
    if found.state == "unknown":
        feed = book.catalog.feeds.get(found.missing)
        return f"无法判断：缺少{feed.title if feed else found.missing or '所需数据'}。"
    if not found.applies:
        return "不属于本规则的对象。"
    if found.value and found.threshold and rule.threshold:
        value = readable(book, rule.value, found.value)
        line = readable(book, rule.threshold, found.threshold)
        return f"没有满足全部条件（目前为{value}，标准为{line}）。"
    return "没有符合条件的记录。"


def _fact(book: RuleSet, rule: Rule, key: str, value: str) -> tuple[str, str]:
    """A named quantity, or a column of a last row, as people write it."""
    name, _, column = key.partition(".")
    let = next(let for let in rule.lets if let.name == name)
    title, node = let.title or name, let.expression
    if column and let.quantity is not None:
        feed = book.catalog.feeds[let.quantity.source.feed]
        title = f"{title}·{feed.headers.get(column, column)}"
        node = Typed("quantity", feed.columns[column], value=(let.quantity, column))
    text = readable(book, Shown("", node, FORMATS[node.type.kind]), value)
    return title, f"{text}元" if text and node.type.kind == "amount" else text


def _household(con: Any, inputs: ScreeningInput, household_no: str) -> _Household | None:
    row = con.execute(
        "SELECT household_id, village_code, village, household_type, monitor_class, eliminated"
        " FROM read_parquet(?) WHERE household_no = ?",
        [str(inputs.households), household_no],
    ).fetchone()
    if row is None:
        return None
    key, village_code, village, kind, monitor_class, eliminated = row
    members = con.execute(
        "SELECT person_id, person_no, name FROM read_parquet(?) WHERE household_id = ?"
        " ORDER BY person_id",
        [str(inputs.persons), key],
    ).fetchall()
    return _Household(
        key, household_no, village_code, village or "",
        household_kind(kind, monitor_class, bool(monitor_class) and eliminated != "是"),
        {person: (number, name) for person, number, name in members},
    )  # fmt: skip
