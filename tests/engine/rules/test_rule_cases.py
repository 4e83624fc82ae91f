"""Every rule and every quality check keeps the promises of its own test cases."""

from pathlib import Path

from shouwang.engine.rulebook import PACKAGED, Rulebook
from shouwang.engine.rules.cases import run_cases
from shouwang.engine.rules.check_cases import run_check_cases
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


def test_every_case_of_every_check_gives_what_it_says(rulebook: Rulebook, tmp_path: Path) -> None:
    assert run_check_cases(rulebook, tmp_path) == []


def test_every_check_is_shown_to_hit_to_miss_and_to_meet_missing_data(rulebook: Rulebook) -> None:
    lacking = {
        check.id
        for check in rulebook.checks.values()
        if not {"hit", "miss", "missing"} <= {case.kind for case in check.cases}
    }
    assert lacking == set()


def test_a_check_that_was_turned_round_is_reported_with_its_line(copied: Path) -> None:
    file = copied / "quality" / "person.yaml"
    text = file.read_text(encoding="utf-8").replace("age < 16 and labour", "age <= 16 and labour")
    file.write_text(text, encoding="utf-8")
    found = run_check_cases(Rulebook.load(copied), copied.parent / "cases", ["labour.under16"])
    assert [problem.message for problem in found] == [
        "用例“当天满16岁”：应为没有问题，实际为有问题"
    ]
    assert text.splitlines()[found[0].line - 1].strip().startswith("- {name: 当天满16岁")


def test_a_check_without_cases_is_refused(copied: Path) -> None:
    file = copied / "quality" / "identity.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if "有效的15位号码" not in line]
    file.write_text("\n".join(kept), encoding="utf-8")
    assert "检查 id.old15 缺少测试用例：命中。" in [p.message for p in check_rulebook(copied)]
