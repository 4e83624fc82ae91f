"""The measurements run: at a tiny size, without a word on how fast anything is."""

from pathlib import Path

import pytest

from bench import ingest, measure, registry_load


def test_a_step_is_measured_in_a_process_of_its_own() -> None:
    done = measure.run_command(["python3", "-c", "print('x' * 10)"])
    assert done.wall > 0 and done.given == {}


def test_a_step_that_fails_says_what_it_said() -> None:
    with pytest.raises(measure.StepFailed, match="no such thing"):
        measure.run_command(["python3", "-c", "raise SystemExit('no such thing')"])


def test_a_table_can_be_pasted_into_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    measure.table("标题", ["名称", "s"], [["读取", 1.234], ["写入", 12_345]])
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2:] == ["| 读取 | 1.23   |", "| 写入 | 12,345 |"]


def test_a_missed_target_is_said() -> None:
    assert "MISSED" in measure.verdict(3.1, 3.0)
    assert "holds" in measure.verdict(21_000, 20_000, at_most=False)


@pytest.mark.slow
def test_files_are_received_beside_their_plain_reading(tmp_path: Path) -> None:
    found = ingest.main(tmp_path, rows=400, people=300)
    assert set(found) == {"xlsx", "csv"}
    assert found["xlsx"]["linked"] == found["csv"]["linked"] > 300


@pytest.mark.slow
def test_the_registry_is_loaded_beside_the_alternative(tmp_path: Path) -> None:
    found = registry_load.main(tmp_path, households=120, others=60, postgres=False)
    assert {"SQLite AES-256-GCM", "SQLite SM4-GCM"} <= set(found["speeds"])
