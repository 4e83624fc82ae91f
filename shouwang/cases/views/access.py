"""One record for one person: out of scope it does not exist (404), without the right 403."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from shouwang.core.actor import Actor, require
from shouwang.core.errors import NotFound

from ..models import (
    Case,
    ComparisonRequest,
    HouseholdCheck,
    Notice,
    Objection,
    RegisteredClue,
)

Row = TypeVar("Row", bound=Model)
PLACE = ("village__parent", "household")


def case_of(actor: Actor, number: str, right: str = "cases.view") -> Case:
    """A case that the actor may see; with another right also one that he may work on."""
    require(actor, "cases.view")
    cases = Case.objects.visible_to(actor).select_related(*PLACE)
    found = _one(cases, number=number.replace("\x00", ""))
    if right != "cases.view":
        require(actor, right, found.village.path)
    return found


def clue_of(actor: Actor, uuid: UUID, right: str = "cases.view") -> RegisteredClue:
    require(actor, "cases.view")
    clues = RegisteredClue.objects.visible_to(actor)
    found = _one(clues.select_related(*PLACE, "case", "screening_clue"), uuid=uuid)
    if right != "cases.view":
        require(actor, right, found.village.path)
    return found


def check_of(actor: Actor, case: Case, pk: int) -> HouseholdCheck:
    """A check of a case that was already read through `case_of`."""
    return _one(HouseholdCheck.objects.visible_to(actor), pk=pk, case=case)


def request_of(actor: Actor, pk: int) -> ComparisonRequest:
    if not actor.can("cases.view"):
        require(actor, "cases.answer")
    requests = ComparisonRequest.objects.visible_to(actor)
    return _one(requests.select_related("case__village__parent", "case__household"), pk=pk)


def notice_of(actor: Actor, pk: int) -> Notice:
    require(actor, "cases.view")
    return _one(Notice.objects.visible_to(actor).select_related("village__parent"), pk=pk)


def objection_of(actor: Actor, case: Case, pk: int) -> Objection:
    return _one(Objection.objects.visible_to(actor).select_related("entry__notice"), pk=pk,
                case=case)  # fmt: skip


def _one(rows: QuerySet[Row], **which: Any) -> Row:
    found = rows.filter(**which).first()
    if found is None:
        raise NotFound
    return found
