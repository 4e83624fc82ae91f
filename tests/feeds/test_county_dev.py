"""The sample county: every link and every rejected row is exactly the one of its truth."""

import csv
from datetime import date
from pathlib import Path

import pytest

from shouwang.core.actor import system_actor
from shouwang.feeds.exports import export_links, export_rejects
from shouwang.feeds.models import FeedBatch
from shouwang.feeds.operations import import_batch, receive_file
from shouwang.registry.operations import import_registry
from tests.four_people import Places

LINK = ("file", "sheet", "row", "feed", "person_no", "household_no", "method", "reason")
REJECT = ("file", "sheet", "row", "reason")


def table(path: Path, columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return sorted(tuple(row[name] for name in columns) for row in csv.DictReader(stream))


def import_county(folder: Path) -> None:
    actor = system_actor("命令行")
    entries = list(csv.DictReader((folder / "manifest.csv").open(encoding="utf-8-sig")))
    registry = [one for one in entries if one["feed"] == "registry"]
    files = [(folder / one["file"], one["file"]) for one in registry]
    import_registry(actor, files, date.fromisoformat(registry[0]["period_end"]))
    for one in sorted(entries, key=lambda entry: (entry["received_at"], entry["file"])):
        if one["feed"] == "registry":
            continue
        path = folder / one["file"]
        batch = receive_file(
            actor,
            path,
            feed=one["feed"],
            period_start=date.fromisoformat(one["period_start"]),
            period_end=date.fromisoformat(one["period_end"]),
            version=int(one["version"]),
            received_at=date.fromisoformat(one["received_at"]),
            note=one["note"],
            file_name=one["file"],
        )
        import_batch(actor, batch, source=path)


@pytest.mark.slow
def test_links_and_rejects_of_the_sample_county_are_exact(
    places: Places, county_dev: Path, tmp_path: Path
) -> None:
    import_county(county_dev / "input")
    actor = system_actor("命令行")
    export_links(actor, tmp_path / "links.csv")
    export_rejects(actor, tmp_path / "rejects.csv")

    links = table(tmp_path / "links.csv", LINK)
    assert links == table(county_dev / "truth" / "links.csv", LINK)

    truth = table(county_dev / "truth" / "rejects.csv", REJECT)
    assert table(tmp_path / "rejects.csv", REJECT) == [line for line in truth if not line[1]]

    before = FeedBatch.objects.count()
    import_county(county_dev / "input")
    assert FeedBatch.objects.count() == before
