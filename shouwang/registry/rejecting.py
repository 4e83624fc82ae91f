"""退回行 (rejected rows) of the registry's workbooks, as one list for scripts."""

import csv
from pathlib import Path

from shouwang.core.actor import Actor, require
from shouwang.core.exports import harmless

from .queries import rejected_rows


def export_rejects(actor: Actor, path: Path) -> int:
    """Write file, sheet, row, reason of all workbooks taken in; returns the lines."""
    require(actor, "registry.import")
    lines = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["file", "sheet", "row", "reason"])
        for found in rejected_rows():
            writer.writerow([harmless(found.file), found.sheet, found.row, found.reason])
            lines += 1
    return lines
