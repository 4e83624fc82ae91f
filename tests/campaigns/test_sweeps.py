"""集中排查: planned, visited, sampled, closed; a failing answer becomes a clue."""

from datetime import timedelta

import pytest

from shouwang.campaigns import reporting
from shouwang.campaigns.models import Sweep, SweepItem
from shouwang.campaigns.operations import advance, plan_sweep, recheck_item, record_result
from shouwang.campaigns.priorities import BadPriority, priorities, read
from shouwang.campaigns.states import sweep_table
from shouwang.cases.checklists import checklists
from shouwang.cases.models import RegisteredClue
from shouwang.core.actor import Actor, Scope
from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.engine import Rulebook

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(planned, officer) -> Sweep:
    made = planned()
    return advance(officer, made, "start", version=1)


def visit(actor, item, finding="no_risk", answers=None, **values):
    return record_result(
        actor, item, visited_on=today(), answers=answers or {}, finding=finding,
        version=values.pop("version", item.version), **values,
    )  # fmt: skip


def test_a_whole_sweep_takes_every_household_priorities_first(planned):
    made = planned()
    items = list(made.items.order_by("-weight", "household__household_no"))
    assert [item.household.household_no for item in items] == ["H1", "H2", "H3", "H4"]
    assert items[0].reasons == "整户无劳动力"
    assert items[1].reasons == ""


def test_a_special_sweep_takes_only_the_priorities(planned):
    assert planned(kind="special").items.count() == 1
    with pytest.raises(DomainError, match="至少勾选"):
        planned(kind="special", chosen=[])


@pytest.mark.parametrize(
    "change",
    [{"kind": "x"}, {"chosen": ["nothing"]}, {"title": " "}, {"ends_on": today() - timedelta(9)}],
)
def test_impossible_plans_are_refused_whole(planned, change):
    with pytest.raises(DomainError):
        planned(**change)
    assert not Sweep.objects.exists()


def test_results_are_taken_only_while_the_sweep_runs(planned, officer):
    made = planned()
    with pytest.raises(Conflict, match="准备中"):
        visit(officer, made.items.first())


def test_a_failing_answer_becomes_a_clue_of_casework_once(running, officer):
    item = running.items.get(household__household_no="H2")
    bad = {"look_house": "有隐患", "look_water": "有保障"}
    with pytest.raises(DomainError, match="不能是"):
        visit(officer, item, answers=bad)
    done = visit(officer, item, "clue", bad)
    clue = RegisteredClue.objects.get()
    assert done.clue == clue
    assert clue.risks == ["housing"]
    assert clue.channel == "cadre_visit"
    assert "看住房" in clue.text
    visit(officer, done, "clue", bad | {"look_water": "有问题"})
    assert RegisteredClue.objects.count() == 1


def test_the_second_of_two_people_is_told_who_was_faster(running, officer):
    item = running.items.first()
    visit(officer, item)
    with pytest.raises(Conflict, match="测试"):
        visit(officer, item, version=1)


def test_nobody_home_is_not_done(running, officer):
    done = visit(officer, running.items.first(), "away")
    assert done.state == "todo"
    assert reporting.totals(running.items.all())["away"] == 1


def test_a_sweep_closes_only_after_every_door_and_an_agreeing_second_look(running, officer):
    with pytest.raises(DomainError, match="没有排查"):
        advance(officer, running, "sample", version=running.version)
    for item in running.items.all():
        visit(officer, item)
    sampling = advance(officer, running, "sample", version=running.version)
    sampled = list(sampling.items.filter(is_sampled=True))
    assert {item.village_id for item in sampled} == set(
        sampling.items.values_list("village", flat=True)
    )
    with pytest.raises(DomainError, match="没有复核"):
        advance(officer, sampling, "close", version=sampling.version)
    other = Actor(9, "抽查人", officer.scopes)
    with pytest.raises(DomainError, match="以外的人"):
        recheck_item(officer, sampled[0], result="agrees", version=sampled[0].version)
    with pytest.raises(DomainError, match="不同"):
        recheck_item(other, sampled[0], result="differs", version=sampled[0].version)
    recheck_item(other, sampled[0], result="differs", note="有危房", version=sampled[0].version)
    for item in sampled[1:]:
        recheck_item(other, item, result="agrees", version=item.version)
    with pytest.raises(DomainError, match="不实"):
        advance(officer, sampling, "close", version=sampling.version)
    again = advance(officer, sampling, "reopen", version=sampling.version, reason="抽查不实")
    item = again.items.get(pk=sampled[0].pk)
    assert (item.state, item.is_sampled) == ("todo", False)
    visit(officer, item)
    second = advance(officer, again, "sample", version=again.version)
    for item in second.items.filter(is_sampled=True, recheck=""):
        recheck_item(other, item, result="agrees", version=item.version)
    closed = advance(officer, second, "close", version=second.version)
    assert closed.report["totals"]["done"] == 4
    assert closed.report["reasons"] == {"整户无劳动力": 1}
    with pytest.raises(Conflict):
        advance(officer, closed, "start", version=closed.version)


def test_only_who_may_records_and_only_in_the_own_village(running, places):
    worker = Actor(
        3, "网格员",
        (Scope(places.village.path, "village_worker", frozenset({"campaigns.check"})),),
    )  # fmt: skip
    visit(worker, running.items.get(household__household_no="H1"))
    with pytest.raises(DomainError):
        visit(worker, running.items.get(household__household_no="H3"))
    with pytest.raises(NotAllowed):
        recheck_item(worker, running.items.first(), result="agrees", version=1)


def test_two_sampled_sweeps_draw_the_same_households(running, officer):
    for item in running.items.all():
        visit(officer, item)
    sampling = advance(officer, running, "sample", version=running.version)
    first = set(sampling.items.filter(is_sampled=True).values_list("pk", flat=True))
    SweepItem.objects.update(is_sampled=False)
    Sweep.objects.update(state="running", version=sampling.version - 1)
    sampling.refresh_from_db()
    advance(officer, sampling, "sample", version=sampling.version)
    assert set(sampling.items.filter(is_sampled=True).values_list("pk", flat=True)) == first


def test_every_priority_names_rules_that_exist_and_a_source():
    rules = Rulebook.load().rules
    for one in priorities().values():
        assert one.source
        if one.way == "rules":
            assert set(one.value) <= set(rules)


@pytest.mark.parametrize(
    "wrong", [{"rules": ["a"], "months": 1}, {}, {"months": 1, "source": ""}, {"weeks": 2}]
)
def test_a_priority_with_a_mistake_is_refused_by_name(wrong):
    with pytest.raises(BadPriority, match="k"):
        read({"priorities": [{"key": "k", "title": "t", "source": "s", **wrong}]})


def test_every_step_of_the_table_needs_a_right_that_exists():
    from shouwang.core.rights import get_right

    for row in sweep_table().transitions:
        assert get_right(row.right)


def test_the_questions_of_a_sweep_stay_as_they_were_planned(planned, officer):
    made = planned()
    assert [one.key for one in made.asked] == [
        one.key for one in checklists()["six_looks_six_checks"].questions
    ]


def test_plans_are_the_county_officers(planned, places):
    clerk = Actor(1, "镇", (Scope(places.town.path, "town_clerk", frozenset()),))
    with pytest.raises(DomainError):
        plan_sweep(
            clerk, title="x", kind="all", division=places.town,
            checklist=checklists()["six_looks_six_checks"], chosen=[], starts_on=today(),
            ends_on=today(),
        )  # fmt: skip
