"""请示、提醒和督办: a unit asks for more time, the level above answers; what is late goes up."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from shouwang.accounts.models import Post
from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.workplans import waiting
from shouwang.workplans.lights import lines_on
from shouwang.workplans.models import Task
from shouwang.workplans.operations import (
    advance_task,
    answer,
    ask,
    check_report,
    edit_task,
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
    soon = today() + timedelta(10)
    return split_task(
        officer, task, [Part(places.town.name, Decimal(300000), ends_on=soon)],
        version=task.version,
    )[0]  # fmt: skip


def test_a_town_asks_for_more_time_and_the_county_answers(part, person):
    clerk = person("town_clerk")
    leader = person("county_leader")
    new = part.ends_on + timedelta(20)
    asked = ask(clerk, part, kind="extension", reason="连续降雨", new_date=new)
    with pytest.raises(Conflict, match="等答复"):
        ask(clerk, part, kind="extension", reason="再申请", new_date=new)
    with pytest.raises(NotAllowed):
        answer(person("town_leader"), asked, grant=True)
    with pytest.raises(DomainError, match="意见"):
        answer(leader, asked, grant=False)
    assert waiting.badge(leader) == 1
    answer(leader, asked, grant=True)
    part.refresh_from_db()
    assert part.ends_on == new
    assert (asked.old_date, asked.answered_by_label) == (new - timedelta(20), leader.label)
    with pytest.raises(Conflict, match="已由"):
        answer(leader, asked, grant=False, note="不行")


def test_nobody_answers_his_own_request(confirmed, officer, person):
    county = person("county_officer")
    task = Task.objects.order_by("number").first()
    task = edit_task(officer, task, version=task.version, ends_on=today() + timedelta(5))
    asked = ask(county, task, kind="extension", reason="等资金", new_date=today() + timedelta(9))
    with pytest.raises(NotAllowed, match="自己"):
        answer(county, asked, grant=True)
    assert answer(person("county_leader"), asked, grant=True).state == "granted"


@pytest.mark.parametrize(("days", "words"), [(0, "以后"), (-5, "以后"), (200, "上级任务")])
def test_a_new_deadline_is_later_and_within_the_whole(part, person, days, words):
    clerk = person("town_clerk")
    with pytest.raises(DomainError, match=words):
        ask(clerk, part, kind="extension", reason="x", new_date=part.ends_on + timedelta(days))
    with pytest.raises(DomainError, match="理由"):
        ask(clerk, part, kind="help", reason=" ")


def test_help_is_answered_in_words(part, person):
    asked = ask(person("town_clerk"), part, kind="help", reason="缺水泵")
    leader = person("county_leader")
    with pytest.raises(DomainError, match="意见"):
        answer(leader, asked, grant=True)
    assert answer(leader, asked, grant=True, note="水利局调拨两台").state == "granted"


def test_a_deadline_is_told_before_and_goes_up_after_with_the_leaders_name(part, person):
    clerk = person("town_clerk")
    leader, town_leader = person("county_leader"), person("town_leader")
    notice = waiting.waiting_for(clerk).notices[0]
    assert (notice.task, notice.words) == (part, "还有 10 天")
    assert not waiting.waiting_for(leader).notices
    part.ends_on = today() - timedelta(lines_on(today()).up.days)
    part.save()
    up = waiting.waiting_for(town_leader).notices[0]
    assert up.is_escalated
    assert "青禾镇分管领导" in up.words
    assert not waiting.waiting_for(leader).notices
    Task.objects.filter(pk=part.parent_id).update(leader="王五")
    assert "责任领导王五" in waiting.waiting_for(town_leader).notices[0].words
    part.ends_on = today() - timedelta(lines_on(today()).top.days)
    part.save()
    assert part.division.name in waiting.waiting_for(leader).notices[0].words


def test_the_badge_counts_what_the_page_lists(part, person):
    for role in ("town_clerk", "town_leader", "county_officer", "county_leader"):
        actor = person(role)
        assert waiting.badge(actor) == waiting.waiting_for(actor).total
    clerk = person("town_clerk")
    before = waiting.badge(person("county_officer"))
    report_progress(clerk, part, as_of=today(), text="已播", value=Decimal(5))
    assert waiting.badge(person("county_officer")) == before + 1


def test_the_lead_of_the_whole_checks_the_part_and_not_its_own_report(part, person):
    lead = part.parent.units.get(duty="lead").department
    lead_officer = person("department_officer")
    Post.objects.filter(role="department_officer", department__name="医疗保障局").update(
        department=lead
    )
    lead_officer = person("department_officer")
    clerk = person("town_clerk")
    report = report_progress(clerk, part, as_of=today(), text="已播", value=Decimal(5))
    with pytest.raises(NotAllowed):
        check_report(clerk, report, accept=True)
    assert check_report(lead_officer, report, accept=True).state == "accepted"


def test_asking_and_answering_by_form(part, person):
    clerk, leader = person.client("town_clerk"), person.client("county_leader")
    url = reverse("workplans:ask", args=[part.pk])
    body = {"kind": "extension", "reason": "连续降雨", "new_date": "不是日期"}
    assert clerk.post(url, body).status_code == 400
    body["new_date"] = (part.ends_on + timedelta(3)).isoformat()
    assert person.client("town_clerk", "neighbour").post(url, body).status_code == 404
    assert clerk.post(url, body).status_code == 302
    asked = part.requests.get()
    page = leader.get(reverse("workplans:mine")).content.decode()
    assert "申请延期" in page
    assert "同意" in leader.get(part.get_absolute_url()).content.decode()
    answered = reverse("workplans:answer", args=[asked.pk])
    assert clerk.post(answered, {"grant": "1"}).status_code == 403
    assert leader.post(answered, {"grant": "1"}).status_code == 302
