"""The expression language: what it says yes to, and how it says no."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.engine.rulebook import PACKAGED
from shouwang.engine.rules import loading, syntax
from shouwang.engine.rules.parser import KEYWORDS, parse, tokens
from shouwang.engine.rules.problems import RuleError

RULE = "rules/income/below_line.yaml"


def problems(copied: Path, file: str, old: str, new: str) -> list[str]:
    """What the loader says after one change of a file."""
    path = copied / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return [str(problem) for problem in loading.read(copied).problems]


@pytest.mark.parametrize(
    ("source", "operator"),
    [
        ("a and b or c", "or"),
        ("a or b and c", "or"),
        ("a >= b + c * d", ">="),
        ("a - b - c", "-"),
        ("a / b >= c", ">="),
        ("a else b = c", "="),
        ("a ≥ b × c", ">="),
    ],
)
def test_operators_bind_as_in_school(source: str, operator: str) -> None:
    node = parse(source)
    assert isinstance(node, syntax.Binary)
    assert node.op == operator


def test_chinese_punctuation_is_the_same_as_latin() -> None:
    assert parse("（a ≥ b） and kind in {甲，乙}") == parse("(a >= b) and kind in {甲, 乙}")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a >=", "第 5 个字符处写的是“（结尾）”，这里应当是名称、数、日期或括号"),
        ("a b", "表达式到此结束，或用 and、or 连接"),
        ("a within YEAR", "时间窗 MONTH、PREVIOUS_MONTH、M3、M12、YTD"),
        ("a is empty", "missing（无数据）"),
        ("a in 3", "“{”"),
        ("a = 2026-02-30", "没有 2026-02-30 这一天"),
        ("a; b", "第 2 个字符“;”不认识"),
        ("(" * 70 + "a" + ")" * 70, "最多 60 层"),
        ("not " * 70 + "a", "最多 60 层"),
        ("a" * 3000, "表达式太长"),
    ],
)
def test_a_wrong_expression_is_told_what_was_expected(source: str, words: str) -> None:
    with pytest.raises(RuleError) as error:
        parse(source)
    assert words in error.value.message


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_either_an_expression_or_a_rule_error(source: str) -> None:
    with suppress(RuleError):
        parse(source)


WORDS = st.sampled_from(
    ["a", "b.c", "12", "3.5", "500元", "2026-03-31", '"文"', "(", ")", "{", "}", ",", "+", "-", "*",
     "/", ">=", "=", "!=", *KEYWORDS, "missing", "MONTH", "param"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(WORDS, max_size=20))
def test_any_order_of_words_is_either_an_expression_or_a_rule_error(words: list[str]) -> None:
    with suppress(RuleError):
        parse(" ".join(words))


NAMES = st.from_regex(r"[a-z]{1,8}", fullmatch=True).filter(lambda name: name not in KEYWORDS)
SUMS = st.recursive(
    NAMES,
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(" ".join).map("({})".format),
    max_leaves=12,
)


@settings(deadline=None)
@given(SUMS, SUMS)
def test_a_written_comparison_is_read_back_as_written(left: str, right: str) -> None:
    node = parse(f"{left} <= {right}")
    assert isinstance(node, syntax.Binary)
    assert (node.left, node.right) == (parse(left), parse(right))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("per_capita_income < param(income.line)", "per_capita_income < identified_month",
         "左边是金额，右边是月份，两边应当是同一类才能比较"),
        ("per_capita_income < param(income.line)", "per_capita_income < 8800", "金额要写单位"),
        ("per_capita_income < param(income.line)", "per_capita < param(income.line)",
         "没有定义，是不是“prev_per_capita”"),
        ("per_capita_income < param(income.line)", "per_capita_income < param(income.lines)",
         "没有参数“income.lines”，是不是 income.line"),
        ("when: per_capita_income < param(income.line)", "when: per_capita_income",
         "这里应当是一个条件（是或否），写的却是金额"),
        ("population: poverty_alleviated", "population: household_type = 贫困户",
         "不在代码表 household_type 内，可以写：脱贫户、一般农户"),
        ("population: poverty_alleviated", "populatoin: poverty_alleviated", "不认识“populatoin”"),
        ("as: amount", "as: date", "格式 date 应当是日期，这里是金额"),
        ("severity: 3", "severity: 4", "severity 应当是 1、2、3 之一"),
        ("source: E", "source: Z", "source 里的“Z”没有定义"),
        ("when: per_capita_income < param(income.line)",
         "when: per_capita_income * per_capita_income < param(income.line)", "不能用“*”计算"),
        ("when: per_capita_income < param(income.line)", "when: size(3) > 2", "没有“size”这个函数"),
        ("when: per_capita_income < param(income.line)", "when: wage_income within MONTH",
         "within 左边应当是日期或月份，写的却是金额"),
        ("when: per_capita_income < param(income.line)", "when: hit(income.sharp_fall)",
         "没有对人的规则“income.sharp_fall”"),
        ("id: income.below_line", "id: income.sharp_fall", "规则编号重复"),
    ],
)  # fmt: skip
def test_an_error_names_file_line_and_what_was_expected(
    copied: Path, old: str, new: str, words: str
) -> None:
    found = problems(copied, RULE, old, new)
    assert any(words in line and "rules/income/" in line and "行" in line for line in found), found


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("of: latest(civil_assist)", "of: civil_assist", "请写 latest(civil_assist)"),
        ("of: latest(civil_assist)", "of: latest(disaster)", "不是在册名单"),
        ("of: latest(civil_assist)", "of: latest(dibao)", "没有“dibao”这种报送表"),
        ("count: persons", "count: people", "没有“people”"),
        ("count: persons", "sum: kind", "sum 只能加金额或数"),
        ("within: YTD", "within: YEAR", "没有时间窗“YEAR”"),
        ("on: start_date", "on: amount", "“amount”不是低保特困在册名单的日期栏"),
        ("kind = dibao", "kind = 低保户", "不在代码表 assist_kind 内"),
        ("count: persons", "count: persons, sum: amount", "一个量要写明一种算法"),
    ],
)
def test_a_wrong_quantity_is_told_what_was_expected(
    copied: Path, old: str, new: str, words: str
) -> None:
    found = problems(copied, "rules/assist/new_dibao.yaml", old, new)
    assert any(words in line and "new_dibao.yaml 第 10 行" in line for line in found), found


def test_a_term_that_names_itself_is_an_error_and_not_a_loop(copied: Path) -> None:
    found = problems(copied, "terms.yaml", "is: net_income / size", "is: per_capita_income / size")
    assert any("绕了一圈又引用了自己" in line for line in found)


def test_two_rules_that_read_each_other_are_an_error_and_not_a_loop(copied: Path) -> None:
    found = problems(
        copied, "rules/education/suspected_dropout.yaml",
        "when: left_school is known and present = 0", "when: hit(education.dropout_target)",
    )  # fmt: skip
    assert any("绕了一圈又引用了自己" in line for line in found)


def test_the_place_of_a_word_is_kept() -> None:
    assert [token.column for token in tokens("a >= b")] == [1, 3, 6, 7]


def test_the_packaged_rules_name_only_what_the_catalogue_has() -> None:
    assert loading.read(PACKAGED).problems == []
