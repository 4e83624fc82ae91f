"""演示: water works with tests in every state and an open problem, grids with people; the rest is
in place_demo."""

from datetime import date, timedelta
from typing import Any

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.divisions.models import Division

from . import place_demo
from .models import WaterProblem
from .operations import add_member, record_grid, record_test, record_works, save_plan, take_step
from .waterworks import demands, periods

WORKS = 8
VILLAGES = 12
PERSONS = {"government": "周镇长", "department": "秦水利", "operator": "葛站长"}


def make(actor: Actor) -> int:
    """Everything through the operations."""
    villages = list(Division.objects.filter(level="village", valid_to=None).order_by("code")[:40])
    now = periods(clock.today(), demands().months)
    kinds = list(demands().kinds)
    for place, village in enumerate(villages[:WORKS]):
        same = [one for one in villages if one.parent_id == village.parent_id][:2]
        persons: dict[str, Any] = PERSONS if place % 4 else {}
        works = record_works(
            actor, name=f"{village.name}供水工程", kind=kinds[place % 3],
            villages=same if place % 2 else [village], households=180 + place * 35,
            people=600 + place * 120, keeper="田管水", built_on=date(now.before.year - 4, 5, 1),
            **persons,
        )  # fmt: skip
        _tests(actor, works, place, now.before, now.begins)
    for place, village in enumerate(villages[:VILLAGES]):
        _grids(actor, village, place)
    place_demo.make(actor)
    return min(len(villages), WORKS)


def _tests(actor: Actor, works: Any, place: int, before: date, begins: date) -> None:
    """Late, tested last period, tested this period, failed with a problem under way."""
    if place % 4 == 0:
        return
    given = {"tested_by": "县疾病预防控制中心", "items": "微生物、浊度、余氯等 43 项"}
    record_test(actor, works, tested_on=before + timedelta(days=40), passed=True, **given)
    if place % 4 == 2:
        record_test(actor, works, tested_on=begins, passed=True, **given)
    if place % 4 == 3:
        record_test(actor, works, tested_on=begins, passed=False, failed_items="浑浊度", **given)
        problem = WaterProblem.objects.get(works=works)
        problem = save_plan(
            actor, problem, plan="清洗蓄水池，更换滤料，复测合格后恢复供水。",
            due_on=problem.due_on, version=problem.version,
        )  # fmt: skip
        take_step(actor, problem, "plan", version=problem.version)


def _grids(actor: Actor, village: Division, place: int) -> None:
    for number in range(1, 3):
        grid = record_grid(
            actor, village, name=f"第{'一二'[number - 1]}网格", scope=f"第{number}村民小组",
            households=60 + place * 3,
        )  # fmt: skip
        if place % 5 == 4 and number == 2:
            continue
        start = clock.today() - timedelta(days=200)
        add_member(actor, grid, name="石网格", role="keeper", unit="村民小组长", valid_from=start)
        if place % 3:
            add_member(actor, grid, name="阮信息", role="informant", unit="村医", valid_from=start)
