"""主体名录: bodies with their ladder of recognitions; what is counted is as of the day."""

from datetime import date

import pytest
from django.urls import reverse

from shouwang.core.errors import Conflict, DomainError
from shouwang.core.figures import get_figure
from shouwang.indicators.models import NamedBody
from shouwang.indicators.operations import make_definition
from shouwang.indicators.operations.bodies import end_recognition, recognise, register_body

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
