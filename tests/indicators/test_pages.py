"""指标的页面: four people, the whole way by form, files in and out."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from openpyxl import Workbook, load_workbook

from shouwang.accounts.models import Department
from shouwang.indicators import demo
from shouwang.indicators.models import (
    AbandonedLand,
    Actual,
    Adjustment,
    Alarm,
    Classification,
    Definition,
    DutyHolder,
    Reading,
    Target,
)
from shouwang.indicators.operations import read_paper, report_actual
from shouwang.indicators.periods import Period
from shouwang.workplans.operations import upload_paper

from .test_papers import docx

pytestmark = pytest.mark.django_db
PLACES = ("sheet", "alarms", "mine", "income", "readings", "adjustments", "classes", "rosters",
          "land", "report")  # fmt: skip


def url(name, *args):
    return reverse(f"indicators:{name}", args=args)


@pytest.fixture
def made(places, officer, settings):
    for number, name in enumerate(("农业农村局", "住房和城乡建设局")):
        Department.objects.get_or_create(name=name, defaults={"code": f"i{number}"})
    settings.SHOUWANG_COUNTY = "999901"
    demo.make(officer)
    return Definition.objects.all()


def test_every_page_of_the_demo_is_for_who_has_to_do_with_it(made, four_people):
    county = four_people("county_officer").client("owner")
    for name in PLACES:
        assert county.get(url(name)).status_code == 200
    for definition in made:
        assert county.get(url("definition", definition.pk)).status_code == 200
        assert county.get(url("targets", definition.pk)).status_code == 200
    four = four_people("town_clerk")
    assert four.statuses(url("sheet"))["owner"] == 200
    assert four.statuses(url("sheet"))["nobody"] == 302
    assert four.client("owner").get(url("new")).status_code == 403
    stranger = four_people("county_leader").client("neighbour")
    assert stranger.get(url("definition", made[0].pk)).status_code == 404
    department = four.client("department")
    assert department.get(url("definition", made[0].pk)).status_code == 404
    assert "粮食播种面积" not in department.get(url("sheet")).content.decode()


def test_the_red_line_of_the_demo_is_seen_in_the_frame_and_handled(made, four_people, places):
    alarm = Alarm.objects.open().get()
    leader = four_people("county_leader").client("owner")
    page = leader.get(url("alarms")).content.decode()
    assert "耕地保有量" in page
    assert "差 80 亩" in page
    clerk = four_people("town_clerk").client("owner")
    assert "差 80 亩" not in clerk.get(url("alarms")).content.decode()
    words = {"handling": "补划耕地，由镇长负责"}
    assert clerk.post(url("handle", alarm.pk), words).status_code == 404
    assert leader.post(url("handle", alarm.pk), words).status_code == 302
    alarm.refresh_from_db()
    assert alarm.state == "handled"


def test_from_the_table_of_a_paper_to_a_reported_value_by_form(
    places, officer, four_people, medical
):
    paper = upload_paper(officer, content=docx(), name="规划.docx", division=places.county)
    client = four_people("county_officer").client("owner")
    leader = four_people("county_leader").client("owner")
    client.post(url("read", paper.pk))
    reading = Reading.objects.get()
    assert leader.get(url("reading", reading.pk)).status_code == 200
    assert four_people("town_clerk").client("owner").get(
        url("reading", reading.pk)
    ).status_code == 404  # fmt: skip
    row = reading.proposals.get(number="2")
    form = client.get(url("proposal", row.pk)).context["form"].initial
    data = {key: value for key, value in form.items() if value not in (None, False)}
    data |= {"rhythm": "quarter", "department": medical.pk, "targets": "2026 36\n2027年 38"}
    assert client.post(url("proposal", row.pk), data).status_code == 302
    left = [one.pk for one in reading.proposals.filter(state="pending")]
    client.post(url("accept-all", reading.pk), {"row": left})
    step = url("reading-step", reading.pk)
    assert client.post(step, {"action": "send", "version": 1}).status_code == 302
    assert client.post(step, {"action": "confirm", "version": 2}).status_code == 400
    assert leader.post(step, {"action": "confirm", "version": 2}).status_code == 302
    sewage = Definition.objects.get(name="农村生活污水处理率")
    assert [one.value for one in sewage.targets.order_by("year")] == [36, 38]
    bureau = four_people("department_officer").client("owner")
    assert "农村生活污水处理率" in bureau.get(url("mine")).content.decode()
    report = {"period": "2026年二季度", "value": "36.5", "text": "建成两个站"}
    assert bureau.post(url("report-value", sewage.pk), report).status_code == 302
    actual = Actual.objects.get(definition=sewage)
    assert bureau.post(url("check", actual.pk), {"accept": "1"}).status_code == 403
    page = client.get(url("definition", sewage.pk)).content.decode()
    assert "<mark>" in page
    assert client.post(url("check", actual.pk), {"accept": "1"}).status_code == 302
    change = {"value": "37", "text": "", "reason": "补一个站"}
    assert bureau.post(url("correct", actual.pk), change).status_code == 302
    assert sewage.actuals.count() == 2


def test_targets_are_written_in_the_matrix_and_adjusted_by_two(places, four_people, grain):
    client = four_people("county_officer").client("owner")
    leader = four_people("county_leader").client("owner")
    names = {place: f"goal-{place.code}-2026" for place in (places.county, places.town)}
    cells = {names[places.county]: "1,000", names[places.town]: "九百"}
    answer = client.post(url("targets", grain.pk), cells)
    assert answer.status_code == 400
    cells[names[places.town]] = "1200"
    assert client.post(url("targets", grain.pk), cells).status_code == 302
    assert Target.objects.count() == 2
    asked = {"division": places.town.pk, "year": 2026, "value": "1100", "reason": "受灾"}
    assert client.post(url("adjust", grain.pk), asked).status_code == 302
    adjustment = Adjustment.objects.get()
    decide = url("decide-adjustment", adjustment.pk)
    assert client.post(decide, {"approve": "1"}).status_code == 400
    assert leader.post(decide, {"approve": "1"}).status_code == 302
    assert Target.objects.get(division=places.town).value == 1100
    assert "受灾" in leader.get(url("adjustments")).content.decode()


def book(*rows):
    made = Workbook()
    for row in rows:
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return SimpleUploadedFile("表.xlsx", stream.getvalue())


def test_values_and_classes_come_in_with_the_place_of_every_mistake(places, four_people, sewage):
    client = four_people("county_officer").client("owner")
    head = ["指标", "区划", "期间", "数值", "完成情况"]
    sheet = book(
        head, ["污水", "示例县", "2026-Q1", 33.5, ""], ["没有的", "示例县", "2026-Q1", 1, ""],
        ["污水", "别县", "2026-Q1", 1, ""], ["污水", "示例县", "上季度", 1, ""],
        ["污水", "示例县", "2026-Q2", "三十", ""],
    )  # fmt: skip
    answer = client.post(url("import"), {"sheet": sheet}).content.decode()
    assert Actual.objects.get().value == Decimal("33.5")
    for words in ("没有这个指标", "不在您的辖区里", "不是期间", "不是数字"):
        assert words in answer
    lists = book(
        ["区划", "类别", "起始日期", "依据文件"], ["柳湾村", "重点帮扶村", "2021-08-01", "省名单"],
        ["竹园村", "先进", "2021-08-01", "省名单"],
    )  # fmt: skip
    answer = client.post(url("import-classes"), {"sheet": lists}).content.decode()
    assert Classification.objects.get().division == places.village
    assert "类别请写" in answer
    assert client.post(url("import"), {"sheet": book(["x"])}).status_code == 400


def test_the_file_agrees_with_the_page_and_the_report_is_word(made, four_people):
    client = four_people("county_leader").client("owner")
    page = client.get(url("sheet"))
    answer = client.get(url("sheet-file"))
    rows = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
    names = [line.definition.name for line, _ in page.context["lines"]]
    assert [row[2] for row in rows[1 : len(names) + 1]] == names
    word = client.get(url("report-word"), {"kind": "final"})
    texts = [one.text for one in Document(io.BytesIO(word.content)).paragraphs]
    assert client.get(url("report")).context["report"].text in texts
    assert any("建议" in text for text in texts)
    worker = four_people("village_worker").client("owner")
    assert worker.get(url("sheet")).status_code == 200
    assert worker.get(url("report-word")).status_code == 403


def test_registers_of_duties_and_of_idle_land_by_form(places, four_people):
    client = four_people("county_officer").client("owner")
    holder = {"division": places.town.pk, "kind": "water", "person": "李河", "stretch": "清水河",
              "valid_from": "2026-01-01"}  # fmt: skip
    assert client.post(url("rosters"), holder).status_code == 302
    again = holder | {"person": "王川", "valid_from": "2026-03-01"}
    assert client.post(url("rosters"), again).status_code == 302
    assert str(DutyHolder.objects.get(person="李河").valid_to) == "2026-02-28"
    page = client.get(url("rosters"), {"kind": "water"}).content.decode()
    assert "白石镇" in page
    clerk = four_people("town_clerk").client("owner")
    plot = {"division": places.village.pk, "plot": "东坡", "area": "3.5", "found_on": "2026-01-05"}
    assert clerk.post(url("land"), plot).status_code == 302
    stray = plot | {"division": places.neighbour_village.pk}
    assert clerk.post(url("land"), stray).status_code == 200
    land = AbandonedLand.objects.get()
    farmed = {"treatment": "村集体代耕", "done_on": "2026-02-01"}
    assert clerk.post(url("farm", land.pk), farmed).status_code == 302
    assert clerk.post(url("farm", land.pk), farmed).status_code == 409
    assert clerk.post(url("rosters"), holder).status_code == 403


@pytest.mark.parametrize(
    "query", ["?place=%00&by=x&standing=zz", "?place=999999&department=a&q=%27", "?kind=x&paper=zz"]
)
def test_nonsense_in_the_address_never_fails(made, four_people, query):
    client = four_people("county_officer").client("owner")
    for name in ("sheet", "income", "report", "rosters"):
        assert client.get(url(name) + query).status_code == 200
    assert client.get(url("definition", made[0].pk) + query).status_code == 200
    assert client.get(url("targets", made[0].pk) + query).status_code == 200


def test_automatic_values_are_counted_by_button_and_opened_into_figures(made, four_people):
    client = four_people("county_officer").client("owner")
    assert client.post(url("compute")).status_code == 302
    automatic = made.filter(source="formula").first()
    page = client.get(url("definition", automatic.pk)).content.decode()
    assert "自动计算：" in page
    assert "登记住房安全的脱贫人口和监测对象" in page
    assert four_people("town_clerk").client("owner").post(url("compute")).status_code == 403


def test_a_paper_read_once_is_not_read_again(places, officer, sewage):
    paper = upload_paper(officer, content=docx(), name="规划.docx", division=places.county)
    read_paper(officer, paper)
    report_actual(officer, sewage, places.county, period=Period.read("2026-Q1"), value=Decimal(1))
    assert Reading.objects.count() == 1
