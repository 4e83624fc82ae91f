"""What county and town note about a clue before anybody visits."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from shouwang.audit.models import AuditEntry
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.screening.models import Clue
from shouwang.screening.operations import run, triage
from tests.four_people import FourPeople

from .conftest import JUNE, LittleCounty

DANGEROUS = "housing.dangerous_only_house"
Four = Callable[..., FourPeople]


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


def test_a_town_clerk_notes_the_clues_of_the_own_town(clue: Clue, four_people: Four) -> None:
    four = four_people("town_clerk")
    noted = triage(four.actor("owner"), clue, state="watch", note="先电话了解", version=1)
    assert (noted.triage, noted.triaged_by_label) == ("watch", four.actor("owner").label)


def test_nobody_else_notes_it(clue: Clue, four_people: Four) -> None:
    four = four_people("town_clerk")
    with pytest.raises(NotFound):
        triage(four.actor("neighbour"), clue, state="watch", version=1)
    with pytest.raises(NotAllowed):
        triage(four.actor("department"), clue, state="watch", version=1)


@pytest.mark.parametrize("role", ["village_worker", "town_leader", "supervisor", "county_leader"])
def test_who_only_looks_does_not_note(clue: Clue, four_people: Four, role: str) -> None:
    with pytest.raises(NotAllowed):
        triage(four_people(role).actor("owner"), clue, state="watch", version=1)


def test_the_page_offers_the_note_to_who_may_write_it(clue: Clue, four_people: Four) -> None:
    url = reverse("screening:clue", args=[clue.pk])
    offered = {
        role: "保存研判" in four_people(role).client("owner").get(url).content.decode()
        for role in ("town_clerk", "county_officer", "town_leader", "supervisor")
    }
    assert offered == {
        "town_clerk": True, "county_officer": True, "town_leader": False, "supervisor": False,
    }  # fmt: skip


def test_each_of_the_four_is_answered(clue: Clue, four_people: Four) -> None:
    said = {"state": "watch", "note": "下月再看", "version": 1}
    address = reverse("screening:triage", args=[clue.pk])
    assert four_people("town_clerk").statuses(address, "post", data=said) == {
        "owner": 302, "neighbour": 404, "department": 403, "nobody": 302,
    }  # fmt: skip
    clue.refresh_from_db()
    assert clue.triage_note == "下月再看"
