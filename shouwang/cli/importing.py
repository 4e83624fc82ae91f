"""`shouwang import`: a folder with its manifest, through the operations that an upload takes."""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError

from .ending import EXIT_REFUSED, json_option, print_json
from .manifest import REGISTRY, Entry, read_manifest
from .progress import progress_bar
from .starting import start

if TYPE_CHECKING:
    from shouwang.feeds.models import FeedBatch

POOL_FROM = 4
"""Fewer files than this are not worth the start of a second process."""
Tick = Callable[[str], None]


@dataclass(frozen=True)
class Line:
    """What became of one file."""

    file: str
    title: str
    rows: int | None
    rejected: int | None
    linked: int | None
    seconds: float
    message: str = ""
    failed: bool = False


@click.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@json_option
def import_command(folder: Path, as_json: bool) -> None:
    """导入一个文件夹：按其中的 manifest.csv 导入档案工作簿和部门数据。

    已经导入过的文件不会重复导入；中断后再次执行同一命令即可接着做完。

    例：shouwang import /data/示例县/input
    """
    start()
    from shouwang.core.actor import system_actor

    lines = import_folder(system_actor("命令行"), folder)
    if as_json:
        print_json([asdict(line) for line in lines])
    else:
        print_lines(lines)
    if any(line.failed for line in lines):
        raise SystemExit(EXIT_REFUSED)


def import_folder(actor: Actor, folder: Path) -> list[Line]:
    """Registry first, then the feeds in the order of receipt; one line per file."""
    from shouwang.core import crypto
    from shouwang.engine import Rulebook

    crypto.provider()  # the keys must exist before several processes ask for them
    entries = read_manifest(folder, frozenset(Rulebook.load().feeds))
    absent = [entry for entry in entries if not entry.path.is_file()]
    entries = [entry for entry in entries if entry.path.is_file()]
    with progress_bar("导入", len(entries)) as (bar, task):

        def tick(file: str) -> None:
            bar.update(task, advance=1, description=f"导入 {file}")

        lines = _import_registry(actor, [e for e in entries if e.feed == REGISTRY], tick)
        lines += _import_feeds(actor, [e for e in entries if e.feed != REGISTRY], tick)
    message = "登记表中有这份文件，文件夹里没有找到，请补齐后再次导入"
    return lines + [
        Line(entry.file, entry.feed, None, None, None, 0.0, message, failed=True)
        for entry in absent
    ]


def _import_registry(actor: Actor, entries: list[Entry], tick: Tick) -> list[Line]:
    """The workbooks of one export date together are one registry."""
    from shouwang.config.joining import import_registry_and_relink

    lines = []
    entries = sorted(entries, key=lambda entry: (entry.period_end, entry.received_at, entry.file))
    for day, group in groupby(entries, key=lambda entry: entry.period_end):
        started, books = time.perf_counter(), list(group)
        failure, counts = "", {}
        try:
            done = import_registry_and_relink(actor, [(e.path, e.file) for e in books], day)
            counts, failure = done.counts, done.error
        except DomainError as error:
            failure = str(error)
        seconds = time.perf_counter() - started
        for number, entry in enumerate(books):
            tick(entry.file)
            people = counts.get("persons_rows") if number == 0 and not failure else None
            rejected = counts.get("rejected") if number == 0 and not failure else None
            lines.append(
                Line(entry.file, "农户档案", people, rejected, people,
                     seconds if number == 0 else 0.0, failure, failed=bool(failure))
            )  # fmt: skip
    return lines


def _import_feeds(actor: Actor, entries: list[Entry], tick: Tick) -> list[Line]:
    from shouwang.feeds import operations

    lines: dict[str, Line] = {}
    waiting: list[tuple[Entry, FeedBatch]] = []
    for entry in entries:
        try:
            batch = operations.receive_file(
                actor, entry.path, feed=entry.feed, period_start=entry.period_start,
                period_end=entry.period_end, version=entry.version,
                received_at=entry.received_at, note=entry.note, file_name=entry.file,
            )  # fmt: skip
        except DomainError as error:
            lines[entry.file] = _refused(entry, str(error))
            tick(entry.file)
            continue
        if batch.state in ("received", "importing"):
            waiting.append((entry, batch))
        else:
            lines[entry.file] = _line(entry, batch)
            tick(entry.file)
    for entry, batch in _prepared(actor, waiting):
        lines[entry.file] = _line(entry, batch)
        tick(entry.file)
    return [lines[entry.file] for entry in entries]


def _prepared(
    actor: Actor, waiting: list[tuple[Entry, "FeedBatch"]]
) -> Iterator[tuple[Entry, "FeedBatch"]]:
    """Prepare on all processors, commit here one by one as they come."""
    from shouwang.feeds.operations.importing import commit_batch, import_batch, preparation_of
    from shouwang.feeds.preparing import Prepared, prepare

    if len(waiting) < POOL_FROM:
        for entry, batch in waiting:
            yield entry, import_batch(actor, batch, source=entry.path)
        return
    waiting = sorted(waiting, key=lambda pair: -pair[0].path.stat().st_size)
    with _pool() as pool:
        running: dict[Future[Prepared], tuple[Entry, FeedBatch]] = {}
        for entry, batch in waiting:
            task = preparation_of(actor, batch, source=entry.path)
            running[pool.submit(prepare, task)] = entry, batch
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                entry, batch = running.pop(future)
                yield entry, commit_batch(actor, batch, future.result())


@contextmanager
def _pool() -> Iterator[ProcessPoolExecutor]:
    """Fresh processes: those that are forked would share the database connection."""
    workers = max(1, min(os.cpu_count() or 1, 8))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin) as pool:
        yield pool


def _begin() -> None:
    import django
    import pyarrow

    django.setup()
    pyarrow.set_cpu_count(1)  # the processes share the machine


def _line(entry: Entry, batch: "FeedBatch") -> Line:
    from shouwang.feeds.operations.receiving import title_of

    return Line(
        entry.file, title_of(entry.feed), batch.row_count, batch.rejected_count,
        batch.linked_count, batch.seconds or 0.0, batch.message,
    )  # fmt: skip


def _refused(entry: Entry, message: str) -> Line:
    return Line(entry.file, entry.feed, None, None, None, 0.0, message, failed=True)


def print_lines(lines: list[Line]) -> None:
    """The table of files that people read after an import."""
    table = Table(title="导入结果", title_justify="left")
    for heading, side in (("文件", "left"), ("数据", "left"), ("行", "right"), ("退回", "right"),
                          ("关联到人", "right"), ("秒", "right"), ("说明", "left")):  # fmt: skip
        table.add_column(heading, justify=side)  # type: ignore[arg-type]
    for line in lines:
        numbers = [
            f"{n:,}" if n is not None else "—" for n in (line.rows, line.rejected, line.linked)
        ]
        style = "red" if line.failed else None
        table.add_row(
            line.file, line.title, *numbers, f"{line.seconds:.1f}", line.message, style=style
        )
    Console().print(table)
