"""类别: propose it from the facts, decide it; to depart from the proposal needs a reason."""

from collections.abc import Mapping

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError, NotAllowed

from ..classing import Proposal, propose
from ..dossier import forget, open_dossier
from ..models import Case
from ..regimes import counted_class, regime
from .writing import locked, same_version, save_case, trace

MAY_DECIDE = {
    "checking": "cases.verify",
    "appraisal": "cases.appraise",
    "notice": "cases.appraise",
    "review": "cases.review",
    "approval": "cases.approve",
}
"""Who decides the class in which state: from the village up, the last word is the county's."""


def propose_class(actor: Actor, case: Case) -> Case:
    """Compute the class from the check, the registry and the parameters, and keep the reasons."""
    with transaction.atomic():
        current = locked(actor, case.pk)
        require(actor, "cases.verify", current.village.path)
        if current.state != "checking":
            raise Conflict(f"现在是“{current.state_label}”，类别建议在入户核查时生成。")
        dossier = open_dossier(current, actor)
        if dossier.identification_check is None:
            raise DomainError("请先提交入户核查，再生成类别建议。", code="check_submitted")
        _keep(current, propose(dossier.regime, dossier.facts))
        trace(actor, current, "proposed", "生成类别建议", note=current.class_label)
    return forget(current)


def _keep(case: Case, proposal: Proposal) -> None:
    case.proposed = proposal.keys
    case.proposal_reasons = [
        {"sentence": proposal.sentence, "state": str(proposal.state)},
        *(reason.as_json() for reason in proposal.reasons),
    ]
    case.proposed_at = clock.now()
    save_case(case, "proposed", "proposal_reasons", "proposed_at")


def decide(
    actor: Actor, case: Case, *, decided: Mapping[str, str], reason: str = "", version: int
) -> Case:
    """Decide the class; it may be changed by each body above until the county approves."""
    with transaction.atomic():
        current = locked(actor, case.pk)
        same_version(current, version)
        right = MAY_DECIDE.get(current.state)
        if right is None:
            raise Conflict(f"现在是“{current.state_label}”，不能认定类别。")
        if not actor.can_at(right, current.village.path):
            raise NotAllowed(f"现在是“{current.state_label}”，请由办理这一环节的人认定类别。")
        if current.proposed_at is None:
            raise DomainError("请先生成类别建议。", code="class_proposed")
        rules = regime(current.regime)
        chosen = rules.checked_class(decided)
        if chosen != current.proposed and not reason.strip():
            raise DomainError("认定的类别和建议不一致，请写明理由。", code="reason")
        before = rules.class_label(current.decided)
        poor = open_dossier(current, actor).was_poor
        current.decided, current.departure_reason = chosen, reason.strip()[:500]
        current.class_key = counted_class(current.regime, chosen, poor) or rules.class_key(chosen)
        save_case(current, "decided", "class_key", "departure_reason")
        trace(
            actor, current, "decided", "认定类别", note=rules.class_label(chosen),
            reason=reason.strip(), changes={"class": [before, rules.class_label(chosen)]},
        )  # fmt: skip
    return forget(current)
