"""The rulebook check: dates, sources, cases, names; each complaint with file and line."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from shouwang.engine.rulebook import PACKAGED
from shouwang.engine.rules.inspection import check_rulebook


def change(copied: Path, file: str, old: str, new: str) -> list[str]:
    path = copied / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return [str(problem) for problem in check_rulebook(copied)]


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("parameters/income.yaml", "valid_to: 2026-03-13", "valid_to: 2026-03-20", "日期重叠"),
        ("parameters/income.yaml", 'region: "990000", valid_from: 2026-03-14',
         'region: "120000", valid_from: 2026-03-14', "没有地区 120000"),
        ("parameters/income.yaml", "source: E", "source: Q1", "依据“Q1”不在 sources.yaml 里"),
        ("parameters/income.yaml", "value: 8500, ", "", "value 应当是一个数"),
        ("parameters/income.yaml", "value: 8500, source: E", "value: 8500", "缺少“source”"),
        ("parameters/income.yaml", "valid_to: 2026-03-13", "valid_to: 2024-03-13",
         "早于 valid_from"),
        ("rules/income/below_line.yaml", "kind: missing", "kind: miss", "缺少测试用例：缺数据"),
        ("rules/income/below_line.yaml", "kind: before_change", "kind: miss", "参数变动前一天"),
        ("rules/income/below_line.yaml", "{value}元", "{id_no}元", "说明里的 id_no 没有对应的内容"),
        ("rules/disaster/loss.yaml", "feeds: [disaster]", "feeds: [registry]",
         "feeds 里少写了 disaster"),
    ],
)  # fmt: skip
def test_a_problem_is_found_and_placed(
    copied: Path, file: str, old: str, new: str, words: str
) -> None:
    found = change(copied, file, old, new)
    assert any(words in line and line.startswith(file) for line in found), found


def plain(path: Path) -> object:
    """As an editor reads it: dates are texts."""
    loader = type("Plain", (yaml.SafeLoader,), {})
    loader.yaml_implicit_resolvers = {
        key: [(tag, rule) for tag, rule in rules if "timestamp" not in tag and "bool" not in tag]
        for key, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)


@pytest.mark.parametrize(
    ("schema", "folder"), [("rule", "rules"), ("parameter", "parameters"), ("check", "quality")]
)
def test_files_keep_to_the_schema_that_editors_use(schema: str, folder: str) -> None:
    text = (PACKAGED / "schema" / f"{schema}.schema.json").read_text(encoding="utf-8")
    validator = jsonschema.Draft202012Validator(json.loads(text))
    errors = {
        f"{file.name}: {error.message}"
        for file in (PACKAGED / folder).rglob("*.yaml")
        for error in validator.iter_errors(plain(file))
    }
    assert errors == set()
