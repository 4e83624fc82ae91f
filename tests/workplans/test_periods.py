"""规划期: papers, tasks and indicators belong to one; a key project serves indicators."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.indicators.models import Definition, Target
from shouwang.workplans import overview
from shouwang.workplans.figures import FIGURES
from shouwang.workplans.models import PlanPeriod, Task
from shouwang.workplans.neighbours import period_members
from shouwang.workplans.operations import (
    add_period,
    add_project,
    advance_paper,
    decide_piece,
    gather_tasks,
    link_project,
    make_task,
    put_papers,
    visit_project,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def period(officer, places) -> PlanPeriod:
    year = today().year
    return add_period(
        officer, name="“十五五”规划", division=places.county, first_year=year, last_year=year + 4
    )


@pytest.fixture
def indicator(officer, places) -> Definition:
    from shouwang.core.clock import now

    made = Definition.objects.create(
        code="cold-chain", name="冷链库容", unit="吨", division=places.county, made_at=now(),
        made_by_label="x", valid_from=today() - timedelta(400), level="county",
    )  # fmt: skip
    Target.objects.create(
        definition=made, division=places.county, year=today().year, value=Decimal(500),
        made_at=now(), made_by_label="x",
    )  # fmt: skip
    return made


def count(figure, path):
    found = next(one for one in FIGURES if one.key == figure)
    return found.count([path], today())


def test_a_paper_brings_its_tasks_and_takes_them_away(confirmed, officer, period):
    assert put_papers(officer, period, [confirmed]) == 3
    row = overview.by_period(officer, today(), [period])[0]
    assert row.total == 3
    assert [one.key for one in overview.by_paper(officer, today(), period.pk)] == [confirmed.pk]
    assert put_papers(officer, period, []) == 0
    assert overview.by_period(officer, today(), [period])[0].total == 0
    assert not Task.objects.exclude(plan_period=None).exists()


def test_tasks_that_come_later_belong_to_the_period_of_their_paper(paper, officer, second, period):
    put_papers(officer, period, [paper])
    for piece in paper.pieces.all():
        decide_piece(officer, piece, state="accepted", version=1)
    paper.refresh_from_db()
    sent = advance_paper(officer, paper, "send", version=paper.version)
    advance_paper(second, sent, "confirm", version=sent.version)
    assert set(Task.objects.values_list("plan_period", flat=True)) == {period.pk}


def test_tasks_without_a_paper_join_by_their_limit(officer, places, period):
    for days in (10, 365 * 8, None):
        ends = None if days is None else today() + timedelta(days)
        make_task(officer, number="1", title="x", division=places.county, ends_on=ends)
    assert gather_tasks(officer, period) == 1
    assert gather_tasks(officer, period) == 0


def test_impossible_periods_are_refused(officer, places, period, person):
    for first, last in ((2025, 2021), (1900, 1905), (2021, 2099)):
        with pytest.raises(DomainError, match="结束年"):
            add_period(officer, name="x", division=places.county, first_year=first, last_year=last)
    with pytest.raises(Conflict, match="登记过"):
        add_period(
            officer, name=period.name, division=places.county, first_year=2021, last_year=2025
        )
    with pytest.raises(NotFound):
        gather_tasks(person("town_clerk"), period)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanPeriod.objects.update(last_year=1999)


def test_indicators_belong_by_their_paper_or_their_years(officer, period, indicator, confirmed):
    member = next(one for one in period_members() if one.label == "指标")
    assert member.count(officer, period) == 1
    indicator.targets.update(year=period.last_year + 1)
    assert member.count(officer, period) == 0
    Definition.objects.update(paper=confirmed)
    put_papers(officer, period, [confirmed])
    assert member.count(officer, period) == 1


def test_the_pages_of_a_period(confirmed, period, indicator, four_people, person):
    four = four_people("county_officer")
    page = reverse("workplans:period", args=[period.pk])
    assert four.statuses(page) == {
        "owner": 200, "neighbour": 404, "department": 200, "nobody": 302,
    }  # fmt: skip
    client = four.client("owner")
    papers = reverse("workplans:period-papers", args=[period.pk])
    assert four.client("department").post(papers, {"paper": [confirmed.pk]}).status_code == 403
    assert client.post(papers, {"paper": [str(confirmed.pk), "x"]}).status_code == 302
    shown = client.get(page).content.decode()
    assert "政策文件（1）" in shown
    assert f"period={period.pk}&amp;level=leaf&amp;state=counted" in shown
    seen = client.get(reverse("workplans:overview"), {"period": period.pk}).content.decode()
    assert "只看“十五五”规划" in seen
    listed = client.get(reverse("workplans:tasks"), {"period": period.pk, "level": "leaf"})
    assert "粮食播种面积" in listed.content.decode()
    gather = reverse("workplans:period-gather", args=[period.pk])
    assert client.post(gather).status_code == 302
    body = {"name": "新一期", "division": period.division_id, "first_year": 2031, "last_year": 2035}
    assert client.post(reverse("workplans:period-new"), body).status_code == 302
    assert person.client("town_clerk").get(reverse("workplans:period-new")).status_code == 403


def test_a_key_project_serves_indicators_and_counts_for_them(officer, places, indicator, person):
    project = add_project(
        officer, name="冷链中心", division=places.county, body="商务局", person="张三"
    )
    with pytest.raises(DomainError, match="没有指标"):
        link_project(officer, project, ["unknown"])
    link_project(officer, project, [indicator.code])
    page = reverse("workplans:project", args=[project.pk])
    shown = person.client("county_officer").get(page).content.decode()
    assert "冷链库容" in shown
    assert "500 吨" in shown
    visit_project(
        officer, project, kind="site", visited_on=today(), percent=Decimal(55), text="主体封顶"
    )
    path = places.county.path
    assert count("workplans.projects", path) == {path: 1}
    assert count("workplans.project_progress", path) == {path: Decimal(55)}
    assert count("workplans.project_progress", places.neighbour_county.path) == {}
    goals = reverse("workplans:project-goals", args=[project.pk])
    assert person.client("town_clerk").post(goals, {"goal": []}).status_code == 404
    assert person.client("county_officer").post(goals, {"goal": ["x"]}).status_code == 400
    assert person.client("county_officer").post(goals, {"goal": []}).status_code == 302
    project.refresh_from_db()
    assert project.goal_codes == []
