"""总览、甘特图、专项行动、示范经验、重点项目、会议决定、自动数."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError
from shouwang.meetings.models import Meeting
from shouwang.meetings.operations import record_meeting, void_meeting
from shouwang.workplans import overview
from shouwang.workplans.figures import FIGURES
from shouwang.workplans.models import Example, Initiative, KeyProject, Task
from shouwang.workplans.operations import (
    add_initiative,
    add_project,
    edit_task,
    tasks_of_meeting,
    visit_project,
)

pytestmark = pytest.mark.django_db
FIGURE = {figure.key: figure for figure in FIGURES}


def url(name, *args):
    return reverse(f"workplans:{name}", args=args)


@pytest.fixture
def meeting(places, officer) -> Meeting:
    return record_meeting(
        officer, body="county", division=places.county, kind="dispatch", title="调度推进会",
        held_on=today(), minutes="研究水毁渠道修复。",
    )  # fmt: skip


def test_the_overview_counts_each_task_once_under_its_paper(confirmed, officer):
    rows = overview.by_paper(officer, today())
    assert [(row.title, row.total) for row in rows] == [(confirmed.title, 3)]
    chart = overview.treemap(rows)
    areas = chart.option["series"][0]["data"][0]["children"]
    assert sum(area["value"] for area in areas) == 3
    assert chart.table.rows[0][1] == 3


def test_the_gantt_draws_each_task_within_the_span(confirmed, officer):
    task = Task.objects.order_by("number").first()
    begins = today() - timedelta(30)
    edit_task(
        officer, task, version=task.version, begins_on=begins, ends_on=today() + timedelta(30)
    )
    drawn = overview.gantt(officer, today(), paper=None, page=1, size=50)
    assert drawn.total == Task.objects.exclude(ends_on=None).count()
    for bar in drawn.bars:
        assert 0 <= bar.start <= bar.start + bar.length <= overview.WIDTH + 4
    assert 0 < drawn.today < overview.WIDTH
    assert 2 <= len(drawn.months) <= 12
    assert not overview.gantt(officer, today(), paper=0, page=9, size=50).bars


def test_the_pages_open_for_who_sees_tasks_and_for_nobody_else(confirmed, person):
    county = person.client("county_officer")
    for name in ("overview", "gantt", "initiatives", "examples", "projects"):
        assert county.get(url(name)).status_code == 200
        assert person.client("town_clerk").get(url(name)).status_code == 200
        assert person.client("town_clerk", "nobody").get(url(name)).status_code == 302
    for query in ("?paper=9&page=0", "?paper=x&page=９", "?page=999999999999"):
        assert county.get(url("gantt") + query).status_code == 200
    assert person.client("town_clerk").get(url("initiative-new")).status_code == 403
    assert person.client("town_clerk").get(url("project-new")).status_code == 403
    assert person.client("county_leader").get(url("example-new")).status_code == 403


def test_tasks_carry_only_initiatives_of_the_dictionary(confirmed, officer, person):
    county = person.client("county_officer")
    task = Task.objects.order_by("number").first()
    values = {
        "version": task.version, "title": task.title, "tags": "千万工程", "lead": "县农业农村局",
    }  # fmt: skip
    assert "先在" in county.post(url("edit", task.pk), values).content.decode()
    body = {"name": "千万工程", "level": "nation", "framework": "六大行动"}
    assert county.post(url("initiative-new"), body).status_code == 302
    with pytest.raises(Conflict):
        add_initiative(officer, name="千万工程", level="nation")
    assert county.post(url("edit", task.pk), values).status_code == 302
    page = county.get(url("initiatives")).content.decode()
    assert "六大行动" in page
    listed = county.get(url("tasks") + "?tag=千万工程").content.decode()
    assert task.title[:10] in listed
    assert Initiative.objects.count() == 1


def test_decisions_of_a_meeting_become_tasks_by_one_button(meeting, officer, person):
    county = person.client("county_officer")
    page = county.get(meeting.get_absolute_url()).content.decode()
    assert "会议决定转任务" in page
    bad = county.post(url("decisions", meeting.pk), {"lines": "修渠 | 县水利局 | 张三 | 年底"})
    assert "年底" in bad.content.decode()
    lines = "修渠｜县水利局｜张三｜2026-12-31\n\n清点物资"
    assert county.post(url("decisions", meeting.pk), {"lines": lines}).status_code == 302
    first, second = meeting.tasks.order_by("number")
    assert (first.person, second.title) == ("张三", "清点物资")
    assert first.units.get().department is not None
    assert meeting.title in county.get(first.get_absolute_url()).content.decode()
    assert person.client("town_clerk").get(url("decisions", meeting.pk)).status_code in (403, 404)


def test_a_void_meeting_decides_nothing(meeting, officer):
    void_meeting(officer, meeting, reason="记错", version=1)
    with pytest.raises(Conflict, match="作废"):
        tasks_of_meeting(officer, meeting, [{"title": "x"}])


def test_a_key_project_shows_its_newest_visit(places, officer, person):
    project = add_project(
        officer, name="县域冷链", division=places.county, body="商务局", person="甲"
    )
    for days, percent in ((1, 60), (9, 30)):
        visit_project(
            officer, project, kind="site", visited_on=today() - timedelta(days),
            percent=Decimal(percent), text="按计划",
        )  # fmt: skip
    project.refresh_from_db()
    assert (project.share, project.visited_on) == (Decimal("0.6"), today() - timedelta(1))
    with pytest.raises(DomainError, match="以后"):
        visit_project(
            officer, project, kind="site", visited_on=today() + timedelta(1),
            percent=Decimal(1), text="x",
        )  # fmt: skip
    county = person.client("county_officer")
    body = {"kind": "meeting", "visited_on": today().isoformat(), "percent": "70", "text": "加快"}
    assert county.post(url("project", project.pk), body).status_code == 302
    assert person.client("town_clerk").post(url("project", project.pk), body).status_code == 404
    new = {"division": places.county.pk, "name": "园区", "body": "发改局", "person": "乙"}
    assert county.post(url("project-new"), new).status_code == 302
    assert KeyProject.objects.count() == 2


def test_an_example_is_shared_below_and_holds_no_personal_number(places, person):
    county = person.client("county_officer")
    body = {
        "division": places.county.pk, "title": "五色管理", "kind": "practice",
        "field": "monitoring", "text": "按户分类，电话 13800000000。",
    }  # fmt: skip
    assert county.post(url("example-new"), body).status_code == 400
    body["text"] = "按户分类，每月研判。"
    assert county.post(url("example-new"), body).status_code == 302
    shared = Example.objects.get()
    assert person.client("town_clerk").get(url("example", shared.pk)).status_code == 200
    assert (
        person.client("county_officer", "neighbour").get(url("example", shared.pk)).status_code
        == 404
    )


def test_figures_of_tasks_add_up_and_an_empty_place_has_no_share(confirmed, places):
    paths = [places.county.path, places.town.path]
    assert FIGURE["workplans.tasks"].count(paths, today())[places.county.path] == 3
    task = Task.objects.order_by("number").first()
    due = today() - timedelta(5)
    Task.objects.filter(pk=task.pk).update(ends_on=due)
    late = FIGURE["workplans.late"].count(paths, today())
    assert late[places.county.path] >= 1
    Task.objects.exclude(pk=task.pk).update(ends_on=None)
    Task.objects.filter(pk=task.pk).update(state="done", reported_on=due)
    on_time = FIGURE["workplans.on_time"].count(paths, today())
    assert on_time[places.county.path] == 100
    assert places.neighbour_county.path not in FIGURE["workplans.on_time"].count(
        [places.neighbour_county.path], today()
    )
