"""The part "plans" of the benchmark runs from an empty folder to its table."""

from pathlib import Path

import pytest

from bench import plans


def test_boards_of_tasks_are_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = plans.main(
        tmp_path, papers=2, tasks=20, reports=60, times=1, roles=("county",), postgres=False
    )
    assert "单位看板 board, county, SQLite" in found["slowest"]
    assert "20 tasks" in capsys.readouterr().out
