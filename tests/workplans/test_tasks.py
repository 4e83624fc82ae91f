"""任务: refined, split with checked sums, reported, lit, ended."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.core.actor import Actor, Scope
from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError
from shouwang.workplans import lights, queries
from shouwang.workplans.models import Progress, Task
from shouwang.workplans.operations import (
    advance_task,
    check_report,
    edit_task,
    make_task,
    report_progress,
    split_task,
)
from shouwang.workplans.operations.splitting import Part
from shouwang.workplans.operations.work import CHECKS
from shouwang.workplans.states import task_table

pytestmark = pytest.mark.django_db


@pytest.fixture
def grain(confirmed) -> Task:
    return Task.objects.order_by("number").first()


def refined(officer, task):
    task = edit_task(officer, task, version=task.version, place="全县", person="张三")
    return advance_task(officer, task, "start", version=task.version)


def test_a_task_starts_only_with_quantity_place_and_person(grain, officer):
    with pytest.raises(DomainError, match="地点、责任人"):
        advance_task(officer, grain, "start", version=grain.version)
    assert refined(officer, grain).state == "going"


def test_parts_must_reach_the_whole(grain, officer, places):
    short = [Part(places.town.name, Decimal(100000)), Part("县民政局", Decimal(150000))]
    with pytest.raises(DomainError, match="少 50,000 亩"):
        split_task(officer, grain, short, version=grain.version)
    with pytest.raises(DomainError, match="只写一行"):
        split_task(officer, grain, [short[0], short[0]], version=grain.version)
    with pytest.raises(DomainError, match="都要写"):
        split_task(officer, grain, [Part(places.town.name, None)], version=grain.version)
    parts = split_task(
        officer, grain, [short[0], Part("县民政局", Decimal(220000))], version=grain.version
    )
    assert [part.quantity for part in parts] == [100000, 220000]
    with pytest.raises(Conflict):
        grain.refresh_from_db()
        split_task(officer, grain, short, version=grain.version)


def test_figures_add_up_into_the_task_above(grain, officer, places):
    grain = refined(officer, grain)
    parts = split_task(
        officer, grain,
        [Part(places.town.name, Decimal(100000)), Part("县民政局", Decimal(200000))],
        version=grain.version,
    )  # fmt: skip
    with pytest.raises(DomainError, match="自动汇总"):
        grain.refresh_from_db()
        report_progress(officer, grain, as_of=today(), text="x", value=Decimal(1))
    report_progress(officer, parts[0], as_of=today(), text="已播", value=Decimal(100000))
    grain.refresh_from_db()
    assert grain.done == 100000
    assert grain.share == Decimal("0.3333")
    report = report_progress(officer, parts[1], as_of=today(), text="已播", value=Decimal(200000))
    grain.refresh_from_db()
    assert grain.share == 1
    check_report(officer, report, accept=False, note="没有佐证")
    grain.refresh_from_db()
    assert grain.share == Decimal("0.3333")
    with pytest.raises(Conflict, match="已由"):
        check_report(officer, report, accept=True)


def test_a_task_ends_only_when_reached_and_every_report_was_looked_at(grain, officer):
    grain = refined(officer, grain)
    with pytest.raises(DomainError, match="没有报送"):
        advance_task(officer, grain, "finish", version=grain.version, note="完成")
    report = report_progress(officer, grain, as_of=today(), text="全部完成", value=Decimal(300000))
    grain.refresh_from_db()
    finishing = advance_task(officer, grain, "finish", version=grain.version, note="完成")
    with pytest.raises(DomainError, match="没有审看"):
        advance_task(officer, finishing, "accept", version=finishing.version)
    check_report(officer, report, accept=True)
    finishing.refresh_from_db()
    assert advance_task(officer, finishing, "accept", version=finishing.version).state == "done"


def test_a_department_reports_only_its_own_tasks(grain, officer, places):
    grain = refined(officer, grain)
    lead = grain.units.get(duty="lead").department
    rights = frozenset({"workplans.view", "workplans.report"})

    def person(department):
        scope = Scope(places.county.path, "department_officer", rights, department=department)
        return Actor(None, f"{department}报送员", (scope,))

    mine, other = person(lead.name), person("县气象局")
    assert queries.tasks_visible_to(mine).filter(pk=grain.pk).exists()
    assert not queries.tasks_visible_to(other).filter(pk=grain.pk).exists()
    report_progress(mine, grain, as_of=today(), text="已播", value=Decimal(3))
    with pytest.raises(DomainError):
        report_progress(other, grain, as_of=today(), text="已播", value=Decimal(3))
    assert Progress.objects.count() == 1


@pytest.mark.parametrize(
    ("done", "days", "expected"),
    [("0.5", 50, "green"), ("0.41", 50, "yellow"), ("0.39", 50, "red"), ("0", 0, "green"),
     ("0.99", 101, "red")],
)  # fmt: skip
def test_lights_compare_work_with_time(done, days, expected):
    begins = date(2026, 1, 1)
    found = lights.light(
        begins=begins, ends=begins + timedelta(100), on=begins + timedelta(days),
        done=Decimal(done), is_done=False,
    )  # fmt: skip
    assert found == expected


@given(st.decimals(0, 2, places=3), st.integers(0, 100), st.decimals(0, 1, places=3))
def test_more_work_never_makes_the_light_worse(done, days, more):
    order = {"red": 0, "yellow": 1, "green": 2}
    begins = date(2026, 1, 1)
    common = {
        "begins": begins, "ends": begins + timedelta(100), "on": begins + timedelta(days),
        "is_done": False,
    }  # fmt: skip
    less, after = lights.light(done=done, **common), lights.light(done=done + more, **common)
    assert order[after] >= order[less]


def test_a_task_without_a_deadline_has_no_light_and_without_law_no_light_is_guessed():
    assert lights.light(begins=None, ends=None, on=today(), done=None, is_done=False) == "none"
    with pytest.raises(LookupError):
        lights.lines_on(date(1999, 1, 1))


def test_the_board_agrees_with_the_list(confirmed, officer):
    rows = queries.board(officer)
    leaves = Task.objects.filter(parts=None, units__duty="lead").distinct()
    assert sum(row.total for row in rows) == sum(
        task.units.filter(duty="lead").count() for task in leaves
    )


def test_impossible_tasks_are_refused(officer, places):
    with pytest.raises(DomainError, match="负数"):
        make_task(officer, number="1", title="x", division=places.county, quantity=Decimal(-1))
    with pytest.raises(DomainError, match="早于"):
        make_task(
            officer, number="1", title="x", division=places.county, begins_on=date(2026, 2, 1),
            ends_on=date(2026, 1, 1),
        )  # fmt: skip
    assert not Task.objects.exists()


def test_every_requirement_of_the_table_has_a_check():
    assert task_table().requirements <= set(CHECKS)
