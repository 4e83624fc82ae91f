"""通报: drafted from figures, edited, issued once, signed; Word with tables and native charts."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from docx import Document

from shouwang.campaigns import compiling, demo
from shouwang.campaigns.bulletin_paper import write
from shouwang.campaigns.models import Bulletin
from shouwang.campaigns.operations import (
    advance_bulletin,
    draft_bulletin,
    renew_figures,
    save_bulletin,
    sign_bulletin,
)
from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError
from shouwang.documents.word_charts import add_bars

pytestmark = pytest.mark.django_db


@pytest.fixture
def figures(monkeypatch):
    """What the rooms count: changed by the test, read by the compiler."""
    counted = {"total": 12}

    def make(actor, day):
        rows = [["因病", counted["total"]], ["住房安全", 3]]
        chart = {"title": "各类线索", "unit": "条", "name": 0, "value": 1}
        text = f"发现线索 {counted['total']} 条。"
        return compiling.section("clues", "线索发现", text, ("风险", "线索（条）"), rows, chart)

    monkeypatch.setattr(compiling, "_MAKERS", (make,))
    return counted


@pytest.fixture
def draft(figures, officer, places) -> Bulletin:
    return draft_bulletin(officer, division=places.county, month=today())


def saved(officer, draft, **changes):
    values = {
        "title": draft.title, "number": "示农发〔2026〕1号", "distribution": "各乡镇",
        "texts": {}, "version": draft.version,
    }  # fmt: skip
    return save_bulletin(officer, draft, **(values | changes))


def test_a_month_has_one_bulletin(draft, officer, places):
    with pytest.raises(Conflict, match="起草中"):
        draft_bulletin(officer, division=places.county, month=today())
    with pytest.raises(DomainError, match="还没有到"):
        draft_bulletin(officer, division=places.county, month=today() + timedelta(days=40))


def test_new_figures_keep_the_words_that_a_person_changed(draft, figures, officer):
    changed = saved(officer, draft, texts={"clues": "线索仍以因病为主。"})
    figures["total"] = 20
    renewed = renew_figures(officer, changed, version=changed.version)
    assert renewed.sections[0]["text"] == "线索仍以因病为主。"
    assert renewed.sections[0]["rows"][0] == ["因病", 20]


def test_figures_are_frozen_when_issued(draft, figures, officer):
    with pytest.raises(DomainError, match="文号"):
        advance_bulletin(officer, draft, "issue", version=1)
    ready = saved(officer, draft)
    issued = advance_bulletin(officer, ready, "issue", version=ready.version)
    figures["total"] = 99
    with pytest.raises(Conflict):
        renew_figures(officer, issued, version=issued.version)
    with pytest.raises(Conflict):
        saved(officer, issued)
    assert "12 条" in Document(io.BytesIO(write(issued))).paragraphs[4].text + str(issued.sections)
    recalled = advance_bulletin(officer, issued, "recall", version=issued.version, reason="错字")
    assert recalled.recall_reason == "错字"


def test_personal_numbers_never_get_into_a_bulletin(draft, officer):
    with pytest.raises(DomainError):
        saved(officer, draft, texts={"clues": "张三 13800138000 家中困难"})


def test_the_second_editor_is_told_and_loses_nothing(draft, officer):
    saved(officer, draft)
    with pytest.raises(Conflict, match="先另存"):
        saved(officer, draft, version=1)


def test_the_word_file_holds_table_and_chart(draft, officer):
    content = write(saved(officer, draft))
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert "word/charts/chart1.xml" in names
    tables = Document(io.BytesIO(content)).tables
    assert [cell.text for cell in tables[0].rows[1].cells] == ["因病", "12"]


def test_charts_number_themselves_and_take_hostile_names():
    document = Document()
    add_bars(document, '<&"图', ["<村>", "乙&"], [1, 2], "户")
    add_bars(document, "二", ["甲"], [3], "户")
    add_bars(document, "空", [], [], "户")
    stream = io.BytesIO()
    document.save(stream)
    package = zipfile.ZipFile(io.BytesIO(stream.getvalue()))
    charts = [name for name in package.namelist() if "charts/" in name]
    assert charts == ["word/charts/chart1.xml", "word/charts/chart2.xml"]
    assert "&lt;村&gt;" in package.read(charts[0]).decode()
    Document(io.BytesIO(stream.getvalue()))
    with pytest.raises(ValueError, match="length"):
        add_bars(document, "x", ["a"], [], "户")


def test_drafts_are_hidden_and_issued_ones_reach_every_place(draft, officer, four_people, places):
    four = four_people("town_clerk")
    url = draft.get_absolute_url()
    assert four.client("owner").get(url).status_code == 404
    ready = saved(officer, draft)
    advance_bulletin(officer, ready, "issue", version=ready.version)
    assert four.statuses(url) == {
        "owner": 200, "neighbour": 200, "department": 404, "nobody": 302,
    }  # fmt: skip
    assert (
        four.client("owner").post(reverse("campaigns:bulletin-sign", args=[draft.pk])).status_code
        == 302
    )
    assert (
        four.client("owner").post(reverse("campaigns:bulletin-sign", args=[draft.pk])).status_code
        == 302
    )
    assert draft.receipts.get().division == places.town
    with pytest.raises(DomainError, match="自己的账号"):
        draft.refresh_from_db()
        sign_bulletin(officer, draft, places.county)


def test_the_page_edits_and_gives_the_word_file(draft, four_people):
    client = four_people("county_officer").client("owner")
    url = draft.get_absolute_url()
    values = {"version": 1, "title": draft.title, "number": "示1号", "text_clues": "改过的话"}
    assert client.post(url, values).status_code == 302
    page = client.get(url).content.decode()
    assert "改过的话" in page
    assert client.post(url, values | {"title": ""}).status_code == 200
    word = client.get(reverse("campaigns:bulletin-word", args=[draft.pk]))
    assert word.content[:2] == b"PK"
    step = reverse("campaigns:bulletin-step", args=[draft.pk])
    assert client.post(step, {"action": "issue", "version": 2}).status_code == 403
    assert (
        four_people("county_leader")
        .client("owner")
        .post(step, {"action": "issue", "version": 2})
        .status_code
        == 302
    )


def test_every_section_compiles_on_an_empty_county(officer, homes):
    assert isinstance(compiling.compile_sections(officer, today()), list)


@pytest.mark.usefixtures("homes")
def test_the_demo_issues_last_month_and_drafts_this_one(officer, places, settings):
    settings.SHOUWANG_COUNTY = places.county.code[:6]
    assert demo.make_bulletins(officer) == 3
    states = [row.state for row in Bulletin.objects.filter(kind="monitoring").order_by("month")]
    assert states == ["issued", "draft"]
    assert Bulletin.objects.get(kind="tasks").state == "draft"
