"""主体名录: bodies with their ladder of recognitions; what is counted is as of the day."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shouwang.core.actor import system_actor
from shouwang.core.errors import Conflict, DomainError
from shouwang.core.figures import get_figure
from shouwang.indicators.body_sheets import read_bodies
from shouwang.indicators.models import NamedBody, Recognition
from shouwang.indicators.operations import make_definition
from shouwang.indicators.operations.bodies import (
    end_body,
    end_recognition,
    recognise,
    register_body,
)

pytestmark = pytest.mark.django_db


def count(key, place, day):
    return get_figure(f"indicators.{key}").count([place.path], day)[place.path]


def test_the_ladder_is_counted_as_of_the_day(places, officer):
    first = register_body(
        officer, places.town, kind="leader", name="甲公司", since=date(2021, 1, 1)
    )
    register_body(officer, places.county, kind="leader", name="乙公司", since=date(2023, 1, 1))
    recognise(officer, first, rung="prefecture", title="龙头企业", recognised_on=date(2022, 5, 1))
    high = recognise(officer, first, rung="province", title="龙头企业",
                     recognised_on=date(2024, 5, 1))  # fmt: skip
    assert [count("leader", places.county, date(year, 6, 1)) for year in (2020, 2022, 2024)] == [
        0, 1, 2,
    ]  # fmt: skip
    assert count("leader_county", places.county, date(2022, 6, 1)) == 1
    assert count("leader_province", places.county, date(2024, 4, 30)) == 0
    assert count("leader_province", places.county, date(2024, 5, 1)) == 1
    assert count("leader", places.neighbour_town, date(2024, 6, 1)) == 0
    end_recognition(officer, high, on=date(2025, 1, 1))
    assert count("leader_province", places.county, date(2024, 12, 31)) == 1
    assert count("leader_province", places.county, date(2025, 1, 1)) == 0
    assert count("leader_prefecture", places.county, date(2025, 1, 1)) == 1
    made = make_definition(officer, division=places.county, code="龙头", name="龙头企业增速",
                           unit="%", source="formula",
                           formula="growth(indicators.leader_prefecture)")  # fmt: skip
    assert made.is_automatic


def test_what_is_wrong_or_there_already_is_refused(places, officer):
    body = register_body(officer, places.county, kind="park", name="示范园")
    with pytest.raises(Conflict):
        register_body(officer, places.county, kind="park", name="示范园")
    with pytest.raises(DomainError):
        register_body(officer, places.county, kind="nothing", name="甲")
    with pytest.raises(DomainError):
        recognise(officer, body, rung="province", title="园", recognised_on=date(2090, 1, 1))
    made = recognise(officer, body, rung="province", title="园", recognised_on=date(2024, 1, 1))
    with pytest.raises(Conflict):
        recognise(officer, body, rung="province", title="园", recognised_on=date(2024, 1, 1))
    with pytest.raises(DomainError):
        end_recognition(officer, made, on=date(2023, 1, 1))
    end_recognition(officer, made, on=date(2024, 2, 1))
    with pytest.raises(Conflict):
        end_recognition(officer, made, on=date(2024, 3, 1))


def test_the_register_is_kept_by_the_county_and_read_by_its_people(places, four_people):
    url = reverse("indicators:bodies")
    owner = four_people("county_officer").client("owner")
    given = {"kind": "cooperative", "name": "丰收合作社", "industry": "茶叶", "since": "2022-03-01"}
    assert owner.post(url, given).status_code == 302
    body = NamedBody.objects.get()
    page = body.get_absolute_url()
    step = {"rung": "province", "title": "示范社", "recognised_on": "2024-06-01"}
    assert owner.post(page, step).status_code == 302
    assert "2024-06-01" in owner.get(f"{url}?kind=cooperative").content.decode()
    assert owner.post(page, {"rung": "province"}).status_code == 200
    four = four_people("town_clerk")
    clerk = four.client("owner")
    assert clerk.get(page).status_code == 200
    assert clerk.post(page, step).status_code == 403
    ending = reverse("indicators:recognition-end", args=[body.recognitions.get().pk])
    assert clerk.post(ending).status_code == 403
    assert four.statuses(page)["nobody"] == 302
    other = four_people("county_leader").client("neighbour")
    assert other.get(page).status_code == 404
    assert other.post(ending).status_code == 404
    assert owner.post(ending, {"on": "x"}).status_code == 400
    assert owner.post(ending).status_code == 302


def test_the_register_goes_out_and_in_again_and_twice_changes_nothing(places, four_people):
    owner = four_people("county_officer").client("owner")
    body = register_body(
        system_actor("甲"), places.town, kind="leader", name="=甲公司", since=date(2021, 1, 1)
    )
    for rung, day in (("county", date(2022, 1, 1)), ("province", date(2024, 1, 1))):
        recognise(system_actor("甲"), body, rung=rung, title="龙头企业", recognised_on=day)
    file = b"".join(owner.get(reverse("indicators:bodies-file")).streaming_content)
    Recognition.objects.all().delete()
    NamedBody.objects.all().delete()
    url = reverse("indicators:import-bodies")
    for counted in ("导入 2 行", "导入 0 行"):
        page = owner.post(url, {"sheet": SimpleUploadedFile("名录.xlsx", file)}).content.decode()
        assert counted in page
    again = NamedBody.objects.get()
    assert (again.division, again.since) == (places.town, date(2021, 1, 1))
    assert [one.rung for one in again.recognitions.all()] == ["county", "province"]


def test_every_row_that_cannot_be_read_is_told_with_its_reason(places, officer):
    rows = (
        "种类,名称,所在地,级别,认定日期,取消日期",
        f"农民合作社,丰收社,{places.town.name},省,2024/6/1,",
        f"银行,甲,{places.town.name},,,",
        "家庭农场,乙,火星镇,,,",
        f"家庭农场,丙,{places.town.name},省级,,",
        f"家庭农场,丁,{places.town.name},部级,2024-01-01,",
        f"家庭农场,戊,{places.town.name},省级,2024-13-01,",
        f"家庭农场,己,{places.town.name},省级,2024-03-01,2020-01-01",
        f"家庭农场,,{places.town.name},,,",
    )
    taken = read_bodies(officer, "\n".join(rows).encode())
    assert taken.made == 1
    assert [one.row for one in taken.refused] == list(range(3, 10))
    assert [one.name for one in NamedBody.objects.all()] == ["丰收社"]
    with pytest.raises(DomainError, match="表头"):
        read_bodies(officer, b"a,b\n1,2")


def test_who_left_the_register_is_not_counted_any_more(places, officer, four_people):
    body = register_body(officer, places.town, kind="farm", name="甲", since=date(2021, 1, 1))
    url = reverse("indicators:body-end", args=[body.pk])
    assert four_people("town_clerk").client("owner").post(url).status_code == 403
    assert four_people("county_leader").client("neighbour").post(url).status_code == 404
    owner = four_people("county_officer").client("owner")
    assert owner.post(url, {"on": "2020-01-01"}).status_code == 400
    assert owner.post(url, {"on": "2025-01-01"}).status_code == 302
    assert count("farm", places.county, date(2024, 12, 31)) == 1
    assert count("farm", places.county, date(2025, 1, 1)) == 0
    with pytest.raises(Conflict):
        end_body(officer, body, on=date(2025, 2, 1))


def test_files_of_the_register_are_for_who_keeps_it(places, four_people):
    sheet, send = reverse("indicators:bodies-file"), reverse("indicators:import-bodies")
    four = four_people("village_worker")
    assert four.client("owner").get(send).status_code == 403
    assert four.client("owner").get(sheet).status_code == 403
    assert four.statuses(sheet)["nobody"] == 302
