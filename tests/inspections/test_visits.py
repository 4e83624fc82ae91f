"""督查、专项检查和调研: coverage, double inspection, unannounced plans, drawn households, money."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.core.actor import system_actor
from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.core.figures import get_figure
from shouwang.indicators.operations.places import classify
from shouwang.inspections import coverage, queries
from shouwang.inspections.models import Inspection, SampledHousehold, Visit
from shouwang.inspections.operations import (
    advance_inspection,
    advance_special,
    conflicts,
    draw_households,
    file_finding,
    file_result,
    name_leader,
    open_special,
    record_finding,
    record_research,
    record_result,
    record_visit,
)
from shouwang.inspections.operations.inspecting import explain_double, record_answers
from shouwang.inspections.sampling import STRATA, allot, draw

pytestmark = pytest.mark.django_db


def begun(officer, inspection):
    for action in ("settle", "begin"):
        inspection = advance_inspection(officer, inspection, action, version=inspection.version)
    return inspection


def visited(officer, inspection, on=None):
    return [
        record_visit(officer, unit, visited_on=on or today(), visitors="督查组", summary="看了台账")
        for unit in inspection.units.all()
    ]


def test_households_are_drawn_from_every_stratum_and_again_the_same(officer, inspected, homes):
    inspection = begun(officer, inspected())
    first = list(SampledHousehold.objects.values_list("household", "stratum"))
    assert len(first) == 5
    assert {stratum for _, stratum in first} == set(STRATA)
    draw_households(officer, inspection)
    assert list(SampledHousehold.objects.values_list("household", "stratum")) == first


@given(st.lists(st.integers(0, 50), min_size=1, max_size=5), st.integers(0, 120))
def test_a_share_of_strata_never_takes_more_than_there_is(sizes, count):
    given_out = allot(sizes, count)
    assert sum(given_out) == min(count, sum(sizes))
    assert all(one <= size for one, size in zip(given_out, sizes, strict=True))
    pool = [(f"{at}-{n}", (at, n), str(at)) for at, size in enumerate(sizes) for n in range(size)]
    assert draw(pool, count, "s") == draw(pool[::-1], count, "s")


def test_failing_answers_become_findings_and_findings_problems(officer, inspected, homes):
    inspection = begun(officer, inspected())
    visit = visited(officer, inspection)[0]
    sampled = SampledHousehold.objects.first()
    found = record_answers(officer, sampled, visit, {"look_water": "有问题", "look_house": "安全"})
    assert len(found) == 1
    with pytest.raises(Conflict):
        record_answers(officer, sampled, visit, {})
    inspection = advance_inspection(officer, inspection, "feed_back", version=inspection.version)
    with pytest.raises(DomainError, match="1 条发现"):
        advance_inspection(officer, inspection, "close", version=inspection.version)
    problem = file_finding(officer, found[0])
    assert problem.batch.source == "supervision"
    assert [unit.name for unit in problem.units.all()] == ["青禾镇"]
    assert list(problem.households.all()) == [sampled.household]
    with pytest.raises(Conflict):
        file_finding(officer, found[0])
    second = record_finding(officer, visit, item="宣传", text="没有明白纸")
    assert file_finding(officer, second).batch == problem.batch


def test_an_unannounced_plan_is_unseen_by_the_visited_until_they_were_visited(
    officer, inspected, four_people, water
):
    inspection = begun(officer, inspected(is_announced=False, departments=[water]))
    four = four_people("town_clerk")
    village = four_people("village_worker").actor("owner")
    county = four_people("county_officer").actor("owner")
    visited_people = [four.actor("owner"), four.actor("department"), village]
    for actor in visited_people:
        assert not Inspection.objects.visible_to(actor).exists()
        assert queries.calendar(actor) == []
    assert Inspection.objects.visible_to(county).exists()
    visited(officer, inspection)
    for actor in visited_people:
        assert Inspection.objects.visible_to(actor).exists()
        assert Visit.objects.visible_to(actor).exists()
    assert not Inspection.objects.visible_to(four.actor("neighbour")).exists()


def test_an_announced_plan_is_seen_once_it_is_settled(officer, inspected, four_people):
    inspection = inspected()
    clerk = four_people("town_clerk").actor("owner")
    assert not Inspection.objects.visible_to(clerk).exists()
    advance_inspection(officer, inspection, "settle", version=inspection.version)
    assert Inspection.objects.visible_to(clerk).exists()


def test_the_countys_officer_does_not_foresee_the_prefectures_unannounced_plan(
    officer, inspected, places, four_people
):
    inspected(division=places.prefecture, is_announced=False)
    mine = inspected()
    county = four_people("county_officer").actor("owner")
    assert list(Inspection.objects.visible_to(county)) == [mine]
    assert conflicts(county, mine) == []
    assert len(conflicts(officer, mine)) == 1


def test_a_village_is_not_inspected_twice_within_the_limit(officer, inspected):
    visited(officer, begun(officer, inspected()))
    again = inspected(title="又来一次")
    assert "季度督查" in conflicts(officer, again)[0].words
    with pytest.raises(DomainError, match="重复督查"):
        advance_inspection(officer, again, "settle", version=again.version)
    explain_double(officer, again, "群众来信反映", version=again.version)
    assert advance_inspection(officer, again, "settle", version=again.version).state == "ready"
    later = today() + timedelta(days=60)
    free = inspected(title="以后", starts_on=later, ends_on=later)
    assert conflicts(officer, free) == []


def test_coverage_tells_who_is_missing_and_proposes_them(officer, inspected, places, water):
    for place in (places.village, places.neighbour_village):
        classify(officer, place, place_class="key_help", valid_from=date(2022, 1, 1), source="名单")
    county = places.county
    rules = {one.rule.key: one for one in coverage.coverage(officer, county)}
    assert len(rules["county_key_villages"].missing) == 2
    assert {body.name for body in rules["county_towns"].missing} == {"青禾镇", "白石镇"}
    visited(officer, begun(officer, inspected(places=[places.village, places.town])))
    rules = {one.rule.key: one for one in coverage.coverage(officer, county)}
    assert rules["county_key_villages"].share == 0.5
    assert [body.name for body in rules["county_towns"].missing] == ["白石镇"]
    proposal = coverage.propose(officer, county)
    assert {place.name for place in proposal.places} == {"竹园村", "白石镇"}
    assert water in proposal.departments
    inspected(title="补缺", places=proposal.places, departments=proposal.departments)
    assert coverage.propose(officer, county).total == 0
    figure = get_figure("inspections.coverage_county_towns")
    assert figure.count([county.path], today())[county.path] == Decimal("50.00")


def test_a_missing_village_seen_by_the_prefecture_lately_has_to_wait(officer, inspected, places):
    classify(
        officer, places.village, place_class="key_help", valid_from=date(2022, 1, 1), source="名单"
    )
    visited(officer, begun(officer, inspected(division=places.prefecture)))
    proposal = coverage.propose(officer, places.county)
    assert [place for place, _ in proposal.waiting] == [places.village]
    assert places.village not in proposal.places


def test_a_special_check_counts_money_and_files_problems(officer, places):
    check = open_special(
        officer, title="补贴检查", kind="subsidy", division=places.county,
        starts_on=today() - timedelta(days=5), ends_on=today(),
    )  # fmt: skip
    values = {"unit": "青禾镇", "checked_on": today(), "text": "查了花名册"}
    with pytest.raises(DomainError, match="追回金额大于"):
        record_result(
            officer, check, amount_found=Decimal(1), amount_recovered=Decimal(2), **values
        )
    result = record_result(
        officer, check, amount_found=Decimal("1000.50"), failed_items=[check.items[0]], **values
    )
    assert (result.division, result.amount_checked) == (places.town, None)
    with pytest.raises(DomainError, match="没有转为整改问题"):
        advance_special(officer, check, "close", version=check.version, words="结束")
    problem = file_result(officer, result)
    assert "1,000.50" in problem.text
    closed = advance_special(officer, check, "close", version=check.version, words="已移交整改")
    assert (closed.state, closed.closing_note) == ("closed", "已移交整改")
    with pytest.raises(Conflict):
        record_result(officer, check, **values)


def test_leaders_who_have_not_gone_this_quarter_stand_first(officer, places, four_people):
    names = ("甲", "乙")
    leaders = [
        name_leader(
            officer, name=name, title="副县长", division=places.county,
            valid_from=date(2024, 1, 1),
        )
        for name in names
    ]  # fmt: skip
    record_research(officer, leaders[0], place=places.town, visited_on=today(), topic="饮水")
    with pytest.raises(Conflict):
        record_research(officer, leaders[0], place=places.town, visited_on=today(), topic="饮水")
    _, rows = queries.leaders(officer)
    assert [(row.leader.name, row.missing) for row in rows] == [("乙", 1), ("甲", 0)]
    clerk = four_people("town_clerk").actor("neighbour")
    with pytest.raises(NotFound):
        record_research(clerk, leaders[1], place=places.town, visited_on=today(), topic="x")
    assert system_actor("x").account_id is None
