"""The support tests' world: households of the casework tests, monitored by the shortest way."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from shouwang.accounts.models import Department
from shouwang.cases.models import Case, CaseRisk
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.registry.models import Household, Member
from tests.cases.conftest import (  # noqa: F401 - fixtures
    START,
    Calendar,
    Cast,
    Maker,
    actor_at,
    calendar,
    cast,
    maker,
)
from tests.four_people import Places

AGRICULTURE = "农业农村局"


@pytest.fixture
def monitored(calendar: Calendar) -> Callable[..., Case]:  # noqa: F811
    """Makes a case that stands in the register, as an adopted one does."""

    def make(household: Household, *risks: str, **values: Any) -> Case:
        given: dict[str, Any] = {
            "regime": "2021", "origin": "adopted", "state": "monitored", "entered_on": START,
            "clock_started_on": START, "identified_on": START, "class_key": "marginal",
            "decided": {"class": "marginal"}, "opened_at": clock.now(), "opened_by_label": "测试",
        }  # fmt: skip
        case = Case.objects.create(
            number=f"999901-2026-{household.pk:06d}", household=household,
            village=household.village, **(given | values),
        )  # fmt: skip
        for place, risk in enumerate(risks or ("income",), 1):
            CaseRisk.objects.create(case=case, position=place, key=risk)
        return case

    return make


@pytest.fixture
def household(maker: Maker, places: Places) -> Household:  # noqa: F811
    """One with labour, of known ages, out of school."""
    made = maker(places.village)
    Member.objects.filter(household=made).update(
        birth=date(1980, 5, 1), education="初中", health="健康", resident_pension="是",
        dibao="未享受", tekun="未享受",
    )  # fmt: skip
    return made


@pytest.fixture
def case(household: Household, monitored: Callable[..., Case]) -> Case:
    return monitored(household)


@pytest.fixture
def agriculture(places: Places, cast: Cast) -> Actor:  # noqa: F811
    """The officer of the department that most development measures go to."""
    department = Department.objects.get(name=AGRICULTURE)
    return actor_at("农业局经办人", "department_officer", places.county, department)
