"""Logging in: one answer for all failures, lock-out by name and address, first password, expiry."""

from datetime import timedelta

import pytest
from django.test import Client

from shouwang.accounts import lockout
from shouwang.accounts.backends import AccountBackend
from shouwang.accounts.middleware import LONGEST_SESSION, SESSION_SEEN, SESSION_STARTED
from shouwang.accounts.models import Account, LoginFailure
from shouwang.audit.models import AuditEntry
from shouwang.core import clock
from tests.four_people import PASSWORD, make_account, make_post

LOGIN = "/accounts/login/"
WRONG = "登录名或密码不正确"
pytestmark = pytest.mark.django_db


@pytest.fixture
def account(places) -> Account:
    account = make_account("wangmin", "王敏", division=places.county)
    make_post(account, "system_administrator", places.county)
    return account


def attempt(username: str, password: str, *, address: str = "10.0.0.1", client=None, **data):
    client = client or Client(headers={"host": "localhost"})
    data = {"username": username, "password": password, **data}
    return client.post(LOGIN, data, REMOTE_ADDR=address)


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


@pytest.fixture
def later(monkeypatch):
    """Moves the clock of the whole program."""

    def move(**by: float) -> None:
        moment = clock.now() + timedelta(**by)
        for module in ("lockout", "middleware"):
            monkeypatch.setattr(f"shouwang.accounts.{module}.now", lambda: moment)

    return move


def test_the_right_password_opens_the_start_page_and_is_logged(account: Account) -> None:
    assert attempt("WangMin ", PASSWORD).headers["Location"] == "/"
    assert actions() == ["accounts.login"]
    account.refresh_from_db()
    assert account.last_login is not None


def test_after_the_login_one_comes_to_the_page_that_was_asked_for(account: Account) -> None:
    client = Client(headers={"host": "localhost"})
    asked = client.get("/accounts/")
    assert asked.headers["Location"] == "/accounts/login/?next=/accounts/"
    assert attempt("wangmin", PASSWORD, next="/accounts/").headers["Location"] == "/accounts/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_the_login_never_leads_to_another_site(account: Account, elsewhere: str) -> None:
    assert attempt("wangmin", PASSWORD, next=elsewhere).headers["Location"] == "/"


def test_every_failure_gets_the_same_answer(account: Account) -> None:
    make_account("gone", is_active=False)
    pages = [
        attempt(*tried).content.decode()
        for tried in (("wangmin", "wrong"), ("nobody", "wrong"), ("gone", PASSWORD))
    ]
    assert [WRONG in page for page in pages] == [True, True, True]


def test_an_unknown_name_costs_the_work_of_a_password_check(monkeypatch) -> None:
    hashed = []
    monkeypatch.setattr(Account, "set_password", lambda self, raw: hashed.append(raw))
    assert AccountBackend().authenticate(None, username="nobody", password="x") is None
    assert hashed == ["x"]


def test_neither_password_nor_typed_name_reaches_the_log(account: Account) -> None:
    attempt("999901199003071234", "MySecret99")
    text = str(list(AuditEntry.objects.values()))
    assert "MySecret99" not in text
    assert "999901199003071234" not in text
    assert actions() == ["accounts.login_failed"]


def test_five_failures_lock_the_name_even_for_the_right_password(account: Account) -> None:
    for _ in range(lockout.MOST_PER_NAME):
        attempt("wangmin", "wrong")
    assert "连续输错次数过多" in attempt("wangmin", PASSWORD).content.decode()
    assert actions().count("accounts.locked") == 1


def test_a_name_that_does_not_exist_locks_alike(account: Account) -> None:
    for _ in range(lockout.MOST_PER_NAME):
        attempt("nobody", "wrong")
    assert "连续输错次数过多" in attempt("nobody", "wrong").content.decode()


def test_others_at_the_same_address_still_come_in(account: Account) -> None:
    for _ in range(lockout.MOST_PER_NAME):
        attempt("nobody", "wrong")
    assert attempt("wangmin", PASSWORD).status_code == 302


def test_guessing_many_names_locks_the_address_only(account: Account, monkeypatch) -> None:
    monkeypatch.setattr(lockout, "MOST_PER_ADDRESS", 6)
    for number in range(6):
        attempt(f"guess{number}", "wrong", address="10.9.9.9")
    assert "连续输错" in attempt("wangmin", PASSWORD, address="10.9.9.9").content.decode()
    assert attempt("wangmin", PASSWORD, address="10.0.0.2").status_code == 302


def test_the_lock_ends_by_itself(account: Account, later) -> None:
    for _ in range(lockout.MOST_PER_NAME):
        attempt("wangmin", "wrong")
    later(minutes=16)
    assert attempt("wangmin", PASSWORD).status_code == 302


def test_an_administrator_ends_the_lock_at_once(account: Account, places) -> None:
    admin = make_account("admin", division=places.county)
    make_post(admin, "system_administrator", places.county)
    for _ in range(lockout.MOST_PER_NAME):
        attempt("wangmin", "wrong")
    client = Client(headers={"host": "localhost"})
    client.force_login(admin)
    client.post(f"/accounts/{account.pk}/unlock/")
    assert attempt("wangmin", PASSWORD).status_code == 302


def test_a_login_forgets_the_failures_of_the_name(account: Account) -> None:
    for _ in range(lockout.MOST_PER_NAME - 1):
        attempt("wangmin", "wrong")
    attempt("wangmin", PASSWORD)
    attempt("wangmin", "wrong")
    assert attempt("wangmin", PASSWORD).status_code == 302


def test_what_was_typed_as_a_name_is_kept_as_a_hash_only(account: Account) -> None:
    attempt("MySecret99", "x")
    assert b"mysecret99" not in bytes(LoginFailure.objects.get().name_hash)


def test_the_first_password_leads_to_nothing_but_its_change(account: Account) -> None:
    Account.objects.update(must_change_password=True)
    client = Client(headers={"host": "localhost"})
    attempt("wangmin", PASSWORD, client=client)
    for url in ("/", "/accounts/", "/divisions/", "/accounts/me/"):
        assert client.get(url).headers["Location"] == "/accounts/password/"
    assert client.get("/accounts/password/").status_code == 200


def change(client: Client, new: str, old: str = PASSWORD):
    return client.post("/accounts/password/", {"old": old, "new": new, "again": new})


def test_after_the_change_everything_opens(account: Account) -> None:
    Account.objects.update(must_change_password=True)
    client = Client(headers={"host": "localhost"})
    attempt("wangmin", PASSWORD, client=client)
    assert change(client, "Brand-new-77").status_code == 302
    assert client.get("/accounts/").status_code == 200
    assert "accounts.password_changed" in actions()


@pytest.mark.parametrize(
    "new", ["short1A", "alllowercaseletters", "1234567890", "wangmin-A1", "Password123", PASSWORD]
)
def test_a_weak_or_the_same_password_is_refused(account: Account, new: str) -> None:
    client = Client(headers={"host": "localhost"})
    client.force_login(account)
    answer = change(client, new)
    assert answer.status_code == 200
    account.refresh_from_db()
    assert account.check_password(PASSWORD)


def test_a_wrong_old_password_changes_nothing(account: Account) -> None:
    client = Client(headers={"host": "localhost"})
    client.force_login(account)
    assert "原密码不正确" in change(client, "Brand-new-77", old="guess").content.decode()


def test_a_changed_password_ends_the_other_sessions(account: Account) -> None:
    here, there = Client(headers={"host": "localhost"}), Client(headers={"host": "localhost"})
    here.force_login(account)
    there.force_login(account)
    change(here, "Brand-new-77")
    assert here.get("/accounts/me/").status_code == 200
    assert there.get("/accounts/me/").status_code == 302


def test_a_deactivated_person_is_out_with_the_next_click(account: Account) -> None:
    client = Client(headers={"host": "localhost"})
    client.force_login(account)
    Account.objects.update(is_active=False)
    assert client.get("/accounts/me/").status_code == 302


def test_nobody_stays_logged_in_over_night(account: Account, later) -> None:
    client = Client(headers={"host": "localhost"})
    client.force_login(account)
    assert client.get("/accounts/me/").status_code == 200
    later(seconds=LONGEST_SESSION.total_seconds() + 60)
    assert client.get("/accounts/me/").status_code == 302


def test_a_session_in_use_is_extended_now_and_then_only(account: Account, later) -> None:
    client = Client(headers={"host": "localhost"})
    client.force_login(account)
    client.get("/accounts/me/")
    first = (client.session[SESSION_STARTED], client.session[SESSION_SEEN])
    client.get("/accounts/me/")
    assert (client.session[SESSION_STARTED], client.session[SESSION_SEEN]) == first
    later(minutes=6)
    client.get("/accounts/me/")
    assert client.session[SESSION_SEEN] > first[1]


def test_leaving_is_logged_and_asks_for_a_form(account: Account) -> None:
    client = Client(headers={"host": "localhost"})
    client.force_login(account)
    assert client.get("/accounts/logout/").status_code == 405
    client.post("/accounts/logout/")
    assert actions() == ["accounts.logout"]
    assert client.get("/accounts/me/").status_code == 302
