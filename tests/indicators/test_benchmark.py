"""收入基准: what the statistics bureau published is the measure; the registry's mean stands by."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from shouwang.core import clock
from shouwang.core.errors import DomainError
from shouwang.indicators import incomes
from shouwang.indicators.models import IncomeBenchmark
from shouwang.indicators.operations import set_benchmark

pytestmark = pytest.mark.django_db
D = Decimal
YEAR = 2025
GIVEN = {
    "year": YEAR, "value": D("21500"), "growth": D("6.1"), "source": "示例县2025年统计公报",
    "published_on": date(2026, 3, 1),
}  # fmt: skip


@pytest.fixture
def figures(monkeypatch, places):
    """The registry tells: rural people grew by 5.0 %, alleviated ones by 7.5 %."""

    class Fixed:
        def __init__(self, key):
            self.key = key

        def count(self, paths, day):
            told = {"registry.growth_rural": "5.0", "registry.growth_alleviated": "7.5"}
            return {path: D(told[self.key]) for path in paths} if self.key in told else {}

    monkeypatch.setattr(incomes, "get_figure", Fixed)
    monkeypatch.setattr(incomes, "income_year", lambda on: YEAR)
    return places


def group_of(place, key="alleviated"):
    (found,) = incomes.incomes_of([place], date(2026, 6, 1))
    return next(one for one in found.groups if one.key == key)


def test_without_a_published_figure_the_registrys_mean_is_the_measure(figures):
    found = group_of(figures.county)
    assert (found.lead, found.own_lead) == (D("2.5"), None)
    assert found.tone == "done"


def test_the_published_figure_is_the_measure_of_the_county_and_its_towns(figures, officer):
    set_benchmark(officer, figures.county, **GIVEN)
    for place in (figures.county, figures.town):
        found = group_of(place)
        assert (found.lead, found.own_lead, found.tone) == (D("1.4"), D("2.5"), "late")
    assert group_of(figures.neighbour_county).lead == D("2.5")
    set_benchmark(officer, figures.town, **(GIVEN | {"growth": D("4.0")}))
    assert group_of(figures.town).lead == D("3.5")


def test_another_year_is_no_measure_and_a_revision_takes_the_place(figures, officer):
    set_benchmark(officer, figures.county, **(GIVEN | {"year": YEAR - 1}))
    assert group_of(figures.county).own_lead is None
    set_benchmark(officer, figures.county, **GIVEN)
    set_benchmark(officer, figures.county, **(GIVEN | {"growth": D("6.0")}))
    assert IncomeBenchmark.objects.filter(year=YEAR).count() == 1
    assert group_of(figures.county).lead == D("1.5")


@pytest.mark.parametrize(
    "wrong",
    [{"source": " "}, {"year": 2199}, {"value": D(0)}, {"growth": D(1000)},
     {"published_on": clock.today() + timedelta(1)}],
)  # fmt: skip
def test_what_cannot_be_is_refused(places, officer, wrong):
    with pytest.raises(DomainError):
        set_benchmark(officer, places.county, **(GIVEN | wrong))


def test_the_county_enters_it_and_the_page_says_where_it_is_from(figures, four_people):
    four = four_people("county_officer")
    url, page = reverse("indicators:income-benchmark"), reverse("indicators:income")
    owner = four.client("owner")
    assert owner.post(url, {"year": "x"}).status_code == 200
    assert owner.post(url, {**GIVEN, "published_on": "2026-03-01"}).status_code == 302
    shown = owner.get(page).content.decode()
    assert "示例县2025年统计公报" in shown and "按档案平均" in shown
    assert "示例县2025年统计公报" not in four.client("neighbour").get(page).content.decode()
    assert four.client("department").get(url).status_code == 403
    assert four.client("nobody").get(url).status_code == 302
