"""The navigation folds the verbs that a page does not belong to, and still tells what waits."""

import re

import pytest
from django.urls import reverse

from shouwang.core.context import Entry, Group
from tests.four_people import FourPeople

pytestmark = pytest.mark.django_db
GROUP = re.compile(r'data-nav-group="(.+?)"( open)?>')


def groups(people: FourPeople, url: str) -> dict[str, bool]:
    page = people.client("owner").get(url).content.decode()
    return {label: bool(is_open) for label, is_open in GROUP.findall(page)}


def test_only_the_verb_of_the_page_is_open(four_people) -> None:
    found = groups(four_people("county_officer"), reverse("registry:households"))
    assert [label for label, is_open in found.items() if is_open] == ["知情"]
    assert len(found) == 5


def test_on_the_start_page_every_verb_is_open(four_people) -> None:
    assert all(groups(four_people("county_officer"), "/").values())


def test_a_short_navigation_is_never_folded(four_people) -> None:
    assert all(groups(four_people("system_administrator"), reverse("accounts:list")).values())


def test_a_folded_verb_tells_how_much_waits_in_it() -> None:
    group = Group("行动", (Entry("a", "/a/", "x", 2), Entry("b", "/b/", "x", 3)), is_open=False)
    assert group.waiting == 5
