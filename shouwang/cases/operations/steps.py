"""办理一步: the single way in which the state of a case changes, for one case or for many."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import DomainError
from shouwang.core.lifecycle import Transition
from shouwang.core.together import together

from ..deadlines import state_due
from ..dossier import Dossier, forget, open_dossier, open_dossiers
from ..lifecycles import table_of
from ..models import Case
from ..requirements import CHECKS
from .effects import STORED, apply
from .writing import Step, locked, quiet, same_version, save_case, too_late, trace


def take_step(actor: Actor, case: Case, action: str, *, version: int, **given: Any) -> Case:
    """Take one step of the case's table, as the page with `version` showed it.

    `given` holds what the step asks for: note, reason, result, date, evidence.
    """
    with transaction.atomic():
        current = locked(actor, case.pk)
        same_version(current, version)
        _move(open_dossier(current, actor), action, _clean(given))
    return forget(current)


def _clean(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.strip() if isinstance(value, str) else value for key, value in given.items()}


def _move(dossier: Dossier, action: str, given: Mapping[str, Any]) -> None:
    """Check by the table, change, store, leave the trace."""
    case, actor = dossier.case, dossier.actor
    row = table_of(case.regime).take(
        actor, dossier, case.state, action, dossier.path, CHECKS, given
    )
    before = case.state
    was_due, was_late = case.due_on, is_late(dossier)
    apply(dossier, row, given)
    _enter(dossier, row)
    save_case(case, *STORED)
    trace(
        actor, case, action, row.label, from_state=before,
        note=str(given.get("note") or ""), reason=str(given.get("reason") or ""),
        is_back=row.is_back, was_late=was_late, due_on=was_due,
        changes={"state": [before, row.to]},
    )  # fmt: skip


def _enter(dossier: Dossier, row: Transition) -> None:
    case = dossier.case
    case.state = row.to
    case.entered_on = dossier.today
    case.due_on = state_due(case.regime, row.to, dossier.today, dossier.county)


def is_late(dossier: Dossier) -> bool:
    limits = (dossier.case.due_on, dossier.case.deadline_on)
    return any(limit is not None and limit < dossier.today for limit in limits)


@dataclass
class Approved:
    """What came of a bulk approval: the numbers that were approved, and why others were not."""

    done: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    batch: str = ""


MOST_AT_ONCE = 1000


def approve_many(
    actor: Actor,
    chosen: Mapping[int, int],
    *,
    note: str = "",
    step: Step = quiet,
) -> Approved:
    """Approve the cases that stand as they were shown (`{pk: version}`), leave out the others.

    `step` hears how far it is; all of them become valid together at the end.
    """
    require(actor, "cases.approve")
    if not chosen:
        raise DomainError("请先勾选要审定的个案。", code="nothing_chosen")
    if len(chosen) > MOST_AT_ONCE:
        raise DomainError(f"一次最多审定 {MOST_AT_ONCE} 户，请分批办理。", code="too_many")
    outcome = Approved(batch=uuid.uuid4().hex)
    with transaction.atomic(), together():
        found = list(
            Case.objects.visible_to(actor, "cases.approve")
            .select_for_update(of=("self",))
            .select_related("household", "village")
            .filter(pk__in=list(chosen))
            .order_by("pk")
        )
        dossiers = open_dossiers(found, actor, clock.today())
        for number, dossier in enumerate(dossiers):
            _approve_one(dossier, chosen[dossier.case.pk], note, outcome)
            step(number + 1, len(dossiers), "正在逐户审定")
    return outcome


def _approve_one(dossier: Dossier, version: int, note: str, outcome: Approved) -> None:
    """A refusal of one case must leave nothing of it: what refuses comes before what writes."""
    case = dossier.case
    try:
        if case.version != version:
            raise too_late(case, version)
        _move(dossier, "approve", {"note": note, "batch": outcome.batch})
    except DomainError as error:
        outcome.refused[case.number] = error.message
    else:
        outcome.done.append(case.number)


def start_resolution(actor: Actor, case: Case, *, way: str, reason: str, version: int) -> Case:
    """Begin the chain of leaving: helped or natural, and why."""
    return take_step(actor, case, "start_resolution", version=version, result=way, reason=reason)


def take_back(actor: Actor, case: Case, *, reason: str, version: int) -> Case:
    """Undo a resolution that was wrong; after a right one a new risk begins a new round."""
    return take_step(actor, case, "take_back", version=version, reason=reason)
