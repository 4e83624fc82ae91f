"""村级问题台账: roads, disaster damage and medical gaps in one register with steps of their own."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from shouwang.accounts.models import Department
from shouwang.config.today import things
from shouwang.core.actor import Actor, Scope
from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.core.rights import all_rights
from shouwang.localities.models import PlaceProblem
from shouwang.localities.operations import (
    change_problem,
    draw_sample,
    place_offers,
    plan_problem,
    record_problem,
    report_progress,
    take_place_step,
)
from shouwang.localities.operations.place_steps import CHECKS
from shouwang.localities.place_kinds import BadKinds, book, read
from shouwang.localities.states import SETTLED, place_table

pytestmark = pytest.mark.django_db
ROADS = book().kinds["roads"]
FOUND = {"subject": "not_passable", "name": "柳湾公路", "channel": "patrol"}


def url(name, *args):
    return reverse(f"localities:{name}", args=args)


def person(name: str) -> Actor:
    return Actor(None, name, (Scope("/", "test", frozenset(all_rights())),))


def road(officer, village, **more):
    return record_problem(officer, ROADS, village, **(FOUND | {"found_on": today()} | more))


def planned(officer, problem):
    return plan_problem(
        officer, problem, version=problem.version, measure="repair", plan="listed",
        plan_year=today().year, responsible="秦交通",
    )  # fmt: skip


def step(actor, problem, action, words=""):
    return take_place_step(actor, problem, action, version=problem.version, words=words)


def signed(officer, village, **more):
    problem = planned(officer, road(officer, village, **more))
    for who, action, words in (
        ("甲", "plan", ""), ("甲", "start", ""), ("甲", "apply", "照片"), ("乙", "check", "已通车"),
        ("丙", "sign", ""),
    ):  # fmt: skip
        problem = step(person(who), problem, action, words)
    return problem


def test_the_state_table_is_sound_and_every_requirement_has_its_check():
    table = place_table()
    assert table.unreachable() == set()
    assert table.requirements == set(CHECKS)
    assert set(SETTLED) <= set(table.states)
    assert {row.right for row in table.transitions} <= set(all_rights())


def test_a_problem_gets_its_limit_from_the_rulebook_and_its_number(officer, places):
    problem = road(
        officer, places.village, quantity=Decimal("2.5"), unit="公里", width=Decimal("4.5")
    )
    assert problem.due_on == today() + timedelta(days=ROADS.subjects["not_passable"].days)
    assert problem.number == f"999901-公路-{today().year}-0001"
    assert problem.details == {"width": "4.5"}
    assert problem.steps.count() == 1


def test_the_whole_way_goes_through_four_hands_and_a_sample(officer, places):
    problem = signed(officer, places.village)
    assert (problem.state, problem.signed_on) == ("signed", today())
    assert draw_sample(person("丁"), ROADS, places.county) == 1
    with pytest.raises(DomainError, match="没有复查"):
        draw_sample(person("丁"), ROADS, places.county)
    problem.refresh_from_db()
    assert place_offers(person("丙"), problem)[0].reason
    problem = step(person("丁"), problem, "recheck", "路面完好")
    assert problem.state == "rechecked"
    with pytest.raises(DomainError, match="没有可抽的"):
        draw_sample(officer, ROADS, places.county)
    problem = step(officer, problem, "reopen", "雨后又断")
    assert (problem.state, problem.times_reopened, problem.signed_on) == ("working", 1, None)


def test_nobody_checks_or_signs_his_own_application(officer, places):
    problem = planned(officer, road(officer, places.village))
    for action in ("plan", "start"):
        problem = step(officer, problem, action)
    with pytest.raises(DomainError, match="佐证"):
        step(officer, problem, "apply")
    problem = step(officer, problem, "apply", "照片")
    assert [one.reason != "" for one in place_offers(officer, problem)] == [True, False]
    with pytest.raises(DomainError, match="别的人"):
        step(officer, problem, "check", "看过")
    problem = step(person("乙"), problem, "check", "看过")
    for who in (officer, person("乙")):
        with pytest.raises(DomainError, match="别的人"):
            step(who, problem, "sign")


def test_a_measure_and_somebody_responsible_stand_before_the_work(officer, places):
    problem = road(officer, places.village)
    with pytest.raises(DomainError, match="措施、责任部门或责任人"):
        step(officer, problem, "plan")
    with pytest.raises(DomainError, match="计划年度"):
        plan_problem(officer, problem, version=1, plan="listed")
    with pytest.raises(DomainError, match="整治中"):
        report_progress(officer, problem, version=1, progress=10, words="x")


def test_who_is_slower_hears_who_was_faster(officer, places):
    problem = road(officer, places.village)
    planned(person("甲"), problem)
    problem.version = 1
    with pytest.raises(Conflict, match="甲已在"):
        change_problem(officer, problem, **(FOUND | {"found_on": today(), "version": 1}))


def test_the_same_thing_is_entered_once_and_comes_back_in_its_own_record(officer, places):
    road(officer, places.village)
    with pytest.raises(Conflict, match="已经登记过"):
        road(officer, places.village, name="柳湾 公路")
    road(officer, places.other_village)
    done = signed(officer, places.neighbour_village)
    with pytest.raises(Conflict, match="问题反弹"):
        road(officer, places.neighbour_village)
    assert done.register is ROADS


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "nothing"}, {"name": " "}, {"found_on": date(2100, 1, 1)}, {"channel": "x"},
        {"quantity": Decimal(3)}, {"quantity": Decimal(-1), "unit": "米"}, {"road_class": "高速"},
        {"found_on": date(1900, 1, 1)}, {"due_on": date(2000, 1, 1)}, {"measure": "magic"},
        {"plan": "x"}, {"width": Decimal(-1)}, {"money": Decimal("1e12")},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(officer, places, changes):
    with pytest.raises(DomainError):
        road(officer, places.village, **changes)
    assert not PlaceProblem.objects.exists()


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.text(max_size=90))
def test_any_words_are_kept_or_refused_in_words(officer, places, words):
    try:
        made = road(officer, places.village, name=words, place=words)
    except DomainError as error:
        assert error.message
    else:
        assert made.name and "\x00" not in made.name


def test_numbers_of_people_do_not_stay_in_the_words(officer, places):
    problem = road(officer, places.village, text="找张三 13800138000，110101199003077758")
    assert "13800138000" not in problem.text
    assert "110101199003077758" not in problem.text


def test_pages_are_tried_by_four(officer, places, four_people):
    problem = planned(officer, road(officer, places.village))
    four = four_people("town_clerk")
    seen = {"owner": 200, "neighbour": 200, "department": 200, "nobody": 302}
    assert four.statuses(url("roads")) == seen
    assert four.statuses(url("overview")) == seen | {"department": 403}
    for name in ("new-place", "import-places", "place-template"):
        assert four.statuses(url(name, "roads")) == seen | {"department": 403}, name
    mine = {"owner": 200, "neighbour": 404, "department": 404, "nobody": 302}
    for name in ("place-problem", "change-place", "plan-place"):
        assert four.statuses(url(name, "roads", problem.pk)) == mine, name
    gone = {"owner": 409, "neighbour": 404, "department": 404, "nobody": 302}
    data = {"version": "99", "action": "plan"}
    assert four.statuses(url("place-step", problem.kind, problem.pk), "post", data=data) == gone
    assert four.statuses(url("sample-places", "roads"), "post")["owner"] == 403
    for bad in ("nothing", "x" * 60):
        assert four.client("owner").get(url("places", bad)).status_code == 404
    client = four.client("owner")
    hostile = f"{url('roads')}?state=%00&subject=<b>&town=%00&q=%00&sort=xx&page=99999&village='"
    assert client.get(hostile).status_code == 200
    assert (
        client.post(url("place-step", problem.kind, problem.pk), {"version": "²"}).status_code
        == 400
    )
    page = client.get(url("roads") + "?export=csv&columns=width")
    assert "柳湾公路" in b"".join(page.streaming_content if page.streaming else [page.content]
                              ).decode("utf-8-sig")  # fmt: skip
    assert client.get(url("roads") + "?print=1").status_code == 200


def test_a_refused_step_keeps_its_words_and_names_the_reason(officer, places, four_people):
    problem = planned(officer, road(officer, places.village))
    client = four_people("town_clerk").client("owner")
    at = url("place-step", problem.kind, problem.pk)
    answer = client.post(at, {"version": 1, "action": "mistaken", "words": "重复登记的"})
    assert answer.status_code == 409
    assert "重复登记的" in answer.content.decode()
    good = {"version": problem.version, "action": "plan"}
    assert client.post(at, good).status_code == 302
    problem.refresh_from_db()
    assert client.post(at, {"version": problem.version, "action": "start"}).status_code == 302
    page = url("place-progress", problem.kind, problem.pk)
    wrong = {"version": problem.version + 1, "progress": "abc", "words": "铺了一半"}
    assert "铺了一半" in client.post(page, wrong).content.decode()
    assert client.post(page, wrong | {"progress": "50"}).status_code == 302
    problem.refresh_from_db()
    assert problem.progress == 50


def test_a_department_sees_and_does_only_what_is_its_own(officer, places, four_people):
    four = four_people("town_clerk")
    water = four.actor("department")
    problem = planned(officer, road(officer, places.village))
    other = road(officer, places.village, name="石桥公路")
    PlaceProblem.objects.filter(pk=problem.pk).update(
        department=Department.objects.get(name="水利局"), state="planned"
    )
    problem.refresh_from_db()
    assert PlaceProblem.objects.visible_to(water).get() == problem
    assert step(water, problem, "start").state == "working"
    PlaceProblem.objects.filter(pk=other.pk).update(state="planned")
    with pytest.raises(NotAllowed):
        take_place_step(water, other, "start", version=1)
    page = four.client("department").get(url("place-problem", problem.kind, problem.pk))
    assert page.status_code == 200
    assert "报进度" in page.content.decode()
    assert (
        four.client("department").get(url("place-problem", other.kind, other.pk)).status_code == 404
    )


def test_only_who_reaches_the_village_enters_problems_there(places, four_people):
    four = four_people("village_worker")
    assert road(four.actor("owner"), places.village).division == places.village
    for who in ("neighbour", "department"):
        with pytest.raises((NotFound, NotAllowed)):
            road(four.actor(who), places.village, name=f"路{who}")
    with pytest.raises(DomainError, match="行政村"):
        road(person("甲"), places.town)


HEADS = ["行政村", "问题类型", "道路名称", "发现日期", "问题长度", "单位", "路面宽度", "计划状态",
         "计划年度", "责任部门"]  # fmt: skip
GOOD = ["柳湾村", "危桥", "老桥", "2026年3月5日", "12", "米", "3.5", "已列计划", "2026", "水利局"]


def send(client, *rows, key="roads", heads=HEADS):
    book_ = Workbook()
    book_.active.append(heads)
    for row in rows:
        book_.active.append(row)
    stream = io.BytesIO()
    book_.save(stream)
    return client.post(
        url("import-places", key), {"file": SimpleUploadedFile("路.xlsx", stream.getvalue())}
    )


def test_a_workbook_is_taken_whole_or_not_at_all_and_twice_changes_nothing(four_people, places):
    client = four_people("town_clerk").client("owner")
    bad = [["竹园村", *GOOD[1:]], ["柳湾村", "坏", "x", "昨天", "一", "斤", "", "", "", "林业局"]]
    answer = send(client, GOOD, *bad)
    text = answer.content.decode()
    assert answer.status_code == 422
    for words in ("没有“竹园村”", "不在可选范围", "没有“林业局”", "问题长度", "发现日期"):
        assert words in text, words
    assert not PlaceProblem.objects.exists()
    assert send(client, GOOD).status_code == 302
    assert send(client, GOOD).status_code == 302
    one = PlaceProblem.objects.get()
    assert (one.quantity, one.unit, one.details) == (Decimal(12), "米", {"width": "3.5"})
    assert (one.plan_year, one.department.name) == (2026, "水利局")
    assert one.found_on == date(2026, 3, 5)
    assert client.post(
        url("import-places", "roads"), {"file": SimpleUploadedFile("x.xlsx", b"PK\x03nothing")}
    ).status_code == 422  # fmt: skip


def test_every_register_opens_in_all_its_pages(officer, places, four_people):
    client = four_people("county_officer").client("owner")
    for key in book().kinds:
        for name in ("places", "new-place", "import-places", "place-template"):
            assert client.get(url(name, key)).status_code == 200, (key, name)
    road(officer, places.village)
    assert client.post(url("sample-places", "roads")).status_code == 400
    signed(officer, places.other_village)
    assert client.post(url("sample-places", "roads")).status_code == 302
    assert "超期" in client.get(url("overview")).content.decode()


def test_columns_of_a_register_do_not_hide_those_of_all():
    common = {one.name for one in PlaceProblem._meta.get_fields()} | {"village", "version", "town"}
    for kind in book().kinds.values():
        own = [detail.key for detail in kind.details]
        assert len(set(own)) == len(own)
        assert not common & set(own)


@pytest.mark.parametrize(
    ("path", "value"),
    [("sample_percent", 0), ("limits", {"valid_from": "x"}), ("days", 0), ("type", "shape")],
)
def test_a_book_that_cannot_be_is_refused(path, value):
    kind = {
        "key": "roads", "quantity": {"label": "长", "units": []}, "measures": [],
        "subjects": [{"key": "a", "label": "甲", "days": 3}],
        "fields": [{"key": "b", "label": "乙", "type": "text"}],
    } | dict.fromkeys(
        ("title", "noun", "number", "purpose", "basis", "name_label", "name_help", "place_label",
         "found_label", "households_label", "money_label"), "甲",
    )  # fmt: skip
    data = {"kinds": [kind], "channels": [], "plans": [], "near_days": 3, "sample_percent": 20,
            "limits": {"valid_from": date(2021, 1, 1)}}  # fmt: skip
    assert read(data).kinds["roads"].subjects["a"].days == 3
    kind["subjects"][0] |= {path: value} if path == "days" else {}
    kind["fields"][0] |= {path: value} if path == "type" else {}
    with pytest.raises(BadKinds):
        read(data | ({path: value} if path in data else {}))


def test_the_start_page_and_the_list_say_whose_step_is_next(officer, places, four_people):
    problem = planned(officer, road(officer, places.village))
    PlaceProblem.objects.filter(pk=problem.pk).update(state="applying", applied_by_label="甲")
    four = four_people("town_clerk")

    def count(actor):
        return PlaceProblem.objects.waiting_for(actor).count()

    assert [count(four.actor(who)) for who in ("owner", "neighbour", "department")] == [1, 0, 0]
    assert [thing.title for thing in things(four.actor("owner"))] == ["柳湾公路"]
    page = four.client("owner").get(url("roads") + "?mine=yes").content.decode()
    assert "柳湾公路" in page
    label = four.actor("owner").label
    PlaceProblem.objects.filter(pk=problem.pk).update(applied_by_label=label)
    assert count(four.actor("owner")) == 0
    PlaceProblem.objects.filter(pk=problem.pk).update(
        state="working", department=Department.objects.get(name="水利局")
    )
    assert count(four.actor("department")) == 1
