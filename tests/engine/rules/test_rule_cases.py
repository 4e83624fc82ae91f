"""Every rule keeps the promises of its own test cases."""

from pathlib import Path

from shouwang.engine.rulebook import PACKAGED, Rulebook
from shouwang.engine.rules.cases import run_cases
from shouwang.engine.rules.inspection import check_rulebook


def test_every_case_of_every_rule_gives_what_it_says(rulebook: Rulebook, tmp_path: Path) -> None:
    assert run_cases(rulebook, tmp_path) == []


def test_the_packaged_rulebook_has_no_problems() -> None:
    assert check_rulebook(PACKAGED) == []


def test_there_are_forty_rules_and_sixty_eight_checks(rulebook: Rulebook) -> None:
    assert (len(rulebook.rules), len(rulebook.checks)) == (40, 68)


def test_a_case_that_expects_the_wrong_value_is_reported_with_its_line(copied: Path) -> None:
    file = copied / "rules" / "disaster" / "loss.yaml"
    text = file.read_text(encoding="utf-8").replace('value: "6000.00"', 'value: "6001.00"')
    file.write_text(text, encoding="utf-8")
    (problem,) = run_cases(Rulebook.load(copied), copied.parent / "cases", ["disaster.loss"])
    assert "value 应为 6001.00，实际为 6000.00" in problem.message
    assert problem.line > 15
