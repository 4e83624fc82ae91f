"""快照: how a household stood when it entered and when it left, frozen on the case."""

from decimal import Decimal
from typing import Any

from .dossier import Dossier
from .models import HouseholdCheck


def snapshot(dossier: Dossier, check: HouseholdCheck | None) -> dict[str, Any]:
    """The form's values, the line of the day, the class; no names and no numbers of persons."""
    found: dict[str, Any] = {
        "on": dossier.today.isoformat(),
        "regime": dossier.case.regime,
        "class": dossier.case.decided,
        "class_label": dossier.regime.class_label(dossier.case.decided),
        "household_type": dossier.household.household_type,
        "was_poor": dossier.was_poor,
        "risks": [risk.key for risk in dossier.risks],
        "members": len(dossier.members),
    }
    if check is None:
        return found
    facts = dossier.facts
    return found | {
        "visited_on": check.visited_on.isoformat() if check.visited_on else None,
        "size": check.size,
        "income": {item.key: _text(item.amount) for item in check.items.all()},
        "net_income": _text(check.net_income),
        "per_person": _text(check.per_person),
        "claim_income": _text(check.claim_income),
        "self_paid": _text(check.self_paid),
        "line": _text(facts.line),
        "education_ok": check.education_ok,
        "medical_ok": check.medical_ok,
        "housing_ok": check.housing_ok,
        "water_ok": check.water_ok,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
