"""筛查实测: one day, six days, and the alternatives, beside one plain reading of the same columns.

    python -m bench.screening [--households 1000000] [--memory 1GB] [--alternatives]

Floor: DuckDB reads just the columns that the run reads, each once, from the same Parquet files."""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from bench.prefecture import Prefecture
from shouwang.engine import Rulebook, ScreeningInput, screen, screen_many
from shouwang.engine.rules.database import connect
from shouwang.engine.rules.loading import load
from shouwang.engine.rules.moment import moment_of, needs_of, strata, with_used
from shouwang.engine.rules.screening import evaluate_level, prepare
from shouwang.engine.rules.workspace import Workspace

DAYS = [
    date(2026, month, day) for month, day in ((1, 31), (2, 28), (3, 31), (4, 30), (5, 31), (6, 30))
]
KINDS = {"VARCHAR": "max(strlen({0}))", "DATE": "max({0} - DATE '2000-01-01')"}


@dataclass(frozen=True, order=True)
class Spent:
    """Seconds on the clock and on the processors: the second tells more on a busy machine."""

    wall: float
    processor: float


def spent(work: Callable[[], object]) -> Spent:
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - wall, time.process_time() - processor)


def best(times: int, work: Callable[[], Spent]) -> Spent:
    found = [work() for _ in range(times)]
    return Spent(min(one.wall for one in found), min(one.processor for one in found))


def read_once(reads: dict[str, frozenset[str]], threads: int = 2) -> Spent:
    """Seconds to read each needed column of each file once."""
    con = duckdb.connect(config={"threads": threads, "preserve_insertion_order": False})
    groups: dict[tuple[str, ...], list[str]] = {}
    for file, columns in reads.items():
        groups.setdefault((Path(file).parts[-3], *sorted(columns)), []).append(file)
    queries = []
    for (_, *columns), files in groups.items():
        described = con.execute("DESCRIBE SELECT * FROM read_parquet(?)", [files[0]]).fetchall()
        types = {name: kind for name, kind, *_ in described}
        picked = ", ".join(
            KINDS.get(types[name], "sum({0})").format(f'"{name}"') for name in columns
        )
        queries.append((f"SELECT {picked} FROM read_parquet(?)", files))
    return spent(lambda: [con.execute(query, [files]).fetchall() for query, files in queries])


def measure(households: int, folder: Path, memory: str | None, times: int) -> dict[str, object]:
    """One size: floor, one day, six days, in this process."""
    inputs = Prefecture(folder / str(households), households).make()
    rulebook = Rulebook.load()
    result = screen(rulebook, inputs, DAYS[-1], out=folder / "out", memory_limit=memory)
    floor = best(times, lambda: read_once(result.reads))
    day = lambda: screen(rulebook, inputs, DAYS[-1], out=folder / "out", memory_limit=memory)  # noqa: E731
    one = best(times, lambda: spent(day))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    six = spent(
        lambda: screen_many(rulebook, inputs, DAYS, out=folder / "six", memory_limit=memory)
    )
    return {
        "households": households,
        "hits": result.total,
        "memory limit": memory or "none",
        "floor s": round(floor.wall, 3),
        "one day s": round(one.wall, 3),
        "ratio": round(one.wall / floor.wall, 2),
        "ratio of processor time": round(one.processor / floor.processor, 2),
        "six days s": round(six.wall, 3),
        "six days / six runs": round(six.processor / (6 * one.processor), 2),
        "peak MiB": peak,
        "load": round(os.getloadavg()[0], 1),
    }


def rule_by_rule(inputs: ScreeningInput) -> None:
    """Each rule with its own connection, registry tables and features, for everybody."""
    book = load(Rulebook.load().path)
    for name in book.rules:
        rules = with_used(book, {name})
        with connect(None, 2, None) as con:
            moment = moment_of(book, inputs.county, DAYS[-1])
            work = Workspace(con, inputs, moment, book.catalog, needs_of(rules))
            prepare(work, rules)
            for level in strata(rules):
                evaluate_level(work, level, whole=True)


def alone(*arguments: str) -> dict[str, object]:
    """A measurement in a process of its own, so that its peak memory is its own."""
    command = [sys.executable, "-m", "bench.screening", "--json", *arguments]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, object] = json.loads(found.stdout.splitlines()[-1])
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=Path("data/bench"))
    parser.add_argument("--memory", help="memory limit of DuckDB, for example 1GB")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--growth", action="store_true", help="also 10,000 and 100,000 households")
    parser.add_argument("--alternatives", action="store_true", help="every rule by itself")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    if chosen.json:
        print(json.dumps(measure(chosen.households, chosen.folder, chosen.memory, chosen.times)))
        return
    common = ["--folder", str(chosen.folder), "--times", str(chosen.times)]
    sizes = [10_000, 100_000, chosen.households] if chosen.growth else [chosen.households]
    for size in sizes:
        show(alone("--households", str(size), *common))
    show(alone("--households", str(chosen.households), "--memory", "1GB", *common))
    if chosen.alternatives:
        inputs = Prefecture(chosen.folder / str(chosen.households), chosen.households).make()
        apart = spent(lambda: rule_by_rule(inputs))
        print(f"every rule by itself, nothing shared: {apart.wall:.1f} s")


def show(found: dict[str, object]) -> None:
    print("  ".join(f"{name} {value}" for name, value in found.items()), flush=True)


__all__ = ["ScreeningInput", "measure", "read_once"]

if __name__ == "__main__":
    main()
