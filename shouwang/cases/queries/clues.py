"""线索的读操作."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.shortcuts import get_object_or_404

from shouwang.core.actor import Actor, require

from ..models import Case, RegisteredClue
from ..querysets import RegisteredClueQuerySet

LOOK_BACK = timedelta(days=365)


def clues_visible_to(actor: Actor) -> RegisteredClueQuerySet:
    """The register of clues in the actor's places."""
    return RegisteredClue.objects.visible_to(actor)


def clue_visible_to(actor: Actor, uuid: UUID) -> RegisteredClue:
    """One clue with household, village and case; 404 outside the scope."""
    require(actor, "cases.view")
    clues = RegisteredClue.objects.visible_to(actor)
    related = ("household", "village__parent", "case", "duplicate_of", "screening_clue")
    return get_object_or_404(clues.select_related(*related), uuid=uuid)


def similar_clues(clue: RegisteredClue) -> RegisteredClueQuerySet:
    """What may be the same matter: the household's, or the same name or contact in the village.

    For a clue that was read through `visible_to`, or one that is being registered.
    """
    if clue.household_id:
        same = Q(household=clue.household_id)
    else:
        same = Q(pk__in=[])
        if clue.subject_name:
            same |= Q(village=clue.village_id, subject_name=clue.subject_name)
            same |= Q(village=clue.village_id, household__head_name=clue.subject_name)
    if clue.contact_hash is not None:
        same |= Q(contact_hash=clue.contact_hash)
    since = clue.received_on - LOOK_BACK
    found = RegisteredClue.objects.filter(same, received_on__gte=since)
    return found.exclude(pk=clue.pk) if clue.pk else found


def open_case_of(clue: RegisteredClue) -> Case | None:
    """The open case that this clue could be laid into."""
    if clue.household_id is None:
        return None
    return Case.objects.live().filter(household=clue.household_id).first()
