"""Every page of the registry, tried by four people, and by input that means no good."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shouwang.audit.models import AuditEntry
from shouwang.registry import snapshots
from shouwang.registry.household_page import TABS
from shouwang.registry.models import Household, Member, RegistryImport
from tests.four_people import FourPeople, make_account, make_post
from tests.registry import workbooks
from tests.registry.conftest import Importing

pytestmark = pytest.mark.django_db
NOBODY_IS_SENT_AWAY = 302


@pytest.fixture
def county_rows(importing: Importing) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Two households in 柳湾村 (青禾镇) and one in 竹园村 (白石镇), one finding in each place."""
    people, households = workbooks.county(3)
    people[0]["labour"] = "半个劳动力"
    people[5]["nation"] = None
    households[2] |= {"village": "竹园村", "village_code": "999901102201", "town": "白石镇"}
    importing(people, households)
    return people, households


@pytest.fixture
def four(four_people: Callable[..., FourPeople], county_rows: object) -> FourPeople:
    return four_people("town_clerk")


def household_url(number: str, tab: str = "") -> str:
    url = reverse("registry:household", args=[number])
    return f"{url}?tab={tab}" if tab else url


def upload(path: Path, **values: Any) -> dict[str, Any]:
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return {"files": [file], "export_date": "2025-12-31", "note": ""} | values


@pytest.mark.parametrize("tab", ["", *TABS])
def test_a_household_is_for_its_town_and_does_not_exist_for_the_next(
    four: FourPeople, county_rows: Any, tab: str
) -> None:
    url = household_url(county_rows[1][0]["household_no"], tab)
    assert four.statuses(url) == {
        "owner": 200, "neighbour": 404, "department": 403, "nobody": NOBODY_IS_SENT_AWAY
    }  # fmt: skip


def test_lists_hold_only_what_is_in_scope(four: FourPeople, county_rows: Any) -> None:
    own, other = county_rows[1][0]["household_no"], county_rows[1][2]["household_no"]
    url = reverse("registry:households")
    owner, neighbour = (
        four.client(who).get(url).content.decode() for who in ("owner", "neighbour")
    )
    assert own in owner and other not in owner
    assert other in neighbour and own not in neighbour
    assert four.client("department").get(url).status_code == 403


@pytest.mark.parametrize("name", ["quality", "findings"])
def test_findings_are_for_those_of_the_place(four: FourPeople, name: str) -> None:
    url = reverse(f"registry:{name}")
    owner = four.client("owner").get(url).content.decode()
    assert "劳动技能为空或不在代码表" in owner
    assert "民族为空" not in owner.split("<tbody>", 1)[-1]
    assert four.statuses(url)["department"] == 403


@pytest.mark.parametrize("name", ["households", "findings"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_export_is_for_who_may_and_within_scope(
    four: FourPeople, county_rows: Any, name: str, kind: str
) -> None:
    url = f"{reverse(f'registry:{name}')}?export={kind}"
    response = four.client("owner").get(url)
    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    assert county_rows[1][2]["household_no"].encode() not in content
    assert four.statuses(url)["department"] == 403


def test_a_village_worker_sees_one_village_and_exports_nothing(
    places: Any, county_rows: Any, client: Any
) -> None:
    worker = make_account("worker")
    make_post(worker, "village_worker", places.neighbour_village)
    client.force_login(worker)
    page = client.get(reverse("registry:households")).content.decode()
    assert county_rows[1][2]["household_no"] in page
    assert county_rows[1][0]["household_no"] not in page
    assert client.get(reverse("registry:households") + "?export=csv").status_code == 403
    assert client.get(reverse("registry:export")).status_code == 403


def reveal_url(people: Any) -> str:
    member = Member.objects.get(person_no=people[0]["person_no"])
    return reverse(
        "registry:reveal", args=[people[0]["household_no"], "member", member.pk, "id_no"]
    )


def test_a_number_is_shown_in_full_only_for_a_reason_and_is_recorded(
    four: FourPeople, county_rows: Any
) -> None:
    people, _ = county_rows
    url = reveal_url(people)
    assert four.client("owner").post(url, {"reason": ""}).status_code == 400
    response = four.client("owner").post(url, {"reason": "入户核实身份"})
    assert response.content.decode() == people[0]["id_no"]
    assert "no-store" in response["Cache-Control"]
    entry = AuditEntry.objects.filter(action="registry.revealed").get()
    assert "入户核实身份" in entry.summary
    assert people[0]["id_no"] not in entry.summary + entry.details


def test_a_number_is_not_shown_to_who_may_not(
    four: FourPeople, county_rows: Any, places: Any, client: Any
) -> None:
    url = reveal_url(county_rows[0])
    statuses = four.statuses(url, "post", data={"reason": "入户核实身份"})
    assert statuses == {
        "owner": 200, "neighbour": 404, "department": 403, "nobody": NOBODY_IS_SENT_AWAY
    }  # fmt: skip
    worker = make_account("worker")
    make_post(worker, "village_worker", places.village)
    client.force_login(worker)
    assert client.post(url, {"reason": "入户核实身份"}).status_code == 403


def test_no_page_holds_a_number_in_full(four: FourPeople, county_rows: Any) -> None:
    people, households = county_rows
    secrets = [person["id_no"] for person in people] + [person["phone"] for person in people]
    urls = [household_url(households[0]["household_no"], tab) for tab in TABS]
    urls += [reverse("registry:households"), reverse("registry:findings")]
    for url in urls:
        page = four.client("owner").get(url).content.decode()
        assert not [secret for secret in secrets if secret in page], url


def find(four: FourPeople, who: str, text: str) -> str:
    return four.client(who).post(reverse("registry:find"), {"q": text}).content.decode()


def test_a_search_by_id_number_finds_within_scope_only(four: FourPeople, county_rows: Any) -> None:
    people, _ = county_rows
    number, phone = people[0]["id_no"], people[0]["phone"]
    assert people[0]["household_no"] in find(four, "owner", f" {number[:6]} {number[6:].lower()}")
    assert people[0]["household_no"] in find(four, "owner", phone)
    assert people[0]["household_no"] not in find(four, "neighbour", number)
    assert (
        four.client("department").post(reverse("registry:find"), {"q": number}).status_code == 403
    )


@pytest.mark.parametrize(
    "text", ["张二", "zhanger", "ze", "900000000001", "柳湾", "lwc", "9000000"]
)
def test_a_search_understands_names_spellings_numbers_and_villages(
    four: FourPeople, county_rows: Any, text: str
) -> None:
    page = find(four, "owner", text)
    assert "900000000001" in page or "柳湾村" in page.split("results", 1)[-1]
    assert "900000000003" not in page


@pytest.mark.parametrize(
    "text", ["\x00", "%", "'; DROP TABLE registry_member; --", "＝1+1", "9" * 5000, "🙂", "\\", "_"]
)
def test_no_search_text_is_an_error(four: FourPeople, text: str) -> None:
    assert four.client("owner").post(reverse("registry:find"), {"q": text}).status_code == 200
    for name in ("name", "household_no", "town", "check", "monitor_class", "absent"):
        response = four.client("owner").get(reverse("registry:households"), {name: text})
        assert response.status_code == 200, name


def test_an_officer_uploads_looks_and_applies(
    four_people: Callable[..., FourPeople], tmp_path: Path
) -> None:
    officer = four_people("county_officer").client("owner")
    path = workbooks.write(tmp_path / "导出.xlsx", *workbooks.county(2))
    response = officer.post(reverse("registry:import"), upload(path))
    received = RegistryImport.objects.get()
    assert response["Location"] == reverse("registry:preview", args=[received.uuid])
    page = officer.get(response["Location"]).content.decode()
    assert "确认入库" in page and not Household.objects.exists()
    for name in ("new", "changed", "gone", "rejects"):
        url = reverse("registry:preview-list", args=[received.uuid, name])
        assert officer.get(url).status_code == 200
    officer.post(reverse("registry:apply", args=[received.uuid]))
    assert Household.objects.count() == 2
    page = officer.get(reverse("registry:preview", args=[received.uuid])).content.decode()
    assert "已入库" in page


def test_rejected_rows_come_back_as_a_workbook(
    four_people: Callable[..., FourPeople], tmp_path: Path
) -> None:
    officer = four_people("county_officer").client("owner")
    people, households = workbooks.county(1)
    people.append(workbooks.person(9, 1))
    path = workbooks.write(tmp_path / "导出.xlsx", people, households)
    officer.post(reverse("registry:import"), upload(path))
    received = RegistryImport.objects.get()
    page = officer.get(reverse("registry:preview", args=[received.uuid])).content.decode()
    assert "户编号不存在" in page
    url = reverse("registry:reject-workbook", args=[received.uuid])
    response = officer.get(url, {"file": "导出.xlsx"})
    assert response.status_code == 200
    assert b"".join(response.streaming_content).startswith(b"PK")
    assert officer.get(url, {"file": "别的.xlsx"}).status_code == 404


def test_imports_are_the_county_officers_alone(
    four_people: Callable[..., FourPeople], county_rows: Any
) -> None:
    clerk, officer = four_people("town_clerk"), four_people("county_officer")
    uuid = RegistryImport.objects.get().uuid
    urls = [reverse("registry:import")] + [
        reverse(f"registry:{name}", args=[uuid]) for name in ("preview", "reject-workbook")
    ]
    for url in urls:
        assert clerk.statuses(url)["owner"] == 403
        assert officer.statuses(url)["department"] == 403
    for name in ("apply", "compare", "discard"):
        url = reverse(f"registry:{name}", args=[uuid])
        assert clerk.statuses(url, "post")["owner"] == 403
        assert officer.client("owner").get(url).status_code == 405


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.xlsx", b""),
        ("坏.xlsx", b"PK\x03\x04" + b"\x00" * 200),
        ("网页.xlsx", b"<html><body>not a workbook</body></html>"),
        ("程序.exe", b"MZ"),
        ("换行\n.xlsx", b"x"),
    ],
)
def test_no_upload_is_an_error(
    four_people: Callable[..., FourPeople], name: str, content: bytes
) -> None:
    officer = four_people("county_officer").client("owner")
    file = SimpleUploadedFile(name, content)
    data = {"files": [file], "export_date": "2025-12-31"}
    response = officer.post(reverse("registry:import"), data, follow=True)
    assert response.status_code == 200
    assert not Household.objects.exists()


@pytest.mark.parametrize("day", ["", "昨天", "1800-01-01", "9999-12-31"])
def test_an_export_date_that_makes_no_sense_is_told(
    four_people: Callable[..., FourPeople], tmp_path: Path, day: str
) -> None:
    officer = four_people("county_officer").client("owner")
    path = workbooks.write(tmp_path / "导出.xlsx", *workbooks.county(1))
    response = officer.post(reverse("registry:import"), upload(path, export_date=day))
    assert response.status_code == 200
    assert "导出日期" in response.content.decode()
    assert not RegistryImport.objects.exists()


@pytest.mark.parametrize("number", ["0", "%00", "..%2F", "'", "9" * 400, "户"])
def test_no_household_number_is_an_error(four: FourPeople, number: str) -> None:
    assert four.client("owner").get(f"/registry/households/{number}/").status_code == 404


def test_quality_is_checked_again_on_command(
    four_people: Callable[..., FourPeople], county_rows: Any
) -> None:
    officer = four_people("county_officer")
    url = reverse("registry:run-quality")
    before = snapshots.current().checked_at
    assert officer.client("owner").post(url).status_code == 302
    assert snapshots.current().checked_at > before
    assert four_people("town_clerk").statuses(url, "post")["owner"] == 403


def test_history_names_file_and_row(
    four_people: Callable[..., FourPeople], county_rows: Any, importing: Importing
) -> None:
    people, households = county_rows
    people[0]["labour"] = "无劳动力"
    importing(people, households, name="更正.xlsx")
    officer = four_people("county_officer").client("owner")
    page = officer.get(household_url(households[0]["household_no"], "history")).content.decode()
    assert "半个劳动力" in page and "无劳动力" in page
    assert "更正.xlsx，人口表第 2 行" in page


def test_the_income_chart_says_how_it_changed(
    four_people: Callable[..., FourPeople], importing: Importing
) -> None:
    people, households = workbooks.county(1)
    importing(people, households)
    officer = four_people("county_officer").client("owner")
    page = officer.get(household_url(households[0]["household_no"], "income")).content.decode()
    assert "2025年人均纯收入 13,100 元，比上年增加 45.6%" in page
