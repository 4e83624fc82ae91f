"""A county directory imported by the engine alone: an upload without a database."""

import csv
import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from shouwang.engine.errors import FileRejected
from shouwang.engine.ingest import prepare_batch
from shouwang.engine.registry_in import number_rows, prepare_registry, write_registry_snapshot
from shouwang.engine.rulebook import Rulebook
from shouwang.engine.rules.batches import Batch, ScreeningInput


class Hasher:
    """A keyed hash with a key of the test."""

    def digest_many(self, values: Sequence[str]) -> list[bytes]:
        return [hashlib.blake2b(v.encode(), key=b"test", digest_size=16).digest() for v in values]


def import_county(source: Path, out: Path) -> ScreeningInput:
    rulebook, hasher = Rulebook.load(), Hasher()
    with (source / "manifest.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    workbooks = [line for line in lines if line["feed"] == "registry"]
    prepared = prepare_registry(
        [(source / line["file"], line["file"]) for line in workbooks],
        rulebook=rulebook,
        export_date=date.fromisoformat(workbooks[0]["period_end"]),
        hasher=hasher,
    )
    persons, households = number_rows(prepared)
    write_registry_snapshot(persons, households, out / "registry")
    batches = []
    seen: set[tuple[str, ...]] = set()
    for at, line in enumerate(line for line in lines if line["feed"] != "registry"):
        path = source / line["file"]
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        same = (line["feed"], line["period_start"], line["period_end"], digest)
        if same in seen:
            continue
        seen.add(same)
        target = out / f"batch-{at:03d}"
        end = date.fromisoformat(line["period_end"])
        try:
            prepare_batch(
                path, rulebook.feeds[line["feed"]], rulebook=rulebook, period_end=end,
                registry=out / "registry", hasher=hasher, out=target,
            )  # fmt: skip
        except FileRejected:
            continue
        start = date.fromisoformat(line["period_start"])
        batches.append(
            Batch(line["feed"], start, end, int(line["version"]), target, f"batch-{at:03d}")
        )
    return ScreeningInput(out / "registry", batches)
