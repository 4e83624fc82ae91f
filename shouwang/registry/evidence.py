"""农户的佐证材料: a household carries files of its own, such as the papers of its housing."""

from django.urls import reverse

from shouwang.core.actor import Actor
from shouwang.documents.targets import Place, Target

from .queries import households_visible_to


def _household(actor: Actor, household_no: str) -> Place | None:
    found = (
        households_visible_to(actor)
        .filter(household_no=household_no)
        .select_related("village")
        .first()
    )
    if found is None:
        return None
    url = reverse("registry:household", args=[found.household_no])
    return Place(found.village.path, f"农户 {found.household_no}", url)


TARGETS = (Target("registry.Household", "农户", _household),)
