"""What the county notes about a clue before anybody visits."""

import pytest

from shouwang.audit.models import AuditEntry
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.screening.models import Clue
from shouwang.screening.operations import run, triage

from .conftest import JUNE, LittleCounty

DANGEROUS = "housing.dangerous_only_house"


@pytest.fixture
def clue(county: LittleCounty, officer: Actor) -> Clue:
    county.finds(JUNE, county.household_hit(DANGEROUS, "H1", "D"))
    run(officer, [JUNE])
    return Clue.objects.get()


def test_a_note_is_kept_and_audited(clue: Clue, officer: Actor) -> None:
    noted = triage(officer, clue, state="known", note="已列入改造计划", version=clue.version)
    assert (noted.triage, noted.triage_note, noted.version) == ("known", "已列入改造计划", 2)
    assert AuditEntry.objects.filter(action="screening.clue.triaged").count() == 1


def test_known_asks_what_is_known(clue: Clue, officer: Actor) -> None:
    with pytest.raises(DomainError, match="写明已知的情况"):
        triage(officer, clue, state="known", version=clue.version)


def test_a_second_person_who_saw_the_old_page_is_told(clue: Clue, officer: Actor) -> None:
    triage(officer, clue, state="watch", version=1)
    with pytest.raises(Conflict):
        triage(officer, clue, state="", version=1)


def test_the_note_outlives_the_next_screening(
    clue: Clue, county: LittleCounty, officer: Actor
) -> None:
    triage(officer, clue, state="watch", note="下月再看", version=1)
    run(officer, [JUNE])
    clue.refresh_from_db()
    assert clue.triage_note == "下月再看"


def test_a_town_clerk_may_not_note(clue: Clue, four_people) -> None:
    with pytest.raises(NotAllowed):
        triage(four_people("town_clerk").actor("owner"), clue, state="watch", version=1)
