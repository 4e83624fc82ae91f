"""督查整改的页面: four people, the way by form, Word, export, the demo."""

import io

import pytest
from django.urls import reverse
from docx import Document

from shouwang.audit.models import AuditEntry
from shouwang.core.clock import today
from shouwang.inspections import demo
from shouwang.inspections.models import Batch, Inspection, LookBack, Problem, SpecialCheck

pytestmark = pytest.mark.django_db
COUNTY = ("problems", "mine", "board", "batches", "batch-new", "inspections", "inspection-new",
          "coverage", "calendar", "specials", "special-new", "research", "research-new",
          "leader-new", "lookbacks")  # fmt: skip


def url(name, *args):
    return reverse(f"inspections:{name}", args=args)


def test_every_page_of_a_full_and_of_an_empty_county_opens(
    four_people, officer, homes, departments
):
    four = four_people("county_officer")
    client = four.client("owner")
    for name in COUNTY:
        assert client.get(url(name)).status_code == 200, name
    assert demo.make(officer) > 15
    for name in COUNTY:
        assert client.get(url(name)).status_code == 200, name
        assert four.client("nobody").get(url(name)).status_code == 302, name
    assert client.get(f"{url('inspection-new')}?missing=1").status_code == 200
    pages = [url("batch", Batch.objects.first().pk), url("lookback", LookBack.objects.get().pk)]
    pages += [url("problem", one.pk) for one in Problem.objects.order_by("pk")[4:12]]
    pages += [url("inspection", one.pk) for one in Inspection.objects.all()]
    pages += [url("special", SpecialCheck.objects.get().pk)]
    going = Inspection.objects.get(state="going")
    pages += [url("unit", going.pk, unit.pk) for unit in going.units.all()]
    for page in pages:
        assert client.get(page).status_code == 200, page
        assert four.client("neighbour").get(page).status_code == 404, page
    states = set(Problem.objects.values_list("state", flat=True))
    assert {"registered", "rectifying", "applying", "signed"} <= states
    visited = going.units.filter(visit__isnull=False, sample__isnull=False).first()
    sampled = url("sampled", going.pk, visited.sample.first().pk)
    assert client.get(sampled).status_code == 200
    assert client.post(sampled, {"look_water": "有问题"}).status_code == 302


def test_word_papers_and_the_ledger_are_exported_and_logged(
    four_people, officer, homes, departments
):
    demo.make(officer)
    client = four_people("county_officer").client("owner")
    letters = [
        url("report-word"), url("coverage-word"),
        url("inspection-letter", Inspection.objects.get(state="going").pk),
        url("special-word", SpecialCheck.objects.get().pk),
    ]  # fmt: skip
    for letter in letters:
        words = Document(io.BytesIO(client.get(letter).content))
        assert len(words.paragraphs) > 3
    assert AuditEntry.objects.filter(action="inspections.word.exported").count() == 4
    report = Document(io.BytesIO(client.get(letters[0]).content))
    assert any("/word/charts/" in str(part.partname) for part in report.part.package.iter_parts())
    export = client.get(f"{url('problems')}?export=xlsx")
    assert export.status_code == 200
    assert "问题" in client.get(f"{url('problems')}?state=late").content.decode()


def test_a_problem_is_seen_by_its_units_and_by_nobody_else(problem, four_people):
    four = four_people("town_clerk")
    page = url("problem", problem.pk)
    assert four.statuses(page) == {
        "owner": 200, "neighbour": 404, "department": 200, "nobody": 302,
    }  # fmt: skip
    assert four_people("department_officer").client("owner").get(page).status_code == 404
    assert four.client("owner").get(url("batch-new")).status_code == 403
    assert four.client("owner").get(url("coverage")).status_code == 403
    assert four.client("owner").get(url("lookbacks")).status_code == 403


def test_the_way_of_a_problem_by_form(places, water, four_people):
    county = four_people("county_officer").client("owner")
    town = four_people("town_clerk").client("owner")
    body = {
        "name": "省级反馈", "source": "province", "level": "省", "division": places.county.pk,
        "received_on": f"{today():%Y-%m-%d}",
        "pasted": "问题\t牵头单位\t责任单位\n\t水利局\t青禾镇",
    }  # fmt: skip
    wrong = county.post(url("batch-new"), body)
    assert "是空的" in wrong.content.decode() or "问题" in wrong.content.decode()
    body["pasted"] = "问题\t牵头单位\t责任单位\t领域\n供水不足\t水利局\t青禾镇\t不知道"
    assert "应为责任落实" in county.post(url("batch-new"), body).content.decode()
    body["pasted"] = "问题\t牵头单位\t责任单位\n供水不足\t水利局\t青禾镇"
    assert county.post(url("batch-new"), body).status_code == 302
    problem = Problem.objects.get()
    step = url("step", problem.pk)
    assert town.post(step, {"action": "assign", "version": 1}).status_code == 403
    assert county.post(step, {"action": "assign", "version": 1}).status_code == 302
    assert "供水不足" in town.get(url("mine")).content.decode()
    values = {
        "version": 2, "goal": "供水正常", "measures": "维修", "standard": "不断水", "leader": "甲",
        "person": "乙", "mode": "limited", "due_on": f"{today():%Y-%m-%d}",
    }  # fmt: skip
    assert town.post(url("edit", problem.pk), values).status_code == 302
    assert town.post(step, {"action": "plan", "version": 3}).status_code == 302
    assert county.post(step, {"action": "approve", "version": 4}).status_code == 302
    work = {"version": 5, "done_on": f"{today():%Y-%m-%d}", "text": "修好了"}
    assert town.post(url("work", problem.pk), work).status_code == 302
    check = {"action": "self_check", "version": 6, "words": "通水"}
    assert town.post(step, check).status_code == 302
    department = four_people("village_worker").client("department")
    verify = {"action": "verify", "version": 7, "words": "属实"}
    assert department.post(step, verify).status_code == 302
    problem.refresh_from_db()
    assert problem.state == "verified"


def test_a_plan_is_made_by_form_and_a_double_one_is_told(places, four_people, homes):
    client = four_people("county_officer").client("owner")
    body = {
        "title": "督查", "division": places.county.pk, "starts_on": f"{today():%Y-%m-%d}",
        "ends_on": f"{today():%Y-%m-%d}", "team": "组", "checklist": "six_looks_six_checks",
        "places": [places.village.pk], "per_village": 3, "is_announced": "on",
    }  # fmt: skip
    assert client.post(url("inspection-new"), body).status_code == 302
    first = Inspection.objects.get()
    step = url("inspection-step", first.pk)
    assert client.post(step, {"action": "settle", "version": 1}).status_code == 302
    answer = client.post(url("inspection-new"), body | {"title": "再来"}, follow=True)
    assert "会重复督查" in answer.content.decode()
    second = Inspection.objects.exclude(pk=first.pk).get()
    refused = client.post(url("inspection-step", second.pk), {"action": "settle", "version": 1})
    assert refused.status_code == 400
    reason = {"reason": "信访反映", "version": 1}
    assert client.post(url("inspection-double", second.pk), reason).status_code == 302
    assert client.post(step, {"action": "begin", "version": 2}).status_code == 302
    unit = url("unit", first.pk, first.units.get().pk)
    visit = {"visited_on": f"{today():%Y-%m-%d}", "visitors": "组", "summary": "看了"}
    assert client.post(unit, visit).status_code == 302
    assert client.post(unit, {"item": "台账", "text": "不全"}).status_code == 302
    finding = first.visits.get().findings.get()
    assert client.post(url("finding-file", finding.pk)).status_code == 302
    assert Problem.objects.get().text == "不全"


def test_a_town_opens_the_batch_that_its_problem_came_in(problem, four_people):
    four, page = four_people("town_clerk"), url("batch", problem.batch_id)
    answer = four.client("owner").get(page)
    assert answer.status_code == 200
    assert "供水不足" in answer.content.decode()
    assert four.client("neighbour").get(page).status_code == 404
