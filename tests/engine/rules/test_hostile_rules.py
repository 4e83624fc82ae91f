"""Nothing that a rule says reaches the database as text or the program as code."""

from pathlib import Path

import pytest

from shouwang.engine.errors import RulebookError
from shouwang.engine.rulebook import Rulebook
from shouwang.engine.rules import loading
from shouwang.engine.rules.cases import run_cases
from shouwang.engine.rules.parser import parse
from shouwang.engine.rules.problems import RuleError
from shouwang.engine.rules.yamlfile import parse_yaml

ATTACKS = [
    "1; DROP TABLE hits",
    "a = 'x' OR '1'='1'",
    "__import__('os').system('id')",
    "a -- comment",
    "a /* comment */ = b",
    "a = b; ATTACH 'x.db'",
    "{{ settings.SECRET_KEY }}",
    "`id`",
    "${HOME}",
    "a\\u0000b = c",
    "a[0] = b",
    "lambda: 1",
    "a = $$x$$",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_the_parser_refuses_what_is_not_of_the_language(text: str) -> None:
    with pytest.raises(RuleError):
        parse(text)


@pytest.mark.parametrize(
    "text",
    ["read_csv(\"/etc/passwd\") is known", "pragma_version() = 1", "hits.rule_index = 1",
     "person.id_no = \"1\"", "information_schema.tables is known", "getattr(D) = 1",
     "household.phone is known", "rowid = 1"],
)  # fmt: skip
def test_names_outside_the_catalogue_never_reach_a_query(copied: Path, text: str) -> None:
    file = copied / "rules" / "income" / "below_line.yaml"
    content = file.read_text(encoding="utf-8")
    wanted = "when: per_capita_income < param(income.line)"
    file.write_text(content.replace(wanted, f"when: {text}"), encoding="utf-8")
    with pytest.raises(RulebookError):
        Rulebook.load(copied).rules  # noqa: B018


def test_quotes_in_a_text_stay_a_value(copied: Path, tmp_path: Path) -> None:
    file = copied / "rules" / "income" / "below_line.yaml"
    content = file.read_text(encoding="utf-8")
    wanted = "population: poverty_alleviated and not monitored"
    hostile = 'population: contact_cadre != "\'); DROP TABLE hits; --" or poverty_alleviated'
    file.write_text(content.replace(wanted, hostile), encoding="utf-8")
    found = run_cases(Rulebook.load(copied), tmp_path / "cases", ["income.below_line"])
    assert {problem.message for problem in found} <= {
        "用例“已经是监测对象”：应为 not_met，实际为 met"
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: !!python/object/apply:os.system [id]", "不允许"),
        ("a: !include other.yaml", "不允许"),
        ("a: 1\na: 2", "写了两次"),
        ("- a\n- b", "最外层"),
        ("a: [1, 2", "不是合法的 YAML"),
        ("a: " + "[" * 30 + "]" * 30, "嵌套太深"),
        ("a: \x07", "不允许的字符"),
        ("a: 2026-02-30", "没有 2026-02-30 这一天"),
    ],
)
def test_yaml_builds_plain_data_only(text: str, words: str) -> None:
    with pytest.raises(RuleError) as error:
        parse_yaml(text, "x.yaml")
    assert words in error.value.message


def test_yes_and_no_stay_words_and_decimals_stay_exact() -> None:
    found = parse_yaml("a: yes\nb: 0.30\nc: true\nd: 5000", "x.yaml")
    assert (found["a"], str(found["b"]), found["c"], found["d"]) == ("yes", "0.30", True, 5000)


def test_a_let_cannot_take_a_name_of_the_language(copied: Path) -> None:
    file = copied / "rules" / "disaster" / "loss.yaml"
    content = file.read_text(encoding="utf-8")
    file.write_text(content.replace("  loss: {sum", "  D: {sum", 1), encoding="utf-8")
    assert any("不能作量的名称" in problem.message for problem in loading.read(copied).problems)
