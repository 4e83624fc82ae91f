"""一镇一策、一村一方案: filed only with all seven things; every gap is named."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from openpyxl import Workbook

from shouwang.core import figures
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.core.figures import Figure
from shouwang.workplans import plan_compare
from shouwang.workplans.models import Plan
from shouwang.workplans.operations import advance_plan, make_plan, save_item, save_items
from shouwang.workplans.operations.plans import CHECKS, SEVEN, missing
from shouwang.workplans.states import plan_table

pytestmark = pytest.mark.django_db
WHOLE = {
    "goal": "卫生厕所普及率达到 92%", "quantity": Decimal(92), "unit": "%",
    "task": "改造户厕 60 座", "project": "户厕改造", "money": Decimal(12),
    "body": "青禾镇", "person": "张三",
    "ends_on": date(2026, 11, 30),
}  # fmt: skip


def url(name, *args):
    return reverse(f"workplans:{name}", args=args)


@pytest.fixture
def plan(places, officer) -> Plan:
    return make_plan(officer, division=places.town, list_kind="year", period="2026年")


@pytest.mark.parametrize(("name", "label"), SEVEN)
def test_a_plan_is_not_filed_while_one_of_the_seven_things_is_missing(plan, officer, name, label):
    empty = None if name in ("money", "ends_on") else ""
    item = save_items(officer, plan, [WHOLE | {name: empty}], version=1)[0]
    assert missing(item) == [label]
    with pytest.raises(DomainError, match=f"第 1 项缺{label}"):
        advance_plan(officer, plan, "submit", version=plan.version)
    save_item(officer, item, version=plan.version, **{name: WHOLE[name]})
    assert advance_plan(officer, plan, "submit", version=plan.version).state == "submitted"


def test_nothing_spent_is_not_missing(plan, officer):
    assert missing(save_items(officer, plan, [WHOLE | {"money": Decimal(0)}], version=1)[0]) == []


def test_the_way_of_a_plan(plan, person, officer):
    save_items(officer, plan, [WHOLE], version=1)
    clerk, county = person("town_clerk"), person("county_officer")
    sent = advance_plan(clerk, plan, "submit", version=plan.version)
    with pytest.raises(NotAllowed):
        advance_plan(clerk, sent, "file", version=sent.version, number="1")
    with pytest.raises(DomainError, match="备案号"):
        advance_plan(county, sent, "file", version=sent.version)
    back = advance_plan(county, sent, "return", version=sent.version, reason="资金偏少")
    again = advance_plan(clerk, back, "submit", version=back.version)
    filed = advance_plan(county, again, "file", version=again.version, number="示备〔2026〕1号")
    assert (filed.state, filed.number) == ("filed", "示备〔2026〕1号")
    with pytest.raises(Conflict, match="修订"):
        save_items(clerk, filed, [WHOLE], version=filed.version)
    revised = advance_plan(clerk, filed, "revise", version=filed.version, reason="目标调整")
    assert (revised.state, revised.number) == ("draft", "")


def test_nobody_files_what_he_reported(plan, person, officer):
    save_items(officer, plan, [WHOLE], version=1)
    county = person("county_officer")
    sent = advance_plan(county, plan, "submit", version=plan.version)
    with pytest.raises(NotAllowed, match="自己"):
        advance_plan(county, sent, "file", version=sent.version, number="1")


def test_an_empty_plan_a_second_one_and_an_old_page_are_refused(plan, places, officer):
    with pytest.raises(DomainError, match="没有内容"):
        advance_plan(officer, plan, "submit", version=1)
    with pytest.raises(Conflict, match="已经有了"):
        make_plan(officer, division=places.town, list_kind="year", period="2026年")
    save_items(officer, plan, [WHOLE], version=1)
    with pytest.raises(Conflict, match="别人"):
        save_items(officer, plan, [WHOLE], version=1)
    assert plan.items.count() == 1


def test_goals_stand_beside_the_mean_of_the_towns(plan, places, officer, monkeypatch):
    values = {places.town.path: Decimal(80), places.neighbour_town.path: Decimal(90)}

    def count(paths, day):
        return {path: values[path] for path in paths if path in values}

    known = {"toilets": Figure("toilets", "卫生厕所普及率", "%", "按户。", count)}
    monkeypatch.setattr(figures, "all_figures", lambda: known)
    monkeypatch.setattr("shouwang.workplans.operations.plans.all_figures", lambda: known)
    save_items(officer, plan, [WHOLE | {"figure": "toilets"}, WHOLE], version=1)
    found = plan_compare.comparisons(plan)
    assert [one.around for one in found] == ["示例县平均", "示例市平均"]
    one = found[0]
    assert (one.now, one.mean, one.is_reached, one.words) == (80, 85, False, "低于平均")


def test_pages_are_for_the_own_place(plan, person):
    for name in ("plan", "plan-import", "plan-item-new"):
        assert person.client("town_clerk").get(url(name, plan.pk)).status_code == 200
        assert person.client("town_clerk", "neighbour").get(url(name, plan.pk)).status_code == 404
        assert person.client("town_clerk", "department").get(url(name, plan.pk)).status_code == 404
        assert person.client("town_clerk", "nobody").get(url(name, plan.pk)).status_code == 302
    assert person.client("town_clerk").get(url("plans")).status_code == 200
    assert person.client("county_leader").get(url("plan-item-new", plan.pk)).status_code == 403


def test_a_town_writes_its_plan_by_form_and_sheet_and_takes_it_as_word(places, person):
    clerk = person.client("town_clerk")
    body = {"division": places.town.pk, "list_kind": "goals", "period": "2026年"}
    answer = clerk.post(url("plan-new"), body)
    plan = Plan.objects.get()
    assert answer.url == url("plan", plan.pk)
    clerk.post(url("plan-item-new", plan.pk), {"version": 1, "goal": "增收", "task": "种植"})
    page = clerk.get(answer.url).content.decode()
    assert "第 1 项缺项目、资金、责任单位、责任人、完成时限" in page
    book = Workbook()
    book.active.append(["青禾镇一镇一策"])
    book.active.append(
        ["序号", "目标", "任务", "项目", "资金（万元）", "责任单位", "责任人", "时限"]
    )
    book.active.append([1, "增收", "种植", "苹果", 3.5, "青禾镇", "李四", "2026-10-31"])
    book.active.append([2, "改厕", "改造", "户厕", "三万", "青禾镇", "李四", "年底"])
    stream = io.BytesIO()
    book.save(stream)
    sheet = SimpleUploadedFile("a.xlsx", stream.getvalue())
    given = {"version": 2, "replace": "on", "sheet": sheet}
    refused = clerk.post(url("plan-import", plan.pk), given)
    assert refused.status_code == 400
    assert "第 4 行" in refused.content.decode()
    book.active.delete_rows(4)
    stream = io.BytesIO()
    book.save(stream)
    given["sheet"] = SimpleUploadedFile("a.xlsx", stream.getvalue())
    assert clerk.post(url("plan-import", plan.pk), given).status_code == 302
    assert plan.items.get().money == Decimal("3.50")
    step = {"action": "submit", "version": 3}
    assert clerk.post(url("plan-step", plan.pk), step).status_code == 302
    word = clerk.get(url("plan-word", plan.pk))
    cells = [c.text for c in Document(io.BytesIO(word.content)).tables[0].rows[1].cells]
    assert cells[1:5] == ["增收", "种植", "苹果", "3.50"]


def test_every_requirement_of_the_table_has_a_check():
    assert plan_table().requirements <= set(CHECKS)
