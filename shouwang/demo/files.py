"""部门文件 (files): one department file from what the department knows to the bytes on disk."""

import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from shouwang.engine.contracts import CodeList, FeedContract

from .batches import CORRUPT, EMPTY, HEADER_ONLY, Batch, rows_of
from .draw import stream
from .layout import lay_out
from .mess import Mess
from .rendering import Renderer
from .rows import Rows
from .world import World
from .writing import Page, write_csv, write_xls, write_xlsx


@dataclass(frozen=True)
class FileNote:
    """One line of the manifest, with what is in the file."""

    file: str
    feed: str
    period_start: str
    period_end: str
    version: int
    received_at: str
    note: str
    rows: int
    mess: dict[str, int]


def write_batch(
    world: World,
    batch: Batch,
    feed: FeedContract,
    codes: dict[str, CodeList],
    folder: Path,
    known: dict[str, Any],
) -> list[FileNote]:
    """Write one batch (and its copy, if it was sent twice)."""
    path = folder / batch.file
    path.parent.mkdir(parents=True, exist_ok=True)
    if batch.state == EMPTY:
        path.write_bytes(b"")
        return [_note(batch, batch.file, 0, Counter({"file_empty": 1}))]
    mess = Mess(world.seed, batch.file, batch.number)
    rows = rows_of(world, batch, known)
    rows = _nothing(rows) if batch.state == HEADER_ONLY else _on_the_way(world, batch, rows, mess)
    renderer = Renderer(mess, world.identity, codes, csv=batch.form.startswith("csv"))
    page = lay_out(batch, feed, rows, mess, renderer)
    _save(path, batch.form, page)
    if batch.state == CORRUPT:
        data = path.read_bytes()
        path.write_bytes(data[: len(data) * 2 // 3])
        return [_note(batch, batch.file, 0, Counter({"file_corrupt": 1}))]
    notes = [_note(batch, batch.file, len(rows), mess.tally)]
    if batch.copy:
        shutil.copyfile(path, folder / batch.copy)
        notes.append(_note(batch, batch.copy, len(rows), Counter({"file_sent_twice": 1})))
    return notes


def _save(path: Path, form: str, page: Page) -> None:
    if form == "xlsx":
        write_xlsx(path, [page])
    elif form == "xls":
        write_xls(path, page)
    else:
        width = max(len(row) for row in page.rows)
        rows = [
            row if len(row) == width else [*row, *[""] * (width - len(row))] for row in page.rows
        ]
        write_csv(path, rows, bom=form == "csv-bom")


def _nothing(rows: Rows) -> Rows:
    return rows.take(np.empty(0, dtype=np.int64))


def _on_the_way(world: World, batch: Batch, rows: Rows, mess: Mess) -> Rows:
    """Corrections, people from outside and events after the period come in; some rows get lost."""
    count = len(rows)
    if batch.version > 1:
        rows = rows.take(np.flatnonzero(mess.rng.random(count) < 0.985))
        mess.tally["version_corrected"] += 1
        count = len(rows)
    strangers = mess.where("stranger", range(count), 0.007)
    if strangers:
        rows = rows.joined(_strange(world, rows.take(np.array(strangers)), mess))
        rows = rows.take(np.argsort(_places(mess, count, len(strangers)), kind="stable"))
    date_key = _event_date(batch)
    if date_key:
        days = rows.cells[date_key].astype("datetime64[D]")
        mess.tally["reported_late"] += int((days < np.datetime64(batch.start)).sum())
        for i in mess.where("date_after_period", range(len(rows)), 0.0003):
            days[i] = np.datetime64(batch.end) + np.timedelta64(1 + i % 9, "D")
        rows.cells[date_key] = days
    return rows


def _strange(world: World, rows: Rows, mess: Mess) -> Rows:
    """The same facts about people from outside the county."""
    outside = world.identity.strangers
    rows.who = outside[mess.rng.integers(0, len(outside), len(rows))]
    for key in ("card_no", "cert_no", "plate", "credit_code", "settle_no"):
        if key in rows.cells and key != "card_no":
            fresh = stream(world.seed, f"{key} {mess.number}").integers(0, 10**6, len(rows))
            prefix = rows.cells[key].astype(str)
            rows.cells[key] = np.array(
                [f"{text[:-7]}9{n:06d}" for text, n in zip(prefix, fresh, strict=True)],
                dtype=object,
            )
    if "card_no" in rows.cells:
        rows.cells["card_no"] = np.full(len(rows), None, dtype=object)
    return rows


def _places(mess: Mess, count: int, added: int) -> Any:
    """Where the added rows stand among the others."""
    return np.concatenate([np.arange(count, dtype=float), mess.rng.uniform(0, count, added)])


def _event_date(batch: Batch) -> str:
    events = {
        "medical_settlement": "settle_date",
        "temp_relief": "relief_date",
        "disaster": "event_date",
        "police_event": "event_date",
        "hukou_change": "change_date",
    }
    return events.get(batch.feed, "")


def _note(batch: Batch, file: str, rows: int, tally: Counter[str]) -> FileNote:
    received = batch.received.isoformat()
    if file == batch.copy:
        received = batch.received.replace(day=batch.received.day + 2).isoformat()
    return FileNote(
        file=file,
        feed=batch.feed,
        period_start=batch.start.isoformat(),
        period_end=batch.end.isoformat(),
        version=batch.version,
        received_at=received,
        note=batch.note,
        rows=rows,
        mess=dict(tally),
    )
