"""The sample county through import, screening, replay and the pages, with the real engine."""

import csv
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.core.actor import system_actor
from shouwang.divisions.models import Division
from shouwang.screening import operations, queries
from shouwang.screening.exports import export_clues
from shouwang.screening.models import Clue, Run
from tests.four_people import make_account, make_post

KEYS = ("rule_id", "as_of", "village_code", "household_no", "person_no", "value", "threshold")


@pytest.fixture
def screened(county_dev: Path, db: None) -> list[Run]:
    from shouwang.cli.importing import import_folder

    actor = system_actor("测试")
    import_folder(actor, county_dev / "input")
    return operations.run(actor, queries.as_of_dates(queries.rulebook_in_force()))


@pytest.fixture
def officer(screened: list[Run]) -> Client:
    county = Division.objects.get(level="county")
    account = make_account("officer", division=county)
    make_post(account, "county_officer", county)
    client = Client(headers={"host": "localhost"})
    client.force_login(account)
    return client


def lines(path: Path) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8") as stream:
        return sorted(tuple(row[key] for key in KEYS) for row in csv.DictReader(stream))


@pytest.mark.slow
def test_the_sample_county_is_exactly_right_replays_and_explains_itself(
    county_dev: Path, screened: list[Run], officer: Client, tmp_path: Path
) -> None:
    export_clues(system_actor("测试"), tmp_path / "clues.csv")
    assert lines(tmp_path / "clues.csv") == lines(county_dev / "truth" / "clues.csv")

    assert operations.replay(system_actor("测试"), screened[-1]).identical

    clue = Clue.objects.filter(rule_id="medical.self_paid_catastrophic").first()
    page = officer.get(reverse("screening:clue", args=[clue.pk]))
    assert "超过上年当地人均可支配收入" in page.content.decode()
    rows = officer.get(reverse("screening:evidence", args=[clue.pk, clue.main_hit_id]))
    assert "医保结算明细" in rows.content.decode()
    assert "第 " in rows.content.decode()
    verdicts = officer.get(
        reverse("screening:verdicts", args=[clue.pk, clue.main_hit.run.uuid])
    ).content.decode()
    assert "命中" in verdicts
    assert "无法判断" in verdicts
