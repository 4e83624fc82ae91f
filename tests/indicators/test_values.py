"""目标和数值: set once, changed by two, reported, corrected, checked, alarmed."""

from datetime import date
from decimal import Decimal

import pytest

from shouwang.core.actor import Actor, Scope
from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.indicators.models import Alarm, Target
from shouwang.indicators.operations import (
    check_actual,
    classify,
    correct_actual,
    decide_adjustment,
    edit_definition,
    handle_alarm,
    make_definition,
    propose_adjustment,
    report_actual,
    set_base,
    set_targets,
    set_upper,
)
from shouwang.indicators.operations.computing import compute_current
from shouwang.indicators.operations.targets import Goal
from shouwang.indicators.periods import Period
from shouwang.indicators.queries import assess_of, attainment, to_report, value_of

pytestmark = pytest.mark.django_db
Q1 = Period.read("2026-Q1")
YEAR = Period.read("2026")


def goals(place, *rest):
    return [Goal(at, 2026, Decimal(value)) for at, value in ((place[0], place[1]), *rest)]


def test_parts_must_reach_the_whole_and_a_target_is_not_written_over(places, officer, grain):
    both = ((places.town, 60), (places.neighbour_town, 30))
    with pytest.raises(DomainError, match="少 10"):
        set_targets(officer, grain, goals((places.county, 100), *both))
    set_targets(
        officer, grain, goals((places.county, 100), (places.town, 60), (places.neighbour_town, 40))
    )
    with pytest.raises(DomainError, match="提出目标调整"):
        set_targets(officer, grain, goals((places.county, 90)))
    assert set_targets(officer, grain, goals((places.county, 100))) == []


def test_a_target_is_changed_by_two_people_and_keeps_its_history(places, officer, second, sewage):
    asked = propose_adjustment(
        officer, sewage, places.county, year=2026, value=Decimal(38), reason="受灾"
    )
    with pytest.raises(Conflict, match="在审批"):
        propose_adjustment(
            officer, sewage, places.county, year=2026, value=Decimal(37), reason="受灾"
        )
    with pytest.raises(DomainError, match="第二个人"):
        decide_adjustment(officer, asked, approve=True)
    assert Target.objects.get().value == 40
    decided = decide_adjustment(second, asked, approve=True)
    assert (Target.objects.get().value, decided.old, decided.new) == (38, 40, 38)
    with pytest.raises(Conflict):
        decide_adjustment(second, asked, approve=True)


def test_a_value_is_corrected_and_the_old_one_stays(places, officer, second, sewage):
    first = report_actual(officer, sewage, places.county, period=Q1, value=Decimal(30))
    assert not first.is_late or first.due_on
    with pytest.raises(Conflict, match="更正"):
        report_actual(officer, sewage, places.county, period=Q1, value=Decimal(31))
    with pytest.raises(DomainError, match="为什么"):
        correct_actual(officer, first, value=Decimal(41), reason=" ")
    new = correct_actual(officer, first, value=Decimal(41), reason="漏报一个站")
    assert value_of(sewage, places.county, Q1).number == 41
    assert value_of(sewage, places.county, "2026").number == 41
    assert attainment(sewage, places.county, "2026") == Decimal("102.5")
    assert sewage.actuals.count() == 2
    with pytest.raises(NotAllowed):
        check_actual(officer, new, accept=True)
    with pytest.raises(DomainError, match="退回时"):
        check_actual(second, new, accept=False)
    check_actual(second, new, accept=False, note="佐证不对")
    assert value_of(sewage, places.county, Q1) is None


def test_what_does_not_fit_is_refused(places, officer, sewage):
    with pytest.raises(DomainError, match="每季度"):
        report_actual(officer, sewage, places.county, period=YEAR, value=Decimal(3))
    with pytest.raises(DomainError, match="还没有开始"):
        late = Period.read("2099-Q1")
        report_actual(officer, sewage, places.county, period=late, value=Decimal(3))
    with pytest.raises(DomainError, match=r"95\.5"):
        report_actual(officer, sewage, places.county, period=Q1, value=Decimal(30000))


def person(path, role, rights, department=None):
    scope = Scope(path, role, frozenset(rights), department=department)
    return Actor(None, f"{role}{department or ''}", (scope,))


def test_each_reports_what_is_his_and_the_level_above_checks(places, officer, sewage, grain):
    rights = {"indicators.view", "indicators.report", "indicators.check"}
    bureau = person(places.county.path, "department_officer", rights, "医疗保障局")
    other = person(places.county.path, "department_officer", rights, "水利局")
    town = person(places.town.path, "town_clerk", rights)
    neighbour = person(places.neighbour_town.path, "town_clerk", rights)
    report_actual(bureau, sewage, places.county, period=Q1, value=Decimal(30))
    for stranger in (other, town):
        with pytest.raises(DomainError):
            report_actual(stranger, sewage, places.county, period=Q1, value=Decimal(30))
    mine = report_actual(town, grain, places.town, period=YEAR, value=Decimal(5))
    with pytest.raises(DomainError):
        report_actual(neighbour, grain, places.town, period=YEAR, value=Decimal(5))
    with pytest.raises(NotAllowed):
        check_actual(town, mine, accept=True)
    assert check_actual(officer, mine, accept=True).state == "accepted"
    assert {due.division.pk for due in to_report(neighbour)} == {places.neighbour_town.pk}
    assert to_report(other) == []


def test_a_broken_red_line_alarms_at_once_and_ends_with_a_good_value(places, officer, grain):
    set_targets(officer, grain, goals((places.town, 100)))
    edit_definition(officer, grain, version=1, accumulates=False)
    bad = report_actual(officer_of(places), grain, places.town, period=YEAR, value=Decimal(80))
    alarm = Alarm.objects.open().get()
    assert "差 20 亩" in alarm.words
    correct_actual(officer_of(places), bad, value=Decimal(120), reason="补报")
    assert Alarm.objects.get(pk=alarm.pk).state == "over"
    worse = correct_actual(
        officer_of(places), grain.actuals.current().get(), value=Decimal(70), reason="核减"
    )
    again = Alarm.objects.open().get(actual=worse)
    with pytest.raises(DomainError, match="措施"):
        handle_alarm(officer, again, handling="")
    assert handle_alarm(officer, again, handling="补种，由镇长负责").state == "handled"


def officer_of(places):
    return person(
        places.town.path, "town_clerk", {"indicators.view", "indicators.report", "indicators.check"}
    )


def test_only_places_of_the_class_are_asked_and_the_base_decides(places, officer, sewage):
    values = {
        "comparison": "conditional", "base_year": 2020, "rule_below": "reach_upper",
        "rule_above": "none", "place_class": "demonstration",
    }  # fmt: skip
    definition = edit_definition(officer, sewage, version=1, **values)
    assert assess_of(definition, places.county, Q1) is None
    classify(
        officer, places.county, place_class="demonstration", valid_from=date(2021, 1, 1),
        source="省名单",
    )  # fmt: skip
    assert assess_of(definition, places.county, Q1).standing == "unknown"
    base = {"year": 2020, "upper": Decimal(10), "origin": "年鉴"}
    set_base(officer, definition, places.county, value=Decimal(12), **base)
    assert assess_of(definition, places.county, Q1).standing == "not_asked"
    set_base(officer, definition, places.county, value=Decimal(9), **base)
    report_actual(officer, definition, places.county, period=Q1, value=Decimal(7))
    assert "全省" not in assess_of(definition, places.county, Q1).words
    set_upper(officer, definition, places.province, period=Q1, value=Decimal("6.5"), origin="公报")
    found = assess_of(definition, places.county, Q1)
    assert found.is_met
    assert found.asked.words == "不低于示例省平均（6.5 %）"


def test_the_county_is_the_sum_of_its_towns(places, officer, grain):
    set_targets(officer, grain, goals((places.town, 60), (places.neighbour_town, 40)))
    for place, value in ((places.town, 50), (places.neighbour_town, 45)):
        clerk = person(place.path, "town_clerk", {"indicators.view", "indicators.report"})
        report_actual(clerk, grain, place, period=YEAR, value=Decimal(value))
    whole = value_of(grain, places.county, YEAR)
    assert (whole.number, whole.text) == (95, "2 个地方合计")
    assert assess_of(grain, places.county, YEAR).gap == -5


def test_a_village_is_held_against_the_mean_of_its_town(places, officer):
    goal = make_definition(
        officer, division=places.county, code="村收入", name="收入高于镇平均", unit="户",
        source="formula", formula="registry.households", level="village", upper_level="town",
        comparison="above_upper", spread="none",
    )  # fmt: skip
    done = compute_current(officer, places.county)
    assert done.values == 6
    found = assess_of(goal, places.village, str(today().year))
    assert found.asked.words == "高于青禾镇平均（0 户）"
    assert assess_of(goal, places.county, str(today().year)) is None
