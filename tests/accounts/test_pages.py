"""Every page of the accounts room, tried by four people."""

import pytest

from shouwang.accounts.models import Account, Department, Post
from shouwang.audit.models import AuditEntry
from tests.four_people import make_account, make_post

LISTS = ["/accounts/", "/accounts/roles/", "/accounts/new/", "/accounts/departments/"]
OWN = ["/accounts/me/", "/accounts/password/"]


@pytest.mark.parametrize("url", LISTS)
def test_account_management_opens_for_administrators_only(four_people, url: str) -> None:
    four = four_people("system_administrator")
    assert four.statuses(url) == {
        "owner": 200, "neighbour": 200, "department": 403, "nobody": 302,
    }  # fmt: skip


@pytest.mark.parametrize("page", ["", "rename/", "posts/"])
def test_an_account_opens_for_the_administrator_of_its_place(four_people, page: str) -> None:
    four = four_people("system_administrator")
    person = make_account("person", division=four.places.town)
    assert four.statuses(f"/accounts/{person.pk}/{page}") == {
        "owner": 200, "neighbour": 404, "department": 403, "nobody": 302,
    }  # fmt: skip


@pytest.mark.parametrize("step", ["reset-password", "deactivate", "reactivate", "unlock"])
def test_a_step_on_an_account_is_for_its_administrator(four_people, step: str) -> None:
    four = four_people("system_administrator")
    person = make_account("person", division=four.places.town)
    url = f"/accounts/{person.pk}/{step}/"
    assert four.client("neighbour").post(url).status_code == 404
    assert four.client("department").post(url).status_code == 403
    assert four.client("nobody").post(url).status_code == 302
    assert four.client("owner").get(url).status_code == 405
    assert four.client("owner").post(url).status_code in (200, 302)


def test_ending_a_post_is_for_the_administrator_of_the_account(four_people) -> None:
    four = four_people("system_administrator")
    person = make_account("person", division=four.places.town)
    post = make_post(person, "town_clerk", four.places.town)
    assert four.statuses(f"/accounts/{person.pk}/posts/{post.pk}/end/") == {
        "owner": 200, "neighbour": 404, "department": 403, "nobody": 302,
    }  # fmt: skip


@pytest.mark.parametrize("url", OWN)
def test_ones_own_pages_open_for_everybody_who_is_logged_in(four_people, url: str) -> None:
    four = four_people("village_worker")
    assert four.statuses(url) == {
        "owner": 200, "neighbour": 200, "department": 200, "nobody": 302,
    }  # fmt: skip


def test_the_list_shows_the_accounts_of_ones_own_places_only(four_people) -> None:
    four = four_people("system_administrator")
    inside = make_account("inside", "里面的人", division=four.places.town)
    make_post(inside, "town_clerk", four.places.town)
    make_account("outside", "外面的人", division=four.places.neighbour_county)
    page = four.client("owner").get("/accounts/").content.decode()
    assert "里面的人" in page
    assert "青禾镇 乡镇业务员" in page
    assert "外面的人" not in page


def test_a_new_account_is_shown_its_password_once_and_can_log_in(four_people) -> None:
    four = four_people("system_administrator")
    data = {"username": "zhangqing", "name": "张青", "division": four.places.town.pk}
    answer = four.client("owner").post("/accounts/new/", data)
    account = Account.objects.get(username="zhangqing")
    password = answer.context["password"]
    assert password in answer.content.decode()
    assert account.check_password(password)
    assert password not in four.client("owner").get(account.get_absolute_url()).content.decode()
    assert password not in str(list(AuditEntry.objects.values()))


def test_a_refused_form_keeps_what_was_typed(four_people) -> None:
    four = four_people("system_administrator")
    data = {"username": "张", "name": "张青", "division": four.places.town.pk}
    page = four.client("owner").post("/accounts/new/", data).content.decode()
    assert "登录名须为" in page
    assert "张青" in page
    assert "示例县青禾镇" in page


def test_a_post_is_given_and_ended_in_the_browser(four_people) -> None:
    four = four_people("system_administrator")
    person = make_account("person", division=four.places.town)
    url = f"/accounts/{person.pk}/"
    data = {"role": "town_clerk", "division": four.places.town.pk, "valid_from": "2026-01-01"}
    assert four.client("owner").post(f"{url}posts/", data).status_code == 302
    post = Post.objects.get(account=person)
    ended = four.client("owner").post(f"{url}posts/{post.pk}/end/", {"last_day": "2026-02-01"})
    assert ended.status_code == 302
    page = four.client("owner").get(url).content.decode()
    assert "青禾镇 乡镇业务员" in page
    assert "不在任" in page


def test_a_department_is_added_once(four_people) -> None:
    client = four_people("system_administrator").client("owner")
    client.post("/accounts/departments/", {"name": "林业局"})
    page = client.post("/accounts/departments/", {"name": "林业局"}).content.decode()
    assert "不必重复添加" in page
    assert Department.objects.filter(name="林业局").count() == 1


def test_the_switcher_chooses_one_post_or_all(four_people) -> None:
    four = four_people("town_clerk")
    second = make_post(four.owner, "town_leader", four.places.neighbour_town)
    client, url = four.client("owner"), f"/divisions/{four.places.village.pk}/"
    client.post("/accounts/switch-post/", {"post": second.pk, "next": "/accounts/me/"})
    assert client.get(url).status_code == 404
    client.post("/accounts/switch-post/", {"post": "all"})
    assert client.get(url).status_code == 200


def test_nobody_switches_to_a_post_of_somebody_else(four_people) -> None:
    four = four_people("town_clerk")
    other = make_post(four.neighbour, "county_officer", four.places.county)
    answer = four.client("owner").post("/accounts/switch-post/", {"post": other.pk})
    assert answer.status_code == 404


def test_a_chosen_post_that_has_ended_no_longer_counts(four_people) -> None:
    four = four_people("town_clerk")
    second = make_post(four.owner, "town_leader", four.places.neighbour_town)
    client = four.client("owner")
    client.post("/accounts/switch-post/", {"post": second.pk})
    Post.objects.filter(pk=second.pk).update(valid_to="2020-01-02")
    url = f"/divisions/{four.places.neighbour_village.pk}/"
    assert client.get(url).status_code == 404
