"""平台分析: what a screening found comes into the register, each clue once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.db import transaction
from django.db.models import F

from shouwang.audit.operations import digest_of, record_bulk
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.bulk import copy_rows
from shouwang.core.errors import DomainError
from shouwang.screening.models import Clue
from shouwang.screening.querysets import valid_run_id
from shouwang.screening.states import Kind, Priority, Triage

from ..deadlines import county_of, due
from ..lifecycles import clue_table
from ..models import Case, RegisteredClue
from ..regimes import regime_on
from ..states import Channel, ClueConclusion
from .writing import Step, quiet

COLUMNS = (
    "uuid", "channel", "village", "household", "subject_name", "risks", "text", "department",
    "outside_no", "screening_clue", "on_behalf", "relation", "received_on", "emergency",
    "severity", "times", "last_seen_on", "state", "due_on", "case", "conclusion",
    "conclusion_note", "concluded_at", "concluded_by_label", "registered_at", "registered_by",
    "registered_by_label", "version",
)  # fmt: skip


@dataclass(frozen=True)
class Pulled:
    """How many clues are new, laid into open cases at once, seen again, and opened again."""

    new: int = 0
    attached: int = 0
    again: int = 0
    reopened: int = 0


def pull_screening_clues(
    actor: Actor,
    as_of: date,
    *,
    priorities: Sequence[int] = (Priority.FIRST, Priority.SOON),
    step: Step = quiet,
) -> Pulled:
    """Take what the valid run of a date found into the register.

    Not taken: clues of villages as such, possessions to be explained, and what the county noted as
    known. A closed clue that the next screening finds more severe than before is opened again; one
    that is found again is only counted.
    """
    require(actor, "cases.register")
    if valid_run_id(as_of) is None:
        raise DomainError(f"{as_of:%Y-%m-%d} 还没有有效的筛查批次，请先筛查。", code="as_of")
    with transaction.atomic():
        found = list(
            Clue.objects.visible_to(actor, "cases.register")
            .seen_on(as_of)
            .filter(household__isnull=False, kind=Kind.CLUE, priority__in=list(priorities))
            .exclude(triage=Triage.KNOWN)
            .select_related("village")
            .order_by("pk")
        )
        known = {
            clue.screening_clue_id: clue
            for clue in RegisteredClue.objects.filter(screening_clue__isnull=False).only(
                "screening_clue_id", "state", "severity", "last_seen_on"
            )
        }
        step(1, 3, f"找到 {len(found)} 条线索，正在登记")
        attached = _add(actor, [clue for clue in found if clue.pk not in known], as_of)
        step(2, 3, "正在核对以前登记过的线索")
        old = [clue for clue in found if clue.pk in known]
        again, reopened = _see_again(old, known, as_of)
        outcome = Pulled(len(found) - len(old), attached, again, reopened)
        _log(actor, found, as_of, outcome)
    return outcome


def _add(actor: Actor, clues: list[Clue], as_of: date) -> int:
    """New lines of the register; those of households with an open case lie in it at once."""
    households = [clue.household_id for clue in clues]
    cases = {
        household: (pk, identified)
        for household, pk, identified in Case.objects.live()
        .filter(household__in=households)
        .values_list("household", "pk", "identified_on")
    }
    now, limits = clock.now(), _limits(clues, as_of)
    rows = []
    for clue in clues:
        case, identified = cases.get(clue.household_id or 0, (None, None))
        concluded = case is not None and identified is not None
        rows.append(
            (
                uuid4(), Channel.PLATFORM.value, clue.village_id, clue.household_id, "",
                [clue.risk], "", "", "", clue.pk, False, "", clock.today(), "", clue.severity, 1,
                as_of,
                "attached" if case else clue_table().initial,
                None if case else limits[county_of(clue.village.code)], case,
                ClueConclusion.ALREADY_MONITORED.value if concluded else "",
                "已并入在册个案" if concluded else "", now if concluded else None,
                actor.label[:120] if concluded else "", now, actor.account_id,
                actor.label[:120], 1,
            )
        )  # fmt: skip
    copy_rows(RegisteredClue, COLUMNS, rows)
    return sum(1 for clue in clues if clue.household_id in cases)


def _limits(clues: Sequence[Clue], as_of: date) -> dict[str, date | None]:
    """The last day per county; the clock of a platform clue starts when it is taken in."""
    today = clock.today()
    counties = {county_of(clue.village.code) for clue in clues}
    key = regime_on(max(as_of, today)).key
    return {county: due(key, "clue", today, county) for county in counties}


def _see_again(
    clues: Sequence[Clue], known: dict[int | None, RegisteredClue], as_of: date
) -> tuple[int, int]:
    """Count a later date once; open again what was closed and has become more severe, with the
    limit of its own county."""
    later = [clue for clue in clues if (known[clue.pk].last_seen_on or date.min) < as_of]
    worse = [
        clue
        for clue in later
        if known[clue.pk].state == "closed" and clue.severity > known[clue.pk].severity
    ]
    for severity in {clue.severity for clue in later}:
        keys = [clue.pk for clue in later if clue.severity == severity]
        _chunked(keys, times=F("times") + 1, last_seen_on=as_of, severity=severity)
    limits = _limits(worse, as_of)
    for county, limit in limits.items():
        keys = [clue.pk for clue in worse if county_of(clue.village.code) == county]
        _chunked(
            keys, state=clue_table().initial, case=None, conclusion="", conclusion_note="",
            concluded_at=None, concluded_by_label="", version=F("version") + 1, due_on=limit,
        )  # fmt: skip
    return len(later), len(worse)


def _chunked(keys: Sequence[int], **values: object) -> None:
    for start in range(0, len(keys), 900):
        part = keys[start : start + 900]
        RegisteredClue.objects.filter(screening_clue__in=part).update(**values)


def _log(actor: Actor, clues: Sequence[Clue], as_of: date, outcome: Pulled) -> None:
    record_bulk(
        actor,
        "cases.clue.pulled",
        count=outcome.new + outcome.reopened,
        digest=digest_of(f"{clue.pk} {clue.severity}" for clue in clues),
        what="筛查线索 严重程度",
        target_type="screening.run",
        target_id=as_of.isoformat(),
        summary=f"从 {as_of:%Y-%m-%d} 筛查登记线索 {outcome.new} 条，"
        f"重新核实 {outcome.reopened} 条",
    )
