"""底数与保障 of one household: when it left poverty, where it moved, its pensions and policies."""

from typing import Any

from shouwang.core.actor import Actor

from ..models import ExitYear, Insured, PensionYear, Resettlement
from ..queries.plans import Plan
from ..standing_lists import moved_state, old_house_state, reclaim_state


def standing_tab(actor: Actor, plan: Plan) -> dict[str, Any]:
    household = plan.household
    moved = Resettlement.objects.filter(household=household).first()
    return {
        "exit": ExitYear.objects.filter(household=household).first(),
        "moved": moved,
        "moved_states": [moved_state(moved), old_house_state(moved), reclaim_state(moved)]
        if moved
        else [],
        "insured": list(
            Insured.objects.filter(household=household).select_related("policy", "member")
        ),
        "pensions": list(PensionYear.objects.filter(household=household).select_related("member")),
        "may_register": actor.can_at("support.registers", household.village.path),
    }
