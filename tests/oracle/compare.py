"""`python -m tests.oracle.compare COUNTY DOMAIN [clues links quality rejects as CSV]`: the oracle against a truth or an export."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from .county import load


def table(path: Path, columns: list[str]) -> set[tuple[str, ...]]:
    with path.open(encoding="utf-8-sig", newline="") as source:
        return {tuple(row[c] for c in columns) for row in csv.DictReader(source)}


def main() -> None:
    folder, domain, truth = map(Path, sys.argv[1:4])
    from .quality import findings
    from .rules import clues

    county = load(folder, domain)
    sides = {
        "rejects": (county.rejects, ["file", "sheet", "row", "reason"]),
        "links": (
            {(*place, *link) for place, link in county.links.items()},
            ["file", "sheet", "row", "person_no", "method", "reason"],
        ),
        "quality": (findings(county), ["check_id", "household_no", "person_no"]),
        "clues": (
            clues(county),
            ["rule_id", "as_of", "village_code", "household_no", "person_no", "value", "threshold"],
        ),
    }
    for name, (mine, columns) in sides.items():
        theirs = table(truth / f"{name}.csv", columns)
        print(
            name,
            len(mine),
            len(theirs),
            "only here",
            len(mine - theirs),
            "only there",
            len(theirs - mine),
        )
        for label, rows in (("here", mine - theirs), ("there", theirs - mine)):
            for row in sorted(rows)[:8]:
                print("   ", label, row)


if __name__ == "__main__":
    main()
