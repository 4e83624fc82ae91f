"""The screening bench runs, and what stands beside each other finds the same."""

from pathlib import Path

import pytest

from bench import alternatives
from bench.prefecture import Prefecture
from bench.rules_in_postgres import InPostgres
from bench.screening import DAYS, main, measure
from shouwang.engine import ScreeningInput
from tests.postgres import server

HOUSEHOLDS = 2000
DAY = DAYS[-1]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> ScreeningInput:
    return Prefecture(tmp_path_factory.mktemp("prefecture"), HOUSEHOLDS).make()


@pytest.fixture(scope="module")
def engine_digest(inputs: ScreeningInput) -> str:
    found = alternatives.by_engine(inputs, DAY)
    assert found["rule"].nunique() > len(alternatives.RULES) / 2, "too few rules find anybody"
    return alternatives.digest(found)


def test_rules_one_by_one_find_what_they_find_together(
    inputs: ScreeningInput, engine_digest: str
) -> None:
    assert alternatives.digest(alternatives.one_by_one(inputs, DAY)) == engine_digest


def test_pandas_finds_the_same(inputs: ScreeningInput, engine_digest: str) -> None:
    assert alternatives.digest(alternatives.by_pandas(inputs, DAY)) == engine_digest


def test_postgresql_finds_the_same(inputs: ScreeningInput, engine_digest: str) -> None:
    with server() as address:
        if address is None:
            pytest.skip("no PostgreSQL on this machine")
        base = InPostgres(address, inputs, DAY, alternatives.parameters(inputs, DAY))
        base.load()
        found = base.hits()
        base.close()
    assert alternatives.digest(found) == engine_digest


def test_the_measure_tells_floor_day_and_six_days(tmp_path: Path) -> None:
    found = measure(300, tmp_path, "1GB", times=1)
    assert found["hits"]
    assert {"floor s", "one day s", "ratio", "six days / six runs", "peak MiB"} <= set(found)


def test_the_bench_runs_from_its_command_on_a_small_prefecture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--households", "200", "--folder", str(tmp_path), "--times", "1", "--growth"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2, "one line without and one with a memory limit"
    assert all("households 200" in line and "six days / six runs" in line for line in lines)
