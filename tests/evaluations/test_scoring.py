"""Points stay within bounds, follow the figures, and say how they came about."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.evaluations import scoring
from shouwang.evaluations.scoring import Given, Line

numbers = st.decimals(0, 10_000, places=2)
fulls = st.decimals("0.5", 100, places=1)
D = Decimal
TABLE = [{"at": "90", "share": "100"}, {"at": "80", "share": "60"}]
RULES = [
    {"kind": "ratio", "target": "120", "floor": "40"},
    {"kind": "threshold", "table": TABLE},
    {"kind": "threshold", "table": TABLE, "direction": "lower"},
    {"kind": "deduction", "each": "0.5", "limit": "6"},
    {"kind": "bonus", "each": "0.3"},
    {"kind": "direct"},
    {"kind": "rank", "floor": "40"},
]


@settings(max_examples=60, deadline=None)
@given(rule=st.sampled_from(RULES), value=numbers, full=fulls)
def test_points_stay_between_nothing_and_full_in_cents_and_are_explained(rule, value, full):
    found = scoring.score(rule, full, Given(value, {"a": value, "b": D(50)}, label="完成数"))
    assert found.points is not None and 0 <= found.points <= full
    assert found.points == found.points.quantize(D("0.01"))
    assert found.formula and found.steps and found.figures[0][0] == "完成数"
    assert found.told()["rounding"]


@settings(max_examples=60, deadline=None)
@given(rule=st.sampled_from(RULES), low=numbers, more=numbers, full=fulls)
def test_more_of_what_is_wanted_never_gives_fewer_points(rule, low, more, full):
    field = {"x": low, "y": low + more}
    one = scoring.score(rule, full, Given(low, field)).points
    two = scoring.score(rule, full, Given(low + more, field)).points
    assert one is not None and two is not None
    falls = rule["kind"] == "deduction" or rule.get("direction") == "lower"
    assert (two <= one) if falls else (two >= one)


@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_points_by_rank_follow_the_order_and_equals_are_equal(values):
    field = {str(at): D(value) for at, value in enumerate(values)}
    rule = {"kind": "rank", "floor": "0"}
    points = [scoring.score(rule, D(10), Given(D(v), field)).points for v in values]
    for v, p in zip(values, points, strict=True):
        for w, q in zip(values, points, strict=True):
            assert (p > q) == (v > w) or p == q
            if v == w:
                assert p == q
    if len(values) > 1:
        assert abs(sum(points) - D(5) * len(values)) <= D("0.01") * len(values)


@settings(max_examples=60, deadline=None)
@given(marks=st.lists(st.integers(0, 100), min_size=1, max_size=9), drop=st.booleans())
def test_marks_of_reviewers_give_their_mean_whatever_their_order(marks, drop):
    rule = {"kind": "expert", "drop": drop}
    found = scoring.score(rule, D(10), Given(marks=[D(m) for m in marks]))
    turned = scoring.score(rule, D(10), Given(marks=[D(m) for m in reversed(marks)]))
    kept = sorted(marks)[1:-1] if drop and len(marks) >= 3 else marks
    assert found == turned
    assert abs(found.points - D(sum(kept)) / len(kept) / 10) <= D("0.005")


@settings(max_examples=60, deadline=None)
@given(
    points=st.lists(st.one_of(st.none(), st.decimals(0, 10, places=2)), min_size=1, max_size=8),
    excludes=st.booleans(),
    routine=st.integers(0, 100),
    cap=st.one_of(st.none(), st.integers(0, 100)),
)
def test_the_total_lies_between_nothing_and_a_hundred_with_the_cap_kept(
    points, excludes, routine, cap
):
    lines = [
        Line("平时" if at % 2 else "年终", str(at), D(10), each, excludes)
        for at, each in enumerate(points)
    ]
    weights = {"平时": D(routine), "年终": D(100 - routine)}
    limit = None if cap is None else D(cap)
    found = scoring.total(lines, weights, cap=limit)
    if found.points is not None:
        assert 0 <= found.points <= (100 if limit is None else limit)
    if all(each is None for each in points) and excludes:
        assert found.points is None


def test_what_is_missing_has_no_points_and_says_so():
    found = scoring.score(RULES[0], D(10), Given(None, label="务工人数"))
    assert found.points is None and "务工人数" in found.steps[0] and "不按 0" in found.steps[0]


def test_missing_is_nothing_got_or_taken_out_as_the_scheme_says():
    def lines(excludes):
        return [Line("年终", "甲", D(40), D(30)), Line("年终", "乙", D(60), None, excludes)]

    weights = {"年终": D(100)}
    assert scoring.total(lines(False), weights).points == D("30.00")
    assert scoring.total(lines(True), weights).points == D("75.00")


def test_parts_count_by_their_weights_and_the_addition_is_capped():
    lines = [
        Line("平时", "甲", D(100), D(80)),
        Line("年终", "乙", D(100), D(90)),
        Line("年终", "加分", D(5), D(5), is_bonus=True),
    ]
    weights = {"平时": D(40), "年终": D(60)}
    assert scoring.total(lines, weights, bonus_cap=D(3)).points == D("89.00")
    held = scoring.total(lines, weights, bonus_cap=D(3), cap=D(60))
    assert held.points == D("60.00") and any("颠覆性" in step for step in held.steps)


def test_grades_follow_their_lines_and_a_veto_never_lifts():
    lines = (("好", D(90)), ("较好", D(80)), ("一般", D(60)), ("较差", D(0)))
    assert [scoring.grade_by_lines(D(p), lines) for p in (90, 89, 60, 3)] == [
        "好", "较好", "一般", "较差",
    ]  # fmt: skip
    order = [name for name, _ in lines]
    assert scoring.worse("好", "一般", order) == "一般"
    assert scoring.worse("较差", "一般", order) == "较差"
    assert scoring.grade_by_lines(None, lines) == ""


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"kind": "ratio"},
        {"kind": "ratio", "target": "0"},
        {"kind": "threshold"},
        {"kind": "deduction", "each": "-1"},
        {"kind": "rank", "floor": "200"},
        {"kind": "bonus", "each": "x"},
    ],
)
def test_a_rule_that_cannot_be_used_is_told_in_words(rule):
    assert scoring.problem_of(rule, D(10))
