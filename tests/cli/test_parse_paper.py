"""`parse-paper` as an officer and as a script call it."""

import json
from pathlib import Path

from click.testing import CliRunner

from shouwang.cli.papers import parse_paper_command

PAPER = (
    "青禾县2024年水利工作方案\n\n一、目标任务\n(一)建设工程。到2025年,新建水厂12座。"
    "(县水利局牵头,各镇配合)\n(二)加强管护。每季度检查1次,每村补助5000元。\n"
)


def test_a_paper_is_shown_in_words(tmp_path: Path) -> None:
    file = tmp_path / "方案.txt"
    file.write_text(PAPER, encoding="gb18030")
    done = CliRunner().invoke(parse_paper_command, [str(file)])
    assert done.exit_code == 0
    for words in ("任务2条", "牵头：县水利局", "新建水厂", "12座", "2025-12-31", "每季度1次"):
        assert words in done.output


def test_a_script_gets_json_with_places(tmp_path: Path) -> None:
    file = tmp_path / "方案.txt"
    file.write_text(PAPER, encoding="utf-8")
    answer = json.loads(CliRunner().invoke(parse_paper_command, [str(file), "--json"]).stdout)
    target = answer["tasks"][0]["targets"][0]
    assert (target["value"], target["unit"], target["comparator"]) == (12, "座", "eq")
    assert "12座" in PAPER[target["at"]["start"] : target["at"]["end"]]
    assert answer["funds"][0]["amount"] == 5000


def test_a_file_that_cannot_be_read_ends_with_a_sentence_and_code_1(tmp_path: Path) -> None:
    done = CliRunner().invoke(parse_paper_command, [str(tmp_path / "没有.docx")])
    assert done.exit_code == 1
    assert "读不到文件" in done.output
