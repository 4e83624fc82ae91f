"""`shouwang screen`, `explain` and the checks, as an administrator calls them."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from shouwang.cli.screening import (
    check_rulebook_command,
    explain_command,
    screen_command,
)
from shouwang.core.actor import system_actor
from shouwang.core.errors import DomainError, NotFound
from shouwang.engine.rulebook import PACKAGED
from shouwang.screening.exports import export_clues
from shouwang.screening.models import Run
from tests.screening.conftest import JUNE, MAY, LittleCounty, county  # noqa: F401

DANGEROUS, OUTPATIENT = "housing.dangerous_only_house", "medical.outpatient_month"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch):
    """Call a command inside the test's own database."""
    monkeypatch.setattr("shouwang.cli.screening.start", lambda: None)
    return lambda command, *arguments: CliRunner().invoke(command, arguments)


def test_all_dates_are_those_of_the_rulebook(county: LittleCounty, run) -> None:  # noqa: F811
    done = run(screen_command, "--all-dates", "--json")
    assert done.exit_code == 0
    assert [each["as_of"] for each in json.loads(done.stdout)] == [
        "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30",
    ]  # fmt: skip


def test_one_date_prints_a_table(county: LittleCounty, run) -> None:  # noqa: F811
    county.finds(JUNE, county.household_hit(DANGEROUS, "H1", "D"))
    done = run(screen_command, "--as-of", "2026-06-30")
    assert done.exit_code == 0
    assert "2026-06-30 第1次筛查" in done.stdout
    assert Run.objects.get().started_by_label == "命令行"


@pytest.mark.parametrize("arguments", [[], ["--all-dates", "--as-of", "2026-06-30"]])
def test_the_dates_must_be_named_one_way(run, arguments: list[str]) -> None:
    assert run(screen_command, *arguments).exit_code == 2


def test_a_date_that_is_none_is_refused(run) -> None:
    assert run(screen_command, "--as-of", "2026-06-31").exit_code == 2


def test_screening_without_a_registry_says_what_to_do(db, run) -> None:
    done = run(screen_command, "--as-of", "2026-06-30")
    assert isinstance(done.exception, DomainError)
    assert "先导入档案" in str(done.exception)


def test_an_unknown_household_is_refused(county: LittleCounty, run) -> None:  # noqa: F811
    done = run(explain_command, "H99", "--as-of", "2026-06-30")
    assert isinstance(done.exception, NotFound)


def test_the_export_has_one_line_a_rule_subject_and_date(
    county: LittleCounty,  # noqa: F811
    tmp_path: Path,
    run,
) -> None:
    county.finds(MAY, county.household_hit(DANGEROUS, "H1", "C"))
    county.finds(
        JUNE,
        county.person_hit(OUTPATIENT, "P11", "620.00", "500.00"),
        county.village_hit("water.village_cluster", "0.3000", "0.1000"),
    )
    run(screen_command, "--as-of", "2026-05-31", "--as-of", "2026-06-30")
    run(screen_command, "--as-of", "2026-06-30")
    out = tmp_path / "clues.csv"
    assert export_clues(system_actor("测试"), out) == 3
    village = county.places.village.code
    assert list(csv.reader(out.open(encoding="utf-8"))) == [
        ["rule_id", "as_of", "village_code", "household_no", "person_no", "value", "threshold"],
        [DANGEROUS, "2026-05-31", village, "H1", "", "C", ""],
        [OUTPATIENT, "2026-06-30", village, "H1", "P11", "620.00", "500.00"],
        ["water.village_cluster", "2026-06-30", village, "", "", "0.3000", "0.1000"],
    ]


def test_an_export_of_nothing_has_its_head(db, tmp_path: Path) -> None:
    out = tmp_path / "clues.csv"
    assert export_clues(system_actor("测试"), out) == 0
    assert out.read_text(encoding="utf-8").startswith("rule_id,as_of,village_code")


def test_only_who_reaches_the_whole_tree_exports_the_whole(
    county: LittleCounty,  # noqa: F811
    four_people,
    tmp_path: Path,
) -> None:
    officer = four_people("county_officer").actor("owner")
    with pytest.raises(NotFound):
        export_clues(officer, tmp_path / "clues.csv")


def test_a_broken_rule_is_named_with_file_and_line(tmp_path: Path, run) -> None:
    import shutil

    book = tmp_path / "rulebook"
    shutil.copytree(PACKAGED, book)
    rule = book / "rules" / "housing" / "dangerous_only_house.yaml"
    rule.write_text(
        rule.read_text(encoding="utf-8").replace("severity: 3", "severity: 7"), encoding="utf-8"
    )
    done = run(check_rulebook_command, str(book), "--json")
    assert done.exit_code == 1
    (problem,) = json.loads(done.stdout)
    assert problem["file"] == "rules/housing/dangerous_only_house.yaml"
    assert problem["line"] > 1
    assert "severity" in problem["message"]
