"""反馈登记: a batch with its problems, by hand, from a sheet or from another room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require_here
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.models import Division
from shouwang.registry.models import Household
from shouwang.workplans.operations.work import county_of
from shouwang.workplans.units import Units

from ..models import Batch, Problem, ProblemUnit
from ..states import Duty, Mode, Rhythm, Severity, Spread
from ..terms import terms
from .notes import note


@dataclass(frozen=True)
class ProblemDraft:
    """One problem as it is registered; names of units are matched to departments and towns."""

    text: str
    number: str = ""
    spread: str = Spread.SINGLE.value
    area: str = ""
    topic: str = ""
    severity: str = Severity.NORMAL.value
    lead: Sequence[str] = ()
    responsible: Sequence[str] = ()
    places: Sequence[Division] = ()
    households: Sequence[Household] = ()
    leader: str = ""
    person: str = ""
    goal: str = ""
    measures: str = ""
    standard: str = ""
    mode: str = Mode.LIMITED.value
    rhythm: str = Rhythm.NONE.value
    due_on: date | None = None
    is_public: bool = False


def register_batch(
    actor: Actor,
    *,
    name: str,
    source: str,
    received_on: date,
    division: Division,
    problems: Sequence[ProblemDraft] = (),
    level: str = "",
    number: str = "",
    key: str = "",
) -> Batch:
    """Register a batch and its problems, all or nothing.

    With a `key` the batch is registered once: a second call with the same key adds the problems
    whose numbers it does not know yet, and leaves the others as they are.
    """
    require_here(actor, "inspections.manage", division.path)
    _sound(name, source, received_on)
    with transaction.atomic():
        batch = Batch.objects.filter(key=key).first() if key else None
        if batch is None:
            batch = Batch.objects.create(
                name=name.strip()[:160], source=source, level=level.strip()[:20],
                number=number.strip()[:60], received_on=received_on, division=division,
                key=key[:80], made_at=clock.now(), made_by_label=actor.label[:120],
            )  # fmt: skip
            audit(
                actor, "inspections.batch.registered", target_type="inspections.batch",
                target_id=str(batch.pk), division_path=division.path,
                summary=f"登记反馈批次：{batch.name}，{len(problems)} 个问题",
            )  # fmt: skip
        _add_all(actor, batch, problems, is_again=bool(key))
    return batch


def add_problem(actor: Actor, batch: Batch, draft: ProblemDraft) -> Problem:
    """One more problem of a batch."""
    require_here(actor, "inspections.manage", batch.division.path)
    with transaction.atomic():
        return _add_all(actor, batch, [draft], is_again=False)[0]


def _sound(name: str, source: str, received_on: date) -> None:
    if not name.strip():
        raise DomainError("请填写批次名称。", code="name")
    if source not in terms().sources:
        raise DomainError("问题来源不在列表里，请重新选择。", code="source")
    if received_on > clock.today():
        raise DomainError("反馈日期在今天以后，请核对。", code="received_on")


def _add_all(
    actor: Actor, batch: Batch, drafts: Sequence[ProblemDraft], *, is_again: bool
) -> list[Problem]:
    known = set(batch.problems.values_list("number", flat=True))
    units = Units(county_of(batch.division))
    made = []
    for draft in drafts:
        number = draft.number.strip()[:40] or _next_number(known)
        if number in known:
            if is_again:
                continue
            raise Conflict(f"这个批次已有编号为“{number}”的问题，请换一个编号。")
        known.add(number)
        made.append(_add(actor, batch, draft, number, units))
    return made


def _next_number(known: set[str]) -> str:
    at = len(known) + 1
    while str(at) in known:
        at += 1
    return str(at)


def check_draft(draft: ProblemDraft, received_on: date) -> None:
    """Refuse what cannot be registered, with the column that is wrong."""
    if not draft.text.strip():
        raise DomainError("“问题”是空的。", code="text")
    if len(draft.text) > 1000:
        raise DomainError("“问题”超过 1000 字，请概括后填写。", code="text")
    for value, choices, label in (
        (draft.spread, Spread.values, "共性个性"), (draft.severity, Severity.values, "轻重"),
        (draft.mode, Mode.values, "整改类型"), (draft.rhythm, Rhythm.values, "报告频次"),
        (draft.area, ["", *terms().areas], "领域"),
    ):  # fmt: skip
        if value not in choices:
            raise DomainError(f"“{label}”写的“{value}”不在可选的项目里。", code=label)
    if draft.due_on is not None and draft.due_on < received_on:
        raise DomainError("整改时限早于反馈日期，请核对。", code="due_on")


def _add(actor: Actor, batch: Batch, draft: ProblemDraft, number: str, units: Units) -> Problem:
    check_draft(draft, batch.received_on)
    made = Problem.objects.create(
        batch=batch, number=number, text=draft.text.strip(), spread=draft.spread, area=draft.area,
        topic=draft.topic[:60], severity=draft.severity, division=batch.division,
        leader=draft.leader[:60], person=draft.person[:60], goal=draft.goal[:500],
        measures=draft.measures, standard=draft.standard[:500], mode=draft.mode,
        rhythm=draft.rhythm, due_on=draft.due_on, is_public=draft.is_public, made_at=clock.now(),
        made_by_label=actor.label[:120],
    )  # fmt: skip
    made.places.set([place for place in draft.places if place.path.startswith(batch.division.path)])
    homes = [one for one in draft.households if one.village.path.startswith(batch.division.path)]
    made.households.set(homes)
    give_units(made, units, draft.lead, draft.responsible)
    note(actor, made, "register", "登记问题", batch.name)
    return made


def give_units(
    problem: Problem, units: Units, lead: Sequence[str], responsible: Sequence[str]
) -> None:
    rows = [(Duty.LEAD, match) for match in units.match_all(lead)]
    rows += [(Duty.RESPONSIBLE, match) for match in units.match_all(responsible)]
    ProblemUnit.objects.bulk_create(
        [
            ProblemUnit(
                problem=problem, duty=duty, name=match.name[:80], department=match.department,
                division=match.division,
            )
            for duty, match in rows
        ]
    )  # fmt: skip
