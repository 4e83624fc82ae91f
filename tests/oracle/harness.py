"""`python -m tests.oracle.harness COUNTY DOMAIN`: the engine, without Django, against the oracle."""

from __future__ import annotations

import csv
import hmac
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from shouwang.engine import (
    FileRejected,
    Rulebook,
    prepare_batch,
    prepare_registry,
    write_registry_snapshot,
)
from shouwang.engine.registry_in import number_rows

from . import quality, rules
from .county import duplicates, load

Sets = dict[str, set[tuple[str, ...]]]


class Hasher:
    """A keyed hash with a key that everybody may know."""

    def digest_many(self, values: Sequence[str]) -> list[bytes]:
        return [hmac.digest(b"key", value.encode(), "sha256")[:16] for value in values]


def oracle_sets(folder: Path, domain: Path) -> Sets:
    county = load(folder, domain)
    return {
        "rejects": county.rejects,
        "links": {(*place, *link) for place, link in county.links.items()},
        "quality": quality.findings(county),
        "clues": rules.clues(county),
    }


def engine_sets(folder: Path, work: Path) -> Sets:
    book = Rulebook.load()
    with (folder / "input" / "manifest.csv").open(encoding="utf-8-sig", newline="") as source:
        entries = sorted(csv.DictReader(source), key=lambda e: (e["received_at"], e["file"]))
    repeated = duplicates(folder, entries)
    result: Sets = {"rejects": {(f, "", "", "duplicate_file") for f in repeated}, "links": set()}
    entries = [e for e in entries if e["file"] not in repeated]
    books = [(folder / "input" / e["file"], e["file"]) for e in entries if e["feed"] == "registry"]
    export = date.fromisoformat(next(e["period_end"] for e in entries if e["feed"] == "registry"))
    prepared = prepare_registry(books, rulebook=book, export_date=export, hasher=Hasher())
    persons, households = number_rows(prepared)
    households = first_rows(households)
    snapshot = work / "registry"
    write_registry_snapshot(persons, households, snapshot)
    for row in prepared.rejects.to_pylist():
        number = "" if row["row"] is None else str(row["row"])
        result["rejects"].add((row["file"], row["sheet"] or "", number, row["reason"]))
    names = dict(
        zip(persons["person_id"].to_pylist(), persons["person_no"].to_pylist(), strict=True)
    )
    batches = []
    for number, entry in enumerate(e for e in entries if e["feed"] != "registry"):
        batch = _feed(book, folder, entry, work / "feeds" / str(number), snapshot, names, result)
        if batch:
            batches.append(batch)
    result |= _screened(book, snapshot, batches, work, export)
    return result


def first_rows(households: pa.Table) -> pa.Table:
    """Of a repeated household number the first row counts, as in the registry."""
    numbers = households["household_no"].to_pylist()
    first = {number: at for at, number in reversed(list(enumerate(numbers)))}
    return households.take(sorted(first.values()))


def _feed(
    book: Any,
    folder: Path,
    entry: dict[str, str],
    out: Path,
    snapshot: Path,
    names: dict[int, str],
    result: Sets,
) -> Any:
    from shouwang.engine import Batch

    file = entry["file"]
    end = date.fromisoformat(entry["period_end"])
    try:
        prepare_batch(
            folder / "input" / file, book.feeds[entry["feed"]], rulebook=book, period_end=end,
            registry=snapshot, hasher=Hasher(), out=out,
        )  # fmt: skip
    except FileRejected as refusal:
        result["rejects"].add((file, "", "", refusal.reason))
        return None
    for row in pq.read_table(out / "rejects.parquet").to_pylist():
        result["rejects"].add((file, "", str(row["row"]), row["reason"]))
    for row in pq.read_table(
        out / "rows.parquet", columns=["row", "person_id", "method", "reason"]
    ).to_pylist():
        person = names.get(row["person_id"], "")
        result["links"].add((file, "", str(row["row"]), person, row["method"], row["reason"] or ""))
    start = date.fromisoformat(entry["period_start"])
    return Batch(entry["feed"], start, end, int(entry["version"] or 1), out, str(out.name))


def _screened(book: Any, snapshot: Path, batches: list[Any], work: Path, export: date) -> Sets:
    from shouwang.engine import ScreeningInput, run_quality_checks, screen_many

    named = yaml.safe_load((book.path / "screening.yaml").read_text(encoding="utf-8"))
    days: list[date] = named["as_of_dates"]
    columns = [
        "rule_id",
        "as_of",
        "village_code",
        "household_no",
        "person_no",
        "value",
        "threshold",
    ]
    clues = set()
    for result in screen_many(book, ScreeningInput(snapshot, batches), days, out=work / "runs"):
        for row in pq.read_table(result.hits).to_pylist():
            clues.add(tuple(str(row[c]) if row[c] is not None else "" for c in columns))
    found = run_quality_checks(book, snapshot, export).to_pylist()
    checks = {(row["check_id"], row["household_no"] or "", row["person_no"] or "") for row in found}
    return {"clues": clues, "quality": checks}


def differences(folder: Path, domain: Path) -> dict[str, tuple[set[Any], set[Any]]]:
    """What only the engine has and what only the oracle has, for each of the four outputs."""
    theirs = oracle_sets(folder, domain)
    with tempfile.TemporaryDirectory() as work:
        mine = engine_sets(folder, Path(work))
    return {name: (mine[name] - theirs[name], theirs[name] - mine[name]) for name in theirs}


def main() -> None:
    for name, (mine, theirs) in differences(Path(sys.argv[1]), Path(sys.argv[2])).items():
        print(name, "only engine", len(mine), "only oracle", len(theirs))
        for label, rows in (("engine", mine), ("oracle", theirs)):
            for row in sorted(rows, key=str)[:8]:
                print("   ", label, row)


if __name__ == "__main__":
    main()
