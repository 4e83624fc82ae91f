"""民主评议: what a meeting of the village decided on a case."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.core.masking import mask_text

from ..models import Appraisal, Case
from ..regimes import regime
from ..states import Meeting
from .writing import locked, trace


def record_appraisal(
    actor: Actor,
    case: Case,
    *,
    held_on: date,
    entitled: int,
    present: int,
    votes_for: int,
    votes_against: int = 0,
    abstained: int = 0,
    meeting: str = Meeting.REPRESENTATIVES,
    host: str = "",
    recorder: str = "",
    place: str = "",
    participants: Sequence[str] = (),
    minutes: str = "",
) -> Appraisal:
    """Note the meeting with its votes; quorum and majority are computed by the regime's shares."""
    if meeting not in Meeting.values:
        raise DomainError("请选择评议形式。", code="meeting")
    _votes_add_up(entitled, present, votes_for, votes_against, abstained)
    with transaction.atomic():
        current = locked(actor, case.pk)
        require(actor, "cases.appraise", current.village.path)
        if current.state not in ("appraisal", "exit_appraisal"):
            raise Conflict(f"现在是“{current.state_label}”，不能登记评议。")
        if not current.entered_on <= held_on <= clock.today():
            raise DomainError("评议日期应在提交评议之后、今天之前。", code="held_on")
        rules = regime(current.regime)
        quorum = Fraction(present, entitled) >= rules.share("appraisal", "quorum")
        majority = Fraction(votes_for, present) > rules.share("appraisal", "majority")
        made = Appraisal.objects.create(
            case=current,
            stage=current.stage,
            held_on=held_on,
            meeting=meeting,
            place=place.strip()[:80],
            host=host.strip()[:60],
            recorder=recorder.strip()[:60],
            participants=[name.strip() for name in participants if name.strip()],
            entitled=entitled,
            present=present,
            votes_for=votes_for,
            votes_against=votes_against,
            abstained=abstained,
            minutes=mask_text(minutes.strip()),
            has_quorum=quorum,
            passed=quorum and majority,
            recorded_at=clock.now(),
            recorded_by_label=actor.label[:120],
        )
        trace(actor, current, "appraised", "登记民主评议",
              note=f"应到 {entitled}，实到 {present}，同意 {votes_for}")  # fmt: skip
    return made


def _votes_add_up(entitled: int, present: int, given: int, against: int, abstained: int) -> None:
    if min(entitled, present, given, against, abstained) < 0 or entitled == 0 or present == 0:
        raise DomainError("请填写应到、实到人数和票数。", code="present")
    if present > entitled:
        raise DomainError("实到人数不能多于应到人数。", code="present")
    if given + against + abstained != present:
        raise DomainError("同意、不同意、弃权的票数之和应等于实到人数。", code="votes_for")
