"""问题整改: registering, the whole way to sign-off, who checks is never who did it."""

import io
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from shouwang.core.actor import system_actor
from shouwang.core.clock import now, telling, today
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.core.figures import get_figure
from shouwang.inspections import queries, sheets
from shouwang.inspections.models import Batch, LookBack, Problem
from shouwang.inspections.operations import (
    ProblemDraft,
    advance_problem,
    draw_look_back,
    edit_problem,
    record_look,
    record_work,
    register_batch,
)
from shouwang.inspections.operations.lookbacks import drawn
from shouwang.inspections.operations.reach import reaches
from shouwang.inspections.operations.steps import CHECKS, offers_for
from shouwang.inspections.states import problem_table
from shouwang.inspections.terms import BadTerms, read, terms

pytestmark = pytest.mark.django_db


def test_every_requirement_of_the_tables_has_a_check():
    assert problem_table().requirements == set(CHECKS)
    actions = {row.action for row in problem_table().transitions} | {"work"}
    assert set(terms().separate) <= actions
    assert set().union(*terms().separate.values()) <= actions


def test_a_problem_goes_from_registration_to_sign_off(problem, advanced):
    signed = advanced(problem, "sign")
    assert (signed.state, signed.signed_on) == ("signed", today())
    labels = list(signed.entries.values_list("label", flat=True))
    assert labels[0] == "登记问题" and labels[-1] == "批准销号"


@pytest.mark.parametrize(
    ("until", "action"),
    [("self_check", "verify"), ("verify", "check"), ("apply", "sign")],
)
def test_who_did_it_does_not_check_it(problem, advanced, until, action):
    problem = advanced(problem, until)
    doer = system_actor("办理人")
    with pytest.raises(DomainError, match="另外的人"):
        advance_problem(doer, problem, action, version=problem.version, words="好")
    offer = next(one for one in offers_for(doer, problem) if one.transition.action == action)
    assert "另外的人" in offer.reason


def test_a_plan_lacking_something_is_not_filed(problem, advanced):
    problem = advanced(problem, "assign")
    with pytest.raises(DomainError, match="整改目标、整改措施、销号标准"):
        advance_problem(system_actor("办理人"), problem, "plan", version=problem.version)


def test_sign_off_is_sent_back_with_a_reason(problem, advanced):
    problem = advanced(problem, "apply")
    with pytest.raises(DomainError, match="理由"):
        advance_problem(system_actor("领导"), problem, "send_back", version=problem.version)
    sent = advance_problem(
        system_actor("领导"), problem, "send_back", version=problem.version, words="缺照片"
    )
    assert sent.state == "rectifying"
    with pytest.raises(Conflict):
        advance_problem(system_actor("领导"), problem, "sign", version=1)


def test_a_public_result_is_published_before_sign_off(problem, advanced):
    Problem.objects.filter(pk=problem.pk).update(is_public=True)
    problem.refresh_from_db()
    problem = advanced(problem, "check")
    with pytest.raises(DomainError, match="公示"):
        advance_problem(
            system_actor("办理人"), problem, "apply", version=problem.version, words="表"
        )
    problem = advance_problem(
        system_actor("县"), problem, "publish", version=problem.version, words="公示栏七天"
    )
    assert (
        advance_problem(
            system_actor("办理人"), problem, "apply", version=problem.version, words="表"
        ).state
        == "applying"
    )


def test_a_lasting_problem_reports_in_its_rhythm(problem, advanced):
    problem = advanced(problem, "work")
    Problem.objects.filter(pk=problem.pk).update(mode="lasting", rhythm="month")
    problem.refresh_from_db()
    doer = system_actor("办理人")
    with telling(now() + timedelta(days=40)):
        with pytest.raises(DomainError, match="长期坚持"):
            advance_problem(doer, problem, "self_check", version=problem.version, words="好")
        problem = record_work(
            doer, problem, text="仍正常供水", done_on=today(), version=problem.version
        )
        advance_problem(doer, problem, "self_check", version=problem.version, words="好")


def test_departments_and_towns_act_only_on_their_own_problems(problem, advanced, four_people):
    problem = advanced(problem, "assign")
    four = four_people("town_clerk")
    assert reaches(four.actor("department"), problem, "inspections.verify")
    assert not reaches(four.actor("owner"), problem, "inspections.verify")
    assert reaches(four.actor("owner"), problem, "inspections.rectify")
    medical = four_people("department_officer").actor("owner")
    with pytest.raises(NotFound):
        advance_problem(medical, problem, "plan", version=problem.version)
    with pytest.raises(NotAllowed):
        edit_problem(four.actor("neighbour"), problem, version=problem.version, goal="x")
    with pytest.raises(NotAllowed):
        advance_problem(four.actor("owner"), problem, "approve", version=problem.version)
    assert queries.waiting_for(four.actor("owner")).count() == 1
    assert queries.waiting_for(four.actor("neighbour")).count() == 0
    with pytest.raises(DomainError, match="不能修改"):
        edit_problem(four.actor("owner"), problem, version=problem.version, text="改了问题")


def test_a_batch_of_another_room_is_registered_once(officer, places):
    values = {
        "name": "考核问题", "source": "evaluation", "received_on": today(),
        "division": places.county, "key": "evaluation:1",
    }  # fmt: skip
    one = register_batch(officer, problems=[ProblemDraft(text="甲", number="1")], **values)
    drafts = [ProblemDraft(text="甲", number="1"), ProblemDraft(text="乙", number="2")]
    again = register_batch(officer, problems=drafts, **values)
    assert one == again
    assert list(again.problems.values_list("number", flat=True).order_by("pk")) == ["1", "2"]


def book(rows) -> bytes:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


HEAD = ["序号", "问题", "领域", "牵头单位", "涉及镇村", "整改时限", "整改类型"]


def test_a_workbook_is_read_or_tells_row_and_column(places):
    rows = [
        ["反馈问题清单"],
        HEAD,
        [1, "供水不足", "巩固成效", "县水利局", "柳湾村", "2026年12月31日", "限期整改"],
    ]
    good = sheets.read_workbook(book(rows), places.county, today() - timedelta(days=400))
    assert good.drafts[0].places == [places.village]
    assert (good.drafts[0].area, good.drafts[0].mode) == ("result", "limited")
    rows.append([2, "", "没有的领域", "", "不存在村", "月底", "马上"])
    bad = sheets.read_workbook(book(rows), places.county, today())
    assert bad.drafts == ()
    told = {(one.row, one.column) for one in bad.refused}
    assert {(4, name) for name in ("问题", "领域", "涉及镇村", "整改时限", "整改类型")} <= told


def test_a_pasted_table_is_read(places):
    text = "序号\t问题\t牵头单位\n1\t供水不足\t水利局\n2\t台账不全\t民政局"
    reading = sheets.read_pasted(text, places.county, today())
    assert [one.text for one in reading.drafts] == ["供水不足", "台账不全"]
    with pytest.raises(DomainError):
        sheets.read_pasted("  ", places.county, today())


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=12), min_size=7, max_size=7))
def test_no_row_makes_the_reader_fail(cells):
    wrong: list = []
    values = dict(
        zip(("text", "area", "severity", "mode", "due_on", "number", "topic"), cells, strict=True)
    )
    sheets._choice("mode", cells[3], wrong)
    sheets._day(cells[4], wrong)
    assert all(key in values for key, _ in wrong)


def test_rates_and_figures_count_the_same(problem, advanced, officer, places):
    advanced(problem, "sign")
    register_batch(
        officer, name="自查", source="self_check", received_on=today() - timedelta(days=9),
        division=places.county,
        problems=[
            ProblemDraft(text="晚了", lead=["民政局"], due_on=today() - timedelta(days=1)),
            ProblemDraft(text="没到", lead=["民政局"]),
        ],
    )  # fmt: skip
    by_source = {one.key: one for one in queries.rates_by_source(officer)}
    assert (by_source["province"].signed, by_source["self_check"].late) == (1, 1)
    units = {one.name: one.total for one in queries.rates_by_unit(officer)}
    assert units["民政局"] == 2
    path = places.county.path
    counted = {
        key: get_figure(f"inspections.{key}").count([path], today())[path]
        for key in ("problems", "signed", "overdue")
    }
    assert counted == {"problems": 3, "signed": 1, "overdue": 1}


def test_a_look_back_draws_again_the_same_and_reopens_what_came_back(
    problem, advanced, places, officer
):
    advanced(problem, "sign")
    draw = draw_look_back(system_actor("回头看"), places.county, percent=10, seed=3)
    item = draw.items.get()
    with pytest.raises(DomainError, match="没有已销号"):
        draw_look_back(system_actor("回头看"), places.county)
    with pytest.raises(DomainError, match="另外的人"):
        record_look(system_actor("批准人"), item, verdict="held", note="属实")
    back = record_look(system_actor("回头看"), item, verdict="came_back", note="又断水")
    assert (back.state, back.times, back.signed_on) == ("rectifying", 1, None)
    assert back.due_on == today() + timedelta(days=30)
    with pytest.raises(Conflict):
        record_look(system_actor("回头看"), item, verdict="held", note="属实")
    assert LookBack.objects.count() == 1
    pool = [(at, "ab"[at % 2]) for at in range(40)]
    assert drawn(pool, 10, 5) == drawn(pool[::-1], 10, 5)
    assert len(drawn(pool, 10, 5)) == 4


def test_data_without_a_source_is_refused():
    import yaml

    from shouwang.inspections.terms import FILE

    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    data["coverage"][0]["source"] = ""
    with pytest.raises(BadTerms):
        read(data)
    assert Batch.objects.count() == 0
