"""`python -m bench [screening|ingest|registry|pages|cases|plans …] [--households N]`: measure, print tables.

Without names all parts run. What is made for them is kept in data/bench (or SHOUWANG_BENCH_DIR).
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bench import cases, ingest, measure, pages, plans, registry_load

PARTS = ("screening", "ingest", "registry", "pages", "cases", "plans")


def main() -> None:
    parser = argparse.ArgumentParser("bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help="、".join(PARTS))
    parser.add_argument("--households", type=int, help="size of each part instead of its own")
    parser.add_argument("--times", type=int, help="how often pages, cases and plans are asked")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"no part {'、'.join(sorted(unknown))}; there are {'、'.join(PARTS)}")
    folder = Path(os.environ.get("SHOUWANG_BENCH_DIR", "data/bench")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    print(measure.machine())
    for name in chosen.parts or PARTS:
        _part(name, folder, chosen.households, chosen.times)()
    print(f"\n{measure.machine()}")


def _part(name: str, folder: Path, households: int | None, times: int | None) -> Callable[[], Any]:
    often: dict[str, Any] = {"times": times} if times else {}
    sizes: dict[str, Any]
    if name == "screening":
        return partial(_screening, folder, households or 1_000_000)
    if name == "ingest":
        sizes = {"rows": households * 5, "people": households * 3} if households else {}
        return partial(ingest.main, folder, **sizes)
    if name == "registry":
        sizes = {"households": households, "others": min(10_000, households)} if households else {}
        return partial(registry_load.main, folder, **sizes)
    if name == "cases":
        sizes = {"households": households} if households else {}
        return partial(cases.main, folder, **sizes, **often)
    if name == "plans":
        sizes = {"tasks": households, "reports": households * 20} if households else {}
        return partial(plans.main, folder, **sizes, **often)
    some: dict[str, Any] = {"sizes": (households,)} if households else {}
    return partial(pages.main, folder, **some, **often)


def _screening(folder: Path, households: int) -> None:
    """The part that measures itself: floor, one day, six days, growth, alternatives."""
    subprocess.run(
        [
            sys.executable,
            "-m",
            "bench.screening",
            "--households",
            str(households),
            "--folder",
            str(folder),
            "--growth",
            "--alternatives",
        ],
        check=True,
        cwd=measure.ROOT,
    )


if __name__ == "__main__":
    main()
