"""定时任务: due work is queued once, told truly, done again by hand, and never by a stranger."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from shouwang.core import clock, schedule
from shouwang.core.errors import DomainError, NotAllowed, NotFound
from shouwang.core.models import RunState, ScheduledRun
from shouwang.indicators.operations import make_definition

pytestmark = pytest.mark.django_db
MONTH = schedule.Schedule("x.month", "每月", "month", "indicators.manage", lambda day: f"{day}")
QUARTER = schedule.Schedule("x.quarter", "每季", "quarter", "indicators.manage", lambda day: "好")
DAY = schedule.Schedule("x.day", "每天", "day", "indicators.manage", lambda day: "好")


@pytest.fixture
def only(monkeypatch):
    """Only these schedules are declared."""

    def put(*found):
        monkeypatch.setattr(schedule, "all_schedules", lambda: {one.key: one for one in found})

    return put


@pytest.mark.parametrize(
    ("one", "day", "last", "following"),
    [
        (MONTH, date(2026, 3, 31), date(2026, 3, 1), date(2026, 4, 1)),
        (MONTH, date(2026, 1, 1), date(2026, 1, 1), date(2026, 2, 1)),
        (QUARTER, date(2026, 12, 31), date(2026, 10, 1), date(2027, 1, 1)),
        (DAY, date(2026, 2, 28), date(2026, 2, 28), date(2026, 3, 1)),
    ],
)
def test_days_on_which_work_is_due(one, day, last, following):
    assert (one.last_due(day), one.next_due(day)) == (last, following)


def test_due_work_is_done_once_however_often_the_worker_asks(only):
    only(MONTH, DAY)
    assert {run.state for run in schedule.queue_due(date(2026, 5, 9))} == {"done"}
    assert schedule.queue_due(date(2026, 5, 9)) == []
    (next_day,) = schedule.queue_due(date(2026, 5, 10))
    assert (next_day.key, next_day.due_on) == ("x.day", date(2026, 5, 10))
    assert ScheduledRun.objects.get(key="x.month").message == "2026-05-01"


def test_failing_work_says_so_and_leaves_nothing_half_done(only):
    def half(day):
        ScheduledRun.objects.filter(key="x.day").update(asked_by_label="半截")
        raise RuntimeError("secret detail")

    only(schedule.Schedule("x.day", "坏的", "day", "indicators.manage", half))
    (run,) = schedule.queue_due(date(2026, 5, 9))
    assert (run.state, run.asked_by_label) == ("failed", "自动")
    assert "secret" not in run.error


def test_what_broke_off_is_told_as_failed_and_may_be_done_again(only, four_people):
    only(DAY)
    old = clock.now() - timedelta(hours=schedule.LOST_HOURS + 1)
    ScheduledRun.objects.create(
        key="x.day", due_on=date(2026, 5, 9), state=RunState.RUNNING, queued_at=old, started_at=old,
        asked_by_label="自动",
    )  # fmt: skip
    officer = four_people("county_officer").actor("owner")
    with pytest.raises(Exception, match="正在运行"):
        schedule.run_again(officer, "x.day", date(2026, 5, 9))
    assert schedule.queue_due(date(2026, 5, 9)) == []
    again = schedule.run_again(officer, "x.day", date(2026, 5, 9))
    assert (again.attempt, again.state) == (2, "done")
    with pytest.raises(DomainError, match="没有运行过"):
        schedule.run_again(officer, "x.day", date(2026, 5, 1))
    with pytest.raises(NotFound):
        schedule.run_again(officer, "x.none", date(2026, 5, 9))
    with pytest.raises(NotAllowed):
        schedule.run_again(four_people("town_clerk").actor("owner"), "x.day", date(2026, 5, 9))


def test_indicators_are_counted_on_the_first_of_the_month_and_the_page_tells(places, four_people):
    from shouwang.core.actor import system_actor

    officer = system_actor("业务员")
    values = {"division": places.county, "source": "formula", "formula": "registry.people",
              "unit": "人", "valid_from": date(2020, 1, 1)}  # fmt: skip
    made = make_definition(officer, code="月", name="人口", rhythm="month", **values)
    yearly = make_definition(officer, code="年", name="年人口", rhythm="year", **values)
    (run,) = [one for one in schedule.queue_due() if one.key == "indicators.month"]
    assert run.state == "done", run.error
    ended = run.due_on - timedelta(days=1)
    assert made.actuals.get(division=places.county).period == f"{ended:%Y-%m}"
    assert yearly.actuals.filter(division=places.county).count() == 1
    four = four_people("county_officer")
    client = four.client("owner")
    page = client.get(reverse("core:schedule")).content.decode()
    assert "自动计算指标" in page and "算出" in page
    again = {"key": "indicators.month", "due_on": f"{run.due_on:%Y-%m-%d}"}
    assert client.post(reverse("core:schedule-again"), again).status_code == 302
    assert made.actuals.count() == 3  # the county and its towns, not one more
    department = four.client("department")
    assert "再运行一次" not in department.get(reverse("core:schedule")).content.decode()
    assert department.post(reverse("core:schedule-again"), again).status_code == 403
    assert four.statuses(reverse("core:schedule"))["nobody"] == 302
    assert client.post(reverse("core:schedule-again"), {"due_on": "x"}).status_code == 400
