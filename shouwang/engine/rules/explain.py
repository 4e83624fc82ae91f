"""解释: every rule for a household and its members: met, not met or cannot tell, and why."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from shouwang.engine.rules.batches import ScreeningInput
from shouwang.engine.rules.database import connect
from shouwang.engine.rules.loading import RuleSet, load
from shouwang.engine.rules.model import Rule, Shown
from shouwang.engine.rules.moment import Blocked
from shouwang.engine.rules.parameters import Entry, chain
from shouwang.engine.rules.plans import Plan, plan_for
from shouwang.engine.rules.sentences import household_kind, readable, told
from shouwang.engine.rules.typed import Typed
from shouwang.engine.rules.verdicts import FORMATS, Finding
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
        plan = plan_for(book, inputs, as_of, con)
        work = plan.begin(con, household.id, household.village_code)
        judged = _judged(work, plan)
        for rule in rules:
            if rule.id in plan.stopped:
                judged[rule.id] = _stopped(rule, household, plan.stopped[rule.id])
        return [
            _verdict(book, work, finding, household)
            for rule in rules
            for finding in sorted(judged[rule.id], key=lambda found: found.person_id or 0)
        ]


def _judged(work: Workspace, plan: Plan) -> dict[str, list[Finding]]:
    """The findings of the rules on the household. What rules about its village read of others is
    looked for in the whole village, all else in the household alone."""
    found: dict[str, list[Finding]] = {}
    for asked in plan.run(work):
        judged = asked.findings(work)
        rules = [query.rule.id for query in asked.queries]
        found |= dict(zip(rules, judged, strict=True))
        alone = [one for each in judged for one in each if one.rule.id not in plan.everywhere]
        work.insert("hits", [_hit(work, one) for one in alone if one.state == "met"])
    return found


def _hit(work: Workspace, found: Finding) -> tuple[Any, ...]:
    """A row of the table of hits."""
    return (
        work.rule_index[found.rule.id], found.person_id, found.household_id, found.village_code,
        found.value, found.threshold, found.about,
    )  # fmt: skip


def _stopped(rule: Rule, household: _Household, why: Blocked) -> list[Finding]:
    persons = household.names if rule.level == "person" else [None]
    missing = why.feed or why.reason
    return [
        Finding(rule, "unknown", True, household.id, person, None, missing=missing)
        for person in persons
    ]


def _verdict(book: RuleSet, work: Workspace, found: Finding, household: _Household) -> Verdict:
    rule, day = found.rule, work.moment.day
    person_no, name = household.names.get(found.person_id or 0, ("", ""))
    regions = chain(work.inputs.county, book.regions)
    entries = {key: book.parameters[key].entry(day, regions) for key in rule.params}
    words = told(
        book, rule.id, value=found.value, threshold=found.threshold, as_of=day,
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
