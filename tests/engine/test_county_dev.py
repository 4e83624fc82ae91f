"""The whole sample county: rejects and links must equal the truth line by line."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from shouwang.engine import (
    FileRejected,
    Rulebook,
    prepare_batch,
    prepare_registry,
    relink_batch,
    write_registry_snapshot,
)
from shouwang.engine.registry_in import number_rows

from .hashing import TestHasher

Reject = tuple[str, str, str, str]
Link = tuple[str, str, str, str, str]


def manifest(county: Path) -> list[dict[str, str]]:
    with (county / "input" / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        return sorted(csv.DictReader(stream), key=lambda line: (line["received_at"], line["file"]))


def truth(county: Path, name: str) -> Iterator[dict[str, str]]:
    with (county / "truth" / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


class Imported:
    """What the engine made of every file of the county."""

    def __init__(self, county: Path, work: Path) -> None:
        self.rejects: set[Reject] = set()
        self.links: dict[tuple[str, str], Link] = {}
        self.rulebook = Rulebook.load()
        self.registry = work / "registry"
        lines = manifest(county)
        self._registry(county, [line for line in lines if line["feed"] == "registry"])
        seen: set[tuple[str, str, str, bytes]] = set()
        for number, line in enumerate(line for line in lines if line["feed"] != "registry"):
            content = (county / "input" / line["file"]).read_bytes()
            copy = (line["feed"], line["period_start"], line["period_end"], content)
            if content and copy in seen:
                self.rejects.add((line["file"], "", "", "duplicate_file"))
                continue
            seen.add(copy)
            self._batch(county, line, work / str(number))

    def _registry(self, county: Path, lines: list[dict[str, str]]) -> None:
        sources = [(county / "input" / line["file"], line["file"]) for line in lines]
        day = date.fromisoformat(lines[0]["period_end"])
        prepared = prepare_registry(
            sources, rulebook=self.rulebook, export_date=day, hasher=TestHasher()
        )
        persons, households = number_rows(prepared)
        write_registry_snapshot(persons, households, self.registry)
        self.person_no = dict(
            zip(persons["person_id"].to_pylist(), persons["person_no"].to_pylist(), strict=True)
        )
        for reject in prepared.rejects.to_pylist():
            row = str(reject["row"] or "")
            self.rejects.add((reject["file"], reject["sheet"], row, reject["reason"]))

    def _batch(self, county: Path, line: dict[str, str], out: Path) -> None:
        try:
            prepare_batch(
                county / "input" / line["file"],
                self.rulebook.feeds[line["feed"]],
                rulebook=self.rulebook,
                period_end=date.fromisoformat(line["period_end"]),
                registry=self.registry,
                hasher=TestHasher(),
                out=out,
            )
        except FileRejected as refusal:
            self.rejects.add((line["file"], "", "", refusal.reason))
            return
        for reject in pq.read_table(out / "rejects.parquet").to_pylist():
            self.rejects.add((line["file"], "", str(reject["row"]), reject["reason"]))
        relink_batch(out / "rows.parquet", registry=self.registry, out=out / "again.parquet")
        rows = pq.read_table(out / "rows.parquet")
        assert pq.read_table(out / "again.parquet").equals(rows)
        for row in rows.select(["row", "person_id", "method", "reason"]).to_pylist():
            person = self.person_no.get(row["person_id"], "")
            found = (line["feed"], person, person[:12], row["method"], row["reason"] or "")
            self.links[line["file"], str(row["row"])] = found


@pytest.fixture(scope="module")
def imported(county_dev: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    return Imported(county_dev, tmp_path_factory.mktemp("county"))


def test_rejects_equal_the_truth(county_dev: Path, imported: Imported) -> None:
    expected = {
        (line["file"], line["sheet"], line["row"], line["reason"])
        for line in truth(county_dev, "rejects.csv")
    }
    assert imported.rejects == expected


def test_links_equal_the_truth_with_method_and_reason(county_dev: Path, imported: Imported) -> None:
    expected = {
        (line["file"], line["row"]): (
            line["feed"],
            line["person_no"],
            line["household_no"],
            line["method"],
            line["reason"],
        )
        for line in truth(county_dev, "links.csv")
    }
    assert imported.links == expected


def test_no_id_number_or_phone_reaches_the_stored_files(imported: Imported) -> None:
    persons = pq.read_table(imported.registry / "persons.parquet")
    households = pq.read_table(imported.registry / "households.parquet")
    assert {"id_no", "phone", "id_written"} & set(persons.column_names) == set()
    assert {"head_id", "phone"} & set(households.column_names) == set()
