"""提醒和督办: told once a stage by the worker, noted by who is concerned, seen above."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from shouwang.core import schedule
from shouwang.core.clock import today
from shouwang.core.errors import DomainError, NotAllowed
from shouwang.workplans import waiting
from shouwang.workplans.lights import lines_on
from shouwang.workplans.models import Reminder, Task
from shouwang.workplans.operations import (
    acknowledge,
    advance_task,
    check_report,
    edit_task,
    remind,
    report_progress,
    split_task,
)
from shouwang.workplans.operations.splitting import Part

pytestmark = pytest.mark.django_db


@pytest.fixture
def part(confirmed, officer, places) -> Task:
    """The part of a town, due in ten days; the whole is due in a hundred."""
    task = Task.objects.order_by("number").first()
    task = edit_task(
        officer, task, version=task.version, place="全县", person="张三",
        begins_on=today() - timedelta(50), ends_on=today() + timedelta(100),
    )  # fmt: skip
    task = advance_task(officer, task, "start", version=task.version)
    Task.objects.filter(parent=None).exclude(pk=task.pk).update(ends_on=None, rhythm="")
    soon = today() + timedelta(10)
    parts = [Part(places.town.name, Decimal(300000), ends_on=soon)]
    return split_task(officer, task, parts, version=task.version)[0]


def due(task: Task, days: int) -> None:
    Task.objects.filter(pk=task.pk).update(ends_on=today() + timedelta(days))
    task.refresh_from_db()


def test_each_stage_is_told_once_however_often_the_worker_runs(part):
    assert remind(today()) == "临近提醒 1 项。"
    assert remind(today()) == remind(today() + timedelta(3)) == "没有新的提醒。"
    assert remind(part.ends_on + timedelta(1)) == "超期提醒 1 项。"
    up = part.ends_on + timedelta(lines_on(today()).up.days)
    Task.objects.filter(pk=part.parent_id).update(leader="王五")
    assert remind(up) == "提请督办 1 项。"
    assert "责任领导王五" in Reminder.objects.get(kind="up").leader
    top = part.ends_on + timedelta(lines_on(today()).top.days)
    assert [remind(top), remind(top)] == ["提请县级督办 1 项。", "没有新的提醒。"]
    due(part, 12)
    assert remind(today()) == "临近提醒 1 项。"
    assert Reminder.objects.count() == 5


def test_the_worker_reminds_by_itself_every_day(part):
    runs = {run.key: run for run in schedule.queue_due(today())}
    assert runs["workplans.remind"].message == "临近提醒 1 项。"
    assert schedule.queue_due(today()) == []


def test_who_notes_a_reminder_has_it_off_the_badge_until_the_next_stage(part, person):
    clerk = person("town_clerk")
    remind(today())
    assert waiting.badge(clerk) == waiting.waiting_for(clerk).total == 1
    told = Reminder.objects.get()
    assert acknowledge(clerk, [told]) == acknowledge(clerk, [told], "月底前播完") == 1
    assert told.seen.get().words == "月底前播完"
    found = waiting.waiting_for(clerk)
    assert (waiting.badge(clerk), found.total, len(found.seen)) == (0, 0, 1)
    assert waiting.due_tasks(clerk, today()).count() == 1
    due(part, -1)
    assert waiting.badge(clerk) == 1


def test_the_leaders_words_reach_the_unit(part, person, places):
    due(part, -lines_on(today()).up.days)
    remind(today())
    near, leader, clerk = person("town_leader"), person("county_leader"), person("town_clerk")
    assert (waiting.badge(near), waiting.badge(leader)) == (1, 0)
    due(part, -lines_on(today()).top.days)
    Reminder.objects.all().delete()
    remind(today())
    assert (waiting.badge(near), waiting.badge(leader)) == (1, 1)
    assert Reminder.objects.get().leader.startswith(places.county.name)
    acknowledge(leader, [Reminder.objects.get()], "本周内拿出补救办法")
    assert waiting.badge(leader) == 0
    page = person.client("town_clerk").get(part.get_absolute_url()).content.decode()
    assert "本周内拿出补救办法" in page
    assert waiting.badge(clerk) == 1


def test_strangers_cannot_note_and_numbers_of_people_are_refused(part, person):
    remind(today())
    told = Reminder.objects.get()
    with pytest.raises(NotAllowed, match="不归您"):
        acknowledge(person("county_leader"), [told])
    with pytest.raises(DomainError, match="手机"):
        acknowledge(person("town_clerk"), [told], "打 13800138000")
    with pytest.raises(DomainError, match="选择"):
        acknowledge(person("town_clerk"), [])
    assert not told.seen.exists()


def test_pages_by_four_people(part, person):
    remind(today())
    told = Reminder.objects.get()
    post, page = reverse("workplans:reminders-seen"), reverse("workplans:reminders")
    assert "还没有人看" in person.client("town_clerk").get(page).content.decode()
    assert part.title[:20] not in (
        person.client("town_clerk", "neighbour").get(page).content.decode()
    )
    assert person.client("town_clerk", "nobody").get(page).status_code == 302
    for bad in ({}, {"reminder": "x"}, {"reminder": "9" * 30}, {"reminder": "٣"}):
        assert person.client("town_clerk").post(post, bad).status_code == 400
    body = {"reminder": told.pk, "next": "https://elsewhere.example/"}
    assert person.client("town_clerk", "neighbour").post(post, body).status_code == 400
    assert person.client("town_clerk").get(post).status_code == 405
    assert "这些提醒我都已阅" in (
        person.client("town_clerk").get(reverse("workplans:mine")).content.decode()
    )
    answer = person.client("town_clerk").post(post, body)
    assert (answer.status_code, answer["Location"]) == (302, reverse("workplans:mine"))
    assert person.client("town_clerk").get(page + "?seen=no&state=open").status_code == 200
    assert "看过提醒" in person.client("town_clerk").get(reverse("workplans:mine")).content.decode()


def test_nothing_waits_for_who_only_looks_on(part, person):
    due(part, -lines_on(today()).up.days)
    remind(today())
    watcher = person("supervisor")
    assert waiting.badge(watcher) == waiting.waiting_for(watcher).total == 0
    page = person.client("supervisor").get(reverse("workplans:reminders")).content.decode()
    assert part.title[:10] in page


def test_a_towns_share_split_among_villages_waits_for_their_workers(part, officer, places, person):
    share = [Part(places.village.name, Decimal(300000), ends_on=part.ends_on)]
    made = split_task(officer, part, share, version=part.version)[0]
    assert made.units.get().division == places.village
    remind(today())
    worker = person("village_worker")
    assert [one.task for one in waiting.waiting_for(worker).notices] == [made]


def test_a_report_sent_back_waits_for_its_unit_until_it_is_made_anew(part, officer, person):
    clerk, far = person("town_clerk"), person("town_clerk", "neighbour")
    Task.objects.filter(pk=part.pk).update(state="going", ends_on=today() + timedelta(200))
    part.refresh_from_db()
    first = report_progress(clerk, part, as_of=today(), text="已播种", value=Decimal(1000))
    assert waiting.badge(clerk) == 0
    check_report(officer, first, accept=False, note="请补地块表")
    assert [one.pk for one in waiting.waiting_for(clerk).returned] == [first.pk]
    assert waiting.badge(clerk) == waiting.waiting_for(clerk).total == 1
    assert not waiting.waiting_for(far).returned
    assert not waiting.waiting_for(officer).returned
    report_progress(clerk, part, as_of=today(), text="已播种，附地块表", value=Decimal(1000))
    assert waiting.badge(clerk) == 0


def test_rows_that_wait_say_whose_part_they_are(part, officer, person, places):
    Task.objects.filter(pk=part.pk).update(state="going", ends_on=today() + timedelta(200))
    part.refresh_from_db()
    report = report_progress(officer, part, as_of=today(), text="已播种", value=Decimal(1000))
    page = person.client("county_officer").get(reverse("workplans:mine")).content.decode()
    assert f'待审看</span> <span class="muted">{places.town.name}' in page
    check_report(officer, report, accept=False, note="请补地块表")
    page = person.client("town_clerk").get(reverse("workplans:mine")).content.decode()
    assert "退回重报" in page and "请补地块表" in page
