"""The state tables as graphs: no way round a required step, whatever path is taken."""

from collections.abc import Iterator

import pytest

from shouwang.cases.lifecycles import REGIMES, clue_table, table_of
from shouwang.cases.regimes import regime, regimes, source_words, sources_named
from shouwang.cases.requirements import CHECKS, CLUE_CHECKS
from shouwang.core.lifecycle import Lifecycle, Transition
from shouwang.core.rights import all_rights

IN = {
    "consent_signed", "check_submitted", "comparison_concluded", "class_proposed",
    "appraisal_passed", "notice_published", "notice_days_over", "objections_handled",
    "no_objection_upheld", "class_decided", "not_own_review", "announcement_published",
    "risks_named",
}  # fmt: skip
OUT = {
    "has_labour", "exit_check_submitted", "conditions_met", "appraisal_passed",
    "notice_published", "notice_days_over", "objections_handled", "no_objection_upheld",
    "not_own_review", "announcement_published",
}  # fmt: skip


def paths(
    table: Lifecycle, state: str, goal: str, taken: tuple[Transition, ...] = ()
) -> Iterator[tuple[Transition, ...]]:
    """Every way from a state to the goal that visits no state twice."""
    if state == goal:
        yield taken
        return
    seen = {row.to for row in taken}
    for row in table.from_state(state):
        if row.to not in seen and row.to != table.initial:
            yield from paths(table, row.to, goal, (*taken, row))


@pytest.mark.parametrize("key", REGIMES)
def test_every_way_in_asks_for_everything(key: str) -> None:
    table = table_of(key)
    found = list(paths(table, "consent", "monitored"))
    assert found
    for way in found:
        assert {name for row in way for name in row.requires} >= IN, [row.action for row in way]
        bodies = [row.right for row in way]
        assert {"cases.verify", "cases.appraise", "cases.review", "cases.approve"} <= set(bodies)


@pytest.mark.parametrize("key", REGIMES)
def test_every_way_out_asks_for_everything(key: str) -> None:
    table = table_of(key)
    found = list(paths(table, "monitored", "resolved"))
    assert found
    for way in found:
        assert {name for row in way for name in row.requires} >= OUT, [row.action for row in way]


@pytest.mark.parametrize("key", REGIMES)
def test_whatever_goes_back_or_ends_without_inclusion_asks_for_a_reason(key: str) -> None:
    for row in table_of(key).transitions:
        if row.is_back or row.to in ("refused", "withdrawn", "ended"):
            assert "reason" in row.asks, row.action


@pytest.mark.parametrize("key", REGIMES)
def test_each_requirement_right_and_limit_of_the_tables_exists(key: str) -> None:
    table = table_of(key)
    assert table.requirements <= set(CHECKS)
    assert {row.right for row in table.transitions} <= set(all_rights())
    limits = {limit.key for limit in regime(key).limits}
    assert {state.limit for state in table.states.values() if state.limit} <= limits


def test_the_table_of_clues_is_whole() -> None:
    table = clue_table()
    assert table.requirements <= set(CLUE_CHECKS)
    assert {row.right for row in table.transitions} <= set(all_rights())


def test_every_state_of_the_nine_steps_belongs_to_a_step() -> None:
    for key, rules in regimes().items():
        drawn = {state for part in rules.steps for state in part.states}
        limited = {name for name, state in table_of(key).states.items() if state.limit}
        assert drawn == limited
        assert len([part for part in rules.steps if part.key != "comparison"]) == 9


def test_every_source_that_a_regime_names_is_a_known_document() -> None:
    for key in sources_named():
        assert source_words(key) != key, f"{key} stands in no sources.yaml"
