"""饮水工程: half-yearly tests, what is late, and the problem that a failed test opens."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from shouwang.core.actor import Actor
from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.localities import demo
from shouwang.localities.models import WaterProblem, WaterWorks
from shouwang.localities.operations import record_test, record_works, save_plan, take_step
from shouwang.localities.queries import late_tests, works_of
from shouwang.localities.waterworks import (
    DONE,
    LATE,
    NOT_ASKED,
    BadWaterworks,
    periods,
    read,
    test_state,
)

pytestmark = pytest.mark.django_db
GIVEN = {"tested_by": "疾控中心", "items": "43 项"}
test_state.__test__ = False


def url(name, *args):
    return reverse(f"localities:{name}", args=args)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from([1, 2, 3, 4, 6, 12]))
def test_every_day_lies_in_one_period_and_periods_follow_each_other(day, months):
    now = periods(day, months)
    assert now.before < now.begins <= day <= now.ends
    assert periods(now.begins - timedelta(days=1), months).begins == now.before
    assert periods(now.ends, months) == now


@pytest.mark.parametrize(
    ("kind", "last", "state"),
    [
        ("thousand", None, LATE), ("thousand", date(2025, 12, 31), LATE),
        ("thousand", date(2026, 1, 1), "waiting"), ("thousand", date(2026, 7, 1), DONE),
        ("scattered", None, NOT_ASKED),
    ],
)  # fmt: skip
def test_works_without_a_test_in_the_half_year_before_are_late(kind, last, state):
    assert test_state(kind, date(2020, 1, 1), last, date(2026, 8, 1)) == state


def test_the_list_and_the_words_agree_on_who_is_late(works, officer, places):
    young = record_works(
        officer, name="新水厂", kind="central", villages=[places.village], built_on=today()
    )
    for row in works_of(officer):
        state = test_state(row.kind, row.built_on, row.last_test, today())
        is_late = works_of(officer).filter(late_tests(today()), pk=row.pk).exists()
        assert is_late == (state == LATE)
    assert not works_of(officer).filter(late_tests(today()), pk=young.pk).exists()
    record_test(officer, works, tested_on=today(), passed=True, **GIVEN)
    assert not works_of(officer).filter(late_tests(today())).exists()


def test_a_failed_test_opens_a_problem_that_another_person_signs_off(works, officer):
    record_test(officer, works, tested_on=today(), passed=False, failed_items="浑浊度", **GIVEN)
    problem = WaterProblem.objects.get()
    assert problem.due_on > today()
    with pytest.raises(DomainError, match="解决方案"):
        take_step(officer, problem, "plan", version=1)
    problem = save_plan(officer, problem, plan="换滤料", due_on=problem.due_on, version=1)
    with pytest.raises(Conflict):
        save_plan(officer, problem, plan="再写", due_on=problem.due_on, version=1)
    problem = take_step(officer, problem, "plan", version=problem.version)
    with pytest.raises(DomainError, match="复测"):
        take_step(officer, problem, "apply", version=problem.version, given="报告")
    record_test(officer, works, tested_on=today(), passed=True, items="43 项", tested_by="检测站")
    problem = take_step(officer, problem, "apply", version=problem.version, given="复测报告")
    with pytest.raises(DomainError, match="以外的人"):
        take_step(officer, problem, "approve", version=problem.version)
    other = Actor(9, "审核人", officer.scopes)
    problem = take_step(other, problem, "approve", version=problem.version)
    assert (problem.state, problem.closed_on) == ("closed", today())
    assert len(problem.history) == 5


def test_a_problem_waits_for_the_three_responsible_persons(officer, places):
    bare = record_works(officer, name="无人管", kind="central", villages=[places.village])
    record_test(officer, bare, tested_on=today(), passed=False, failed_items="菌落", **GIVEN)
    problem = WaterProblem.objects.get()
    problem = save_plan(officer, problem, plan="消毒", due_on=problem.due_on, version=1)
    with pytest.raises(DomainError, match="责任人"):
        take_step(officer, problem, "plan", version=problem.version)


@pytest.mark.parametrize(
    "changes",
    [
        {"tested_on": date(2100, 1, 1)}, {"tested_on": date(2019, 1, 1)}, {"tested_by": " "},
        {"passed": False}, {"failed_items": "铁"},
    ],
)  # fmt: skip
def test_a_test_that_cannot_be_is_refused(works, officer, changes):
    with pytest.raises(DomainError):
        record_test(officer, works, **({"tested_on": today(), "passed": True} | GIVEN | changes))
    assert not works.tests.exists()


def test_works_stand_at_the_place_that_holds_their_villages(works, officer, places, four_people):
    assert works.division == places.town
    wide = record_works(
        officer, name="县水厂", kind="thousand",
        villages=[places.village, places.neighbour_village],
    )  # fmt: skip
    assert wide.division == places.county
    clerk = four_people("town_clerk")
    assert WaterWorks.objects.visible_to(clerk.actor("owner")).count() == 2
    assert WaterWorks.objects.visible_to(clerk.actor("neighbour")).get() == wide
    with pytest.raises(NotFound):
        record_test(clerk.actor("owner"), wide, tested_on=today(), passed=True, **GIVEN)
    with pytest.raises(NotFound):
        record_works(
            clerk.actor("owner"), name="越界", kind="central", villages=[places.neighbour_village]
        )
    with pytest.raises(Conflict):
        record_works(officer, name="青禾水厂", kind="central",
                     villages=[places.village, places.other_village])  # fmt: skip


def test_pages_are_tried_by_four(works, officer, four_people):
    record_test(officer, works, tested_on=today(), passed=False, failed_items="铁", **GIVEN)
    problem = WaterProblem.objects.get()
    four = four_people("town_clerk")
    mine = {"owner": 200, "neighbour": 404, "department": 403, "nobody": 302}
    seen = mine | {"neighbour": 200}
    for name in ("water", "problems", "new-works", "import-works", "works-template"):
        assert four.statuses(url(name)) == seen, name
    for name in ("works", "change-works", "new-test"):
        assert four.statuses(url(name, works.pk)) == mine, name
    assert four.statuses(url("problem", problem.pk)) == mine
    worker = four_people("village_worker").client("owner")
    assert worker.get(url("works", works.pk)).status_code == 200
    assert worker.get(url("new-test", works.pk)).status_code == 404
    client = four.client("owner")
    plan = {"version": problem.version, "plan": "换滤料", "due_on": problem.due_on.isoformat()}
    assert client.post(url("problem", problem.pk), plan).status_code == 302
    late = client.post(url("problem", problem.pk), plan | {"plan": "改用新滤料"})
    assert late.status_code == 409 and "改用新滤料" in late.content.decode()
    assert late.context["form"]["version"].value() == str(problem.version + 1)
    step = {"version": problem.version + 1, "action": "plan"}
    assert client.post(url("problem-step", problem.pk), step).status_code == 302
    assert client.post(url("problem-step", problem.pk), step).status_code == 409
    assert client.post(url("problem-step", problem.pk), {"version": "x"}).status_code == 400
    page = client.get(url("water") + "?test=problem&export=csv")
    assert "青禾水厂" in b"".join(page.streaming_content if page.streaming else [page.content]
                             ).decode("utf-8-sig")  # fmt: skip


def send(client, *rows):
    book = Workbook()
    book.active.append(["工程名称", "类型", "供水村", "供水户数", "管水员"])
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return client.post(
        url("import-works"), {"file": SimpleUploadedFile("工程.xlsx", stream.getvalue())}
    )


def test_a_workbook_of_works_is_taken_whole_or_not_at_all(four_people, places):
    client = four_people("county_officer").client("owner")
    good = ["柳湾水厂", "千人以上集中供水", "柳湾村、石桥村", 300, "田管水"]
    bad = send(
        client, good, ["坏", "不知道", "柳湾村", "x", ""], ["远", "分散供水", "月亮村", 1, ""]
    )
    assert bad.status_code == 422
    assert "月亮村" in bad.content.decode()
    assert not WaterWorks.objects.exists()
    assert send(client, good).status_code == 302
    assert send(client, good).status_code == 302
    assert WaterWorks.objects.get().villages.count() == 2


def test_demands_that_cannot_be_are_refused():
    data = {"kinds": [], "months_between_tests": 5, "near_days": 1, "duties": ["a", "b", "c"]}
    with pytest.raises(BadWaterworks):
        read(data)
    with pytest.raises(BadWaterworks):
        read(data | {"months_between_tests": 6, "duties": []})


def test_the_demo_shows_works_in_every_state(places, officer):
    assert demo.make(officer) == 3
    assert works_of(officer).filter(late_tests(today())).exists()
