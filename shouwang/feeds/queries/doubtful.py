"""未关联的行: rows of the batches that count which found no person though a name was given.

Which rows there are is known from the counts of each batch; only the rows of one page are read.
Nothing here changes a link.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, overload

import duckdb
import pyarrow.parquet as pq

from shouwang.core.actor import Actor
from shouwang.core.masking import mask_id
from shouwang.engine.correcting import read_columns
from shouwang.engine.errors import FileRejected

from .. import storage
from ..models import BatchState, FeedBatch
from ..preparing import rulebook
from .batches import batches_visible_to
from .contents import database
from .provenance import files_of
from .suggestions import Suggestion, Unlinked, suggestions_for

REASONS = ("name_conflict", "ambiguous", "id_invalid", "id_missing")
"""Not `outside`: a right number that nobody here has is somebody from elsewhere."""
MOST_WITH_SUGGESTIONS = 100
LARGEST_ORIGINAL = 8 * 1024 * 1024
"""Numbers are not stored; of larger originals the reader is told the line instead."""
MOST_READ_AT_ONCE = 24 * 1024 * 1024
CHUNK = 2_000


@dataclass(frozen=True)
class DoubtfulRow:
    """One row without a person: where it stands, what it says, and who it may be about."""

    batch: FeedBatch
    file_name: str
    line: int
    unlinked: Unlinked
    number: str = ""
    """The number as it was sent, masked; empty where the original was not opened."""
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def name(self) -> str:
        return self.unlinked.name

    @property
    def reason(self) -> str:
        return self.unlinked.reason

    @property
    def village(self) -> str:
        return self.unlinked.village

    @property
    def birth_date(self) -> date | None:
        return self.unlinked.birth_date


@dataclass
class DoubtfulRows:
    """The rows as a list that reads only what is asked for, newest period first."""

    actor: Actor
    batches: Sequence[FeedBatch]
    reasons: tuple[str, ...] = REASONS
    _counts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._counts = [self._count(batch) for batch in self.batches]

    def _count(self, batch: FeedBatch) -> int:
        unlinked = batch.counts.get("unlinked", {})
        return sum(int(unlinked.get(reason, 0)) for reason in self.reasons)

    def __len__(self) -> int:
        return sum(self._counts)

    @overload
    def __getitem__(self, asked: int) -> DoubtfulRow: ...
    @overload
    def __getitem__(self, asked: slice) -> list[DoubtfulRow]: ...
    def __getitem__(self, asked: int | slice) -> DoubtfulRow | list[DoubtfulRow]:
        if isinstance(asked, int):
            return self[asked : asked + 1][0]
        start, stop, _ = asked.indices(len(self))
        rows = [row for part in self._parts(start, stop) for row in part]
        if len(rows) > MOST_WITH_SUGGESTIONS:
            return rows
        found = suggestions_for(self.actor, [row.unlinked for row in rows])
        return [
            replace(row, suggestions=tuple(some)) for row, some in zip(rows, found, strict=True)
        ]

    def __iter__(self) -> Iterator[DoubtfulRow]:
        """All rows, for an export: without suggestions, which are for the eye only."""
        for part in self._parts(0, len(self)):
            yield from part

    def sort(self, **_: Any) -> None:
        """The order is that of the batches and their lines; a list asks for it all the same."""

    def _parts(self, start: int, stop: int) -> Iterator[list[DoubtfulRow]]:
        """Rows `start` to `stop`, batch by batch."""
        before = 0
        budget = MOST_READ_AT_ONCE
        with database() as engine:  # opening one costs more than a page's rows of a batch
            for batch, count in zip(self.batches, self._counts, strict=True):
                first, last = max(start - before, 0), min(stop - before, count)
                before += count
                while first < last:
                    rows = _read(engine, batch, self.reasons, first, min(last - first, CHUNK))
                    rows, used = _with_numbers(batch, rows, budget)
                    budget -= used
                    yield rows
                    first += CHUNK


def doubtful_batches(actor: Actor, right: str = "feeds.view") -> list[FeedBatch]:
    """The batches that count and have such rows, newest period first."""
    found = (
        batches_visible_to(actor, right)
        .filter(state=BatchState.ACCEPTED, row_count__gt=0)
        .select_related("corrects__file")
        .order_by("-period_end", "feed", "period_start", "pk")
    )
    return [
        batch
        for batch in found
        if batch.feed in rulebook().feeds
        and any(batch.counts.get("unlinked", {}).get(reason) for reason in REASONS)
    ]


def _read(
    engine: duckdb.DuckDBPyConnection,
    batch: FeedBatch,
    reasons: Sequence[str],
    offset: int,
    limit: int,
) -> list[DoubtfulRow]:
    path = storage.data_dir() / batch.directory / "rows.parquet"
    written = set(pq.read_schema(path).names)
    place = "file_no, file_row" if "file_no" in written else "0, row"
    birth = "birth_date" if "birth_date" in written else "NULL"
    village = "village" if "village" in written else "NULL"
    found = engine.execute(
        f"SELECT row, {place}, reason, name, name_norm, {birth}, {village}, id_hash"  # noqa: S608
        " FROM read_parquet($path) WHERE reason IN (SELECT unnest($reasons))"
        " ORDER BY row LIMIT $limit OFFSET $offset",
        {"path": str(path), "reasons": list(reasons), "limit": limit, "offset": offset},
    ).fetchall()
    names = [file.file_name for file in files_of(batch)]
    return [
        DoubtfulRow(
            batch=batch,
            file_name=names[file_no],
            line=line,
            unlinked=Unlinked(
                file_no, reason, name or "", same or "", born, village_name or "", id_hash
            ),
        )
        for _, file_no, line, reason, name, same, born, village_name, id_hash in found
    ]


def _with_numbers(
    batch: FeedBatch, rows: list[DoubtfulRow], budget: int
) -> tuple[list[DoubtfulRow], int]:
    """The rows with their numbers, read from the originals that are small enough."""
    done = list(rows)
    used = 0
    for number, file in enumerate(files_of(batch)):
        at = [place for place, row in enumerate(rows) if row.unlinked.file_no == number]
        if not at or file.size > min(LARGEST_ORIGINAL, budget - used):
            continue
        used += file.size
        texts = _numbers(batch.feed, file.sha256, [rows[place].line for place in at])
        for place, text in zip(at, texts, strict=True):
            unlinked = replace(rows[place].unlinked, number=text)
            done[place] = replace(rows[place], unlinked=unlinked, number=mask_id(text))
    return done, used


def _numbers(feed: str, sha256: str, lines: Sequence[int]) -> list[str]:
    """The numbers as they were sent: the ID number, or else the card's."""
    contract = rulebook().feeds[feed]
    asked = [column for column in contract.columns if column.key in ("id_no", "card_no")]
    asked.sort(key=lambda column: column.key != "id_no")
    try:
        with storage.opened_original(sha256) as original:
            columns = read_columns(original, contract, asked, lines, rulebook())
    except (FileRejected, OSError):
        return [""] * len(lines)
    return [next((text for text in texts if text), "") for texts in zip(*columns, strict=True)]
