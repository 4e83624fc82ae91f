"""集中排查的页面: four people, forms that keep what was typed, sheets that come back."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from shouwang.campaigns.models import Sweep
from shouwang.campaigns.operations import advance
from shouwang.core.clock import today

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(planned, officer) -> Sweep:
    return advance(officer, planned(), "start", version=1)


def url(name, *args):
    return reverse(f"campaigns:{name}", args=args)


def test_pages_show_the_own_place_only(running, four_people):
    four = four_people("town_clerk")
    item = running.items.get(household__household_no="H1")
    for name, args in (("sweep", ()), ("items", ()), ("report", ())):
        assert four.statuses(url(name, running.pk, *args)) == {
            "owner": 200, "neighbour": 200, "department": 403, "nobody": 302,
        }  # fmt: skip
    statuses = four.statuses(url("item", running.pk, item.pk))
    assert statuses == {"owner": 200, "neighbour": 404, "department": 403, "nobody": 302}
    page = four.client("owner").get(url("items", running.pk))
    assert page.context["list"].count == 3
    page = four.client("neighbour").get(url("items", running.pk))
    assert page.context["list"].count == 1


def test_planning_counts_the_priorities_and_keeps_what_was_typed(homes, four_people):
    client = four_people("county_officer").client("owner")
    page = client.get(url("plan"))
    assert "整户无劳动力：1 户" in page.content.decode()
    page = client.post(url("plan"), {"title": "秋季排查", "kind": "special"})
    assert "秋季排查" in page.content.decode()
    values = {
        "title": "秋季排查", "kind": "special", "chosen": ["no_labour"], "recheck_percent": "5",
        "division": page.context["form"].fields["division"].queryset.first().pk,
        "checklist": "six_looks_six_checks", "starts_on": "2026-11-01", "ends_on": "2026-12-01",
    }  # fmt: skip
    assert client.post(url("plan"), values).status_code == 302
    assert Sweep.objects.get().items.count() == 1
    assert four_people("town_clerk").client("owner").get(url("plan")).status_code == 403


def test_a_visit_on_the_page_leads_to_the_next_of_mine(running, four_people):
    four = four_people("village_worker")
    client = four.client("owner")
    item = running.items.get(household__household_no="H1")
    page = client.get(url("item", running.pk, item.pk))
    assert "看住房" in page.content.decode()
    values = {"version": item.version, "visited_on": today().isoformat(), "q_look_house": "安全"}
    assert (
        client.post(url("item", running.pk, item.pk), values | {"finding": "x"}).status_code == 200
    )
    answer = client.post(url("item", running.pk, item.pk), values | {"finding": "no_risk"})
    assert answer.status_code == 302
    item.refresh_from_db()
    assert item.state == "done"
    assert item.answers == {"look_house": "安全"}


def test_a_sheet_goes_out_and_comes_back(running, four_people, places):
    client = four_people("town_clerk").client("owner")
    answer = client.get(url("sheet", running.pk, places.village.code))
    book = load_workbook(io.BytesIO(answer.content))
    page = book.active
    captions = [cell.value for cell in page[2]]
    row = next(row for row in page.iter_rows(min_row=3) if row[2].value == "H1")
    row[captions.index("排查日期")].value = today()
    row[captions.index("结果")].value = "没有发现风险"
    other = next(row for row in page.iter_rows(min_row=3) if row[2].value == "H2")
    other[captions.index("排查日期")].value = "昨天"
    other[captions.index("结果")].value = "没有发现风险"
    stream = io.BytesIO()
    book.save(stream)
    sent = SimpleUploadedFile("表.xlsx", stream.getvalue())
    result = client.post(url("upload", running.pk), {"sheet": sent}).content.decode()
    assert "登记 1 户" in result
    assert "昨天" in result
    assert running.items.get(household__household_no="H1").state == "done"
    assert running.items.get(household__household_no="H2").state == "todo"


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04broken", b"a,b,c\n1,2,3", b"\xd0\xcf\x11\xe0"]
)
def test_hostile_sheets_are_told_in_words(running, four_people, content):
    client = four_people("town_clerk").client("owner")
    sent = SimpleUploadedFile("表.xlsx", content)
    answer = client.post(url("upload", running.pk), {"sheet": sent})
    assert answer.status_code == 400
    assert not running.items.filter(state="done").exists()


def test_a_sheet_of_the_other_town_is_not_given(running, four_people, places):
    client = four_people("town_clerk").client("owner")
    assert client.get(url("sheet", running.pk, places.neighbour_village.code)).status_code == 404
    assert client.get(url("sheet", running.pk, "nonsense")).status_code == 404


def test_assigning_asks_who_and_leaves_the_done_alone(running, four_people):
    four = four_people("town_clerk")
    client = four.client("owner")
    keys = list(running.items.values_list("pk", flat=True))
    page = client.post(url("assign", running.pk), {"ids": keys})
    assert "分派 3 户" in page.content.decode()
    checker = page.context["form"].fields["checker"].queryset.first()
    answer = client.post(url("assign", running.pk), {"ids": keys, "checker": checker.pk})
    assert answer.status_code == 302
    assert running.items.filter(checker=checker).count() == 3


def test_steps_are_the_county_officers_and_need_the_shown_version(running, four_people):
    client = four_people("town_clerk").client("owner")
    body = {"action": "sample", "version": running.version}
    assert client.post(url("step", running.pk), body).status_code in (403, 404)
    client = four_people("county_officer").client("owner")
    assert client.post(url("step", running.pk), body).status_code == 400
    assert (
        client.post(url("step", running.pk), {"action": "x", "version": "1e9"}).status_code == 400
    )
    assert client.post(url("step", running.pk), {"action": "x", "version": "1"}).status_code == 409


@pytest.mark.parametrize("query", ["?first=maybe&town=%00", "?sampled=differs", "?mine=me&page=x"])
def test_nonsense_in_the_address_never_fails(running, four_people, query):
    client = four_people("county_officer").client("owner")
    assert client.get(url("items", running.pk) + query).status_code == 200
    assert client.get(url("sweeps") + query).status_code == 200
