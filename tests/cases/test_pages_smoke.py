"""Every page of a case opens in every state, for everybody who may see it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.accounts.models import Account
from shouwang.cases.models import Case, RegisteredClue
from shouwang.cases.pages.case import TABS
from shouwang.core.actor import Actor
from shouwang.registry.models import Household

from .conftest import Way


def client_of(actor: Actor) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def texts(client: Client, case: Case) -> dict[str, str]:
    """The page of every tab, each of which must open."""
    found = {}
    for tab in TABS:
        answer = client.get(reverse("cases:case", args=[case.number]), {"tab": tab})
        assert answer.status_code == 200, tab
        found[tab] = answer.content.decode()
    return found


STAGES = ["opened", "checked", "noticed", "to_review", "to_approval", "monitored"]


@pytest.mark.parametrize("reach", STAGES)
def test_a_case_opens_in_every_tab_for_every_duty(
    way: Way, household: Household, reach: str
) -> None:
    case = way.opened(household)
    if reach == "noticed":
        way.checked(case)
    if reach != "opened":
        getattr(way, reach)(case)
    case.refresh_from_db()
    for actor in (way.cast.village, way.cast.clerk, way.cast.officer, way.cast.approver):
        pages = texts(client_of(actor), case)
        assert case.state_label in pages["overview"]
        assert case.number in pages["record"]


def test_a_resolved_case_opens_in_every_tab(way: Way, household: Household) -> None:
    case = way.monitored(way.opened(household))
    way.calendar.set(way.calendar.day + timedelta(days=200))
    case = way.resolved(case)
    pages = texts(client_of(way.cast.clerk), case)
    assert "帮扶消除" in pages["exit"] or "自然消除" in pages["exit"]
    assert "登记回访" in texts(client_of(way.cast.village), case)["overview"]


LISTS = [
    "inbox",
    "today",
    "clues",
    "list",
    "long",
    "notices",
    "board",
    "funnel",
    "load",
    "requests",
]


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_with_cases_in_it(way: Way, household: Household, name: str) -> None:
    way.to_approval(way.opened(household))
    for actor in (way.cast.village, way.cast.clerk, way.cast.officer, way.cast.approver):
        assert client_of(actor).get(reverse(f"cases:{name}")).status_code == 200


@pytest.mark.parametrize("kind", ["clues", "consent", "checking", "approval", "hits", "objections",
                                  "follow_ups", "requests", "to_compare"])  # fmt: skip
def test_every_kind_of_waiting_work_has_its_list(way: Way, household: Household, kind: str) -> None:
    way.opened(household)
    client = client_of(way.cast.officer)
    assert client.get(reverse("cases:waiting", args=[kind])).status_code == 200


def test_an_unknown_kind_of_work_is_not_found(way: Way) -> None:
    client = client_of(way.cast.officer)
    assert client.get(reverse("cases:waiting", args=["nonsense"])).status_code == 404


def test_a_clue_opens(way: Way, household: Household) -> None:
    clue = way.clue(household)
    assert isinstance(clue, RegisteredClue)
    page = client_of(way.cast.village).get(reverse("cases:clue", args=[clue.uuid]))
    assert "建立个案，启动识别" in page.content.decode()
