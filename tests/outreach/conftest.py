"""A code of a village, and households that a leaflet is for."""

import pytest

from shouwang.core.actor import Actor, system_actor
from shouwang.outreach.models import ReportCode
from shouwang.outreach.operations import renew_code
from tests.campaigns.conftest import homes  # noqa: F401 - fixture
from tests.four_people import Places


@pytest.fixture
def officer() -> Actor:
    return system_actor("测试")


@pytest.fixture
def code(places: Places, officer: Actor) -> ReportCode:
    return renew_code(officer, places.village, reason="首次生成")
