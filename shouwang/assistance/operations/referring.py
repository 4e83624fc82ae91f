"""转介: one register proposes households to the other, which answers."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.registry.models import Household

from ..models import Referral
from ..querysets import on_side
from ..states import Direction, ReferralState, Side, referral_table

SIDE_OF = {Direction.TO_MONITORING: Side.CIVIL_ONLY, Direction.TO_CIVIL: Side.MONITORED_ONLY}


def refer(actor: Actor, household: Household, *, direction: str, reason: str) -> Referral:
    """Propose one household; it must be known to one side only, and not be proposed already."""
    return refer_many(actor, [household], direction=direction, reason=reason)[0]


def refer_many(
    actor: Actor, households: Sequence[Household], *, direction: str, reason: str
) -> list[Referral]:
    """Propose several households at once, all or none."""
    if direction not in Direction.values:
        raise DomainError("没有这种转介方向，请从列表中选择。", code="direction")
    reason = reason.strip()
    if not reason:
        raise DomainError("请写明转介理由，例如依据哪些情况认为需要核实。", code="reason")
    keys = [household.pk for household in households]
    for household in households:
        require(actor, "assistance.refer", household.village.path)
    fitting = set(
        on_side(actor, SIDE_OF[Direction(direction)])
        .filter(pk__in=keys)
        .values_list("pk", flat=True)
    )
    if unfit := [each for each in households if each.pk not in fitting]:
        raise DomainError(
            f"{unfit[0]}等 {len(unfit)} 户不在“{SIDE_OF[Direction(direction)].label}”的名单里，"
            "请刷新页面后重新选择。",
            code="side",
        )
    with transaction.atomic():
        waiting = Referral.objects.filter(
            household__in=keys, direction=direction, state=ReferralState.OPEN
        )
        if known := waiting.select_related("household").first():
            raise Conflict(f"{known.household}已由{known.created_by_label}转介，还在等待答复。")
        return [_create(actor, each, direction, reason) for each in households]


def _create(actor: Actor, household: Household, direction: str, reason: str) -> Referral:
    made = Referral.objects.create(
        household=household,
        direction=direction,
        reason=reason,
        created_at=clock.now(),
        created_by_label=actor.label[:120],
    )
    record(
        actor,
        "assistance.referral.made",
        target_type="registry.household",
        target_id=household.household_no,
        division_path=household.village.path,
        summary=f"{Direction(direction).label}",
    )
    return made


def answer_referral(
    actor: Actor, referral: Referral, *, action: str, reason: str = "", version: int
) -> Referral:
    """Take, decline or withdraw an open referral (table `referral`).

    What follows from the answer is done in the same transaction by the room that is concerned
    (SHOUWANG_AFTER_REFERRAL): monitoring registers a clue of what it takes.
    """
    path = referral.household.village.path
    row = referral_table().take(
        actor, referral, referral.state, action, path, {}, {"reason": reason.strip()}
    )
    with transaction.atomic():
        changed = Referral.objects.filter(pk=referral.pk, version=version, state="open").update(
            state=row.to,
            answer=reason.strip(),
            answered_at=clock.now(),
            answered_by_label=actor.label[:120],
            version=version + 1,
        )
        if not changed:
            raise Conflict("这条转介刚被别人办理过，请刷新页面核对。")
        record(
            actor,
            f"assistance.referral.{row.to}",
            target_type="registry.household",
            target_id=referral.household.household_no,
            division_path=path,
            summary=f"转介{row.label}",
            changes={"state": [referral.state, row.to]},
        )
        referral.refresh_from_db()
        if after := getattr(settings, "SHOUWANG_AFTER_REFERRAL", ""):
            import_string(after)(actor, referral)
    return referral
