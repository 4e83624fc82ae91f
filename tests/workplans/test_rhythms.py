"""定期任务和日历: a period that ends without a report is told; the calendar shows how."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from shouwang.core.clock import today
from shouwang.workplans import calendars, rhythms, waiting
from shouwang.workplans.models import Progress, Reminder, Task
from shouwang.workplans.operations import remind

pytestmark = pytest.mark.django_db
D = date.fromisoformat


@pytest.fixture
def monthly(confirmed, places) -> Task:
    """部门数据比对 every month, begun at the turn of the year; nothing else is due."""
    Task.objects.update(ends_on=None, rhythm="")
    task = Task.objects.get(title__contains="数据比对")
    Task.objects.filter(pk=task.pk).update(
        rhythm="month", state="going", begins_on=D("2026-01-01"), reported_on=D("2026-05-08")
    )
    task.refresh_from_db()
    return task


@pytest.mark.parametrize(
    ("day", "told"),
    [("2026-05-28", False), ("2026-06-10", False), ("2026-06-15", True), ("2026-06-30", True),
     ("2025-12-30", False)],
)  # fmt: skip
def test_a_period_is_told_in_its_second_half_while_no_report_came(monthly, day, told):
    assert rhythms.is_told(monthly, D(day)) is told
    assert Task.objects.filter(rhythms.unreported(D(day))).exists() is told
    assert (waiting.notice_of(monthly, D(day)) is not None) is told


@pytest.mark.parametrize(
    ("rhythm", "ends_on", "due"),
    [("week", None, "2026-06-21"), ("quarter", None, "2026-06-30"),
     ("month", "2026-06-20", "2026-06-20"), ("month", "2027-01-01", "2026-06-30"),
     ("", "2027-01-01", "2027-01-01"), ("", None, None)],
)  # fmt: skip
def test_the_nearer_of_deadline_and_period_counts(rhythm, ends_on, due):
    task = Task(rhythm=rhythm, ends_on=ends_on and D(ends_on))
    assert rhythms.due_of(task, D("2026-06-16")) == (due and D(due))


def test_each_period_is_told_once_and_not_after_its_report(monthly):
    assert remind(D("2026-06-16")) == "临近提醒 1 项。"
    assert remind(D("2026-06-29")) == "没有新的提醒。"
    assert Reminder.objects.get().ends_on == D("2026-06-30")
    assert remind(D("2026-07-20")) == "临近提醒 1 项。"
    Task.objects.update(reported_on=D("2026-08-02"))
    assert remind(D("2026-08-20")) == "没有新的提醒。"


def test_the_words_say_what_to_do(monthly):
    notice = waiting.notice_of(monthly, D("2026-06-25"))
    assert notice.words == "每月的任务，本期5 天后截止，还没有报送"


def test_the_calendar_shows_deadlines_and_how_periods_are_kept(monthly, person, officer):
    report = {"task": monthly, "share": Decimal(1), "reported_at": "2026-05-08T00:00Z"}
    Progress.objects.create(as_of=D("2026-05-08"), text="已比对", **report)
    other = Task.objects.exclude(pk=monthly.pk).first()
    Task.objects.filter(pk=other.pk).update(ends_on=D("2026-05-20"))
    may = calendars.month_of(officer, D("2026-05-01"), D("2026-06-25"))
    assert [(one.on, one.word) for one in may.entries] == [
        (D("2026-05-20"), "红灯"), (D("2026-05-31"), "本期已报"),
    ]  # fmt: skip
    assert [(row.due, row.kept) for row in may.kept] == [(1, 1)]
    words = {
        month: [one.word for one in calendars.month_of(officer, D(month), D("2026-06-25")).entries]
        for month in ("2026-04-01", "2026-06-01", "2026-07-01", "2025-12-01")
    }
    assert words == {
        "2026-04-01": ["本期没有报"], "2026-06-01": ["本期待报"], "2026-07-01": ["还没到期"],
        "2025-12-01": [],
    }  # fmt: skip
    assert may.weeks[0][0].day == D("2026-04-27")


def test_the_page_of_the_calendar(monthly, person):
    url = reverse("workplans:calendar")
    client = person.client("county_officer")
    for month in ("2026-06", "", "x", "2026-13", "0000-01", "٢٠٢٦-٠١", "9999999-1"):
        assert client.get(url, {"month": month}).status_code == 200
    shown = client.get(url, {"month": f"{today() - timedelta(40):%Y-%m}"}).content.decode()
    assert "定期任务按时报送" in shown
    other = person.client("town_clerk", "neighbour").get(url, {"month": "2026-06"})
    assert monthly.title[:8] not in other.content.decode()
