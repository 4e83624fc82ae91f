"""An actor's posts decide what he may do and where."""

import pytest

from shouwang.core.actor import ANONYMOUS, Actor, Scope, require, system_actor
from shouwang.core.errors import NotAllowed, NotFound
from shouwang.core.rights import UnknownRight, all_rights, get_right, rights_of_role

TOWN = Scope("/1/2/", "town_clerk", frozenset({"divisions.view"}))


def test_a_right_counts_only_below_its_division() -> None:
    actor = Actor(1, "王", (TOWN,))
    assert actor.can_at("divisions.view", "/1/2/5/")
    assert not actor.can_at("divisions.view", "/1/3/")
    assert not actor.can_at("divisions.view", "/1/22/")


def test_what_is_outside_the_scope_does_not_exist() -> None:
    with pytest.raises(NotFound):
        require(Actor(1, "王", (TOWN,)), "divisions.view", "/1/3/")


def test_what_is_inside_without_the_right_is_refused() -> None:
    with pytest.raises(NotAllowed):
        require(Actor(1, "王", (TOWN,)), "divisions.manage", "/1/2/")


def test_two_posts_do_not_lend_each_other_their_rights() -> None:
    manager = Scope("/1/3/", "system_administrator", frozenset({"divisions.manage"}))
    actor = Actor(1, "王", (TOWN, manager))
    with pytest.raises(NotAllowed):
        require(actor, "divisions.manage", "/1/2/")
    require(actor, "divisions.manage", "/1/3/9/")


def test_nobody_may_nothing() -> None:
    assert not any(ANONYMOUS.can(code) for code in all_rights())
    with pytest.raises(NotAllowed):
        require(ANONYMOUS, "divisions.view", "/1/")


def test_the_system_reaches_everything() -> None:
    actor = system_actor("命令行")
    assert all(actor.can_at(code, "/1/2/3/") for code in all_rights())


def test_asking_for_a_right_that_nobody_declared_is_a_mistake_of_the_program() -> None:
    with pytest.raises(UnknownRight):
        ANONYMOUS.can("divisions.fly")


def test_every_right_says_in_chinese_what_it_is() -> None:
    assert [code for code, right in all_rights().items() if right.label.isascii()] == []
    assert [code for code, right in all_rights().items() if not right.explanation] == []


def test_the_administrator_of_the_system_sees_no_personal_data() -> None:
    held = rights_of_role("system_administrator")
    assert {"accounts.manage", "divisions.manage", "divisions.view", "audit.view"} == held


def test_a_right_knows_its_roles() -> None:
    assert "county_officer" in get_right("divisions.manage").roles
