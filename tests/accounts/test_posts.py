"""Posts decide the scope: several at a time, between two days, acting from one or from all."""

from datetime import date, timedelta

import pytest

from shouwang.accounts import operations
from shouwang.accounts.actors import actor_for
from shouwang.accounts.models import Account, Department
from shouwang.accounts.passwords import CharacterClassValidator, one_time_password
from shouwang.core.actor import system_actor
from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from tests.four_people import make_account, make_post

SYSTEM = system_actor("命令行")
DAY = date(2026, 6, 30)


def give(account, role: str, division, actor=SYSTEM, **values):
    values = {"valid_from": date(2026, 1, 1), **values}
    return operations.give_post(actor, account, role=role, division=division, **values)


@pytest.fixture
def person(places) -> Account:
    return make_account("person", division=places.county)


@pytest.fixture
def manager(places):
    admin = make_account("admin", division=places.county)
    make_post(admin, "system_administrator", places.county)
    return actor_for(admin, today())


def test_two_posts_reach_two_places_each_with_its_rights(places, person: Account) -> None:
    give(person, "town_clerk", places.town)
    give(person, "county_leader", places.neighbour_county)
    actor = actor_for(person, DAY)
    assert actor.can_at("registry.reveal", places.village.path)
    assert not actor.can_at("registry.reveal", places.neighbour_county.path)
    assert actor.can_at("registry.view", places.neighbour_county.path)


def test_a_post_counts_from_its_first_to_its_last_day(places, person: Account) -> None:
    give(person, "town_clerk", places.town, valid_from=DAY, valid_to=DAY)
    reach = [
        actor_for(person, DAY + timedelta(days=shift)).can("registry.view") for shift in (-1, 0, 1)
    ]
    assert reach == [False, True, False]


def test_acting_from_one_post_leaves_the_other_aside(places, person: Account) -> None:
    clerk = give(person, "town_clerk", places.town)
    give(person, "town_leader", places.neighbour_town)
    actor = actor_for(person, DAY, clerk.pk)
    assert [scope.division_path for scope in actor.scopes] == [places.town.path]


def test_a_department_officer_carries_his_department(places, person: Account) -> None:
    water = Department.objects.get(name="水利局")
    give(person, "department_officer", places.county, department=water)
    assert [scope.department for scope in actor_for(person, DAY).scopes] == ["水利局"]


def test_a_deactivated_account_reaches_nothing(places, person: Account) -> None:
    give(person, "town_clerk", places.town)
    operations.deactivate(SYSTEM, person)
    assert actor_for(person, DAY).scopes == ()


@pytest.mark.parametrize(
    ("role", "place", "words"),
    [
        ("town_clerk", "county", "只能设在乡级"),
        ("county_officer", "village", "只能设在县级"),
        ("department_officer", "county", "须选择部门"),
        ("emperor", "county", "没有这种职责"),
    ],
)
def test_a_post_that_makes_no_sense_is_refused(places, person, role, place, words) -> None:
    with pytest.raises(DomainError, match=words):
        give(person, role, getattr(places, place))


def test_a_post_without_a_place_is_for_the_operator_only(places, person: Account) -> None:
    with pytest.raises(DomainError, match="须选择所在的区划"):
        give(person, "town_clerk", None)
    assert give(person, "system_administrator", None).label == "全部区划 系统管理员"


def test_the_same_post_twice_at_a_time_is_refused(places, person: Account) -> None:
    give(person, "town_clerk", places.town)
    with pytest.raises(Conflict, match="已有同样的岗位"):
        give(person, "town_clerk", places.town)


def test_nobody_hands_himself_a_post(places, manager) -> None:
    own = Account.objects.get(username="admin")
    with pytest.raises(NotAllowed, match="另一位"):
        give(own, "county_officer", places.county, actor=manager)


def test_nobody_hands_out_posts_beyond_his_places(places, person: Account, manager) -> None:
    with pytest.raises(NotFound):
        give(person, "county_officer", places.neighbour_county, actor=manager)
    with pytest.raises(NotFound):
        give(person, "system_administrator", None, actor=manager)


def test_accounts_of_the_next_county_do_not_exist_for_the_manager(places, manager) -> None:
    stranger = make_account("stranger", division=places.neighbour_county)
    with pytest.raises(NotFound):
        operations.reset_password(manager, stranger)
    with pytest.raises(NotFound):
        operations.deactivate(manager, stranger)


def test_an_ended_post_no_longer_counts(places, person: Account) -> None:
    post = give(person, "town_clerk", places.town)
    operations.end_post(SYSTEM, post, last_day=date(2026, 5, 31))
    assert actor_for(person, DAY).scopes == ()
    with pytest.raises(Conflict, match="已经离任"):
        operations.end_post(SYSTEM, post, last_day=date(2026, 5, 31))


def test_a_post_ended_before_its_first_day_was_never_held(places, person: Account) -> None:
    post = give(person, "town_clerk", places.town, valid_from=DAY)
    operations.end_post(SYSTEM, post, last_day=DAY - timedelta(days=1))
    assert actor_for(person, DAY).scopes == ()


def test_a_new_account_gets_a_password_for_one_use(places, manager) -> None:
    account, password = operations.create_account(
        manager, username=" Zhang.Qing ", name="张青", division=places.town
    )
    assert account.username == "zhang.qing"
    assert account.must_change_password
    assert account.check_password(password)


@pytest.mark.parametrize(
    "username", ["", "ab", "王敏", "a b c", "999901199003071234", "13800000000"]
)
def test_a_login_name_is_plain_and_no_personal_number(places, manager, username: str) -> None:
    with pytest.raises(DomainError):
        operations.create_account(manager, username=username, name="张", division=places.town)


def test_a_login_name_is_given_once(places, manager, person) -> None:
    with pytest.raises(Conflict, match="已被使用"):
        operations.create_account(manager, username="PERSON", name="张", division=places.town)


def test_one_time_passwords_meet_the_rules_and_never_repeat() -> None:
    passwords = {one_time_password() for _ in range(200)}
    assert len(passwords) == 200
    for password in passwords:
        CharacterClassValidator().validate(password)
