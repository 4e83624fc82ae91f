"""增收目标: three years of targets by group, held against the incomes of the registry."""

from decimal import Decimal

import pytest
from django.urls import reverse

from shouwang.audit.queries import history
from shouwang.core.errors import DomainError
from shouwang.indicators.income_goals import plan_of
from shouwang.indicators.models import IncomeGoal
from shouwang.indicators.operations import set_income_goals
from shouwang.registry.models import IncomeStatement
from tests.registry import workbooks
from tests.registry.conftest import importing  # noqa: F401 - a county with households

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def county(places, importing):  # noqa: F811 - the fixture of the registry
    people, households = workbooks.county(3)
    households[0]["household_type"] = "脱贫户"
    importing(people, households)
    return places.county


def group_of(place, key, first):
    found = next(one for one in plan_of(place, first) if one.key == key)
    return {one.year: one for one in found.years}, found


def test_targets_are_held_against_what_the_registry_tells_by_year(county, officer):
    year = IncomeStatement.objects.filter(kind="annual").first().year
    before, whole = group_of(county, "rural", year)
    assert before[year].words == "没有定目标"
    actual = before[year].actual
    assert before[year - 1].actual == 9000  # what the households said of the year before
    assert before[year].growth == ((actual - 9000) / 9000 * 100).quantize(D("0.01"))
    goals = {("rural", year): actual + 100, ("rural", year + 1): D(10), ("alleviated", year): D(1)}
    assert set_income_goals(officer, county, goals, source="文件") == 3
    rows, _ = group_of(county, "rural", year)
    assert (rows[year].gap, rows[year].words) == (-100, "没有达到")
    assert rows[year + 1].words == "推算能达到"
    pace = rows[year].growth
    assert rows[year + 1].forecast == (actual * (100 + pace) / 100).quantize(D("0.01"))
    assert str(pace) in whole.basis
    poor, _ = group_of(county, "alleviated", year)
    assert poor[year].actual == actual
    moved, told = group_of(county, "relocated", year)
    assert moved[year].actual is None
    assert "没有易地搬迁" in told.basis


def test_a_town_is_held_to_its_own_target_or_that_of_the_county(county, places, officer):
    set_income_goals(officer, county, {("rural", 2026): D(20000), ("rural", 2027): D(22000)})
    set_income_goals(officer, places.town, {("rural", 2026): D(19000)})
    rows, _ = group_of(places.town, "rural", 2026)
    assert (rows[2026].target, rows[2026].is_own) == (19000, True)
    assert (rows[2027].target, rows[2027].is_own) == (22000, False)


def test_changed_and_cleared_targets_keep_old_and_new(county, officer):
    set_income_goals(officer, county, {("rural", 2026): D(20000)})
    set_income_goals(officer, county, {("rural", 2026): D(21000), ("monitored", 2026): D(9000)})
    assert set_income_goals(officer, county, {("rural", 2026): D(21000)}) == 0
    set_income_goals(officer, county, {("rural", 2026): None})
    told = history("indicators.income_goals", county.pk)
    assert (told[0].changes[0].old, told[1].changes[0].new) == ("21000.00", "21000")
    assert [one.group for one in IncomeGoal.objects.all()] == ["monitored"]
    for wrong in ({("nobody", 2026): D(1)}, {("rural", 2026): D(-1)}, {("rural", 1): D(1)}):
        with pytest.raises(DomainError):
            set_income_goals(officer, county, wrong)


def test_the_page_is_set_by_the_county_and_seen_by_its_towns(county, places, four_people):
    page = reverse("indicators:income-goals")
    owner = four_people("county_officer").client("owner")
    given = {"goal-rural-2026": "20,000", "goal-alleviated-2028": "16000.5", "source": "规划"}
    assert owner.post(f"{page}?place={county.code}&first=2026", given).status_code == 302
    shown = owner.get(f"{page}?first=2026").content.decode()
    assert 'value="20000"' in shown and 'value="16000.50"' in shown
    wrong = owner.post(f"{page}?first=2026", {"goal-rural-2026": "两万"})
    assert wrong.status_code == 400
    four = four_people("town_clerk")
    town = four.client("owner").get(f"{page}?first=2026")
    assert town.status_code == 200 and "上级目标" in town.content.decode()
    assert "保存目标" not in town.content.decode()
    assert four.client("owner").post(page, given).status_code == 403
    assert four.statuses(page)["nobody"] == 302
    assert owner.get(f"{page}?first=abc&place=%00").status_code == 200
