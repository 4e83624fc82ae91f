"""Every page of the divisions room, tried by four people; the picker; the import in the browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shouwang.divisions.models import Division
from shouwang.divisions.pinyin import spelling


def test_a_town_clerk_sees_his_town_and_not_the_next(four_people) -> None:
    four = four_people("town_clerk")
    url = f"/divisions/{four.places.village.pk}/"
    assert four.statuses(url) == {"owner": 200, "neighbour": 404, "department": 200, "nobody": 302}


def test_the_county_above_is_outside_the_clerks_scope(four_people) -> None:
    four = four_people("town_clerk")
    assert four.client("owner").get(f"/divisions/{four.places.county.pk}/").status_code == 404


@pytest.mark.parametrize("page", ["rename", "merge", "split", "recode"])
def test_a_change_is_for_the_officer_of_the_county(four_people, page: str) -> None:
    four = four_people("county_officer")
    url = f"/divisions/{four.places.village.pk}/{page}/"
    assert four.statuses(url) == {"owner": 200, "neighbour": 404, "department": 403, "nobody": 302}


@pytest.mark.parametrize("url", ["/divisions/", "/divisions/table/", "/divisions/picker/?q=l"])
def test_the_tree_the_list_and_the_picker_are_for_who_is_logged_in(four_people, url: str) -> None:
    four = four_people("village_worker")
    assert four.statuses(url) == {"owner": 200, "neighbour": 200, "department": 200, "nobody": 302}


@pytest.mark.parametrize("url", ["/divisions/import/", "/divisions/new/"])
def test_making_divisions_is_for_who_manages_them(four_people, url: str) -> None:
    four = four_people("county_officer")
    assert four.statuses(url) == {"owner": 200, "neighbour": 200, "department": 403, "nobody": 302}


def test_the_next_level_of_the_tree_is_scoped(four_people) -> None:
    four = four_people("county_officer")
    url = f"/divisions/{four.places.town.pk}/children/"
    assert four.statuses(url) == {"owner": 200, "neighbour": 404, "department": 200, "nobody": 302}


@pytest.mark.parametrize("words", ["lwc", "liuwan", "柳湾", "999901101201"])
def test_the_picker_finds_by_initials_pinyin_name_and_code(four_people, words: str) -> None:
    answer = four_people("county_officer").client("owner").get("/divisions/picker/", {"q": words})
    assert [one["text"] for one in answer.json()["divisions"]] == ["示例县青禾镇柳湾村"]


def test_the_picker_offers_nothing_outside_the_scope(four_people) -> None:
    client = four_people("town_clerk").client("owner")
    assert client.get("/divisions/picker/", {"q": "zyc"}).json() == {"divisions": []}


def test_the_picker_offers_only_what_the_right_reaches(four_people) -> None:
    client = four_people("town_clerk").client("owner")
    found = client.get("/divisions/picker/", {"q": "lwc", "right": "divisions.manage"})
    assert found.json() == {"divisions": []}


def test_the_tree_search_finds_by_initials(four_people) -> None:
    page = four_people("county_officer").client("owner").get("/divisions/", {"q": "sqc"})
    assert "石桥村" in page.content.decode()


def test_a_rename_in_the_browser_changes_name_and_history(four_people) -> None:
    four = four_people("county_officer")
    url = f"/divisions/{four.places.village.pk}/"
    data = {"name": "新湾村", "on": "2026-01-01", "document": "文件"}
    assert four.client("owner").post(f"{url}rename/", data).status_code == 302
    page = four.client("owner").get(url).content.decode()
    assert "新湾村" in page
    assert "柳湾村" in page


def test_a_merger_without_javascript_takes_the_typed_name(four_people) -> None:
    four = four_people("county_officer")
    url = f"/divisions/{four.places.village.pk}/merge/"
    data = {"successor": "", "successor_text": "石桥村", "on": "2026-01-01", "document": ""}
    assert four.client("owner").post(url, data).status_code == 302
    assert Division.objects.get(pk=four.places.village.pk).successor == four.places.other_village


def test_a_refused_form_keeps_what_was_typed(four_people) -> None:
    four = four_people("county_officer")
    url = f"/divisions/{four.places.village.pk}/merge/"
    page = four.client("owner").post(url, {"successor_text": "没有的村", "on": "2026-01-01"})
    assert "没有的村" in page.content.decode()
    assert "没有找到这个区划" in page.content.decode()


def test_a_table_is_shown_before_it_is_applied(four_people) -> None:
    client = four_people("county_officer").client("owner")
    table = SimpleUploadedFile("区划.csv", "区划代码,名称\n999901103,云顶乡\n".encode())
    shown = client.post("/divisions/import/", {"file": table}, follow=True)
    assert "云顶乡" in shown.content.decode()
    assert not Division.objects.filter(name="云顶乡").exists()
    client.post(shown.request["PATH_INFO"])
    assert Division.objects.filter(name="云顶乡").exists()


def test_somebody_elses_upload_cannot_be_confirmed(four_people) -> None:
    four = four_people("county_officer")
    table = SimpleUploadedFile("区划.csv", "区划代码,名称\n999901103,云顶乡\n".encode())
    shown = four.client("owner").post("/divisions/import/", {"file": table}, follow=True)
    answer = four.client("neighbour").post(shown.request["PATH_INFO"])
    assert answer.status_code == 404


@pytest.mark.parametrize("token", ["..%2f..%2fkeys.json", "0" * 32, "x"])
def test_a_made_up_upload_is_not_found(four_people, token: str) -> None:
    client = four_people("county_officer").client("owner")
    assert client.get(f"/divisions/import/{token}/").status_code == 404


def test_a_place_is_spelled_with_its_initials() -> None:
    assert spelling("重庆市") == ("chongqingshi", "cqs")
    assert spelling("A区3组") == ("aqu3zu", "aq3z")
