"""A mistaken call is answered in Chinese, with what to do next."""

import re

import pytest

from shouwang import cli

CALLS = {
    "screen --as-of yesterday": "--as-of：“yesterday”不是日期，应写成 2026-06-30 这样。",
    "nonsense": "没有命令“nonsense”。",
    "import": "缺少 FOLDER。",
    "import nowhere": "FOLDER：文件夹 nowhere 不存在。",
    "demo --households many": "--households：“many”不是数字。",
    "demo --households 5": "--households：5 超出范围 100<=x<=1000000。",
    "demo one two": "多了参数：one two。",
    "demo --household 500": "没有选项 --household。是不是 --households？",
    "demo --port": "选项 --port 后面要有值。",
    "demo --fresh=1": "选项 --fresh 后面不带值。",
    "export everything --out x": "“everything”不在可选的值里",
    "export links": "缺少 --out。",
}


@pytest.mark.parametrize("call", CALLS)
def test_a_mistaken_call_says_in_chinese_what_is_wrong(
    call: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["shouwang", *call.split()])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    said = capsys.readouterr().err
    assert stopped.value.code == 2
    assert CALLS[call] in said and "--help" in said
    assert not re.search(r"Error|Invalid|Missing|No such", said)


def test_a_group_without_command_shows_its_commands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["shouwang", "audit"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 2
    assert "verify" in capsys.readouterr().err
