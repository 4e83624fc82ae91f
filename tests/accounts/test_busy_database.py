"""While a large import is the one writer of SQLite, pages are read and a login is told to wait."""

import sqlite3
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connection
from django.test import Client

from shouwang.accounts.middleware import SESSION_SEEN
from shouwang.accounts.models import Account
from shouwang.core.waiting import PAGE_SECONDS, is_busy, not_waiting, wait_as_a_page
from tests.four_people import PASSWORD, make_account, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(places) -> Account:
    account = make_account("wangmin", "王敏", division=places.county)
    make_post(account, "system_administrator", places.county)
    return account


@pytest.fixture
def client(account: Account) -> Client:
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    client.force_login(account)
    return client


def busy(*_: object, **__: object) -> None:
    raise OperationalError("database is locked")


def test_what_sqlite_says_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    first, second = (sqlite3.connect(path, isolation_level=None, timeout=0) for _ in range(2))
    first.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as caught:
        second.execute("BEGIN IMMEDIATE")
    assert is_busy(OperationalError(str(caught.value)))
    assert not is_busy(OperationalError("no such table: x"))
    assert not is_busy(ValueError("locked"))


def test_a_page_is_shown_although_its_time_cannot_be_noted(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(SessionStore, "save", busy)
        assert client.get("/accounts/").status_code == 200
        assert SESSION_SEEN not in client.session
    assert client.get("/accounts/").status_code == 200
    assert SESSION_SEEN in client.session


def test_a_login_that_cannot_be_written_is_asked_for_again(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(headers={"host": "localhost"})
    with monkeypatch.context() as patched:
        patched.setattr("shouwang.accounts.views.signing_in.sign_in", busy)
        answer = client.post("/accounts/login/", {"username": "wangmin", "password": PASSWORD})
    assert answer.status_code == 503
    assert "再点一次登录" in answer.content.decode() and "wangmin" in answer.content.decode()
    again = client.post("/accounts/login/", {"username": "wangmin", "password": PASSWORD})
    assert again.status_code == 302


def test_a_busy_database_outside_a_view_is_no_fault_of_the_program(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/accounts/")
    monkeypatch.setattr("shouwang.accounts.middleware.set_actor", busy)
    answer = client.get("/accounts/")
    assert answer.status_code == 503 and answer.headers["Refresh"] == "5"
    assert "正在写入" in answer.content.decode()
    assert "Refresh" not in client.post("/accounts/logout/").headers


def test_pages_wait_less_long_than_work_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has one writer")
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"timeout": 30})
    wait_as_a_page()
    assert connection.settings_dict["OPTIONS"]["timeout"] == PAGE_SECONDS
    with not_waiting(), connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (100,)
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (PAGE_SECONDS * 1000,)
