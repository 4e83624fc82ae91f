"""生成示例县 (county): writes the input folder of the fictitious county, in two processes."""

import csv
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shouwang import rulebook
from shouwang.engine.contracts import load_codes, load_feeds, load_registry

from .batches import Batch, plan
from .files import FileNote, write_batch
from .places import Places, division_rows, former_division_rows, make_places, write_divisions
from .registry_files import Book, Register, books, write_book
from .world import World, make_world

RULEBOOK = Path(rulebook.__path__[0])
MANIFEST = ("file", "feed", "period_start", "period_end", "version", "received_at", "note")
ALONE = 2_000
"""Up to so many households a second process would cost more than it brings."""

Progress = Callable[[int, int, str], None]


@dataclass
class DemoSummary:
    """What was made: sizes, files in the order of receipt, and the mistakes in them."""

    out: Path
    households: int
    persons: int
    places: Places
    files: list[FileNote]
    planted: dict[str, int]
    """Flaws planted in the registry, by the quality check that should find them."""
    seconds: float

    @property
    def mess(self) -> dict[str, int]:
        """How often each kind of mistake was planted, over all files."""
        tally: Counter[str] = Counter()
        for note in self.files:
            tally.update(note.mess)
        return dict(tally)

    @property
    def rows(self) -> int:
        return sum(note.rows for note in self.files)


def make_county(
    out: Path, households: int = 20_000, seed: int = 2026, progress: Progress | None = None
) -> DemoSummary:
    """Write the tables of divisions, input/manifest.csv and all files; by seed always the same.

    divisions-2023.csv is what was before one village was merged and one renamed.
    """
    begun = time.perf_counter()
    folder = out / "input"
    folder.mkdir(parents=True, exist_ok=True)
    places = make_places(households, seed)
    write_divisions(former_division_rows(places), out / "divisions-2023.csv")
    write_divisions(division_rows(places), out / "divisions.csv")
    notes: list[FileNote] = []
    sizes: dict[str, Any] = {}
    parts = (
        _alone(households, seed, folder)
        if households <= ALONE
        else _together(households, seed, folder)
    )
    total = len(plan(households)) + 1
    for done, (made, extra) in enumerate(parts, start=1):
        notes += made
        sizes |= extra
        if progress is not None:
            progress(min(done, total), total, made[-1].file)
    notes.sort(key=lambda note: (note.received_at, note.file))
    _write_manifest(notes, folder / "manifest.csv")
    return DemoSummary(
        out=out,
        households=households,
        persons=sizes["persons"],
        places=places,
        files=notes,
        planted=sizes["planted"],
        seconds=time.perf_counter() - begun,
    )


Part = tuple[list[FileNote], dict[str, Any]]


class _Desk:
    """One process at work: the county in memory and the contracts that the files follow."""

    def __init__(self, households: int, seed: int, folder: Path) -> None:
        self.world: World = make_world(households, seed)
        self.folder = folder
        self.feeds = load_feeds(RULEBOOK)
        self.codes = load_codes(RULEBOOK / "codes.yaml")
        self.registry = load_registry(RULEBOOK / "registry.yaml")
        self.register: Register | None = None
        self.known: dict[str, Any] = {}

    def write(self, job: Batch | Book) -> Part:
        if isinstance(job, Batch):
            feed = self.feeds[job.feed]
            return write_batch(self.world, job, feed, self.codes, self.folder, self.known), {}
        if self.register is None:
            self.register = Register(self.world)
        note = write_book(self.world, self.register, job, self.registry, self.folder)
        sizes = {"persons": self.world.people.count, "planted": dict(self.register.planted)}
        return [note], sizes


def _jobs(households: int, seed: int) -> list[Batch | Book]:
    """The longest first, so that both processes end at about the same time."""
    heavy = ("medical_insurance", "medical_settlement", "housing_survey", "edu_enrolment")
    batches = sorted(plan(households), key=lambda b: (b.feed not in heavy, b.number))
    towns = len(make_places(households, seed).towns)
    return [*books(households, towns), *batches]


def _alone(households: int, seed: int, folder: Path) -> Iterator[Part]:
    desk = _Desk(households, seed, folder)
    for job in _jobs(households, seed):
        yield desk.write(job)


_here: list[_Desk] = []
"""The desk of a worker process; empty in the process that asks."""


def _open(households: int, seed: int, folder: Path) -> None:
    _here[:] = [_Desk(households, seed, folder)]


def _write(job: Batch | Book) -> Part:
    return _here[0].write(job)


def _together(households: int, seed: int, folder: Path) -> Iterator[Part]:
    """Two fresh processes; each makes the same county for itself: cheaper than sending it."""
    context = multiprocessing.get_context("spawn")
    arguments = (households, seed, folder)
    with ProcessPoolExecutor(2, context, initializer=_open, initargs=arguments) as pool:
        first = [pool.submit(_write, job) for job in _jobs(households, seed)]
        for future in as_completed(first):
            yield future.result()


def _write_manifest(notes: list[FileNote], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(MANIFEST)
        writer.writerows([getattr(note, column) for column in MANIFEST] for note in notes)
