"""政策宣传: a leaflet, who has got it by village, a signed list that comes back, events."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.outreach import demo
from shouwang.outreach.models import Handout, Leaflet, PublicityEvent, SelfReport
from shouwang.outreach.operations import hand_out, record_leaflet
from shouwang.outreach.queries import coverage

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaflet(homes, places, officer) -> Leaflet:
    return record_leaflet(
        officer, division=places.county, title="明白纸", kind="card", edition="第1版",
        printed=100, made_on=today() - timedelta(days=9),
    )  # fmt: skip


def url(name, *args):
    return reverse(f"outreach:{name}", args=args)


def test_coverage_shows_who_has_not_got_it(leaflet, homes, officer, four_people):
    day = {"handed_on": today(), "way": "visit"}
    assert hand_out(officer, leaflet, [homes["H1"]], **day) == 1
    assert hand_out(officer, leaflet, [homes["H1"], homes["H2"]], **day) == 1
    rows = {row.village.name: (row.households, row.handed) for row in coverage(officer, leaflet)}
    assert rows == {"柳湾村": (2, 2), "石桥村": (1, 0), "竹园村": (1, 0)}
    assert coverage(officer, leaflet)[0].missing == 1
    four = four_people("town_clerk")
    assert {row.village.name for row in coverage(four.actor("owner"), leaflet)} == {
        "柳湾村", "石桥村",
    }  # fmt: skip
    page = four.client("owner").get(url("handouts", leaflet.pk) + "?got=no")
    assert page.context["list"].count == 1


def test_wrong_dates_places_and_copies_are_refused(leaflet, homes, officer, places, four_people):
    for day in (today() + timedelta(days=1), leaflet.made_on - timedelta(days=1)):
        with pytest.raises(DomainError):
            hand_out(officer, leaflet, [homes["H1"]], handed_on=day, way="visit")
    with pytest.raises(DomainError, match="方式"):
        hand_out(officer, leaflet, [homes["H1"]], handed_on=today(), way="x")
    values = {"title": "明白纸", "kind": "card", "printed": 1, "made_on": today()}
    with pytest.raises(Conflict):
        record_leaflet(officer, division=places.county, edition="第1版", **values)
    local = record_leaflet(officer, division=places.town, edition="镇版", **values)
    with pytest.raises(DomainError, match="不是发给"):
        hand_out(officer, local, [homes["H4"]], handed_on=today(), way="visit")
    clerk = four_people("town_clerk").actor("owner")
    with pytest.raises(NotFound):
        hand_out(clerk, leaflet, [homes["H4"]], handed_on=today(), way="visit")
    assert not Handout.objects.exists()


def test_a_sign_sheet_goes_out_and_comes_back(leaflet, homes, four_people, places):
    client = four_people("village_worker").client("owner")
    answer = client.get(url("sheet", leaflet.pk, places.village.code))
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    page = book.active
    assert [cell.value for cell in page[2]][:2] == ["户编号", "户主"]
    page["E3"] = "户主一"

    def send():
        stream = io.BytesIO()
        book.save(stream)
        file = SimpleUploadedFile("签收表.xlsx", stream.getvalue())
        values = {"handed_on": today().isoformat(), "file": file}
        return client.post(url("signed", leaflet.pk), values)

    assert send().status_code == 302
    made = Handout.objects.get()
    assert (made.household.household_no, made.received_by, made.way) == ("H1", "户主一", "list")
    page["A4"], page["E4"] = "H4", "外村人"
    assert send().status_code == 422
    assert Handout.objects.count() == 1
    broken = SimpleUploadedFile("x.xlsx", b"no workbook")
    values = {"handed_on": today().isoformat(), "file": broken}
    assert client.post(url("signed", leaflet.pk), values).status_code == 422
    assert client.get(url("sheet", leaflet.pk, places.neighbour_village.code)).status_code == 404


def test_ticked_households_are_handed_out_together(leaflet, homes, four_people):
    client = four_people("town_clerk").client("owner")
    ids = [str(homes["H1"].pk), str(homes["H4"].pk), "x"]
    assert client.post(url("hand-out", leaflet.pk), {"ids": ids}).status_code == 302
    assert list(Handout.objects.values_list("household__household_no", flat=True)) == ["H1"]


def test_pages_are_tried_by_four(leaflet, homes, four_people, places):
    four = four_people("town_clerk")
    seen = {"owner": 200, "neighbour": 200, "department": 403, "nobody": 302}
    for name, args in (
        ("leaflets", ()), ("leaflet", (leaflet.pk,)), ("handouts", (leaflet.pk,)), ("events", ()),
        ("new-leaflet", ()), ("new-event", ()), ("signed", (leaflet.pk,)),
    ):  # fmt: skip
        assert four.statuses(url(name, *args)) == seen, name
    mine = {"owner": 200, "neighbour": 404, "department": 403, "nobody": 302}
    assert four.statuses(url("household-handout", leaflet.pk, "H1")) == mine
    assert four.statuses(url("papers", leaflet.pk, places.village.code)) == mine
    values = {
        "division": places.village.pk, "held_on": today().isoformat(), "kind": "meeting",
        "place": "院坝", "topic": "政策", "people": 30,
    }  # fmt: skip
    assert four.client("neighbour").post(url("new-event"), values).status_code == 422
    assert four.client("owner").post(url("new-event"), values).status_code == 302
    event = PublicityEvent.objects.get()
    assert four.statuses(url("event", event.pk)) == mine
    assert four.client("owner").post(url("new-event"), {"people": "x"}).status_code == 422
    county = values | {"division": places.county.pk}
    assert four.client("owner").post(url("new-event"), county).status_code == 422


def test_the_demo_shows_codes_reports_and_leaflets(homes, places, officer):
    assert demo.make(officer) == 3
    assert SelfReport.objects.count() == 3
    assert Handout.objects.count() == 4
