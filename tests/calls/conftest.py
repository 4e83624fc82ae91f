"""A call of a village to one department, and the actor that may do everything."""

import pytest

from shouwang.accounts.models import Department
from shouwang.calls.models import Call
from shouwang.calls.operations import raise_call
from shouwang.core.actor import Actor, system_actor
from tests.four_people import Places


@pytest.fixture
def officer() -> Actor:
    return system_actor("测试")


@pytest.fixture
def medical(db: None) -> Department:
    found, _ = Department.objects.get_or_create(
        name="医疗保障局", defaults={"code": "medical_insurance"}
    )
    return found


@pytest.fixture
def other(db: None) -> Department:
    found, _ = Department.objects.get_or_create(name="教育体育局", defaults={"code": "education"})
    return found


@pytest.fixture
def call(places: Places, officer: Actor, medical: Department) -> Call:
    return raise_call(
        officer, places.village, title="参保信息查不到", text="请到村核对。", urgency="normal",
        departments=[medical],
    )  # fmt: skip
