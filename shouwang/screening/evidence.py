"""依据: what stands behind a clue: household, rows of department files, every rule's verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse

from shouwang.core import clock, formats
from shouwang.core.actor import Actor, require
from shouwang.core.components import Event
from shouwang.core.errors import NotFound
from shouwang.engine import Rulebook, evidence_rows, explain
from shouwang.engine.rules.evidence import EvidenceRow
from shouwang.engine.rules.explain import Verdict
from shouwang.feeds import wording
from shouwang.feeds.queries import batches_visible_to
from shouwang.feeds.queries.provenance import Place, places_in
from shouwang.registry.models import Household, IncomeStatement, Member

from .explanations import Evidence, parameter_row, readable, source_text
from .models import Clue, Hit, Run
from .operations.replaying import frozen_inputs
from .operations.running import freeze
from .queries import rulebook_of
from .states import Level, risk_label

IDENTITY = frozenset({"id_no", "card_no", "phone", "name", "birth_date", "village", "town"})
VERDICTS = {
    "met": ("命中", "late"),
    "unknown": ("无法判断", "near"),
    "not_met": ("未命中", "done"),
    "other": ("不适用于这一户", "idle"),
}
SUBJECTS = {"person": "成员", "household": "全户", "village": "全村"}
CELLS = {"amount": "num", "number": "num", "date": "date", "month": "date"}
MOST_ROWS = 200
MOST_HOUSEHOLDS = 500
_verdicts: dict[tuple[str, str], tuple[Verdict, ...]] = {}


def household_visible(actor: Actor, household_no: str) -> bool:
    found = Household.objects.visible_to(actor, "screening.view").filter(household_no=household_no)
    return bool(found.exists())


def household_facts(actor: Actor, clue: Clue) -> list[tuple[str, str]]:
    """The household in a few lines, for who may see the registry."""
    household = clue.household
    if household is None or not actor.can_at("registry.view", clue.village.path):
        return []
    income = (
        IncomeStatement.objects.filter(household=household, kind=IncomeStatement.Kind.ANNUAL)
        .order_by("-year")
        .first()
    )
    facts = [
        ("户编号", household.household_no),
        ("户类型", household.household_type or "—"),
        ("监测类别", household.monitor_class or "—"),
        ("所在村", place_of(clue)),
    ]
    if income is not None:
        facts.append((f"{income.year} 年人均纯收入（元）", formats.amount(_per_capita(income))))
    return facts


def _per_capita(income: IncomeStatement) -> Decimal | None:
    """人均纯收入 as the rules count it; unknown where any of the five amounts is."""
    earned = (
        income.wage_income,
        income.business_income,
        income.property_income,
        income.transfer_income,
    )
    size = Member.objects.filter(household=income.household_id, absent_since=None).count()
    if income.business_expense is None or None in earned or not size:
        return None
    total = sum((amount for amount in earned if amount is not None), Decimal(0))
    return (total - income.business_expense) / size


def place_of(clue: Clue) -> str:
    """青禾镇柳湾村."""
    town = clue.village.parent
    return f"{town.name if town else ''}{clue.village.name}"


@dataclass(frozen=True)
class Person:
    """A member as the clue's page names him: no number, no phone, no diagnosis."""

    name: str
    relation: str
    sex: str
    age: str
    labour: str


def members(actor: Actor, clue: Clue) -> list[Person]:
    if clue.household is None or not actor.can_at("registry.view", clue.village.path):
        return []
    rows = Member.objects.filter(household=clue.household, absent_since=None).order_by("pk")
    today = clock.today()
    return [
        Person(
            name=row.name,
            relation=row.relation or "—",
            sex=row.sex or "—",
            age=str(_age(row.birth, today)) if row.birth else "—",
            labour=row.labour or "—",
        )
        for row in rows
    ]


def _age(birth: date, today: date) -> int:
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def timeline(clue: Clue, dates: Sequence[tuple[date, Run, Sequence[Evidence]]]) -> list[Event]:
    """When the clue appeared, how it went on, and what was noted."""
    events = [
        Event(
            at=day,
            title="首次命中" if day == clue.first_seen else "再次命中",
            who=run.name,
            detail="；".join(dict.fromkeys(item.explanation.rule for item in items)),
            tone="late" if day == clue.first_seen else "going",
            url=reverse("screening:run", args=[run.uuid]),
        )
        for day, run, items in dates
    ]
    if clue.triaged_at:
        noted = Event(
            at=clue.triaged_at,
            title=f"研判：{clue.get_triage_display()}",
            who=clue.triaged_by_label,
            detail=clue.triage_note,
            tone="done",
        )
        events.insert(0, noted)
    return events


@dataclass(frozen=True)
class Sheet:
    """Evidence rows of one feed, with the columns they have in common."""

    title: str
    heads: Sequence[tuple[str, str]]
    rows: Sequence["SheetRow"]


@dataclass(frozen=True)
class SheetRow:
    """One row of a department file: where it stands and what it says."""

    file: str
    row: int
    url: str
    values: Sequence[tuple[str, str, str]]


def rows_of(actor: Actor, hits: Sequence[Hit]) -> list[Sheet]:
    """The rows that hits of one run were computed from, by feed, each row once; the file is linked
    for who may open it."""
    rulebook = rulebook_of(hits[0].run.rulebook_version)
    once = {(row.feed, row.batch_key, row.row): row for hit in hits for row in _rows(rulebook, hit)}
    found = [once[key] for key in sorted(once)][:MOST_ROWS]
    places = places_in({(row.batch_key, row.row) for row in found})
    open_to = _openable(actor, {key for key, _ in places})
    feeds: dict[str, list[Any]] = {}
    for row in found:
        feeds.setdefault(row.feed, []).append(row)
    return [_sheet(rulebook, feed, rows, places, open_to) for feed, rows in feeds.items()]


def _rows(rulebook: Rulebook, hit: Hit) -> list[EvidenceRow]:
    found: list[EvidenceRow] = evidence_rows(
        rulebook,
        frozen_inputs(hit.run),
        hit.rule_id,
        household_id=hit.household_id,
        person_id=hit.member_id if hit.level == Level.PERSON else None,
        as_of=hit.run.as_of,
    )
    return found


Places = Mapping[tuple[str, int], Place]


def _openable(actor: Actor, keys: set[str]) -> set[str]:
    if not actor.can("feeds.view"):
        return set()
    visible = batches_visible_to(actor).filter(uuid__in=keys).values_list("uuid", flat=True)
    return {str(uuid) for uuid in visible}


def _sheet(
    rulebook: Rulebook, feed: str, rows: Sequence[Any], places: Places, open_to: set[str]
) -> Sheet:
    contract = rulebook.feeds.get(feed)
    columns = [
        column
        for column in (contract.columns if contract else ())
        if column.key not in IDENTITY
        and any(row.values.get(column.key) is not None for row in rows)
    ]
    dated = next((each.key for each in columns if each.type in ("date", "month")), "")
    rows = sorted(rows, key=lambda row: str(row.values.get(dated) or ""), reverse=True)
    unknown = "农户档案" if contract is None else ""
    at = [places.get((row.batch_key, row.row), Place(unknown, row.row)) for row in rows]
    shown = [
        SheetRow(
            file=place.file_name,
            row=place.row,
            url=reverse("feeds:batch", args=[row.batch_key]) if row.batch_key in open_to else "",
            values=[
                (
                    wording.caption(column),
                    CELLS.get(column.type, ""),
                    wording.shown(column, row.values.get(column.key)),
                )
                for column in columns
            ],
        )
        for row, place in zip(rows, at, strict=True)
    ]
    title = f"{contract.department} · {contract.title}" if contract else "农户档案"
    heads = [(wording.caption(column), CELLS.get(column.type, "")) for column in columns]
    return Sheet(title, heads, shown)


@dataclass(frozen=True)
class VerdictRow:
    """One rule for one member or the household: met, not met, or what is missing to tell."""

    rule_id: str
    title: str
    subject: str
    risk: str
    value: str
    threshold: str
    words: str
    source: str


@dataclass(frozen=True)
class VerdictGroup:
    label: str
    tone: str
    rows: Sequence[VerdictRow]
    is_open: bool


def verdicts(clue: Clue, run: Run) -> list[VerdictGroup]:
    """Every rule's verdict on the clue's household as of a run, those that are met first."""
    if clue.household is None:
        return []
    rulebook = rulebook_of(run.rulebook_version)
    found = _explained(run, clue.household.household_no)
    groups: dict[str, list[VerdictRow]] = {state: [] for state in VERDICTS}
    for verdict in found:
        groups[_group(verdict)].append(_verdict_row(rulebook, run, verdict))
    return [
        VerdictGroup(*VERDICTS[state], rows, is_open=state in ("met", "unknown"))
        for state, rows in groups.items()
        if rows
    ]


def _explained(run: Run, household_no: str) -> tuple[Verdict, ...]:
    """A run is frozen, so what it says of a household is worked out once."""
    key = (str(run.uuid), household_no)
    if key not in _verdicts:
        found = explain(
            rulebook_of(run.rulebook_version), frozen_inputs(run), household_no, run.as_of
        )
        if len(_verdicts) >= MOST_HOUSEHOLDS:
            _verdicts.clear()
        _verdicts[key] = tuple(found)
    return _verdicts[key]


def _group(verdict: Verdict) -> str:
    return "other" if verdict.state == "not_met" and not verdict.applies else verdict.state


def verdicts_now(actor: Actor, household_no: str, as_of: date) -> list[dict[str, Any]]:
    """Every rule for one household with the data of this moment, for the command line."""
    require(actor, "screening.view")
    if not household_visible(actor, household_no):
        raise NotFound(f"没有找到户编号 {household_no}，请核对后再试。")
    frozen = freeze()
    found = explain(frozen.rulebook, frozen.inputs(), household_no, as_of)
    county = Run(as_of=as_of, county=frozen.county)
    order = list(VERDICTS)
    rows = [
        {"state": verdict.state, **asdict(_verdict_row(frozen.rulebook, county, verdict))}
        for verdict in found
    ]
    return sorted(rows, key=lambda row: order.index(row["state"]))


def _verdict_row(rulebook: Rulebook, run: Run, verdict: Verdict) -> VerdictRow:
    rule = rulebook.rules[verdict.rule_id]
    law = [parameter_row(rulebook, key, run) for key in rule.params]
    facts = [f"{title} {text}" for title, text in verdict.facts.items() if text]
    words = [verdict.sentence, *facts] if verdict.applies else [verdict.sentence]
    return VerdictRow(
        rule_id=rule.id,
        title=rule.title,
        subject=verdict.name or SUBJECTS[verdict.level],
        risk=risk_label(rule.risk),
        value=readable(rulebook, rule.id, verdict.value),
        threshold=readable(rulebook, rule.id, verdict.threshold, is_threshold=True)
        or "；".join(row.threshold for row in law),
        words="；".join(word.rstrip("。") for word in words) + "。",
        source=source_text(rulebook, rule.source),
    )
