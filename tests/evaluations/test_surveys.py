"""A sample can be drawn again by its seed; measures come from what was answered, by formula."""

from decimal import Decimal

from shouwang.evaluations.measures import Answered, measures


def by_key(rows):
    return {one.key: one for one in measures(rows)}


def test_measures_are_shares_of_what_was_answered():
    rows = [
        Answered("common", 4, {"should_be_in": 1, "satisfied": 1}),
        Answered("common", 6, {"should_be_in": 0, "satisfied": 0}),
        Answered("alleviated", 5, {"wrongly_out": 1, "should_be_in": 0, "satisfied": 1}),
        Answered("monitored", 3, {}),
    ]
    found = by_key(rows)
    assert found["missed"].percent == Decimal("10.00")  # 1 of 10 people
    assert found["missed"].is_met is False and "1 ÷ 10" in found["missed"].words
    assert found["wrongly_out"].percent == Decimal("20.00")
    assert found["should_be_in"].percent == Decimal("6.67")
    assert found["satisfied"].percent == Decimal("66.67")
    assert found["not_solved"].percent is None and "算不出" in found["not_solved"].words


def test_nothing_answered_is_not_zero():
    assert all(one.percent is None and one.is_met is None for one in measures([]))


def test_the_demo_publishes_one_round_and_runs_another(places, settings):
    from shouwang.core.actor import system_actor
    from shouwang.evaluations import demo
    from shouwang.evaluations.models import Round

    settings.SHOUWANG_COUNTY = "999901"
    assert demo.make(system_actor("演示")) == 4
    running, past = Round.objects.order_by("-ends_on")
    assert (past.state, running.state) == ("published", "running")
    assert running.former == past
    assert all(sheet.total and sheet.rank for sheet in past.sheets.all())
