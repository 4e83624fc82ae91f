"""One concept has one name, whoever shows it."""

from shouwang.engine import Rulebook
from shouwang.engine.rules.catalog import KINDS, LEVELS, RISKS
from shouwang.screening.states import Risk


def test_the_rulebook_and_the_clues_name_a_risk_alike() -> None:
    assert dict(Risk.choices) == RISKS


def test_a_rule_names_only_what_the_county_has_words_for() -> None:
    rules = Rulebook.load().rules.values()
    assert {rule.risk for rule in rules} <= set(RISKS)
    assert {rule.level for rule in rules} <= set(LEVELS)
    assert {rule.kind for rule in rules} <= set(KINDS)
