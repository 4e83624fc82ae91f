"""历史基数: once a place and year, corrected with history, from workbooks, beside households."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shouwang.baselines.figures import FIGURES
from shouwang.baselines.models import BaselineChange, BaselineValue
from shouwang.baselines.operations import correct_value, record_value
from shouwang.baselines.queries import by_year, exits_of, without_exit
from shouwang.baselines.series import all_series
from shouwang.core import clock
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.support import operations as support

pytestmark = pytest.mark.django_db
ALL_FOUR = {"owner": 200, "neighbour": 200, "department": 403, "nobody": 302}
PEOPLE = {
    "series": "exited_people", "year": 2018, "value": Decimal(69575), "source": "规划第一章",
}  # fmt: skip


def note(cast, place, **changes) -> BaselineValue:
    return record_value(cast.officer, place, **(PEOPLE | changes))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"series": "x"}, "series"), ({"year": 2009}, "year"), ({"year": 2099}, "year"),
        ({"value": Decimal(-1)}, "value"), ({"value": Decimal("1.5")}, "value"),
        ({"value": Decimal("NaN")}, "value"), ({"value": Decimal("1e15")}, "value"),
        ({"series": "hospital_share", "value": Decimal("100.01")}, "value"),
        ({"series": "net_income", "value": Decimal("7787.001")}, "value"),
        ({"source": " "}, "source"), ({"note": "注" * 201}, "too_long"),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_is_refused(cast, places, changes, code):
    with pytest.raises(DomainError) as caught:
        note(cast, places.county, **changes)
    assert caught.value.code == code
    with pytest.raises(NotFound):
        note(cast, places.province)


def test_a_number_stands_once_and_a_correction_keeps_what_stood_before(cast, places):
    one = note(cast, places.county)
    with pytest.raises(Conflict):
        note(cast, places.county)
    with pytest.raises(DomainError, match="更正"):
        note(cast, places.county, value=Decimal(70000))
    given = {"value": Decimal(69576), "source": "统计公报", "reason": "核对", "version": 1}
    assert correct_value(cast.officer, one, **given).version == 2
    with pytest.raises(Conflict, match="核对"):
        correct_value(cast.officer, one, **(given | {"value": Decimal(1)}))
    with pytest.raises(DomainError, match="没有变化"):
        correct_value(cast.officer, one, **(given | {"version": 2}))
    assert BaselineChange.objects.get().changes == [
        ["数值", "69575.00", "69576"], ["来源", "规划第一章", "统计公报"],
    ]  # fmt: skip


def test_a_clerk_notes_his_own_town_only(cast, places, four_people):
    clerk = four_people("town_clerk")
    own, other = clerk.actor("owner"), clerk.actor("neighbour")
    one = record_value(own, places.town, **PEOPLE)
    for place in (places.county, places.neighbour_town):
        with pytest.raises((NotAllowed, NotFound)):
            record_value(own, place, **PEOPLE)
    with pytest.raises((NotAllowed, NotFound)):
        correct_value(other, one, value=Decimal(1), source="x", reason="r", version=1)
    with pytest.raises(NotAllowed):
        record_value(cast.village, places.village, **PEOPLE)


def test_pages_are_tried_by_four(cast, places, four_people):
    four = four_people("town_clerk")
    one = note(cast, places.town)
    note(cast, places.village, value=Decimal(70))
    for url in (
        reverse("baselines:list"), reverse("baselines:new"), reverse("baselines:import"),
        reverse("baselines:exits"), reverse("baselines:exits-missing"),
        reverse("baselines:series", args=["exited_people"]),
        reverse("baselines:import-template"),
    ):  # fmt: skip
        assert four.statuses(url) == ALL_FOUR, url
    for name in ("value", "correct"):
        assert four.statuses(reverse(f"baselines:{name}", args=[one.pk])) == {
            "owner": 200, "neighbour": 404, "department": 403, "nobody": 302,
        }, name  # fmt: skip
    client = four.client("owner")
    assert client.get(reverse("baselines:series", args=["x"])).status_code == 404
    for asked in ({"place": "\x00"}, {"series": "x'"}, {"year": "--"}, {"export": "xlsx"},
                  {"town": places.town.code}, {"print": "1"}):  # fmt: skip
        for name in ("list", "exits-missing"):
            assert client.get(reverse(f"baselines:{name}"), asked).status_code == 200, asked
    leader = four_people("town_leader").client("owner")
    assert leader.get(reverse("baselines:new")).status_code == 403
    assert leader.get(reverse("baselines:list")).status_code == 200


def test_the_officer_notes_and_corrects_on_pages(places, four_people):
    client = four_people("county_officer").client("owner")
    url = reverse("baselines:new")
    values = {"division": places.county.pk, "series": "net_income", "year": "2014",
              "value": "3241", "source": "<b>规划</b>"}  # fmt: skip
    assert client.post(url, values | {"value": ""}).status_code == 422
    assert client.post(url, values | {"division": places.neighbour_county.pk}).status_code == 422
    assert client.post(url, values).status_code == 302
    one = BaselineValue.objects.get()
    url = reverse("baselines:correct", args=[one.pk])
    sent = {"value": "3242", "source": "公报", "reason": "核对", "version": "1"}
    assert client.post(url, sent).status_code == 302
    assert client.post(url, sent | {"value": "1"}).status_code == 409
    page = client.get(one.get_absolute_url()).content.decode()
    assert "3,242" in page
    assert "<b>规划" not in page


def book(*rows) -> SimpleUploadedFile:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return SimpleUploadedFile("基数.xlsx", stream.getvalue())


def test_a_workbook_is_taken_whole_or_told_by_row_and_column(places, four_people):
    client = four_people("county_officer").client("owner")
    url = reverse("baselines:import")
    heads = ["区划", "代码", "项目", "年份", "数值", "计量单位", "来源"]
    good = ["示例县", "", "脱贫人口", 2016, 69575, "人", "规划"]

    def send(*rows):
        return client.post(url, {"file": book(heads, *rows)})

    bad = send(
        good, ["火星县", "", "脱贫人口", 2016, 1, "", "x"],
        ["", "", "不知道", "去年", "多", "", ""],
        ["示例县", "", "人均纯收入", 2016, 0.7787, "万元", "x"],
        ["青禾镇", "999901102000", "脱贫户", 2016, 5, "", "x"],
        ["青禾镇", "", "脱贫户", 2016, 5.5, "", "x"],
    )  # fmt: skip
    assert bad.status_code == 422
    faults = {(fault.row, fault.column) for fault in bad.context["outcome"].faults}
    assert {(3, "区划"), (4, "区划"), (4, "项目"), (4, "年度"), (4, "数值"), (5, "计量单位"),
            (6, "区划"), (7, "数值")} <= faults  # fmt: skip
    assert not BaselineValue.objects.exists()
    assert send(good).status_code == 302
    assert send(good).status_code == 302
    assert send([*good[:4], 70000, *good[5:]]).status_code == 422
    one = BaselineValue.objects.get()
    assert (one.value, one.file_row) == (Decimal(69575), 2)


def test_parts_are_added_only_when_none_is_missing(cast, places, four_people):
    note(cast, places.county, value=Decimal(100))
    note(cast, places.town, value=Decimal(60))
    parts = [places.town, places.neighbour_town]
    kind = all_series()["exited_people"]
    (line,) = by_year(cast.officer, kind, places.county, parts)
    assert (line.together, line.missing, line.gap) == (None, 1, None)
    note(cast, places.neighbour_town, value=Decimal(35))
    (line,) = by_year(cast.officer, kind, places.county, parts)
    assert (line.together, line.gap) == (95, 5)
    note(cast, places.county, year=2017, value=Decimal(80))
    client = four_people("county_officer").client("owner")
    page = client.get(reverse("baselines:series", args=["exited_people"]))
    assert [key for key, _ in page.context["charts"]] == ["years", "places"]
    income = all_series()["net_income"]
    note(cast, places.town, series="net_income", value=Decimal(3241))
    (line,) = by_year(cast.officer, income, places.county, parts)
    assert (line.own, line.together) == (None, None)


def test_exits_of_households_stand_beside_what_was_noted(cast, maker, places, four_people):
    homes = [maker(places.village, household_type="脱贫户") for _ in range(3)]
    support.record_entry(cast.clerk, "exits", homes[0], year=2018, people=4)
    note(cast, places.county, series="exited_homes", value=Decimal(3))
    note(cast, places.county, value=Decimal(9))
    (line,) = exits_of(cast.officer, places.county)
    assert (line.homes, line.homes_gap, line.people_gap) == (1, 2, 5)
    support.record_entry(cast.clerk, "exits", homes[1], year=2018)
    (line,) = exits_of(cast.officer, places.county)
    assert (line.homes, line.without_people, line.people_gap) == (2, 1, None)
    assert set(without_exit(cast.officer)) == {homes[2]}
    client = four_people("county_officer").client("owner")
    page = client.get(reverse("baselines:exits"))
    assert page.context["missing"] == 1
    drill = client.get(reverse("support:register", args=["exits"]), {"year": "2018"})
    assert {row.record.household for row in drill.context["list"].table.page.object_list} == {
        homes[0], homes[1],
    }  # fmt: skip
    missing = client.get(reverse("baselines:exits-missing"), {"place": places.town.code})
    assert homes[2].household_no in missing.content.decode()


def test_figures_give_the_number_of_the_year_and_nothing_for_nothing(cast, places):
    figure = next(one for one in FIGURES if one.key == "baselines.exited_people")
    note(cast, places.county, value=Decimal(0))
    paths = [places.county.path, places.town.path]
    assert figure.count(paths, date(2018, 12, 31)) == {places.county.path: Decimal(0)}
    assert figure.count(paths, clock.today()) == {}
