"""回访与研判: after the resolution, and for those who are monitored for long."""

from datetime import date

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.core.masking import mask_text

from ..conditions import months_between
from ..deadlines import county_of, due
from ..models import Case, FollowUp, Judgement
from ..states import Channel, FollowConclusion, JudgementConclusion
from .clues import register_clue
from .writing import locked, trace


def record_follow_up(
    actor: Actor,
    case: Case,
    *,
    visited_on: date,
    visitors: str,
    conclusion: str,
    income_ok: bool | None = None,
    guarantees_ok: bool | None = None,
    note: str = "",
    next_due_on: date | None = None,
) -> FollowUp:
    """A visit after the resolution; a new risk is registered as a clue at once."""
    if conclusion not in FollowConclusion.values:
        raise DomainError("请选择回访结论。", code="conclusion")
    if not visitors.strip():
        raise DomainError("请填写回访人。", code="visitors")
    if conclusion != FollowConclusion.STABLE and not note.strip():
        raise DomainError("请写明需要关注的情况。", code="note")
    with transaction.atomic():
        current = locked(actor, case.pk)
        require(actor, "cases.verify", current.village.path)
        if current.state != "resolved" or current.resolved_on is None:
            raise Conflict(f"现在是“{current.state_label}”，风险消除后才登记回访。")
        if not current.resolved_on <= visited_on <= clock.today():
            raise DomainError("回访日期应在风险消除之后、今天之前。", code="visited_on")
        county = county_of(current.village.code)
        following = next_due_on or due(current.regime, "follow_up", visited_on, county)
        made = FollowUp.objects.create(
            case=current,
            visited_on=visited_on,
            visitors=visitors.strip()[:120],
            income_ok=income_ok,
            guarantees_ok=guarantees_ok,
            conclusion=conclusion,
            note=mask_text(note.strip())[:1000],
            next_due_on=following,
            recorded_at=clock.now(),
            recorded_by_label=actor.label[:120],
        )
        current.follow_up_due_on = following
        current.save(update_fields=["follow_up_due_on"])
        trace(
            actor, current, "follow_up", f"回访：{made.get_conclusion_display()}", note=note.strip()
        )
        if conclusion == FollowConclusion.NEW_RISK:
            register_clue(
                actor, channel=Channel.CADRE_VISIT, village=current.village,
                household=current.household, text=f"回访发现：{note.strip()}",
                received_on=visited_on,
            )  # fmt: skip
    return made


def record_judgement(
    actor: Actor,
    case: Case,
    *,
    judged_on: date,
    conclusion: str,
    reason: str,
    participants: str = "",
) -> Judgement:
    """Why a household is still monitored, and what is done now."""
    if conclusion not in JudgementConclusion.values:
        raise DomainError("请选择研判结论。", code="conclusion")
    if not reason.strip():
        raise DomainError("请写明长期未消除的原因分析。", code="reason")
    with transaction.atomic():
        current = locked(actor, case.pk)
        require(actor, "cases.review", current.village.path)
        if current.identified_on is None or not current.is_open:
            raise Conflict("只对在册、风险未消除的户逐户研判。")
        if not current.identified_on <= judged_on <= clock.today():
            raise DomainError("研判日期应在识别之后、今天之前。", code="judged_on")
        made = Judgement.objects.create(
            case=current,
            judged_on=judged_on,
            months=months_between(current.identified_on, judged_on),
            conclusion=conclusion,
            reason=mask_text(reason.strip())[:1000],
            participants=participants.strip()[:300],
            recorded_at=clock.now(),
            recorded_by_label=actor.label[:120],
        )
        trace(actor, current, "judged", f"逐户研判：{made.get_conclusion_display()}",
              note=made.reason)  # fmt: skip
    return made
