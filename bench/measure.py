"""测量 (measure): one step in a fresh process: seconds, processor seconds, peak memory of its tree.

`python -m bench.measure MODULE FUNCTION '{"argument": ...}'` is the other side: it calls the
function and prints, as its last line, what the function gives back.
"""

import importlib
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
LOOK_EVERY = 0.02
MIB = 1 << 20
MARK = "measured:"


class StepFailed(Exception):
    """A step did not come to its end; the message is what it printed last."""


@dataclass(frozen=True)
class Measured:
    """What one step took, start of the interpreter and imports included."""

    wall: float
    cpu: float
    rss_mib: int
    given: dict[str, Any]

    @property
    def seconds(self) -> float:
        """The step itself as it timed itself, without the start of the process."""
        return float(self.given.get("seconds", self.wall))


def run(
    module: str, function: str, *, environment: Mapping[str, str] | None = None, **arguments: Any
) -> Measured:
    """Call `module.function(**arguments)` in a process of its own."""
    command = [sys.executable, "-m", "bench.measure", module, function, json.dumps(arguments)]
    return run_command(command, environment=environment, marked=True)


def run_command(
    command: list[str], *, environment: Mapping[str, str] | None = None, marked: bool = False
) -> Measured:
    """Run a command to its end and watch its tree."""
    with tempfile.TemporaryFile("w+") as out:
        begun = time.perf_counter()
        process = subprocess.Popen(  # fixed programs with our own arguments
            command,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
        )
        watch = _Watch(process.pid)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        watch.stop()
        out.seek(0)
        text = out.read()
    if process.returncode:
        raise StepFailed(f"{' '.join(command[2:])}\n{text[-4000:]}")
    given = json.loads(text.rsplit(MARK, 1)[1]) if marked else {}
    return Measured(wall, usage.ru_utime + usage.ru_stime, watch.peak // MIB, given)


class _Watch(threading.Thread):
    """Adds up the resident memory of a process and its descendants, fifty times a second, and
    asks the process for its own peak (ru_maxrss would begin with the memory of whoever forked)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.ended = pid, 0, threading.Event()

    def run(self) -> None:
        while not self.ended.wait(LOOK_EVERY):
            try:
                root = psutil.Process(self.pid)
                tree = [root, *root.children(recursive=True)]
                self.peak = max(self.peak, sum(map(_resident, tree)), _high_water(self.pid))
            except psutil.Error:
                continue

    def stop(self) -> None:
        self.ended.set()
        self.join()


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _high_water(pid: int) -> int:
    """The peak since the program was loaded; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


class Stopwatch:
    """Sums up what is spent in a function that is wrapped by it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            begun = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds += time.perf_counter() - begun

        return timed


def machine() -> str:
    """Processors, memory and how busy the machine is: a figure without them says little."""
    memory = psutil.virtual_memory().total / (1 << 30)
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{os.cpu_count()} processors, {memory:.0f} GiB, load {load}"


def table(title: str, headings: list[str], rows: list[list[object]]) -> None:
    """Print a table that can be pasted into docs/performance.md."""
    lines = [headings, *[[_shown(cell) for cell in row] for row in rows]]
    widths = [max(_width(line[at]) for line in lines) for at in range(len(headings))]
    print(f"\n{title}\n")
    for number, line in enumerate(lines):
        cells = [
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        ]
        print("| " + " | ".join(cells) + " |")
        if not number:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    sys.stdout.flush()


def verdict(value: float, target: float, *, at_most: bool = True) -> str:
    """A value beside its target, and whether it holds."""
    holds = value <= target if at_most else value >= target
    sign = "≤" if at_most else "≥"
    return f"{_shown(value)} ({sign} {_shown(target)}: {'holds' if holds else 'MISSED'})"


def _shown(cell: object) -> str:
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return str(cell)
    if isinstance(cell, int) or abs(cell) >= 1000:
        return f"{cell:,.0f}"
    return f"{cell:.2f}"


def _width(text: str) -> int:
    """Chinese characters take two places."""
    return sum(2 if "\u2e80" <= letter <= "\uffef" else 1 for letter in text)


def main(arguments: list[str]) -> None:
    module, function, given = arguments
    sys.path.insert(0, str(ROOT))
    result = getattr(importlib.import_module(module), function)(**json.loads(given))
    print(MARK + json.dumps(result or {}))


if __name__ == "__main__":
    main(sys.argv[1:])
