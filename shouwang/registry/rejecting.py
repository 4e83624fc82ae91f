"""退回行 (rejected rows) of the registry's workbooks, as one list for scripts and judges."""

import csv
from pathlib import Path

import pyarrow.parquet as pq

from shouwang.core.actor import Actor, require
from shouwang.core.exports import harmless

from . import snapshots


def export_rejects(actor: Actor, path: Path) -> int:
    """Write file, sheet, row, reason of the present registry's workbooks; returns the lines."""
    require(actor, "registry.import")
    snapshot = snapshots.current()
    rows = []
    if snapshot is not None and (snapshot.path / "rejects.parquet").exists():
        columns = ["file", "sheet", "row", "reason"]
        rows = pq.read_table(snapshot.path / "rejects.parquet", columns=columns).to_pylist()
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["file", "sheet", "row", "reason"])
        for row in rows:
            writer.writerow([harmless(row["file"]), row["sheet"], row["row"], row["reason"]])
    return len(rows)
