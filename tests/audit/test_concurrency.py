"""Many at once: the chain has no fork and no gap, whoever writes when, on both databases."""

import threading

import pytest
from django.db import connection, transaction

from shouwang.audit.chain import seal_pending, verify
from shouwang.audit.models import AuditEntry, AuditSeal
from shouwang.audit.operations import record
from shouwang.core.actor import Actor

WRITERS, EACH = 6, 8

pytestmark = pytest.mark.django_db(transaction=True)


def in_threads(work) -> list[Exception]:
    """Run `work(number)` in threads with connections of their own; returns what went wrong."""
    failures: list[Exception] = []

    def run(number: int) -> None:
        try:
            work(number)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return failures


@pytest.fixture
def shared_database() -> None:
    """SQLite's test database in memory has one connection; threads need a file or a server."""
    if connection.vendor == "sqlite" and "mode=memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("the test database is in memory; tests/audit/test_processes.py covers SQLite")


def test_writers_at_the_same_time_make_one_chain(shared_database) -> None:
    def work(number: int) -> None:
        for step in range(EACH):
            record(Actor(number, f"第{number}人"), "x.y", summary=str(step))

    assert in_threads(work) == []
    result = verify()
    assert (result.ok, result.count) == (True, WRITERS * EACH)


def test_long_transactions_do_not_keep_others_from_being_sealed(shared_database) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    started, finish = threading.Event(), threading.Event()

    def long_one() -> None:
        try:
            with transaction.atomic():
                record(Actor(1, "长"), "x.long")
                started.set()
                finish.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=long_one)
    thread.start()
    started.wait(30)
    record(Actor(2, "短"), "x.short")
    assert AuditSeal.objects.count() == 1
    finish.set()
    thread.join(30)
    result = verify()
    assert (result.ok, result.count) == (True, 2)


def test_entries_that_nobody_sealed_are_sealed_by_the_next(monkeypatch) -> None:
    monkeypatch.setattr("shouwang.audit.operations.seal_soon", lambda: None)
    for number in range(3):
        record(Actor(number, "断电"), "x.y")
    assert AuditSeal.objects.count() == 0
    assert seal_pending() == 3
    assert verify().count == AuditEntry.objects.count() == 3
