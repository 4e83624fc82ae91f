"""测试用例: little households written beside each rule, evaluated like any other.

Cases of one date and the same missing feeds share one evaluation; each stands in a village of its
own. Every case goes through the screening query and through the three-valued verdict."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from shouwang.engine.rules import calendar
from shouwang.engine.rules.batches import Batch, ScreeningInput
from shouwang.engine.rules.catalog import Catalog, FeedColumns
from shouwang.engine.rules.database import connect
from shouwang.engine.rules.loading import RuleSet, load
from shouwang.engine.rules.model import Case, Check, Rule
from shouwang.engine.rules.moment import blocked, moment_of, needs_of, strata, with_used
from shouwang.engine.rules.problems import Place, Problem, RuleError
from shouwang.engine.rules.screening import evaluate_level, prepare
from shouwang.engine.rules.typed import Type
from shouwang.engine.rules.verdicts import Finding, findings
from shouwang.engine.rules.workspace import Workspace

if TYPE_CHECKING:
    from shouwang.engine.rulebook import Rulebook

ARROW = {
    "bool": pa.bool_(), "int": pa.int32(), "number": pa.decimal128(18, 3), "amount": pa.int64(),
    "date": pa.date32(), "month": pa.date32(), "code": pa.string(), "text": pa.string(),
}  # fmt: skip
PERSON = {"birth_date": date(1980, 5, 1), "labour": "普通劳动力", "relation": "户主", "sex": "男"}
HOUSEHOLD = {
    "household_type": "一般农户", "wage_income": 80000, "business_income": 0, "property_income": 0,
    "transfer_income": 0, "business_expense": 0,
}  # fmt: skip
EVENT_MONTHS = 24
Tested = TypeVar("Tested", Rule, Check)


@dataclass
class World(Generic[Tested]):
    """The tables of one evaluation: the little households of the cases of one date."""

    day: date
    catalog: Catalog
    without: frozenset[str]
    persons: list[dict[str, Any]] = field(default_factory=list)
    households: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[tuple[str, date], list[dict[str, Any]]] = field(default_factory=dict)
    subjects: list[tuple[Tested, Case, int, str]] = field(default_factory=list)

    def add(self, rule: Tested, case: Case) -> None:
        village = f"{len(self.subjects) + 1:012d}"
        first = self._household(case.given, village, rule)
        self.subjects.append((rule, case, first, village))
        for other in case.given.get("others") or ():
            for _ in range(int(other.get("times", 1))):
                self._household(other, village, rule)

    def _household(self, given: Mapping[str, Any], village: str, rule: Tested) -> int:
        key = len(self.households) + 1
        members = given.get("persons") or [{}]
        values = {**HOUSEHOLD, **(given.get("household") or {})}
        self.households.append({
            **values, "household_id": key, "household_no": f"H{key}", "village_code": village,
            "village": "柳湾村", "size": values.get("size", len(members)),
        })  # fmt: skip
        people: list[int] = []
        for member in members:
            person = len(self.persons) + 1
            people.append(person)
            known = {**PERSON, **(member or {})}
            self.persons.append({
                **known, "birth": known.get("birth", known["birth_date"]), "person_id": person,
                "household_id": key, "person_no": f"P{person}",
                "name": known.get("name", f"成员{person}"),
            })  # fmt: skip
        self._rows(given.get("rows") or {}, people, rule)
        return key

    def _rows(self, given: Mapping[str, Any], people: list[int], rule: Tested) -> None:
        for name, rows in given.items():
            feed = self.catalog.feeds.get(name)
            if feed is None:
                raise RuleError(Place(rule.file, rule.line), f"用例里没有“{name}”这种报送表。")
            for row in rows:
                values = dict(row)
                person = people[int(values.pop("person", 1)) - 1]
                end = values.pop("batch", None) or self._batch(feed, values)
                unknown = set(values) - set(feed.columns)
                if unknown:
                    raise RuleError(
                        Place(rule.file, rule.line), f"{feed.title}没有“{unknown.pop()}”这一栏。"
                    )
                self.rows.setdefault((name, end), []).append({**values, "person_id": person})

    def _batch(self, feed: FeedColumns, values: Mapping[str, Any]) -> date:
        """Where a row lies if the case does not say: in its own month, or on the newest list."""
        on = values.get(feed.event_date) or values.get("month")
        if feed.mode == "event" and isinstance(on, date) and on <= self.day:
            return calendar.month_end(on)
        return self.day

    def batches(self) -> Iterator[tuple[str, date]]:
        """Every feed reports: events each month, lists and surveys on the day itself."""
        found = set(self.rows)
        for name, feed in self.catalog.feeds.items():
            if feed.mode == "event":
                for back in range(EVENT_MONTHS):
                    found.add((name, calendar.month_end(calendar.month_start(self.day, back))))
            else:
                found.add((name, self.day))
                found.add((name, calendar.window("PREVIOUS_MONTH", self.day).last))
        return (key for key in sorted(found) if not self._missing(*key))

    def _missing(self, feed: str, end: date) -> bool:
        return feed in self.without or f"{feed} {end.isoformat()}" in self.without

    def write_registry(self, folder: Path) -> None:
        extra = {"person_no": Type("text"), "household_id": Type("int"), "birth": Type("date")}
        _write(self.persons, {**self.catalog.persons, **extra}, folder / "persons.parquet")
        _write(self.households, dict(self.catalog.households), folder / "households.parquet")

    def write(self, folder: Path) -> ScreeningInput:
        self.write_registry(folder)
        batches = []
        for at, (feed, end) in enumerate(self.batches()):
            path = folder / f"batch-{at}"
            path.mkdir()
            columns = {
                **self.catalog.feeds[feed].columns,
                "person_id": Type("int"),
                "row": Type("int"),
            }
            rows = self.rows.get((feed, end), [])
            numbered = [{**row, "row": number + 2} for number, row in enumerate(rows)]
            _write(numbered, columns, path / "rows.parquet")
            batches.append(Batch(feed, calendar.month_start(end), end, 1, path, f"{feed}-{end}"))
        return ScreeningInput(folder, batches)


def run_cases(rulebook: "Rulebook", folder: Path, rules: Iterable[str] = ()) -> list[Problem]:
    """Evaluates the cases of all rules (or of some); what disagrees, with file and line."""
    book = load(rulebook.path)
    wanted = list(rules) or list(book.rules)
    groups: dict[tuple[date, frozenset[str]], list[tuple[Rule, Case]]] = {}
    for name in wanted:
        for case in book.rules[name].cases:
            without = frozenset(str(feed) for feed in case.given.get("no_batch") or ())
            groups.setdefault((case.as_of, without), []).append((book.rules[name], case))
    found: list[Problem] = []
    for at, ((day, without), cases) in enumerate(groups.items()):
        world: World[Rule] = World(day, book.catalog, without)
        try:
            for rule, case in cases:
                world.add(rule, case)
        except RuleError as error:
            found.append(error.problem())
            continue
        place = folder / f"world-{at}"
        place.mkdir(parents=True)
        found += _evaluate(book, world, world.write(place))
    return sorted(found)


def _evaluate(book: RuleSet, world: World[Rule], inputs: ScreeningInput) -> list[Problem]:
    rules = with_used(book, {rule.id for rule, _, _, _ in world.subjects})
    moment = moment_of(book, inputs.county, world.day)
    with connect(None, 1, None) as con:
        work = Workspace(con, inputs, moment, book.catalog, needs_of(rules))
        stopped = blocked(book, rules, moment, work.calendar)
        prepare(work, rules)
        for level in strata(rule for rule in rules if rule.id not in stopped):
            evaluate_level(work, level)
        hits = set(con.execute(
            "SELECT rule_index, COALESCE(CAST(household_id AS VARCHAR), village_code) FROM hits"
        ).fetchall())  # fmt: skip
        asked = {rule.id: rule for rule, _, _, _ in world.subjects if rule.id not in stopped}
        verdicts = dict(zip(asked, findings(work, list(asked.values())), strict=True))
    found: list[Problem] = []
    for rule, case, household, village in world.subjects:
        subject = village if rule.level == "village" else str(household)
        is_hit = (work.rule_index[rule.id], subject) in hits
        words = _disagreement(case, verdicts.get(rule.id), household, village, is_hit)
        if words:
            found.append(Problem(rule.file, case.line, f"用例“{case.name}”：{words}"))
    return found


def _disagreement(
    case: Case, found: list[Finding] | None, household: int, village: str, is_hit: bool
) -> str:
    """What a case expected and did not get; empty if it agrees."""
    expected = {"none": "not_met"}.get(case.expect["state"], case.expect["state"])
    if found is None:
        return "" if expected == "unknown" else f"应为 {expected}，实际为不判断（缺少批次或参数）"
    mine = [one for one in found if village in (one.village_code,) or one.household_id == household]
    met = [one for one in mine if one.state == "met"]
    if bool(met) != is_hit:
        return "筛查结果和逐条判断不一致"
    states = {one.state for one in mine}
    state = "met" if met else "unknown" if "unknown" in states else "not_met"
    if state != expected:
        missing = "、".join({one.missing for one in mine if one.missing})
        return f"应为 {expected}，实际为 {state}" + (f"（缺少{missing}）" if missing else "")
    for key in ("value", "threshold"):
        if met and key in case.expect and getattr(met[0], key) != str(case.expect[key] or ""):
            return f"{key} 应为 {case.expect[key]}，实际为 {getattr(met[0], key)}"
    return ""


def _write(rows: list[dict[str, Any]], types: Mapping[str, Type], path: Path) -> None:
    columns = {
        name: pa.array([_value(row.get(name), kind.kind) for row in rows], ARROW[kind.kind])
        for name, kind in types.items()
    }
    pq.write_table(pa.table(columns), path)


def _value(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "amount":
        return int(Decimal(value) * 100)
    if kind == "number":
        return Decimal(value)
    return str(value) if kind in ("code", "text") else value
