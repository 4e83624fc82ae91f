"""Schemes add up before they are approved; a round keeps what it counted and what was changed."""

from decimal import Decimal

import pytest

from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.evaluations.models import Appeal, Score, Sheet
from shouwang.evaluations.operations import (
    advance_round,
    advance_scheme,
    answer,
    appeal,
    assess,
    copy_scheme,
    count_round,
    file_problems,
    make_example,
    mark,
    name_reviewer,
    open_round,
    review,
    save_items,
)
from shouwang.evaluations.operations.schemes import rules_work, sums_up
from shouwang.evaluations.states import examples

from .conftest import ITEMS

pytestmark = pytest.mark.django_db
D = Decimal


def score(round_, number, town="青禾镇"):
    return Score.objects.select_related("sheet__round", "item").get(
        sheet__round=round_, sheet__name=town, item__number=number
    )


@pytest.mark.parametrize(
    ("at", "change", "words"),
    [
        (0, {"weight": 90}, "“平时”各项分值合计 90"),
        (2, {"weight": 30}, "与本项分值 100 不一致"),
        (0, {"rule": {"kind": "ratio"}}, "目标值"),
        (0, {"source": ""}, "数据来源"),
        (0, {"source": "figure", "source_key": "no.such"}, "没有自动数"),
        (4, {"veto_cap": None}, "总分不超过"),
    ],
)
def test_a_scheme_that_does_not_add_up_or_work_is_not_handed_in(scheme, officer, at, change, words):
    rows = [dict(row) for row in ITEMS]
    rows[at] |= change
    save_items(officer, scheme, rows, version=scheme.version)
    with pytest.raises(DomainError, match=words):
        advance_scheme(officer, scheme, "submit", version=scheme.version)


@pytest.mark.parametrize("key", list(examples()))
def test_examples_of_the_rulebook_add_up_and_work(key, places, officer):
    made = make_example(officer, key, division=places.county, year=2026)
    assert sums_up(made) is None and rules_work(made) is None
    assert "示例" in made.title and made.source


def test_an_approved_scheme_is_frozen_and_revised_as_a_new_edition(approved, officer):
    with pytest.raises(Conflict, match="冻结"):
        save_items(officer, approved, ITEMS, version=approved.version)
    revised = copy_scheme(officer, approved)
    assert (revised.edition, revised.state, revised.former) == (2, "draft", approved)
    assert revised.items.count() == approved.items.count()
    assert revised.items.get(number="2.1").parent.number == "2"
    with pytest.raises(Conflict, match="在修订"):
        copy_scheme(officer, approved)
    later = copy_scheme(officer, approved, year=2027)
    assert (later.title, later.edition) == ("乡镇考核2027", 1)


def test_nobody_approves_what_he_handed_in(scheme, person):
    boss = person("county_officer")
    sent = advance_scheme(boss, scheme, "submit", version=scheme.version)
    with pytest.raises(NotAllowed, match="另一人"):
        advance_scheme(boss, sent, "approve", version=sent.version)
    assert (
        advance_scheme(person("county_leader"), sent, "approve", version=sent.version).state
        == "approved"
    )


def test_the_whole_way_of_a_round(running, officer, person, places):
    town, expert = person("town_clerk"), person("county_leader")
    mine = Sheet.objects.get(round=running, name="青禾镇")
    assess(town, mine, {score(running, "2.1").pk: (D(38), "完成 12 次走访")})
    reviewer = name_reviewer(officer, running, person.account("county_leader"))
    for name, points in (("青禾镇", 90), ("白石镇", 80)):
        mark(expert, reviewer, {score(running, "2.2", name).pk: D(points)})
        review(officer, score(running, "1", name), value=D(1), note="检查记录 3 号")
        review(officer, score(running, "2.1", name), value=D(36), note="佐证齐全")
    count_round(officer, running)
    mine.refresh_from_db()
    assert (mine.total, mine.rank) == (D("93.20"), 1)  # 98×40% + (36+54)×60%
    running.refresh_from_db()
    scored = advance_round(officer, running, "score", version=running.version)
    with pytest.raises(Conflict, match="不能直接改"):
        review(officer, score(running, "1"), value=D(0), note="改")
    asked = appeal(town, score(scored, "2.1"), reason="还有佐证", asked=D(40))
    with pytest.raises(DomainError, match="申诉没有答复"):
        advance_round(officer, scored, "publish", version=scored.version)
    answer(officer, asked, grant=True, text="补充佐证属实", points=D(40))
    mine.refresh_from_db()
    assert mine.total == D("95.60")
    kept = score(scored, "2.1").changes.first()
    assert (kept.before, kept.after) == (D(36), D(40)) and "申诉采纳" in kept.reason
    done = advance_round(officer, scored, "publish", version=scored.version)
    assert done.is_public and mine.uses.get(key="praise").source
    with pytest.raises(Conflict):
        advance_round(officer, done, "reopen", version=done.version, reason="改分")
    with pytest.raises(Conflict):
        appeal(town, score(done, "1"), reason="再看")


def test_a_correction_by_appeal_outlives_another_count(running, officer, person):
    for name in ("青禾镇", "白石镇"):
        review(officer, score(running, "2.1", name), value=D(20), note="核定")
    count_round(officer, running)
    running.refresh_from_db()
    scored = advance_round(officer, running, "score", version=running.version)
    asked = appeal(person("town_clerk"), score(scored, "2.1"), reason="少算了")
    answer(officer, asked, grant=True, text="属实", points=D(30))
    again = advance_round(officer, scored, "reopen", version=scored.version, reason="补打分")
    count_round(officer, again)
    assert score(again, "2.1").points == D(30)
    assert Appeal.objects.get().state == "granted"


def test_a_veto_holds_the_total_down_whatever_the_points(running, officer):
    review(officer, score(running, "1"), value=D(0), note="无差错")
    review(officer, score(running, "2.1"), value=D(40), note="核定")
    sheet = review(officer, score(running, "3"), value=D(1), note="饮水问题查实").sheet
    sheet = Sheet.objects.get(pk=sheet.pk)
    assert sheet.total == D(59) and sheet.has_veto
    assert any("颠覆性" in step for step in sheet.steps)


def test_reviewers_never_mark_their_own_unit_and_units_assess_only_themselves(
    running, officer, person
):
    leader = person("town_leader")
    reviewer = name_reviewer(officer, running, person.account("town_leader"))
    with pytest.raises(NotAllowed, match="本单位"):
        mark(leader, reviewer, {score(running, "2.2").pk: D(100)})
    assert mark(leader, reviewer, {score(running, "2.2", "白石镇").pk: D(70)}) == 1
    clerk = person("town_clerk")
    other = Sheet.objects.get(round=running, name="白石镇")
    with pytest.raises(NotAllowed, match="本单位"):
        assess(clerk, other, {})


def test_two_red_rounds_in_a_row_lead_to_a_talk(approved, officer):
    approved.grading["red_share"] = 50
    approved.save()
    labels = []
    for period in ("2025-H2", "2026-H1"):
        round_ = open_round(officer, approved, period=period)
        for name, points in (("青禾镇", 1), ("白石镇", 39)):
            review(officer, score(round_, "2.1", name), value=D(points), note="核定")
            review(officer, score(round_, "1", name), value=D(0), note="核定")
        count_round(officer, round_)
        round_.refresh_from_db()
        scored = advance_round(officer, round_, "score", version=round_.version)
        done = advance_round(officer, scored, "publish", version=scored.version)
        sheet = done.sheets.get(name="青禾镇")
        assert sheet.colour == "red"
        labels.append([use.label for use in sheet.uses.all()])
    assert labels == [["提醒"], ["约谈"]]


def test_automatic_figures_are_kept_with_their_formula(places, officer):
    made = make_example(officer, "towns", division=places.county, year=2026)
    sent = advance_scheme(officer, made, "submit", version=made.version)
    approved = advance_scheme(officer, sent, "approve", version=sent.version)
    round_ = count_round(officer, open_round(officer, approved, period="2026-H1"))
    found = score(round_, "1.1")
    assert found.points is None and "不按 0" in found.told["steps"][0]
    assert found.told["figures"] == [["任务", "0 项"]]
    with pytest.raises(DomainError, match="还没有总分"):
        Score.objects.filter(sheet__round=round_).update(points=None)
        Sheet.objects.filter(round=round_).update(total=None)
        scored = advance_round(officer, round_, "score", version=round_.version)
        advance_round(officer, scored, "publish", version=scored.version)


def test_stars_are_lit_by_their_share_of_points(places, officer):
    made = make_example(officer, "stars", division=places.county, year=2026)
    sent = advance_scheme(officer, made, "submit", version=made.version)
    approved = advance_scheme(officer, sent, "approve", version=sent.version)
    round_ = open_round(officer, approved, period="2026")
    name = Sheet.objects.filter(round=round_).first().name
    review(officer, score(round_, "1", name), value=D(16), note="核定")
    review(officer, score(round_, "2", name), value=D(15), note="核定")
    assert Sheet.objects.get(round=round_, name=name).stars == ["党建引领星"]


def test_weak_items_and_vetoes_become_problems_once(running, officer):
    with pytest.raises(Conflict, match="核定得分以后"):
        file_problems(officer, running)
    for name, points in (("青禾镇", 39), ("白石镇", 10)):
        review(officer, score(running, "2.1", name), value=D(points), note="核定")
    review(officer, score(running, "3"), value=D(1), note="查实")
    count_round(officer, running)
    running.refresh_from_db()
    scored = advance_round(officer, running, "score", version=running.version)
    batch = file_problems(officer, scored)
    assert file_problems(officer, scored) == batch
    told = sorted((one.severity, one.text[:3]) for one in batch.problems.all())
    assert told == [("grave", "青禾镇"), ("normal", "白石镇")]
    assert batch.problems.get(severity="normal").units.get(duty="lead").division.name == "白石镇"
