"""Indicators of a made-up county: one reported, one counted, and the people who deal with them."""

from datetime import date
from decimal import Decimal

import pytest

from shouwang.accounts.models import Department
from shouwang.core.actor import Actor, system_actor
from shouwang.indicators.models import Definition
from shouwang.indicators.operations import make_definition, set_targets
from shouwang.indicators.operations.targets import Goal


@pytest.fixture
def officer() -> Actor:
    return system_actor("业务员甲")


@pytest.fixture
def second() -> Actor:
    return system_actor("第二人")


@pytest.fixture
def water(db) -> Department:
    return Department.objects.get_or_create(name="水利局", defaults={"code": "water"})[0]


@pytest.fixture
def medical(db) -> Department:
    return Department.objects.get_or_create(
        name="医疗保障局", defaults={"code": "medical_insurance"}
    )[0]


@pytest.fixture
def sewage(places, officer, medical) -> Definition:
    """A share that the department reports each quarter, the same for all towns."""
    made = make_definition(
        officer, division=places.county, code="污水", name="农村生活污水处理率", unit="%",
        value_type="percent", rhythm="quarter", department=medical, valid_from=date(2024, 1, 1),
    )  # fmt: skip
    set_targets(officer, made, [Goal(places.county, 2026, Decimal(40))])
    return made


@pytest.fixture
def grain(places, officer) -> Definition:
    """An amount that towns report for themselves and that adds up to the county."""
    return make_definition(
        officer, division=places.county, code="粮食面积", name="粮食播种面积", unit="亩",
        rhythm="year", reporter="place", level="town", spread="sum", accumulates=True,
        is_red_line=True, valid_from=date(2024, 1, 1),
    )  # fmt: skip
