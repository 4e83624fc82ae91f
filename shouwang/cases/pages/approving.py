"""成批审定: each chosen case with its class, the proposal and what differs, before the yes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from shouwang.core.actor import Actor

from ..differences import Difference, differences
from ..dossier import Dossier, open_dossiers
from ..models import Case
from ..queries import offers_of
from ..states import Stage

MOST = 500


@dataclass(frozen=True)
class Row:
    """One case as the page shows it; `key` carries the version that was shown."""

    case: Case
    key: str
    place: str
    decided: str
    proposed: str
    departs: bool
    differences: Sequence[Difference]
    reason: str
    stage: str
    votes: str

    @property
    def is_possible(self) -> bool:
        return not self.reason


def rows(actor: Actor, chosen: QuerySet[Case]) -> list[Row]:
    cases = list(chosen.select_related("household", "village__parent")[:MOST])
    return [_row(dossier) for dossier in open_dossiers(cases, actor)]


def _row(dossier: Dossier) -> Row:
    case, rules = dossier.case, dossier.regime
    town = case.village.parent.name if case.village.parent else ""
    offer = next((o for o in offers_of(dossier) if o.transition.action == "approve"), None)
    meeting = dossier.appraisal
    return Row(
        case=case,
        key=f"{case.pk}:{case.version}",
        place=f"{town}{case.village.name}",
        decided=rules.class_label(case.decided),
        proposed=rules.class_label(case.proposed),
        departs=bool(case.decided) and bool(case.proposed) and case.decided != case.proposed,
        differences=differences(dossier),
        reason=offer.reason if offer else "现在不能审定",
        stage=str(Stage(case.stage).label),
        votes=f"{meeting.votes_for}/{meeting.present}" if meeting else "—",
    )


def totals(found: Sequence[Row]) -> dict[str, Any]:
    return {
        "possible": sum(row.is_possible for row in found),
        "departing": sum(row.departs for row in found),
        "differing": sum(bool(row.differences) for row in found),
        "most": MOST,
    }


def chosen(keys: Sequence[str]) -> dict[int, int]:
    """{case: version shown} from the ticked boxes; what is no such pair is left out."""
    found = {}
    for key in keys:
        pk, _, version = key.partition(":")
        if pk.isdecimal() and version.isdecimal() and len(pk) < 18 and len(version) < 9:
            found[int(pk)] = int(version)
    return found
