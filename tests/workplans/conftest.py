"""A made-up paper of a made-up county, read, confirmed by two people, and its tasks."""

from datetime import date

import pytest

from shouwang.accounts.models import Department
from shouwang.core.actor import Actor, system_actor
from shouwang.workplans.models import Paper
from shouwang.workplans.operations import advance_paper, decide_piece, upload_paper

TEXT = """示例县2026年乡村振兴工作要点

一、守牢粮食安全底线
（一）稳定粮食面积。全年粮食播种面积不少于30万亩，2026年11月底前完成。
〔牵头单位：县农业农村局；责任单位：各乡镇〕
（二）推进农村改厕。完成户用厕所改造2000户，12月底前完成。
〔牵头单位：县农业农村局；责任单位：县住房和城乡建设局〕

二、做好监测帮扶
（三）每月开展一次部门数据比对，及时发现风险。
〔牵头单位：县民政局；责任单位：县医疗保障局、县教育局〕
"""


@pytest.fixture
def officer() -> Actor:
    return system_actor("核对人")


@pytest.fixture
def second() -> Actor:
    return system_actor("第二人")


@pytest.fixture
def departments(db) -> list[Department]:
    found = [
        Department.objects.get_or_create(code=f"t{at}", defaults={"name": name})[0]
        for at, name in enumerate(("农业农村局", "住房和城乡建设局"))
        if not Department.objects.filter(name=name).exists()
    ]
    return found or list(Department.objects.all())


@pytest.fixture
def paper(places, officer, departments) -> Paper:
    return upload_paper(officer, content=TEXT.encode(), name="工作要点.txt", division=places.county)


@pytest.fixture
def confirmed(paper, officer, second) -> Paper:
    for piece in paper.pieces.all():
        decide_piece(officer, piece, state="accepted", version=piece.version)
    sent = advance_paper(officer, paper, "send", version=paper.version)
    return advance_paper(second, sent, "confirm", version=sent.version)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture
def person(four_people):
    """The owner of a duty, made once: `person("town_clerk")` is his actor."""
    made = {}

    def find(role: str, who: str = "owner") -> Actor:
        made[role] = made.get(role) or four_people(role)
        return made[role].actor(who)

    find.client = lambda role, who="owner": (find(role), made[role].client(who))[1]
    return find
