"""任务与文件的页面: four people, the whole way by form, sheets, Word."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from openpyxl import Workbook

from shouwang.core.clock import today
from shouwang.workplans.models import Paper, Task

from .conftest import TEXT

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"workplans:{name}", args=args)


def test_a_paper_goes_from_upload_to_tasks_by_two_people(places, departments, four_people):
    client = four_people("county_officer").client("owner")
    leader = four_people("county_leader").client("owner")
    file = SimpleUploadedFile("要点.txt", TEXT.encode())
    answer = client.post(url("upload"), {"file": file, "division": places.county.pk})
    paper = Paper.objects.get()
    assert answer.url == url("paper", paper.pk)
    page = client.get(answer.url).content.decode()
    assert 'class="mark is-pending"' in page
    for piece in paper.pieces.all():
        body = {"state": "accepted", "version": piece.version}
        fragment = client.post(
            url("decide", paper.pk, piece.pk), body, headers={"HX-Request": "true"}
        )
        assert "is-accepted" in fragment.content.decode()
    step = url("paper-step", paper.pk)
    assert client.post(step, {"action": "send", "version": 1}).status_code == 302
    assert client.post(step, {"action": "confirm", "version": 2}).status_code == 400
    assert leader.post(step, {"action": "confirm", "version": 2}).status_code == 302
    assert Task.objects.count() == 3


def test_pages_are_for_who_has_to_do_with_them(confirmed, four_people, places):
    task = Task.objects.order_by("number").first()
    four = four_people("town_clerk")
    statuses = four.statuses(url("task", task.pk))
    assert statuses["owner"] == 200
    assert statuses["nobody"] == 302
    monthly = Task.objects.order_by("number").last()
    assert four.statuses(url("task", monthly.pk))["owner"] == 404
    county = four_people("county_officer").client("owner")
    for name in ("tasks", "mine", "board", "calendar", "dispatch", "papers", "import", "new"):
        assert county.get(url(name)).status_code == 200
        assert four.client("nobody").get(url(name)).status_code == 302
    assert four.client("owner").get(url("import")).status_code == 403


def test_a_draft_paper_is_hidden_from_who_does_not_read_it(paper, four_people):
    assert four_people("town_clerk").statuses(url("paper", paper.pk))["owner"] == 404


def test_refining_splitting_and_reporting_by_form(confirmed, four_people, places):
    task = Task.objects.order_by("number").first()
    client = four_people("county_officer").client("owner")
    values = {
        "version": task.version, "title": task.title, "place": "全县", "person": "张三",
        "quantity": "300000", "unit": "亩", "ends_on": "2026-12-31", "lead": "县农业农村局",
        "begins_on": "2026-01-01",
    }  # fmt: skip
    assert client.post(url("edit", task.pk), values).status_code == 302
    task.refresh_from_db()
    lines = f"{places.town.name}\t10万\n县民政局\t200000"
    body = {"version": task.version, "lines": lines}
    assert "10万" in client.post(url("split", task.pk), body).content.decode()
    body["lines"] = f"{places.town.name}\t100,000\t李四\t2026-11-30\n县民政局\t200000"
    assert client.post(url("split", task.pk), body).status_code == 302
    part = task.parts.first()
    assert (part.person, part.quantity) == ("李四", 100000)
    step = {"action": "start", "version": task.version + 1}
    assert client.post(url("step", task.pk), step).status_code == 302
    clerk = four_people("town_clerk").client("owner")
    assert clerk.get(url("task", part.pk)).status_code == 200
    report = {"as_of": today().isoformat(), "value": "5", "text": "已播种"}
    assert clerk.post(url("report", part.pk), report).status_code == 302
    assert clerk.post(url("report", part.pk), report | {"value": "-1"}).status_code == 200
    page = client.get(url("task", part.pk)).content.decode()
    assert "已播种" in page
    assert "采信" in page
    check = {"accept": "1"}
    assert client.post(url("check", part.reports.get().pk), check).status_code == 302


def test_the_task_leads_back_to_its_sentence(confirmed, four_people):
    task = Task.objects.order_by("number").first()
    page = four_people("county_officer").client("owner").get(url("task", task.pk))
    assert "<mark>" in page.content.decode()
    assert "不少于30万亩" in page.content.decode()


def test_a_list_of_tasks_comes_in_with_the_place_of_every_mistake(places, departments, four_people):
    book = Workbook()
    page = book.active
    page.title = "重点任务"
    page.append(["2026年重点工作任务清单"])
    page.append(["序号", "工作任务", "牵头单位", "责任单位", "数量", "计量单位", "完成时限"])
    page.append([1, "建设高标准农田", "县农业农村局", "各乡镇", 5000, "亩", "2026-10-31"])
    page.append([2, "改造农村公路", "县交通运输局", "", "三十", "公里", "2026-10-31"])
    page.append([3, "", "县水利局", "", 1, "处", ""])
    page.append([4, "修建水窖", "县水利局", "", 1, "处", "年底"])
    stream = io.BytesIO()
    book.save(stream)
    client = four_people("county_officer").client("owner")
    sent = SimpleUploadedFile("清单.xlsx", stream.getvalue())
    answer = client.post(url("import"), {"sheet": sent}).content.decode()
    assert Task.objects.count() == 1
    assert Task.objects.get().units.filter(division__level="town").count() == 2
    for words in ("三十", "是空的", "年底"):
        assert words in answer
    bad = client.post(url("import"), {"sheet": SimpleUploadedFile("x.xlsx", b"PK\x03\x04")})
    assert bad.status_code == 400


def test_the_dispatch_sheet_is_word_and_agrees_with_the_page(confirmed, four_people):
    client = four_people("county_officer").client("owner")
    sheet = client.get(url("dispatch")).context["sheet"]
    word = client.get(url("dispatch-word"))
    texts = [one.text for one in Document(io.BytesIO(word.content)).paragraphs]
    assert sheet.text in texts
    assert (
        four_people("village_worker").client("owner").get(url("dispatch-word")).status_code == 403
    )


@pytest.mark.parametrize(
    "query", ["?light=red&level=leaf", "?unit=%00&duty=lead", "?paper=x&q=%27"]
)
def test_nonsense_in_the_address_never_fails(confirmed, four_people, query):
    client = four_people("county_officer").client("owner")
    assert client.get(url("tasks") + query).status_code == 200
    assert client.get(url("papers") + query).status_code == 200


def test_hostile_forms_are_told_in_words(confirmed, four_people):
    client = four_people("county_officer").client("owner")
    task = Task.objects.first()
    assert client.post(url("step", task.pk), {"action": "x", "version": "1"}).status_code == 409
    assert client.post(url("step", task.pk), {"action": "x"}).status_code == 400
    lines = {"version": task.version, "lines": "镇\t1e99\n"}
    assert client.post(url("split", task.pk), lines).status_code == 200
    assert (
        client.post(url("split", task.pk), {"version": 1, "lines": "镇\t1\t\t昨天"}).status_code
        == 200
    )
