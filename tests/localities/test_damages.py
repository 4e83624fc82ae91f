"""灾毁、医疗、预警: events and households, villages with and without doctors, alerts answered."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from shouwang.cases.models import RegisteredClue
from shouwang.core import clock
from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.core.figures import all_figures, asked_once
from shouwang.localities import demo
from shouwang.localities.alert_levels import BadLevels, read
from shouwang.localities.models import (
    AffectedHousehold,
    Alert,
    AlertVillage,
    PlaceProblem,
    VillageMedical,
)
from shouwang.localities.operations import (
    acknowledge,
    end_alert,
    issue_alert,
    link_household,
    raise_clue,
    record_disaster,
    record_medical,
    record_problem,
    unlink_household,
)
from shouwang.localities.place_kinds import book
from shouwang.localities.place_queries import (
    by_town,
    coverage_by_town,
    medical_villages,
    waiting_alerts,
)
from shouwang.registry.models import Household, RegistryFile, RegistryImport

pytestmark = pytest.mark.django_db
DAMAGES = book().kinds["damages"]


def url(name, *args):
    return reverse(f"localities:{name}", args=args)


@pytest.fixture
def flood(officer, places):
    return record_disaster(officer, places.town, kind="flood", name="洪涝", began_on=today())


@pytest.fixture
def house(officer, places, flood):
    return record_problem(
        officer, DAMAGES, places.village, disaster=flood, subject="housing", name="临河住房",
        channel="patrol", found_on=today(), quantity=Decimal(3), unit="间", loss=Decimal(9000),
    )  # fmt: skip


@pytest.fixture
def enter(db):
    """A maker of registry households."""
    received = RegistryImport.objects.create(
        export_date=today(), received_at=clock.now(), received_by_label="测试"
    )
    source = RegistryFile.objects.create(
        registry_import=received, name="导出.xlsx", sha256="0" * 64, size=1
    )

    def make(number, village):
        return Household.objects.create(
            source_file=source, household_no=number, village=village, head_name="张三",
            village_code=village.code, source_row=3,
        )  # fmt: skip

    return make


@pytest.fixture
def home(places, enter):
    return enter("900000000001", places.village)


def alert_of(officer, *areas, **more):
    given = {
        "kind": "flood", "level": "red", "title": "洪水预警", "text": "转移", "issuer": "水文站",
        "valid_from": clock.now(), "valid_to": clock.now() + timedelta(hours=6),
    } | more  # fmt: skip
    return issue_alert(officer, list(areas), **given)


def test_damage_belongs_to_an_event_that_struck_its_village(officer, places, flood):
    given = {"subject": "farmland", "name": "田", "channel": "patrol", "found_on": today()}
    with pytest.raises(DomainError, match="灾害事件"):
        record_problem(officer, DAMAGES, places.village, **given)
    with pytest.raises(DomainError, match="范围"):
        record_problem(officer, DAMAGES, places.neighbour_village, disaster=flood, **given)
    early = given | {"found_on": today() - timedelta(days=1)}
    with pytest.raises(DomainError, match="早于"):
        record_problem(officer, DAMAGES, places.village, disaster=flood, **early)
    with pytest.raises(Conflict):
        record_disaster(officer, places.town, kind="flood", name="洪涝", began_on=today())


def test_a_damaged_house_raises_one_clue_of_the_green_way(officer, house, home):
    linked = raise_clue(officer, link_household(officer, house, home, note="山墙倒塌"))
    clue = RegisteredClue.objects.get()
    assert linked.clue == clue
    assert (clue.emergency, clue.household) == ("natural_disaster", home)
    assert clue.risks == ["housing", "natural_disaster"]
    linked.clue_id = None
    with pytest.raises(Conflict, match="已由他人"):
        raise_clue(officer, linked)
    with pytest.raises(Conflict, match="不能移出"):
        unlink_household(officer, linked)
    assert RegisteredClue.objects.count() == 1


def test_only_a_household_of_the_village_is_linked_and_once(officer, house, places, enter):
    far = enter("900000000002", places.other_village)
    with pytest.raises(NotFound):
        link_household(officer, house, far)
    near = enter("900000000003", places.village)
    made = link_household(officer, house, near)
    with pytest.raises(Conflict):
        link_household(officer, house, near)
    unlink_household(officer, made)
    assert not AffectedHousehold.objects.exists()


def test_households_are_linked_on_the_page_and_a_wrong_number_is_told(
    officer, house, home, four_people
):
    four = four_people("town_clerk")
    client, at = four.client("owner"), url("add-affected", house.kind, house.pk)
    answer = client.post(at, {"household_no": "1234", "note": "倒塌"})
    assert "没有找到这一户" in answer.content.decode()
    mine = {"owner": 302, "neighbour": 404, "department": 404, "nobody": 302}
    assert four.statuses(at, "post", data={"household_no": home.household_no}) == mine
    row = AffectedHousehold.objects.get()
    step = url("affected-step", house.kind, house.pk, row.pk)
    assert four.statuses(step, "post", data={"action": "clue"}) == mine
    assert RegisteredClue.objects.count() == 1
    assert "已登记线索" in client.get(url("place-problem", house.kind, house.pk)).content.decode()
    department = four.client("department").get(url("place-problem", house.kind, house.pk))
    assert department.status_code == 404


def test_an_event_is_summed_within_ones_own_places(officer, house, flood, four_people):
    four = four_people("town_clerk")
    page = four.client("owner").get(url("disaster", flood.pk)).content.decode()
    assert "9,000" in page
    assert four.statuses(url("disaster", flood.pk)) == {
        "owner": 200, "neighbour": 404, "department": 403, "nobody": 302,
    }  # fmt: skip
    assert four.statuses(url("change-disaster", flood.pk))["owner"] == 200
    ended = {"ended_on": today().isoformat(), "note": "雨停"}
    assert four.client("owner").post(url("change-disaster", flood.pk), ended).status_code == 302
    wrong = {"ended_on": "2000-01-01", "note": ""}
    assert four.client("owner").post(url("change-disaster", flood.pk), wrong).status_code == 422
    assert four.statuses(url("change-disaster", flood.pk))["neighbour"] == 404
    for name in ("disasters", "new-disaster", "medical", "coverage", "alerts"):
        assert four.statuses(url(name))["department"] == 403, name
        assert four.client("owner").get(url(name)).status_code == 200, name


def test_a_village_without_doctor_opens_a_gap_and_counts_as_one(officer, places, four_people):
    def coverage():
        return dict(medical_villages(officer).values_list("name", "coverage"))

    assert set(coverage().values()) == {"unknown"}
    assert coverage_by_town(officer)[0].share is None
    full = {"has_clinic": True, "doctors": 1, "checked_on": today()}
    record_medical(officer, places.village, **full)
    record_medical(officer, places.other_village, **(full | {"doctors": 0}))
    assert coverage() == {"柳湾村": "covered", "石桥村": "gap", "竹园村": "unknown"}
    gap = PlaceProblem.objects.get(kind="clinics")
    assert gap.subject == "no_doctor"
    record_medical(officer, places.other_village, version=1, **(full | {"doctors": 0}))
    assert PlaceProblem.objects.count() == 1
    assert coverage_by_town(officer)[0].share == 0.5
    PlaceProblem.objects.update(state="signed", signed_on=today())
    assert coverage()["石桥村"] == "served"
    with pytest.raises(Conflict, match="测试刚登记过"):
        record_medical(officer, places.village, **full)
    four = four_people("village_worker")
    at = url("medical-village", places.village.pk)
    assert four.statuses(at) == {
        "owner": 200, "neighbour": 404, "department": 403, "nobody": 302,
    }  # fmt: skip
    page = {"version": 1, "has_clinic": "no", "doctors": 0, "checked_on": today().isoformat()}
    assert four.client("owner").post(at, page).status_code == 302
    assert four.client("owner").post(at, page).status_code == 409
    assert not VillageMedical.objects.get(village=places.village).has_clinic


def test_a_workbook_of_villages_is_taken_whole_and_twice_changes_nothing(places, four_people):
    four = four_people("town_clerk")
    at, client = url("import-medical"), four.client("owner")

    def send(*rows):
        book_ = Workbook()
        for row in (["行政村", "村卫生室", "合格村医", "核实日期"], *rows):
            book_.active.append(row)
        stream = io.BytesIO()
        book_.save(stream)
        return client.post(at, {"file": SimpleUploadedFile("村医.xlsx", stream.getvalue())})

    good = [["柳湾村", "有", 2, "2026-05-01"], ["石桥村", "没有", 0, "2026-05-01"]]
    wrong = send(*good, ["竹园村", "有", 1, "2026-05-01"], ["柳湾村", "也许", "x", "2100-01-01"])
    assert wrong.status_code == 422
    assert "竹园村" in wrong.content.decode()
    assert not VillageMedical.objects.exists()
    assert send(*good).status_code == 302
    assert send(*good).status_code == 302
    assert VillageMedical.objects.get(village=places.village).version == 1
    assert PlaceProblem.objects.get().subject == "no_clinic"
    assert four.statuses(at)["department"] == 403
    assert client.get(url("medical-template")).status_code == 200


def test_an_alert_shows_at_once_who_has_not_acknowledged(officer, places, four_people):
    alert = alert_of(officer, places.town)
    with pytest.raises(Conflict, match="同样的预警"):
        alert_of(officer, places.town, valid_to=alert.valid_to)
    assert alert.villages.count() == 2
    worker = four_people("village_worker")
    assert waiting_alerts(worker.actor("owner")) == 1
    assert waiting_alerts(worker.actor("neighbour")) == 0
    row = alert.villages.get(village=places.village)
    at = url("alert-acknowledge", alert.pk, row.pk)
    tried = worker.statuses(at, "post", data={"note": "已转移 3 户"})
    assert tried == {"owner": 302, "neighbour": 404, "department": 403, "nobody": 302}
    assert waiting_alerts(worker.actor("owner")) == 0
    row.refresh_from_db()
    assert row.by_label == worker.actor("owner").label
    with pytest.raises(Conflict, match="已经签收"):
        acknowledge(officer, AlertVillage.objects.get(pk=row.pk))
    clerk = four_people("town_clerk")
    page = clerk.client("owner").get(url("alert", alert.pk)).content.decode()
    assert "1 个没有签收" in page
    assert clerk.client("neighbour").get(url("alert", alert.pk)).status_code == 404


def test_an_alert_is_lifted_or_withdrawn_once_with_a_reason(officer, places, four_people):
    alert = alert_of(officer, places.county)
    clerk = four_people("town_clerk")
    with pytest.raises(NotFound):
        end_alert(clerk.actor("owner"), alert, end="lifted", reason="雨停")
    ask = {"end": "lifted", "reason": "雨停"}
    assert clerk.client("owner").post(url("alert-end", alert.pk), ask).status_code == 404
    with pytest.raises(DomainError, match="理由"):
        end_alert(officer, alert, end="lifted", reason=" ")
    assert end_alert(officer, alert, **ask).state_label == "已解除"
    with pytest.raises(Conflict, match="测试"):
        end_alert(officer, alert, end="withdrawn", reason="发错")
    with pytest.raises(Conflict, match="不再签收"):
        acknowledge(officer, alert.villages.select_related("alert", "village").first())


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "x"}, {"level": "purple"}, {"title": " "}, {"text": ""}, {"issuer": ""},
        {"valid_to": clock.now() - timedelta(hours=1)},
        {"valid_to": clock.now() + timedelta(days=99)},
    ],
)  # fmt: skip
def test_an_alert_that_cannot_be_is_refused(officer, places, changes):
    with pytest.raises(DomainError):
        alert_of(officer, places.town, **changes)
    assert not Alert.objects.exists()


def test_an_alert_is_issued_only_where_one_may(officer, places, four_people):
    four = four_people("town_clerk")
    assert alert_of(four.actor("owner"), places.town).issuer == "水文站"
    with pytest.raises(NotFound):
        alert_of(four.actor("owner"), places.county)
    with pytest.raises((NotFound, NotAllowed)):
        alert_of(four_people("village_worker").actor("owner"), places.village)
    post = {
        "kind": "fire", "level": "yellow", "areas": [places.village.pk], "title": "火险",
        "text": "禁火", "issuer": "林业", "valid_from": f"{today()}T08:00",
        "valid_to": f"{today() + timedelta(days=2)}T08:00",
    }  # fmt: skip
    assert four.client("owner").post(url("new-alert"), post).status_code == 302
    wrong = post | {"valid_from": "abc", "areas": [places.neighbour_village.pk]}
    assert four.client("owner").post(url("new-alert"), wrong).status_code == 422
    hostile = url("alerts") + "?state=%00&level=x&sort=state&q='"
    assert four.client("owner").get(hostile).status_code == 200


def test_levels_that_cannot_be_are_refused():
    with pytest.raises(BadLevels):
        read({"levels": [{"key": "a", "label": "甲", "tone": "late", "hours": 0}]})


def test_the_demo_fills_every_register_and_every_figure_counts(places, officer):
    demo.make(officer)
    assert set(PlaceProblem.objects.values_list("kind", flat=True)) == set(book().kinds)
    assert by_town(officer, "roads")
    ours = [key for key in all_figures() if key.startswith("localities.")]
    with asked_once():
        found = {
            key: all_figures()[key].count([places.county.path], today())[places.county.path]
            for key in ours
        }
    assert found["localities.roads_open"] > found["localities.roads_late"] > 0
    assert found["localities.medical_coverage"] == 100
    assert found["localities.alerts_unseen"] == 1
