"""Imports in child processes that are killed at some moment or meet; run as a program by the test.

Each round has a month with an accepted first version and imports a correction of it. The child is
killed; then the parent looks at what is visible, sweeps, imports again and looks again. Prints one
line of JSON per round. The children are forked, so that a round costs no start of Python.
"""

import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import django

ROUNDS = 12
RACES = 4
ROWS = 2000
POINTS = ("original", "publish", "supersede", "audit", "accept", "relink", "swap", "reject")


def main(folder: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    world = World(folder)
    world.begin()
    lasted = world.time_one()
    chance = random.Random(20260630)
    for number in range(ROUNDS):
        moment = lasted * (number + chance.random()) / ROUNDS
        print(json.dumps(world.round(f"after {moment:.3f} s", moment, "")), flush=True)
    for point in POINTS:
        print(json.dumps(world.round(point, 60.0, point)), flush=True)
    for number in range(RACES):
        print(json.dumps(world.race(same=number % 2 == 0)), flush=True)


class World:
    """One county with one feed; every round has a month of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.month = date(2000, 1, 1)
        self.snapshots = 1

    def begin(self) -> None:
        from tests.feeds.world import id_number, make_registry
        from tests.four_people import make_places

        self.places = make_places()
        self.people = [("张三", id_number(1), "900000000001")]
        make_registry(self.places, self.people)

    def next_month(self) -> None:
        self.month = (self.month + timedelta(days=32)).replace(day=1)

    def file(self, version: int) -> Path:
        from tests.feeds.world import gb18030, id_number, relief

        people = [("张三", id_number(1)), *(("王五", id_number(n)) for n in range(2, 900))]
        rows = [relief(*people[n % len(people)], f"{self.month}", n + version) for n in range(ROWS)]
        return gb18030(self.folder, f"救助_{self.month:%Y%m}_{version}.csv", rows)

    def take(self, version: int, path: Path | None = None) -> Any:
        from shouwang.core.actor import system_actor
        from shouwang.feeds.operations import import_batch, receive_file

        actor = system_actor("命令行")
        path = path or self.file(version)
        batch = receive_file(
            actor, path, feed="temp_relief", period_start=self.month,
            period_end=self.month + timedelta(days=27), version=version,
            received_at=self.month + timedelta(days=40),
        )  # fmt: skip
        return import_batch(actor, batch)

    def time_one(self) -> float:
        """How long an import lasts once everything is loaded."""
        for version in (1, 2):
            path = self.file(version)
            started = time.perf_counter()
            self.take(version, path)
        return time.perf_counter() - started

    def round(self, name: str, moment: float, point: str) -> dict[str, Any]:
        self.next_month()
        self.take(1)
        work = self.work_of(point)
        killed = in_child(lambda: (arm(point), work()), moment)
        problems = self.look()
        self.tidy()
        work()
        return {"round": name, "killed": killed, "problems": problems + self.look_again(point)}

    def race(self, *, same: bool) -> dict[str, Any]:
        """Two people send the same month at once, the same bytes or different ones."""
        from shouwang.core.errors import Conflict
        from shouwang.feeds.models import FeedBatch

        self.next_month()
        path = self.file(1)
        other = self.folder / f"另_{path.name}"
        other.write_bytes(path.read_bytes() + (b"" if same else b"\r\n"))
        told = self.folder / f"told_{self.month:%Y%m}"

        def send(file: Path) -> None:
            try:
                self.take(1, file)
            except Conflict as refusal:
                told.write_text(refusal.message, encoding="utf-8")

        both = [forked(lambda file=file: send(file)) for file in (path, other)]
        for child in both:
            os.waitpid(child, 0)
        found = sorted(
            FeedBatch.objects.filter(period_start=self.month).values_list("state", "reason")
        )
        wanted = [("accepted", "")] + ([("rejected", "duplicate_file")] if same else [])
        problems = [] if found == wanted else [f"two at once made {found}"]
        if told.exists() == same:
            problems.append("the second was not told" if not same else told.read_text("utf-8"))
        return {"round": "two at once", "killed": False, "problems": problems + self.look()}

    def work_of(self, point: str) -> Callable[[], Any]:
        if point in ("relink", "swap"):
            return self.relink
        if point == "reject":
            broken = self.folder / f"坏_{self.month:%Y%m}.xlsx"
            broken.write_bytes(b"PK\x03\x04" + self.month.isoformat().encode())
            return lambda: self.take(2, broken)
        path = self.file(2)
        return lambda: self.take(2, path)

    def relink(self) -> None:
        from shouwang.core.actor import system_actor
        from shouwang.feeds.operations import relink_all
        from shouwang.registry import snapshots
        from tests.feeds.world import make_registry

        if snapshots.current().number == self.snapshots:
            make_registry(self.places, self.people, number=self.snapshots + 1)
        relink_all(system_actor("命令行"), snapshots.current())

    def tidy(self) -> None:
        from shouwang.feeds.operations import sweep

        sweep(idle=timedelta(0))

    def look(self) -> list[str]:
        """What is half, lost or doubled right after the kill."""
        import pyarrow.parquet as pq

        from shouwang.feeds import storage
        from shouwang.feeds.models import USED, FeedBatch, LinkRevision

        problems = []
        accepted = FeedBatch.objects.filter(state="accepted", period_start=self.month)
        if accepted.count() != 1:
            problems.append(f"{accepted.count()} batches count for one month")
        for batch in FeedBatch.objects.filter(state__in=USED):
            folder = storage.data_dir() / batch.directory
            rows = pq.read_metadata(folder / "rows.parquet").num_rows
            rejects = pq.read_metadata(folder / "rejects.parquet").num_rows
            if (rows, rejects) != (batch.row_count, batch.rejected_count):
                problems.append(f"{batch} says other counts than its files hold")
            if not LinkRevision.objects.filter(batch=batch, directory=batch.directory).exists():
                problems.append(f"{batch} has no record of its linking")
        keys = set(FeedBatch.objects.filter(state__in=USED).values_list("registry_key", flat=True))
        if len(keys) != 1:
            problems.append("some batches are linked to the old registry and some to the new")
        return problems

    def look_again(self, point: str) -> list[str]:
        """What is wrong after the work was done once more and swept."""
        from shouwang.audit.models import AuditEntry
        from shouwang.feeds import storage
        from shouwang.feeds.models import FeedBatch, LinkRevision

        self.tidy()
        problems = self.look()
        month = FeedBatch.objects.filter(period_start=self.month)
        found = sorted(month.values_list("version", "state"))
        wanted = {
            "relink": [(1, "accepted")],
            "swap": [(1, "accepted")],
            "reject": [(1, "accepted"), (2, "rejected")],
        }.get(point, [(1, "superseded"), (2, "accepted")])
        if found != wanted:
            problems.append(f"versions are {found}")
        for batch in month.filter(version=2):
            target = str(batch.uuid)
            entries = AuditEntry.objects.filter(target_id=target, action__startswith="feeds.batch_")
            if entries.count() != 1:
                problems.append(f"{entries.count()} entries for one import")
        folders = len(list((storage.data_dir() / "feeds").glob("*/*/*")))
        if folders != LinkRevision.objects.count():
            problems.append(f"{folders} folders for {LinkRevision.objects.count()} linkings")
        if list((storage.data_dir() / "tmp").glob("feeds-*")):
            problems.append("work was left behind")
        if point in ("relink", "swap"):
            self.snapshots += 1
        return problems


def arm(point: str) -> None:
    """Let this process kill itself right after the named step."""
    from shouwang.feeds import storage
    from shouwang.feeds.operations import importing, relinking

    places: dict[str, tuple[Any, str]] = {
        "original": (storage, "keep_original"),
        "publish": (storage, "publish"),
        "accept": (importing, "_accept"),
        "supersede": (importing, "_supersede"),
        "audit": (importing, "record"),
        "relink": (relinking, "relink"),
        "swap": (relinking, "_swap"),
        "reject": (importing, "record"),
    }
    if point not in places:
        return
    owner, name = places[point]
    original = getattr(owner, name)

    def then_die(*args: Any, **kwargs: Any) -> Any:
        original(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, then_die)


def forked(work: Callable[[], Any]) -> int:
    """Start the work in a child process with connections of its own; its number."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(0)
    return child


def in_child(work: Callable[[], Any], moment: float) -> bool:
    """Do the work in a child and kill it after `moment` seconds; whether it was killed."""
    child = forked(work)
    until = time.monotonic() + moment
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.WIFSIGNALED(status)
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
