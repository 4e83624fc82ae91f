"""定期任务和日历: a period that ends without a report is told; the calendar shows how."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.urls import reverse

from shouwang.core.clock import today
from shouwang.workplans import calendars, stages, waiting
from shouwang.workplans.models import Progress, Reminder, Task
from shouwang.workplans.operations import remind
from shouwang.workplans.states import ReminderKind

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
    assert (stages.stage_of(monthly, D(day)) is not None) is told
    assert Task.objects.filter(stages.called(D(day))).exists() is told
    assert (waiting.notice_of(monthly, D(day)) is not None) is told


@pytest.mark.parametrize(
    ("rhythm", "ends_on", "due"),
    [("week", None, "2026-06-14"), ("quarter", None, "2026-06-30"),
     ("month", "2026-06-20", "2026-06-20"), ("month", "2027-01-01", "2026-06-30"),
     ("", "2027-01-01", None), ("", None, None)],
)  # fmt: skip
def test_the_nearer_of_deadline_and_period_counts(rhythm, ends_on, due):
    task = Task(
        rhythm=rhythm, ends_on=ends_on and D(ends_on), begins_on=D("2026-01-01"),
        reported_on=None if rhythm == "week" else D("2026-05-02"),
    )  # fmt: skip
    if rhythm == "quarter":
        task.reported_on = D("2026-03-02")
    stage = stages.stage_of(task, D("2026-06-18"))
    assert (stage and stage.ends_on) == (due and D(due))


def test_each_period_is_told_once_and_not_after_its_report(monthly):
    assert remind(D("2026-06-16")) == "临近提醒 1 项。"
    assert remind(D("2026-06-29")) == "没有新的提醒。"
    assert Reminder.objects.get().ends_on == D("2026-06-30")
    assert remind(D("2026-07-20")) == "超期提醒 1 项。"
    Task.objects.update(reported_on=D("2026-08-02"))
    assert remind(D("2026-08-20")) == "没有新的提醒。"


def test_periods_missed_in_a_row_go_up_level_by_level(monthly, person):
    leader = person("county_leader")
    said = {day: remind(D(day)) for day in ("2026-07-01", "2026-08-01", "2026-09-01")}
    assert list(said.values()) == ["超期提醒 1 项。", "提请督办 1 项。", "提请县级督办 1 项。"]
    assert [one.ends_on for one in Reminder.objects.order_by("ends_on")] == [
        D("2026-06-30"), D("2026-07-31"), D("2026-08-31"),
    ]  # fmt: skip
    notice = waiting.notice_of(monthly, D("2026-09-01"))
    assert notice.words.startswith("每月的任务，连续 3 期没有报送，提请")
    assert list(waiting.due_tasks(leader, D("2026-08-01"))) == [monthly]
    assert not waiting.due_tasks(leader, D("2026-07-01")).exists()
    assert remind(D("2026-10-02")) == "提请县级督办 1 项。", "another period is told anew"
    Task.objects.update(reported_on=D("2026-10-03"))
    assert remind(D("2026-10-05")) == "没有新的提醒。"


def test_a_task_made_yesterday_has_missed_nothing(monthly):
    Task.objects.update(begins_on=None, reported_on=None, made_at="2026-06-10T08:00Z")
    monthly.refresh_from_db()
    assert [stages.stage_of(monthly, D(day)) for day in ("2026-06-12", "2026-07-02")] == [None] * 2
    assert stages.stage_of(monthly, D("2026-08-02")).missed == 1


def test_one_task_and_the_database_agree_on_every_stage(confirmed):
    """A hundred tasks of all kinds on days of all kinds: each at the one stage or at none."""
    chance = Random(20261123)
    model = Task.objects.exclude(parent=None).first() or Task.objects.first()
    day0 = D("2026-01-01")
    some = lambda span: chance.choice([None, day0 + timedelta(chance.randrange(span))])  # noqa: E731
    made = []
    for index in range(100):
        task = Task.objects.get(pk=model.pk)
        task.pk, task.number = None, f"X{index}"
        task.rhythm = chance.choice(["", *stages.RHYTHMS])
        task.ends_on, task.begins_on, task.reported_on = some(500), some(200), some(400)
        task.made_at = datetime(2026, 1, 1, 4, tzinfo=UTC) + timedelta(chance.randrange(200))
        made.append(task)
    Task.objects.all().update(ends_on=None, rhythm="")
    made = Task.objects.bulk_create(made)
    for day in (day0 + timedelta(n) for n in (40, 150, 151, 212, 333)):
        told = {task.pk: stages.stage_of(task, day) for task in made}
        for kind in ReminderKind:
            found = set(Task.objects.filter(stages.at(kind, day)).values_list("pk", flat=True))
            assert found == {pk for pk, stage in told.items() if stage and stage.kind == kind}
        called = set(Task.objects.filter(stages.called(day)).values_list("pk", flat=True))
        assert called == {pk for pk, stage in told.items() if stage}


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
