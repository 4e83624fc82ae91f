"""Two people at once: one wins, the other is told who was faster; nothing is lost."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from shouwang.accounts.actors import actor_for
from shouwang.accounts.models import Account
from shouwang.cases import operations
from shouwang.cases.models import Case, CaseStep
from shouwang.core import clock
from shouwang.core.errors import Conflict, DomainError
from shouwang.registry.models import Household
from tests.cases.conftest import Maker, Way
from tests.four_people import Places


def test_the_second_is_told_who_was_faster_and_when(way: Way, household: Household) -> None:
    case = way.opened(household)
    way.consent(case)
    case.refresh_from_db()
    shown = case.version
    way.calendar.set(way.calendar.day, 15, 7)
    operations.take_step(way.cast.clerk, case, "accept_application", version=shown)
    with pytest.raises(Conflict) as told:
        operations.take_step(
            way.cast.village, case, "withdraw", version=shown, reason="农户不愿申请"
        )
    assert told.value.message.startswith("乡镇干事已在 15:07 办理“受理申请”")
    assert Case.objects.get().state == "checking"


def at_once(works: list[Callable[[], Any]]) -> list[Exception | None]:
    """Each in a thread with a connection of its own, all begun together."""
    start = threading.Barrier(len(works))
    outcome: list[Exception | None] = [None] * len(works)
    moment = clock.now()

    def run(place: int) -> None:
        try:
            with clock.telling(moment):
                start.wait(10)
                works[place]()
        except Exception as error:
            outcome[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcome


@pytest.fixture
def server(transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer: the test with processes below covers it")


def test_of_many_who_take_a_step_one_wins(server: None, way: Way, household: Household) -> None:
    case = way.opened(household)
    way.consent(case)
    case.refresh_from_db()
    people = [way.cast.village, way.cast.clerk] * 3
    outcome = at_once(
        [
            lambda who=who: operations.take_step(
                who, case, "accept_application", version=case.version
            )
            for who in people
        ]
    )
    assert outcome.count(None) == 1
    assert all(
        isinstance(each, Conflict) and "受理申请" in each.message for each in outcome if each
    )
    assert CaseStep.objects.filter(case=case, action="accept_application").count() == 1


def test_of_many_who_open_a_case_one_does(server: None, way: Way, household: Household) -> None:
    way.clue(household)
    people = [way.cast.village, way.cast.clerk] * 3
    outcome = at_once(
        [lambda who=who: operations.open_case(who, household=household) for who in people]
    )
    assert outcome.count(None) == 1
    assert all(isinstance(each, DomainError) for each in outcome if each)
    assert Case.objects.count() == 1


def test_numbers_are_given_once(server: None, way: Way, maker: Maker, places: Places) -> None:
    households = [maker(places.village) for _ in range(6)]
    outcome = at_once(
        [lambda one=one: operations.open_case(way.cast.clerk, household=one) for one in households]
    )
    assert outcome == [None] * 6
    numbers = set(Case.objects.values_list("number", flat=True))
    assert len(numbers) == 6


def test_two_who_approve_the_same_list_approve_each_case_once(
    server: None, way: Way, maker: Maker, places: Places
) -> None:
    cases = [way.to_approval(way.opened(maker(places.village))) for _ in range(3)]
    chosen = {case.pk: case.version for case in cases}
    done: list[operations.Approved] = []
    outcome = at_once(
        [
            lambda who=who: done.append(operations.approve_many(who, chosen))
            for who in (way.cast.officer, way.cast.approver)
        ]
    )
    assert outcome == [None, None]
    assert sum(len(each.done) for each in done) == 3
    assert CaseStep.objects.filter(action="approve").count() == 3


PREPARE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from shouwang.cases import operations
from shouwang.core import clock
from shouwang.core.actor import system_actor
from shouwang.registry.models import *
from tests.four_people import make_places
places = make_places()
received = RegistryImport.objects.create(export_date=clock.today(), received_at=clock.now())
file = RegistryFile.objects.create(registry_import=received, name="x", sha256="", size=1)
for number in range(3):
    one = Household.objects.create(household_no=f"H{number}", village=places.village,
        village_code=places.village.code, head_name="甲", source_file=file, source_row=1)
    operations.open_case(system_actor("准备"), household=one)
"""
TAKE = """
import sys, django
django.setup()
from shouwang.cases import operations
from shouwang.cases.models import Case
from shouwang.core.actor import system_actor
from shouwang.core.errors import Conflict
told = []
for case in Case.objects.order_by("pk"):
    try:
        operations.take_step(system_actor(sys.argv[1]), case, "withdraw", version=1, reason="x")
        told.append("won")
    except Conflict as error:
        told.append(error.message)
print("|".join(told))
"""


@pytest.mark.skipif("SHOUWANG_DATABASE_URL" in os.environ, reason="threads cover a server")
def test_processes_on_one_file_take_each_step_once(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "SHOUWANG_DATA_DIR": str(tmp_path),
        "SHOUWANG_DATABASE_URL": f"sqlite:///{tmp_path / 'cases.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }

    def start(code: str, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", code, *arguments], env=environment, text=True,
            stdout=subprocess.PIPE,
        )  # fmt: skip

    assert start(PREPARE).wait(120) == 0
    people = [start(TAKE, name) for name in ("张三", "李四", "王五")]
    told = [person.communicate(timeout=120)[0].strip().split("|") for person in people]
    for each in zip(*told, strict=True):
        assert each.count("won") == 1
        losers = [text for text in each if text != "won"]
        assert all("办理“农户撤回申请”" in text for text in losers)


def test_an_account_acts_from_its_posts_only(way: Way, household: Household) -> None:
    """The actor of a step is written down with the post from which he acted."""
    case = way.opened(household)
    worker = Account.objects.get(pk=way.cast.village.account_id)
    way.consent(case)
    way.step(actor_for(worker, clock.today()), case, "accept_application")
    step = case.steps.last()
    assert (step.account, step.acting_as) == (worker, "柳湾村 村级工作人员")
