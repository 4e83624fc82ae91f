"""A draft of the county with one department and one town asked, open since yesterday."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shouwang.accounts.models import Department
from shouwang.consultations.comments import send_comment
from shouwang.consultations.models import Comment, Consultation
from shouwang.consultations.operations import make_consultation, take_step
from shouwang.core.actor import Actor, system_actor
from shouwang.core.clock import today
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
def draft(places: Places, officer: Actor, medical: Department) -> Consultation:
    return make_consultation(
        officer, places.county, title="岗位办法（征求意见稿）", drafter="县农业农村局",
        text="第一条 为规范管理。\n第二条 每户一人。", explanation="", audience="public",
        opens_on=today() - timedelta(1), closes_on=today() + timedelta(20),
        contact="县农业农村局办公室", departments=[medical], towns=[places.town],
    )  # fmt: skip


@pytest.fixture
def opened(draft: Consultation, officer: Actor) -> Consultation:
    return take_step(officer, draft, "open", version=draft.version)


@pytest.fixture
def said(opened: Consultation) -> Comment:
    return send_comment(
        opened, address="10.0.0.1", sent=uuid4(), text="每户应可两人轮班。", article="第二条",
        name="张三", phone="13800138000",
    )  # fmt: skip


@pytest.fixture
def person(four_people):
    """The owner of a duty, made once: `person("town_clerk")` is his actor."""
    made = {}

    def find(role: str, who: str = "owner") -> Actor:
        made[role] = made.get(role) or four_people(role)
        return made[role].actor(who)

    find.client = lambda role, who="owner": (find(role), made[role].client(who))[1]
    return find
