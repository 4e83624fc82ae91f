"""The sample county: clues with values and thresholds, and quality findings, exactly right."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from shouwang.engine.rulebook import Rulebook
from shouwang.engine.rules.batches import ScreeningInput
from shouwang.engine.rules.quality import run_quality_checks
from shouwang.engine.rules.screening import screen, screen_many

DAYS = [
    date(2026, month, day) for month, day in ((1, 31), (2, 28), (3, 31), (4, 30), (5, 31), (6, 30))
]
COLUMNS = ("rule_id", "as_of", "village_code", "household_no", "person_no", "value", "threshold")


def truth(county_dev: Path, name: str, columns: Sequence[str]) -> set[tuple[str, ...]]:
    with (county_dev / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {tuple(row[column] for column in columns) for row in csv.DictReader(file)}


def hits(path: Path) -> set[tuple[str, ...]]:
    rows = pq.read_table(path).to_pylist()
    return {tuple(str(row[column]) for column in COLUMNS) for row in rows}


@pytest.mark.slow
def test_clues_of_six_days_are_exactly_the_truth(
    rulebook: Rulebook, sample: ScreeningInput, county_dev: Path, tmp_path: Path
) -> None:
    results = screen_many(rulebook, sample, DAYS, out=tmp_path)
    found = set().union(*(hits(result.hits) for result in results))
    assert found == truth(county_dev, "clues", COLUMNS)


@pytest.mark.slow
def test_one_day_alone_gives_the_same_file_as_among_others_and_again(
    rulebook: Rulebook, sample: ScreeningInput, tmp_path: Path
) -> None:
    many = screen_many(rulebook, sample, DAYS[1:3], out=tmp_path / "many")
    alone = screen(rulebook, sample, DAYS[2], out=tmp_path / "alone")
    again = screen(rulebook, sample, DAYS[2], out=tmp_path / "again", threads=1)
    assert alone.hits.read_bytes() == many[1].hits.read_bytes() == again.hits.read_bytes()


@pytest.mark.slow
def test_quality_findings_are_exactly_the_truth(
    rulebook: Rulebook, sample: ScreeningInput, county_dev: Path
) -> None:
    columns = ("check_id", "household_no", "person_no")
    table = run_quality_checks(rulebook, sample.registry, date(2025, 12, 31))
    found = {tuple(row[column] for column in columns) for row in table.to_pylist()}
    assert found == truth(county_dev, "quality", columns)


@pytest.mark.slow
def test_a_run_names_the_rules_that_could_not_be_evaluated_and_why(
    rulebook: Rulebook, sample: ScreeningInput, tmp_path: Path
) -> None:
    result = screen(rulebook, sample, DAYS[0], out=tmp_path)
    assert result.not_evaluated == {
        "job.no_record_3m": "没有2025年11月的就业务工月报",
        "job.sole_labourer_no_record": "没有2025年11月的就业务工月报",
    }
