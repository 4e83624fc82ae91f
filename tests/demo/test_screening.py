"""The fictitious county gives work to every rule and every quality check, but not too much."""

import csv
import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from shouwang.demo import make_county
from shouwang.engine import (
    Batch,
    FileRejected,
    Rulebook,
    ScreeningInput,
    prepare_batch,
    prepare_registry,
    run_quality_checks,
    screen_many,
    write_registry_snapshot,
)
from shouwang.engine.registry_in import number_rows

EXPORT = date(2025, 12, 31)
DAYS = (date(2026, 4, 30), date(2026, 6, 30))
HOUSEHOLDS = 2_000


class _Hasher:
    def digest_many(self, values: Sequence[str]) -> list[bytes]:
        return [hashlib.blake2b(value.encode(), digest_size=16).digest() for value in values]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> ScreeningInput:
    """The registry and all usable batches of a county of moderate size."""
    folder = tmp_path_factory.mktemp("moderate")
    make_county(folder, households=HOUSEHOLDS, seed=2026)
    rulebook, source = Rulebook.load(), folder / "input"
    with (source / "manifest.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    books = [(source / line["file"], line["file"]) for line in lines if line["feed"] == "registry"]
    prepared = prepare_registry(books, rulebook=rulebook, export_date=EXPORT, hasher=_Hasher())
    write_registry_snapshot(*number_rows(prepared), folder / "registry")
    feeds = [line for line in lines if line["feed"] != "registry"]
    batches = [_receive(line, source, folder, rulebook) for line in feeds]
    return ScreeningInput(folder / "registry", [batch for batch in batches if batch])


def _receive(line: dict[str, str], source: Path, folder: Path, rulebook: Rulebook) -> Batch | None:
    """One file; the second copy of a file and the unusable ones give nothing."""
    end, out = date.fromisoformat(line["period_end"]), folder / "feeds" / line["file"]
    if "重复发送" in line["file"]:
        return None
    try:
        prepare_batch(
            source / line["file"],
            rulebook.feeds[line["feed"]],
            rulebook=rulebook,
            period_end=end,
            registry=folder / "registry",
            hasher=_Hasher(),
            out=out,
        )
    except FileRejected:
        return None
    start, version = date.fromisoformat(line["period_start"]), int(line["version"])
    return Batch(line["feed"], start, end, version, out, line["file"])


@pytest.mark.slow
def test_every_rule_has_a_hit_and_the_county_is_not_drowned(
    imported: ScreeningInput, tmp_path: Path
) -> None:
    rulebook = Rulebook.load()
    results = screen_many(rulebook, imported, DAYS, out=tmp_path)
    hit = {rule for result in results for rule, count in result.counts.items() if count}
    assert set(rulebook.rules) - hit == set()
    assert all(result.total < 0.2 * HOUSEHOLDS for result in results)


@pytest.mark.slow
def test_every_quality_check_has_a_finding(imported: ScreeningInput) -> None:
    rulebook = Rulebook.load()
    found = run_quality_checks(rulebook, imported.registry, EXPORT)["check_id"].to_pylist()
    assert set(rulebook.checks) - set(found) == set()
    assert len(found) < 0.3 * HOUSEHOLDS
