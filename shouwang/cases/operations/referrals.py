"""转介 (referrals): what civil affairs proposes becomes a clue; what is monitored is proposed."""

from django.db import transaction

from shouwang.assistance.models import Referral
from shouwang.assistance.operations import refer
from shouwang.assistance.states import Direction, ReferralState
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict

from ..models import Case, RegisteredClue
from ..queries.clues import open_case_of
from ..queries.referrals import number_of
from ..states import Channel
from .clues import attach_clue, register_clue
from .writing import locked, trace

CIVIL_AFFAIRS = "民政局"


def after_referral(actor: Actor, referral: Referral) -> None:
    """What an answer brings about here (settings.SHOUWANG_AFTER_REFERRAL)."""
    if referral.direction == Direction.TO_MONITORING:
        if referral.state == ReferralState.TAKEN:
            clue_of_referral(actor, referral)
        return
    case = Case.objects.live().filter(household=referral.household_id).first()
    if case is not None:
        words = ReferralState(referral.state).label
        note = "：".join(filter(None, (words, referral.answer)))
        trace(actor, case, "referral_answered", "民政转介答复", note=note)


def clue_of_referral(actor: Actor, referral: Referral) -> RegisteredClue:
    """The household that is taken for verification as a clue; laid into its case if it has one.

    The clock starts now: when it was proposed nobody had taken it on yet.
    """
    household = referral.household
    tiers = getattr(getattr(household, "low_income", None), "tiers", "")
    text = f"民政转介核实：{referral.reason}" + (f"（{tiers}）" if tiers else "")
    clue = register_clue(
        actor,
        channel=Channel.DEPARTMENT,
        village=household.village,
        household=household,
        text=text,
        department=CIVIL_AFFAIRS,
        outside_no=number_of(referral),
        received_on=clock.today(),
    )
    case = open_case_of(clue)
    return clue if case is None else attach_clue(actor, clue, case=case, version=clue.version)


def refer_to_civil(actor: Actor, case: Case, *, reason: str) -> Referral:
    """Ask civil affairs to look at a monitored household."""
    with transaction.atomic():
        current = locked(actor, case.pk)
        require(actor, "assistance.refer", current.village.path)
        if not current.is_open or current.identified_on is None:
            raise Conflict("已纳入监测、风险没有消除的户才转民政核实救助。")
        made = refer(actor, current.household, direction=Direction.TO_CIVIL, reason=reason)
        trace(actor, current, "referred", "转民政核实救助", reason=reason.strip())
    return made
