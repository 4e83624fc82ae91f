"""文件指标表的评价: every row says what was reached and how far, or what is missing; by people."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from shouwang.core import clock
from shouwang.indicators.models import Definition, Reading
from shouwang.indicators.operations import (
    advance_reading,
    classify,
    decide_proposal,
    read_paper,
    report_actual,
    set_base,
    set_upper,
)
from shouwang.indicators.operations.computing import compute_paper
from shouwang.indicators.periods import Period
from shouwang.indicators.results import results_of
from shouwang.workplans.operations import upload_paper
from tests.registry import workbooks
from tests.registry.conftest import importing  # noqa: F401 - a county with households

from .plan_paper import flattened
from .test_papers import YIYANG, confirm

pytestmark = pytest.mark.django_db
YEAR = Period.read("2025")


@pytest.fixture
def county(places, importing):  # noqa: F811 - the fixture of the registry
    """A county in which something is known of each household: the last one has no safe house."""
    people, households = workbooks.county(4)
    told = {"household_type": "脱贫户", "toilet": "是"}
    importing(people, [
        household | told | ({"danger_house": "是", "toilet": "否"} if at == 3 else {})
        for at, household in enumerate(households)
    ])  # fmt: skip
    return places.county


@pytest.fixture
def plan(county, officer, second) -> Reading:
    paper = upload_paper(officer, content=flattened(), name="规划.txt", division=county)
    return confirm(officer, second, read_paper(officer, paper))


def by_row(results):
    return {(line.definition.table[:3], line.definition.number, line.definition.level): line
            for line in results.lines}  # fmt: skip


def test_rows_that_the_rooms_count_are_bound_and_the_same_number_is_typed_once(plan):
    rows = {(one.table[:3], one.number): one for one in plan.proposals.all()}
    first = rows["表2-", "6"]
    assert rows["表2-", "5"].formula == "share(registry.with_toilet, registry.toilet_known)"
    assert "写明" in rows["表2-", "5"].note
    assert first.source == "reported"
    assert rows["专栏1", "3"].formula == f"指标.文件{plan.paper_id}_{first.place}"
    assert rows["专栏2", "1"].source == "formula"
    assert Definition.objects.filter(paper=plan.paper, source="reported").count() <= 5


def test_a_row_that_rests_on_a_refused_one_does_not_pass(county, officer):
    paper = upload_paper(officer, content=flattened(), name="规划.txt", division=county)
    reading = read_paper(officer, paper)
    for one in reading.proposals.all():
        is_first = one.table.startswith("表2-1") and one.number == "6"
        decide_proposal(
            officer, one, decision="refused" if is_first else "accepted", version=one.version
        )
    with pytest.raises(Exception, match="用到没有采用的行"):
        advance_reading(officer, reading, "send", version=reading.version)


def test_every_row_of_three_tables_is_judged_or_says_what_is_missing(plan, county, places, officer):
    classify(officer, county, place_class="demonstration", valid_from=date(2021, 1, 1),
             source="名单", list_level="省")  # fmt: skip
    before = by_row(results_of(officer, plan, county, 2025))
    assert "还没有自动计算2025年" in before["表2-", "2", "county"].missing[0].words
    done = compute_paper(officer, plan, 2025)
    assert done.values
    found = by_row(results_of(officer, plan, county, 2025))
    housing = found["表2-", "2", "county"]
    assert (housing.value.number, housing.standing) == (75, "missed")
    assert (housing.result.attainment, housing.result.gap) == (75, -25)
    assert housing.forecast == "目标年已过，按实际评价"
    assert "不是2025年底的数" in housing.notes[0]
    assert found["表2-", "3", "county"].standing == "met"
    assert "示例省" in found["表2-", "4", "county"].missing[0].words
    assert "还没有定由哪个部门" in found["表2-", "6", "county"].missing[0].words
    assert "不在“重点帮扶”名单" in found["专栏1", "2", "county"].missing[0].words
    assert "名单里没有" in found["专栏1", "4", "village"].missing[0].words
    assert "基期值" in found["专栏2", "2", "county"].missing[0].words
    assert all(
        line.missing or line.result.standing != "unknown" for line in found.values()
    )  # fmt: skip


def test_the_income_rule_follows_the_base_year(plan, county, places, officer):
    classify(officer, county, place_class="demonstration", valid_from=date(2021, 1, 1),
             source="名单", list_level="省")  # fmt: skip
    compute_paper(officer, plan, 2025)
    rule = Definition.objects.get(paper=plan.paper, comparison="conditional")
    set_upper(officer, rule, places.province, period=YEAR, value=Decimal(6), origin="省公报")
    set_base(officer, rule, county, year=2020, value=Decimal(12000), upper=Decimal(16000),
             origin="统计年鉴")  # fmt: skip
    low = by_row(results_of(officer, plan, county, 2025))["专栏2", "2", "county"]
    assert low.result.asked.comparison == "reach_upper"
    assert low.standing in ("met", "missed")
    set_base(officer, rule, county, year=2020, value=Decimal(18000), upper=Decimal(16000),
             origin="统计年鉴")  # fmt: skip
    high = by_row(results_of(officer, plan, county, 2025))["专栏2", "2", "county"]
    assert high.standing == "not_asked"


def test_a_shared_number_is_reported_once_and_judged_in_each_table(plan, county, places, officer):
    for kind in ("key_help", "demonstration"):
        classify(officer, county, place_class=kind, valid_from=date(2021, 1, 1), source="名单",
                 list_level="省")  # fmt: skip
    once = Definition.objects.get(paper=plan.paper, number="6")
    report_actual(officer, once, county, period=YEAR, value=Decimal(36))
    twice = Definition.objects.get(paper=plan.paper, number="3", table__startswith="专栏1")
    set_upper(officer, twice, places.province, period=YEAR, value=Decimal(40), origin="省公报")
    compute_paper(officer, plan, 2025)
    found = by_row(results_of(officer, plan, county, 2025))
    assert found["表2-", "6", "county"].standing == "met"
    assert (found["专栏1", "3", "county"].value.number, found["专栏1", "3", "county"].standing) == (
        36, "missed",
    )  # fmt: skip


def test_the_page_of_the_results_is_for_who_sees_the_plan(plan, county, four_people):
    page = reverse("indicators:results", args=[plan.pk])
    owner = four_people("county_officer").client("owner")
    shown = owner.get(page).content.decode()
    assert "专栏2" in shown
    assert "自动计算2025年" in shown
    answer = owner.post(reverse("indicators:compute-results", args=[plan.pk]), {"year": 2025})
    assert answer.status_code == 302
    assert four_people("county_leader").statuses(page)["neighbour"] == 404
    four = four_people("town_clerk")
    assert four.statuses(page)["owner"] == 404  # a county's paper is the county's
    assert four.statuses(page)["nobody"] == 302
    assert owner.get(f"{page}?year=1900&place=xx").status_code == 200


@pytest.mark.skipif(not YIYANG.is_file(), reason="the sample papers are not here")
def test_the_tables_of_the_sample_paper_are_evaluated_on_a_county_with_figures(
    county, officer, second
):
    paper = upload_paper(officer, content=YIYANG.read_bytes(), name=YIYANG.name, division=county)
    reading = confirm(officer, second, read_paper(officer, paper))
    compute_paper(officer, reading, 2025)
    found = results_of(officer, reading, county, 2025)
    assert len(found.lines) == 32
    rows = by_row(found)
    assert rows["表2-", "4", "county"].value.number == 75
    assert rows["表2-", "14", "county"].result.gap == -15
    judged = [line for line in found.lines if line.standing not in ("unknown", "not_asked")]
    assert len(judged) >= 4
    assert all(line.missing for line in found.lines if line not in judged)
    assert found.period.ends < clock.today()
