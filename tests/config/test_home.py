"""The start page has something to say to every duty."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from shouwang.accounts.roles import ROLES
from shouwang.config import home
from tests.four_people import FourPeople

pytestmark = pytest.mark.django_db
Four = Callable[..., FourPeople]


def labels(four: FourPeople) -> set[str]:
    return {figure.label for figure in home.figures(four.actor("owner"))}


def test_a_department_sees_what_became_of_its_files(four_people: Four) -> None:
    assert labels(four_people("department_officer")) == {"已采用的批次", "其中退回待补正"}


def test_who_keeps_accounts_sees_how_many_there_are(four_people: Four) -> None:
    four = four_people("system_administrator")
    figures = {figure.label: figure.value for figure in home.figures(four.actor("owner"))}
    assert figures["使用中的账号"] >= 2
    assert "审计记录" in figures
    assert "农户" not in figures, "no personal data, not even counted"


@pytest.mark.parametrize("role", ROLES)
def test_nobody_meets_an_empty_page(four_people: Four, role: str) -> None:
    four = four_people(role)
    assert labels(four)
    assert four.client("owner").get(reverse("home")).status_code == 200
