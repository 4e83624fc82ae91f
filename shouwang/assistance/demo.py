"""演示: households that one register proposed to the other, answered and not yet answered."""

from shouwang.core.actor import Actor

from .operations import answer_referral, refer_many
from .querysets import on_side
from .states import Direction, Side

FROM_CIVIL = "低保边缘家庭，近期有刚性支出，请核实是否有返贫风险。"
FROM_MONITORING = "监测户，家庭收入低，请核实是否符合救助条件。"
EACH = 4
"""Households proposed in each direction."""


def make(actor: Actor) -> int:
    """Four in each direction: one taken, one declined, two wait."""
    made = 0
    for side, direction, reason in (
        (Side.CIVIL_ONLY, Direction.TO_MONITORING, FROM_CIVIL),
        (Side.MONITORED_ONLY, Direction.TO_CIVIL, FROM_MONITORING),
    ):
        households = list(on_side(actor, side).select_related("village").order_by("pk")[:EACH])
        referrals = refer_many(actor, households, direction=direction, reason=reason)
        for referral, action in zip(referrals, ("take", "decline"), strict=False):
            why = "已核实，不符合条件。" if action == "decline" else ""
            answer_referral(actor, referral, action=action, reason=why, version=referral.version)
        made += len(referrals)
    return made
