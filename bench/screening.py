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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from bench import alternatives
from bench.measure import table
from bench.prefecture import Prefecture
from bench.rules_in_postgres import InPostgres
from shouwang.engine import Rulebook, screen, screen_many
from tests.postgres import server

DAYS = [
    date(2026, month, day) for month, day in ((1, 31), (2, 28), (3, 31), (4, 30), (5, 31), (6, 30))
]
GROWTH = (10_000, 100_000)
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


def compare(households: int, folder: Path) -> list[list[object]]:
    """The same rules by the engine, one by one, by pandas and by PostgreSQL: seconds, processor
    seconds, hits, and a digest that is the same for the same hits."""
    inputs = Prefecture(folder / str(households), households).make()
    ways: list[tuple[str, Callable[[], Any]]] = [
        ("engine, all together", lambda: alternatives.by_engine(inputs, DAYS[-1])),
        ("engine, one rule at a time", lambda: alternatives.one_by_one(inputs, DAYS[-1])),
        ("pandas", lambda: alternatives.by_pandas(inputs, DAYS[-1])),
    ]
    rows = [_timed(name, way) for name, way in ways]
    with server() as address:
        if address is not None:
            params = alternatives.parameters(inputs, DAYS[-1])
            base = InPostgres(address, inputs, DAYS[-1], params)
            base.load()
            rows.append(_timed("PostgreSQL, tables loaded before", base.hits))
            base.close()
            rows[-1][2] = "in the server"
    return rows


def _timed(name: str, way: Callable[[], Any]) -> list[object]:
    found: list[Any] = []
    took = spent(lambda: found.append(way()))
    return [name, took.wall, took.processor, len(found[0]), alternatives.digest(found[0])]


def alone(*arguments: str) -> dict[str, object]:
    """A measurement in a process of its own, so that its peak memory is its own."""
    command = [sys.executable, "-m", "bench.screening", "--json", *arguments]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, object] = json.loads(found.stdout.splitlines()[-1])
    return result


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=1_000_000)
    folder = Path(os.environ.get("SHOUWANG_BENCH_DIR", "data/bench"))
    parser.add_argument("--folder", type=Path, default=folder)
    parser.add_argument("--memory", help="memory limit of DuckDB, for example 1GB")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--growth", action="store_true", help="also smaller prefectures")
    parser.add_argument(
        "--alternatives", action="store_true", help="pandas, PostgreSQL, one by one"
    )
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    if chosen.json:
        print(json.dumps(measure(chosen.households, chosen.folder, chosen.memory, chosen.times)))
        return
    common = ["--folder", str(chosen.folder), "--times", str(chosen.times)]
    smaller = [size for size in GROWTH if size < chosen.households] if chosen.growth else []
    sizes = [*smaller, chosen.households]
    for size in sizes:
        show(alone("--households", str(size), *common))
    show(alone("--households", str(chosen.households), "--memory", "1GB", *common))
    if chosen.alternatives:
        table(
            f"{len(alternatives.RULES)} rules, one day, {chosen.households:,} households",
            ["way", "seconds", "processor seconds", "hits", "digest"],
            compare(chosen.households, chosen.folder),
        )


def show(found: dict[str, object]) -> None:
    print("  ".join(f"{name} {value}" for name, value in found.items()), flush=True)


if __name__ == "__main__":
    main()
