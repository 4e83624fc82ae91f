"""高额医疗费用的登记和办理: taken from the screening as it stands, dealt with once, by whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

import yaml
from django.db import IntegrityError, transaction

from shouwang.audit.operations import record
from shouwang.cases.operations import register_clue
from shouwang.cases.states import Channel
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.bulk import copy_rows
from shouwang.core.errors import Conflict, DomainError
from shouwang.screening.models import Hit, Run

from ..catalogue import RULEBOOK
from ..facts import law, open_case
from ..models import MedicalBurden
from ..states import BURDEN_OPEN, BurdenState
from .standing import differences, label_of, locked_row, note_change
from .writing import audited, not_future, same_version, save, text

COLUMNS = (
    "household", "member", "year", "rule_id", "amount", "line", "seen_on", "screening_clue",
    "state", "due_on", "recorded_at", "recorded_by_label", "note", "file_name", "version",
    "handled_by_label",
)  # fmt: skip
ILLNESS = "illness"


@dataclass(frozen=True)
class Seen:
    """What the newest screening of a year says of one person."""

    household: int
    member: int
    year: int
    rule_id: str
    amount: Decimal
    line: Decimal
    seen_on: date
    clue: int


@cache
def burden_rules() -> dict[str, str]:
    """Rule → the parameter that gives its line."""
    data = yaml.safe_load((RULEBOOK / "burdens.yaml").read_text(encoding="utf-8"))
    return {row["rule"]: row["parameter"] for row in data["rules"]}


def seen_burdens() -> list[Seen]:
    """The newest hit of each person and year, from the runs that count."""
    rows = (
        Hit.objects.filter(
            run__state=Run.State.VALID, rule_id__in=burden_rules(), member__isnull=False
        )
        .order_by("run__as_of", "pk")
        .values_list(
            "household", "member", "run__as_of", "rule_id", "value", "threshold", "clue",
        )
    )  # fmt: skip
    found: dict[tuple[int, int], Seen] = {}
    for home, member, as_of, rule, value, line, clue in rows.iterator(chunk_size=2000):
        try:
            amount, limit = Decimal(value), Decimal(line)
        except InvalidOperation:
            continue
        if home is not None:
            found[member, as_of.year] = Seen(
                home, member, as_of.year, rule, amount, limit, as_of, clue
            )
    return list(found.values())


@transaction.atomic
def take_burdens(actor: Actor) -> tuple[int, int]:
    """Take in what the screening found: how many are new, how many have grown.

    Who is dealt with and now pays more is opened again; nothing that was decided is forgotten.
    """
    require(actor, "support.registers")
    known = {(one.member_id, one.year): one for one in MedicalBurden.objects.all()}
    now, days = clock.now(), law().days("burden_days")
    due = clock.today() + timedelta(days=days)
    fresh, changed = [], 0
    for one in seen_burdens():
        standing = known.get((one.member, one.year))
        if standing is None:
            fresh.append((
                one.household, one.member, one.year, one.rule_id, one.amount, one.line,
                one.seen_on, one.clue, BurdenState.OPEN.value, due, now, actor.label[:120], "",
                "", 1, "",
            ))  # fmt: skip
        elif standing.seen_on < one.seen_on:
            changed += _renew(actor, standing, one, due)
    try:
        with transaction.atomic():
            copy_rows(MedicalBurden, COLUMNS, fresh)
    except IntegrityError:
        raise Conflict("刚被他人从筛查更新过，请刷新清单核对。") from None
    record(
        actor, "support.burdens.taken", target_type="support.burdens", target_id=str(now.year),
        summary=f"从筛查登记高额医疗费用：新增 {len(fresh)} 人，增加 {changed} 人",
    )  # fmt: skip
    return len(fresh), changed


def _renew(actor: Actor, standing: MedicalBurden, seen: Seen, due: date) -> bool:
    """Whether the amount is another one; the newest screening is noted in any case."""
    grown = seen.amount > standing.amount
    values: dict[str, Any] = {"amount": seen.amount, "line": seen.line, "rule_id": seen.rule_id}
    closed = standing.state not in BURDEN_OPEN
    if grown and closed:
        values |= {"state": BurdenState.OPEN.value, "due_on": due}
    found = differences(standing, values)
    for key, value in (values | {"seen_on": seen.seen_on, "screening_clue_id": seen.clue}).items():
        setattr(standing, key, value)
    save(standing, *values, "seen_on", "screening_clue")
    if found:
        words = "费用又增加，重新核实" if grown and closed else "筛查数更新"
        note_change(actor, standing, words, found)
    return grown


@transaction.atomic
def handle_burden(
    actor: Actor,
    burden: MedicalBurden,
    *,
    outcome: str,
    note: str,
    version: int,
    on: date | None = None,
) -> MedicalBurden:
    """Note what came of it; what is closed is opened again only with a reason."""
    standing: MedicalBurden = locked_row(actor, MedicalBurden, burden.pk)
    same_version(standing, version)
    words = text(note, "办理情况", 200, required=True)
    if outcome not in BurdenState.values:
        raise DomainError("请选择办理结果。", code="outcome")
    if outcome == standing.state:
        raise DomainError("办理结果没有变化，请选择别的结果。", code="outcome")
    if standing.state not in BURDEN_OPEN and outcome != BurdenState.OPEN:
        raise DomainError("已经办结，要改的先重新打开并说明理由。", code="outcome")
    day = not_future(on or clock.today(), "办理日期")
    values: dict[str, Any] = {"state": outcome, "handled_on": day}
    if outcome == BurdenState.OPEN:
        due = clock.today() + timedelta(days=law().days("burden_days"))
        values |= {"handled_on": None, "due_on": due}
    if outcome == BurdenState.CLUE:
        standing.clue = _clue(actor, standing, words, day)
    found = differences(standing, values)
    for key, value in values.items():
        setattr(standing, key, value)
    standing.handled_by_label = "" if outcome == BurdenState.OPEN else actor.label[:120]
    save(standing, *values, "handled_by_label", "clue")
    note_change(actor, standing, words, found)
    audited(
        actor, "burdens.handled", standing.household,
        f"高额医疗费用：{BurdenState(outcome).label}",
        changes={label_of(standing, "state"): [burden.get_state_display(), outcome]},
    )  # fmt: skip
    return standing


def _clue(actor: Actor, burden: MedicalBurden, note: str, day: date) -> Any:
    """A clue of the household; one that is worked on already is worked on there."""
    case = open_case(burden.household)
    if case is not None:
        raise DomainError(
            f"这一户已有在办个案 {case.number}，请到个案里办理，这里登记“已核实”。", code="outcome"
        )
    return register_clue(
        actor, channel=Channel.PLATFORM, village=burden.household.village,
        household=burden.household, risks=[ILLNESS], received_on=day,
        text=f"{burden.year}年住院自付累计 {burden.amount:,.2f} 元，达到预警线。{note}",
        screening_clue=burden.screening_clue,
    )  # fmt: skip


def outcomes_of(burden: MedicalBurden) -> Iterable[tuple[str, str]]:
    """What may come next."""
    if burden.state not in BURDEN_OPEN:
        return [(BurdenState.OPEN.value, "重新打开")]
    return [(key, label) for key, label in BurdenState.choices if key not in ("open", burden.state)]
