"""办理的后果: what else changes when a step of the table is taken."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from shouwang.core import clock
from shouwang.core.errors import DomainError
from shouwang.core.lifecycle import Transition
from shouwang.core.together import add

from ..deadlines import due
from ..differences import differences
from ..dossier import Dossier
from ..models import (
    Appraisal,
    Approval,
    CaseRisk,
    HouseholdCheck,
    NoticeEntry,
    Review,
)
from ..snapshots import snapshot
from ..states import REFUSALS, CheckKind, ClueConclusion, ResolutionWay, Stage
from .concluding import conclude_clues

Given = Mapping[str, Any]
Effect = Callable[[Dossier, Transition, Given], None]


def apply(dossier: Dossier, row: Transition, given: Given) -> None:
    """Change the case (not yet stored) and write what belongs to the step."""
    effect = EFFECTS.get(row.action)
    if effect:
        effect(dossier, row, given)


def _opinion(dossier: Dossier, given: Given, *, passed: bool) -> dict[str, Any]:
    return {
        "case": dossier.case,
        "stage": dossier.stage,
        "passed": passed,
        "opinion": str(given.get("note") or given.get("reason") or "")[:1000],
        "decided": dossier.case.decided,
        "on": dossier.today,
        "at": clock.now(),
        "by_label": dossier.actor.label[:120],
        "account_id": dossier.actor.account_id,
    }


def _pass_review(dossier: Dossier, row: Transition, given: Given) -> None:
    Review.objects.create(**_opinion(dossier, given, passed=True))


def _approve(dossier: Dossier, row: Transition, given: Given) -> None:
    """The class is final; the limit of the whole chain has been kept or not."""
    approval = Approval(
        **_opinion(dossier, given, passed=True),
        differences=[each.as_json() for each in differences(dossier)],
        batch=given.get("batch", ""),
    )
    add(approval)
    dossier.case.deadline_on = None


def _refuse(dossier: Dossier, row: Transition, given: Given) -> None:
    """The end of a case that is not included; its clues are answered with the same reason."""
    code = str(given["result"])
    if code not in REFUSALS:
        raise DomainError("请从列表中选择不纳入的原因。", code="result")
    if dossier.case.state == "review":
        Review.objects.create(**_opinion(dossier, given, passed=False))
    if dossier.case.state == "approval":
        Approval.objects.create(**_opinion(dossier, given, passed=False))
    dossier.case.refusal_code = code
    dossier.case.refusal_reason = str(given["reason"])[:500]
    _close(dossier)
    conclude_clues(dossier.actor, dossier.case, code, str(given["reason"]))


def _withdraw(dossier: Dossier, row: Transition, given: Given) -> None:
    dossier.case.refusal_reason = str(given["reason"])[:500]
    _close(dossier)
    conclude_clues(dossier.actor, dossier.case, ClueConclusion.UNWILLING, str(given["reason"]))


def _end(dossier: Dossier, row: Transition, given: Given) -> None:
    dossier.case.refusal_reason = f"{given['reason']}（{given['evidence']}）"[:500]
    _close(dossier)


def _close(dossier: Dossier) -> None:
    dossier.case.is_open = False
    dossier.case.ended_on = dossier.today
    dossier.case.deadline_on = None
    dossier.case.papers_due_on = None


def _send_back(dossier: Dossier, row: Transition, given: Given) -> None:
    """Back to the check: check, meeting and notice have to be made again."""
    if row.to in ("checking", "exit_check"):
        void(dossier)
        if dossier.stage == Stage.IDENTIFICATION:
            case = dossier.case
            case.proposed, case.proposal_reasons, case.proposed_at = {}, [], None
            case.decided, case.class_key, case.departure_reason = {}, "", ""
    elif dossier.case.state in ("approval", "exit_approval"):
        Approval.objects.create(**_opinion(dossier, given, passed=False))


def void(dossier: Dossier) -> None:
    """What this chain of steps has made so far does not count any more; it stays to be read."""
    case, stage = dossier.case, dossier.stage
    kinds = (
        [CheckKind.EXIT] if stage == Stage.EXIT else [CheckKind.IDENTIFICATION, CheckKind.RECHECK]
    )
    HouseholdCheck.objects.filter(case=case, kind__in=kinds, state="submitted").update(is_void=True)
    Appraisal.objects.filter(case=case, stage=stage).update(is_void=True)
    NoticeEntry.objects.filter(case=case, stage=stage, is_withdrawn=False).update(
        is_withdrawn=True, withdrawn_reason="退回重新核查"
    )


def _file(dossier: Dossier, row: Transition, given: Given) -> None:
    """In the register from the day that is given; the papers of the green way are complete."""
    case = dossier.case
    identified: date = given["date"]
    if identified > dossier.today:
        raise DomainError("识别日期不能晚于今天。", code="date")
    if identified < case.clock_started_on:
        raise DomainError("识别日期不能早于线索日期。", code="date")
    case.identified_on = identified
    case.papers_due_on = None
    case.entry_snapshot = snapshot(dossier, dossier.identification_check)
    conclude_clues(dossier.actor, case, ClueConclusion.TO_INCLUDE, "已纳入监测")


def _start_resolution(dossier: Dossier, row: Transition, given: Given) -> None:
    way = str(given["result"])
    if way not in (ResolutionWay.HELPED, ResolutionWay.NATURAL):
        raise DomainError("请选择帮扶消除或自然消除。", code="result")
    void_exit(dossier)
    dossier.case.resolution_way = way
    dossier.case.resolution_proposed_on = dossier.today


def void_exit(dossier: Dossier) -> None:
    """Nothing of an earlier attempt to resolve counts for this one."""
    case = dossier.case
    HouseholdCheck.objects.filter(case=case, kind=CheckKind.EXIT, state="submitted").update(
        is_void=True
    )
    Appraisal.objects.filter(case=case, stage=Stage.EXIT).update(is_void=True)
    NoticeEntry.objects.filter(case=case, stage=Stage.EXIT, is_withdrawn=False).update(
        is_withdrawn=True, withdrawn_reason="上一次消除没有完成或已回退"
    )


def _refuse_exit(dossier: Dossier, row: Transition, given: Given) -> None:
    void_exit(dossier)
    dossier.case.resolution_way = ResolutionWay.NONE
    dossier.case.resolution_proposed_on = None


def _end_announcement(dossier: Dossier, row: Transition, given: Given) -> None:
    """In the chain of leaving the announcement makes the mark: the risk is resolved."""
    if row.to != "resolved":
        return
    case = dossier.case
    case.is_open = False
    case.resolved_on = dossier.today
    case.exit_snapshot = snapshot(dossier, dossier.exit_check)
    case.follow_up_due_on = due(case.regime, "follow_up", dossier.today, dossier.county)
    CaseRisk.objects.filter(case=case).update(resolved_on=dossier.today)


def _take_back(dossier: Dossier, row: Transition, given: Given) -> None:
    """The resolution was wrong: the same round goes on, as if it had not been marked."""
    case = dossier.case
    case.is_open = True
    case.taken_back_on = dossier.today
    case.times_taken_back += 1
    case.resolved_on = case.resolution_proposed_on = case.follow_up_due_on = None
    case.resolution_way = ResolutionWay.NONE
    void_exit(dossier)
    CaseRisk.objects.filter(case=case).update(resolved_on=None)


EFFECTS: dict[str, Effect] = {
    "pass_review": _pass_review,
    "approve": _approve,
    "refuse": _refuse,
    "fail_appraisal": _refuse,
    "withdraw": _withdraw,
    "end_monitoring": _end,
    "send_back": _send_back,
    "file": _file,
    "start_resolution": _start_resolution,
    "refuse_exit": _refuse_exit,
    "end_announcement": _end_announcement,
    "take_back": _take_back,
}
STORED = (
    "state", "is_open", "entered_on", "due_on", "deadline_on", "papers_due_on", "proposed",
    "proposal_reasons", "proposed_at", "decided", "class_key", "departure_reason", "refusal_code",
    "refusal_reason", "identified_on", "resolution_proposed_on", "resolved_on", "resolution_way",
    "taken_back_on", "times_taken_back", "ended_on", "follow_up_due_on", "entry_snapshot",
    "exit_snapshot",
)  # fmt: skip
"""What a step may change on the case."""
