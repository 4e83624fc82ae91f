"""One supply of two villages, and the actor that may do everything."""

from datetime import date

import pytest

from shouwang.core.actor import Actor, system_actor
from shouwang.localities.models import WaterWorks
from shouwang.localities.operations import record_works
from tests.four_people import Places


@pytest.fixture
def officer() -> Actor:
    return system_actor("测试")


@pytest.fixture
def works(places: Places, officer: Actor) -> WaterWorks:
    return record_works(
        officer, name="青禾水厂", kind="thousand", villages=[places.village, places.other_village],
        households=420, people=1500, government="周镇长", department="秦水利", operator="葛站长",
        built_on=date(2020, 1, 1),
    )  # fmt: skip
